"""A bot's home, a stand-in for Telegram, and what starts processes quickly."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest

from tests.faults.home import Home, Starter
from tests.platforms.telegram import TelegramServer
from tests.platforms.twilio import TwilioServer
from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]


@pytest.fixture(scope="session")
def starter() -> Generator[Starter]:
    """Shared by all tests: importing everything takes longer than most of them."""
    starter = Starter()
    yield starter
    starter.close()


@pytest.fixture
def home(tmp_path: Path, starter: Starter) -> Home:
    """A bot with a database of its own in SQLite."""
    return Home(tmp_path, starter, f"sqlite:///{tmp_path}/data/tadamun.db")


@pytest.fixture
def postgres_home(tmp_path: Path, starter: Starter, postgres_url: str) -> Home:
    """A bot with a database of its own in PostgreSQL."""
    return Home(tmp_path, starter, postgres_url)


@pytest.fixture
async def telegram() -> AsyncGenerator[TelegramServer]:
    """A stand-in for Telegram."""
    async with TelegramServer() as telegram:
        yield telegram


@pytest.fixture
async def twilio(home: Home) -> AsyncGenerator[TwilioServer]:
    """A stand-in for Twilio, which finds the bot at home."""
    async with TwilioServer() as twilio:
        twilio.webhooks.url = f"{home.web}/whatsapp"
        home.on_whatsapp(twilio.url)
        yield twilio
