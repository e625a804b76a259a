"""A platform over real HTTP, and the channel by which another process reaches it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncGenerator

import aiohttp
from aiohttp import web

from channels import NO_SLIP, Limits, Slip, Unreachable, Unsure
from dialogue.words import Act, Message

LIMITS = Limits(4096, per_second=30, at_once=4)
LATENCY = 0.004


class Sink:
    """Counts what reaches each account."""

    def __init__(self) -> None:
        self.copies: Counter[str] = Counter()
        self.arrivals: list[float] = []
        self.url = ""
        self._changed = asyncio.Condition()

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncGenerator[Sink]:
        app = web.Application()
        app.router.add_post("/{account}", self._take)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        assert isinstance(runner.addresses[0], tuple)
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield self
        await runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        self.arrivals.append(time.monotonic())
        self.copies[request.match_info["account"]] += 1
        number = self.copies.total()
        async with self._changed:
            self._changed.notify_all()
        # The way back takes its time, as it does in the world.
        await asyncio.sleep(LATENCY)
        return web.Response(text=str(number))

    async def reaches(self, total: int) -> None:
        """Returns when so many messages came in since the beginning."""
        async with asyncio.timeout(30), self._changed:
            await self._changed.wait_for(lambda: self.copies.total() >= total)


class HttpChannel:
    """A `Channel` that posts to a sink."""

    name = "sink"

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.limits = LIMITS
        self._session = session
        self._url = url

    async def send(
        self, account: str, act: Act, target: str | None, message: Message, slip: Slip = NO_SLIP
    ) -> str:
        try:
            async with self._session.post(f"{self._url}/{account}") as response:
                return await response.text()
        except aiohttp.ClientConnectorError as error:
            raise Unreachable() from error
        except aiohttp.ClientError as error:
            raise Unsure() from error
