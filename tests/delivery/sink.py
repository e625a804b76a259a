"""A platform over real HTTP, and the channels by which another process reaches it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import replace
from datetime import datetime

import aiohttp
from aiohttp import web

from channels import NO_SLIP, Limits, Slip, Unreachable, Unsure
from dialogue.words import Act, Message
from tests.delivery.hurry import PATIENCE

LIMITS = Limits(4096, per_second=30, at_once=4)
LATENCY = 0.004
RECONCILE = 10.0


class Sink:
    """Counts what reaches each account."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self.copies: Counter[str] = Counter()
        self.arrivals: list[float] = []
        self.log: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        """What it lists for each account: its ids, and when these left by the sender's clock."""
        self.calls_back = False
        """It tells what it took, by the delivery's own number."""
        self.url = ""
        self._changed = asyncio.Condition()

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncGenerator[Sink]:
        app = web.Application()
        app.router.add_post("/{account}", self._take)
        app.router.add_get("/{account}", self._list)
        async with (
            served(app) as self.url,
            aiohttp.ClientSession() as self._session,
            asyncio.TaskGroup() as self._tasks,
        ):
            yield self

    async def _take(self, request: web.Request) -> web.Response:
        self.arrivals.append(self._now())
        self.copies[request.match_info["account"]] += 1
        number = self.copies.total()
        self._note(request, str(number))
        async with self._changed:
            self._changed.notify_all()
        # The way back takes its time, as it does in the world.
        await asyncio.sleep(LATENCY)
        return web.Response(text=str(number))

    def _note(self, request: web.Request, id: str) -> None:
        now, callback = request.query.get("now"), request.query.get("callback")
        if now is not None:
            self.log[request.match_info["account"]].append((id, now))
        if callback is not None and self.calls_back:
            self._tasks.create_task(self._call(f"{callback}&id={id}"))

    async def _call(self, url: str) -> None:
        with contextlib.suppress(aiohttp.ClientError):
            await self._session.post(url)

    async def _list(self, request: web.Request) -> web.Response:
        return web.json_response(self.log[request.match_info["account"]])

    async def reaches(self, total: int) -> None:
        """Returns when so many messages came in since the beginning."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(lambda: self.copies.total() >= total)


@contextlib.asynccontextmanager
async def served(app: web.Application) -> AsyncGenerator[str]:
    """Serves this app, and gives its URL."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    assert isinstance(runner.addresses[0], tuple)
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


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


class HttpNumber(HttpChannel):
    """The same with windows; it lists what it took, and calls back if it is to."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        now: Callable[[], datetime],
        callback: str,
    ) -> None:
        super().__init__(session, url)
        self.limits = replace(LIMITS, edits=False, reconcile_seconds=RECONCILE)
        self._now = now
        self._callback = callback

    async def send(
        self, account: str, act: Act, target: str | None, message: Message, slip: Slip = NO_SLIP
    ) -> str:
        told = {"now": self._now().isoformat(), "callback": f"{self._callback}?d={slip.delivery}"}
        try:
            async with self._session.post(f"{self._url}/{account}", params=told) as response:
                return await response.text()
        except aiohttp.ClientConnectorError as error:
            raise Unreachable() from error
        except aiohttp.ClientError as error:
            raise Unsure() from error

    async def outbound_since(
        self, account: str, since: datetime, message: Message, slip: Slip
    ) -> Sequence[tuple[str, str, datetime]]:
        """As `channels.Lists`."""
        async with self._session.get(f"{self._url}/{account}") as response:
            listed = [(id, datetime.fromisoformat(at)) for id, at in await response.json()]
        return [(id, "sent", at) for id, at in listed if at >= since]

    def has_begun(self, delivery: int) -> bool:
        """As `channels.Lists`: each message is one."""
        return False
