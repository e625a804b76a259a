"""Handing out updates: by long poll, or by delivering them to a webhook."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import aiohttp

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update that nobody has confirmed yet."""

    serial: int
    id: int
    raw: bytes
    queue: tuple[int, str]
    """Updates of one queue are delivered to a webhook one at a time, in order."""


@dataclass(slots=True)
class Delivered:
    """One request to the webhook, as it was answered (0: no answer came)."""

    id: int
    status: int


class Updates:
    """The updates of one bot that wait to be fetched or delivered."""

    def __init__(self, changed: Callable[[], None], first_id: int = 1000) -> None:
        self.waiting: dict[int, Waiting] = {}
        self.confirmed = 0
        """How many updates were confirmed or delivered."""
        self.polls = 0
        """How many long polls were asked for."""
        self.allowed: tuple[str, ...] | None = None
        self.deliveries: list[Delivered] = []
        self._changed = changed
        self._next_id = first_id
        self._serial = 0
        self._arrival = asyncio.Event()
        self._poll: asyncio.Future[None] | None = None
        self._webhook: _Delivering | None = None
        self._one_at_a_time = asyncio.Lock()

    def take_id(self) -> int:
        """The next update's id."""
        self._next_id += 1
        return self._next_id - 1

    def add(self, kind: str, content: dict[str, Any], chat: int) -> int:
        """Queues an update of this kind and returns its id."""
        number = self.take_id()
        if self.allowed is None or kind in self.allowed:
            raw = json.dumps({"update_id": number, kind: content}).encode()
            self.add_raw(number, raw, (chat, "query" if kind == "callback_query" else "chat"))
        return number

    def add_raw(self, number: int, raw: bytes, queue: tuple[int, str] = (0, "raw")) -> None:
        """Queues these very bytes as an update."""
        self._serial += 1
        waiting = self.waiting[self._serial] = Waiting(self._serial, number, raw, queue)
        self._arrival.set()
        if self._webhook is not None:
            self._webhook.add(waiting)

    async def poll(self, offset: int, limit: int, seconds: float) -> bytes | None:
        """The list of waiting updates as JSON; None when another poll takes over."""
        self.polls += 1
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        mine = self._poll = asyncio.get_running_loop().create_future()
        self._confirm(offset)
        self._changed()
        if not self.waiting and seconds > 0 and not await self._arrives(mine, seconds):
            return None
        given = [waiting.raw for waiting in islice(self.waiting.values(), limit)]
        if self._poll is mine:
            self._poll = None
        return b"[" + b",".join(given) + b"]"

    def _confirm(self, offset: int) -> None:
        while self.waiting and (first := next(iter(self.waiting.values()))).id < offset:
            del self.waiting[first.serial]
            self.confirmed += 1

    async def _arrives(self, mine: asyncio.Future[None], seconds: float) -> bool:
        """False when another poll takes over while this one waits."""
        self._arrival.clear()
        arrival = asyncio.ensure_future(self._arrival.wait())
        try:
            await asyncio.wait({arrival, mine}, timeout=seconds, return_when="FIRST_COMPLETED")
        finally:
            arrival.cancel()
        return not mine.done()

    @property
    def has_webhook(self) -> bool:
        """Whether updates are delivered instead of kept."""
        return self._webhook is not None

    async def set_webhook(self, webhook: Webhook | None) -> None:
        """Delivers there from now on, what waits first; None: keeps updates for polling.

        It is carried out even if whoever asked has hung up meanwhile.
        """
        await asyncio.shield(asyncio.ensure_future(self._replace(webhook)))

    async def _replace(self, webhook: Webhook | None) -> None:
        async with self._one_at_a_time:
            old, self._webhook = self._webhook, None
            if old is not None:
                await old.stop()
            if webhook is not None:
                self._webhook = _Delivering(webhook, self)
                for waiting in self.waiting.values():
                    self._webhook.add(waiting)

    def settle(self, waiting: Waiting, status: int) -> None:
        """Notes the answer of a webhook; a 2xx confirms."""
        self.deliveries.append(Delivered(waiting.id, status))
        if 200 <= status < 300 and self.waiting.pop(waiting.serial, None):
            self.confirmed += 1
        self._changed()


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates are delivered."""

    url: str
    secret: str | None
    max_connections: int = 40
    retry_seconds: float = 0.05
    """Telegram waits 2, 4, 8 … 120 s; tests have less time."""


@dataclass(slots=True)
class _Delivering:
    webhook: Webhook
    updates: Updates
    queues: dict[tuple[int, str], deque[Waiting]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    tasks: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])
    session: aiohttp.ClientSession | None = None

    def add(self, waiting: Waiting) -> None:
        queue = self.queues[waiting.queue]
        queue.append(waiting)
        if len(queue) == 1:
            task = asyncio.ensure_future(self._deliver(queue))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def stop(self) -> None:
        for task in list(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        if self.session is not None:
            await self.session.close()

    async def _deliver(self, queue: deque[Waiting]) -> None:
        while queue:
            wait = 0.0
            while not 200 <= (status := await self._post(queue[0])) < 300:
                self.updates.settle(queue[0], status)
                await asyncio.sleep(wait)
                wait = min(1.0, max(self.webhook.retry_seconds, wait * 2))
            self.updates.settle(queue.popleft(), status)

    async def _post(self, waiting: Waiting) -> int:
        headers = {"Content-Type": "application/json"}
        if self.webhook.secret:
            headers[SECRET_HEADER] = self.webhook.secret
        if self.session is None:
            self.session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self.webhook.max_connections),
                timeout=aiohttp.ClientTimeout(total=60),
            )
        try:
            async with self.session.post(
                self.webhook.url, data=waiting.raw, headers=headers
            ) as answer:
                return answer.status
        except (aiohttp.ClientError, OSError, TimeoutError):
            return 0
