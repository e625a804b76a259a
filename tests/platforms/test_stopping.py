"""Whoever hangs up in the midst of anything leaves no connection of a stand-in open."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import warnings
from collections.abc import AsyncIterator, Generator

import pytest
from aiohttp import web

from tests.platforms.telegram import TelegramServer
from tests.platforms.telegram.updates import Webhook
from tests.platforms.twilio import TwilioServer

ANNA = 7


class Deaf:
    """A bot's web server that takes requests and answers none."""

    def __init__(self) -> None:
        self.url = ""
        self.asked = asyncio.Event()

    async def hears(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.set()
        await asyncio.Event().wait()
        raise AssertionError


@pytest.fixture
async def deaf() -> AsyncIterator[Deaf]:
    deaf = Deaf()
    runner = web.ServerRunner(web.Server(deaf.hears), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    deaf.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield deaf
    await runner.cleanup()


@contextlib.contextmanager
def nothing_left_open() -> Generator[None]:
    """Fails if the garbage collector finds what nobody closed in this block."""
    gc.collect()
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        yield
        gc.collect()
    assert [str(warning.message) for warning in seen] == []


async def hang_up(telegram: TelegramServer, webhook: Webhook) -> None:
    """Ask for another webhook, and be gone while the one before is still being stopped."""
    asking = asyncio.ensure_future(telegram.updates.set_webhook(webhook))
    await asyncio.sleep(0)
    asking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asking


async def test_a_bot_that_dies_while_it_asks_for_a_webhook(deaf: Deaf) -> None:
    with nothing_left_open():
        async with TelegramServer() as telegram:
            await telegram.updates.set_webhook(Webhook(deaf.url, None))
            telegram.people.says(ANNA, "/start")
            await deaf.asked.wait()
            await hang_up(telegram, Webhook(deaf.url, None))


async def test_two_that_ask_for_a_webhook_at_once(deaf: Deaf) -> None:
    with nothing_left_open():
        async with TelegramServer() as telegram:
            await telegram.updates.set_webhook(Webhook(deaf.url, None))
            telegram.people.says(ANNA, "/start")
            await deaf.asked.wait()
            deaf.asked.clear()
            asked = [telegram.updates.set_webhook(Webhook(deaf.url, None)) for _ in range(3)]
            await asyncio.gather(*asked)
            await deaf.asked.wait()


async def test_a_webhook_that_is_asked_for_while_the_platform_stops(deaf: Deaf) -> None:
    with nothing_left_open():
        async with TelegramServer() as telegram:
            await telegram.updates.set_webhook(Webhook(deaf.url, None))
            telegram.people.says(ANNA, "/start")
            await deaf.asked.wait()
            asking = asyncio.ensure_future(telegram.updates.set_webhook(Webhook(deaf.url, None)))
        await asking


async def test_a_platform_that_stops_while_it_tells_a_bot_something(deaf: Deaf) -> None:
    with nothing_left_open():
        async with TwilioServer() as twilio:
            twilio.webhooks.url = deaf.url
            nour = twilio.people.joins("+9647700000001", name="Nour")
            twilio.people.says(nour, "hello")
            await deaf.asked.wait()
            stopping = asyncio.ensure_future(twilio.stop())
            await asyncio.sleep(0)
            twilio.people.says(nour, "and another word")
            await stopping
