"""A bot at work for each test, and a person who has agreed to its notice."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from tests.handlers.chatting import Bot, Chat, bot_at_work


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncGenerator[Bot]:
    """The bot, with five webinars in its programme."""
    async with bot_at_work(tmp_path) as bot:
        yield bot


@pytest.fixture
def stranger(bot: Bot) -> Chat:
    """Somebody who has never written here."""
    return bot.person("stranger")


@pytest.fixture
async def anna(bot: Bot) -> Chat:
    """Somebody who speaks English and has agreed to the notice."""
    anna = bot.person("anna")
    await anna.says("/start")
    await anna.presses("English", "I agree")
    return anna
