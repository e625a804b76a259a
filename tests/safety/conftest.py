"""A bot on a platform that minds its limits, and somebody who has agreed to its notice."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.handlers.chatting import Bot, Chat, bot_at_work
from tests.postgres import postgres_server, postgres_url
from tests.safety.people import newcomer
from tests.safety.phones import StrictPhones

__all__ = ["postgres_server", "postgres_url"]


@pytest.fixture
def phones() -> StrictPhones:
    """The platform of the test."""
    return StrictPhones("telegram")


@pytest.fixture
async def bot(
    tmp_path: Path, phones: StrictPhones, caplog: pytest.LogCaptureFixture
) -> AsyncGenerator[Bot]:
    """The bot; at the end nothing may have failed, been refused, or ended up in quarantine."""
    async with bot_at_work(tmp_path, phones=phones) as bot:
        yield bot
        async with bot.storage.reading() as tx:
            assert await tx.quarantine.count() == 0
    assert phones.violations == []
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """The file that the bot keeps everything in."""
    return tmp_path / "data" / "tadamun.db"


@pytest.fixture
def stranger(bot: Bot) -> Chat:
    """Somebody who has never written here."""
    return bot.person("7000000001")


@pytest.fixture
async def anna(bot: Bot) -> Chat:
    """Somebody who speaks English and has agreed to the notice."""
    return await newcomer(bot, "7000000002")
