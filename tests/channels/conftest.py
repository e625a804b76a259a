"""A Bot API server on the loopback, and our line to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from channels.telegram import BotApi, Telegram, Timeouts
from tests.platforms.telegram import TelegramServer


@pytest.fixture
async def platform() -> AsyncIterator[TelegramServer]:
    """Telegram, as far as the bot can tell."""
    async with TelegramServer() as server:
        yield server


@pytest.fixture
async def api(platform: TelegramServer) -> AsyncIterator[BotApi]:
    """The bot's line to it."""
    api = BotApi(platform.token, platform.url, timeouts=Timeouts(connect=2, answer=5))
    yield api
    await api.close()


@pytest.fixture
def telegram(api: BotApi) -> Telegram:
    """The channel over that line."""
    return Telegram(api)
