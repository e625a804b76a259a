"""A Bot API server and a Twilio on the loopback, and our lines to them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from channels import whatsapp as twilios
from channels.telegram import BotApi, Telegram, Timeouts
from tests.platforms.telegram import TelegramServer
from tests.platforms.twilio import ACCOUNT, TOKEN, TwilioServer


@pytest.fixture
async def platform() -> AsyncIterator[TelegramServer]:
    """Telegram, as far as the bot can tell."""
    async with TelegramServer() as server:
        yield server


@pytest.fixture
async def api(platform: TelegramServer) -> AsyncIterator[BotApi]:
    """The bot's line to it."""
    api = BotApi(platform.token, platform.url, timeouts=Timeouts(connect=30, answer=30))
    yield api
    await api.close()


@pytest.fixture
def telegram(api: BotApi) -> Telegram:
    """The channel over that line."""
    return Telegram(api)


@pytest.fixture
async def twilio() -> AsyncIterator[TwilioServer]:
    """Twilio and WhatsApp, as far as the bot can tell."""
    async with TwilioServer() as server:
        yield server


@pytest.fixture
async def account(twilio: TwilioServer) -> AsyncIterator[twilios.TwilioApi]:
    """The bot's line to it."""
    timeouts = twilios.Timeouts(connect=30, answer=30)
    api = twilios.TwilioApi(ACCOUNT, TOKEN, twilio.url, twilio.url, timeouts=timeouts)
    yield api
    await api.close()
