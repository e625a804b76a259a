"""HTTP/1.1 with as little work as possible, so that the stand-in is never what is measured.

It understands what the measured libraries send: kept connections and bodies with a length.
"""

from __future__ import annotations

import asyncio
import re
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, cast

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_HEAD_END = b"\r\n\r\n"


class Answer(Protocol):
    """Answers a request with JSON."""

    def __call__(self, body: bytes, status: int = 200) -> None: ...


Handle = Callable[[bytes, bytes, Answer], None]
"""Takes the path of a request, its body, and how to answer it, now or later."""

_STATUS = {
    200: b"200 OK",
    201: b"201 Created",
    400: b"400 Bad Request",
    401: b"401 Unauthorized",
    404: b"404 Not Found",
    429: b"429 Too Many Requests",
}


class _Messages(asyncio.Protocol, ABC):
    """One connection, cut into heads and bodies."""

    def __init__(self) -> None:
        self._unread = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None

    def data_received(self, data: bytes) -> None:
        self._unread += data
        while (end := self._unread.find(_HEAD_END)) >= 0:
            head = self._unread[:end]
            length = _LENGTH.search(head)
            start = end + len(_HEAD_END)
            stop = start + (int(length[1]) if length else 0)
            if len(self._unread) < stop:
                return
            body, self._unread = self._unread[start:stop], self._unread[stop:]
            self.message(head, body)

    @abstractmethod
    def message(self, head: bytes, body: bytes) -> None:
        """A whole message came in."""


class Served(_Messages):
    """A connection that somebody opened to us."""

    def __init__(self, handle: Handle) -> None:
        super().__init__()
        self._handle = handle

    def message(self, head: bytes, body: bytes) -> None:
        self._handle(head.split(b" ", 2)[1], body, self.answer)

    def answer(self, body: bytes, status: int = 200) -> None:
        """Answers the request that came last."""
        if self.transport is not None:
            self.transport.write(
                b"HTTP/1.1 %b\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (_STATUS[status], len(body), body)
            )


class Caller(_Messages):
    """A connection on which we ask, one request after the other; `done` is told each status."""

    def __init__(self, done: Callable[[Caller, int], None], lost: Callable[[Caller], None]) -> None:
        super().__init__()
        self._done = done
        self._lost = lost

    def send(self, request: bytes) -> None:
        """Sends a request, whole."""
        assert self.transport is not None
        self.transport.write(request)

    def message(self, head: bytes, body: bytes) -> None:
        self._done(self, int(head[9:12]))

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._lost(self)


def posting(path: bytes, kind: bytes, proof: tuple[bytes, bytes], body: bytes) -> bytes:
    """A request as a platform brings it: a body of this kind, and the header that proves whose."""
    return (
        b"POST %b HTTP/1.1\r\nHost: bot.example\r\nContent-Type: %b\r\n"
        b"%b: %b\r\nContent-Length: %d\r\n\r\n%b" % (path, kind, *proof, len(body), body)
    )


Answered = Callable[[int], None]
"""Told the status of an answer."""


def _ignored(status: int) -> None:
    """Nobody asks."""


class Callers:
    """So many connections to one port, and what waits for a free one."""

    def __init__(self, port: int, connections: int) -> None:
        self._port = port
        self._free: list[Caller] = []
        self._waiting: deque[tuple[bytes, Callable[[], None], Answered]] = deque()
        self._asked: dict[Caller, tuple[bytes, Answered]] = {}
        self._again: set[int] = set()
        self._connections = connections
        self._opening: set[asyncio.Task[None]] = set()
        self._closed = False
        self.refused = 0
        """Requests that were not answered with 2xx."""

    async def open(self) -> None:
        """Opens all connections; raises OSError while nobody listens."""
        self._closed = False
        while len(self._free) < self._connections:
            await self._open_one()

    def close(self) -> None:
        """Closes them; they may be opened again."""
        self._closed = True
        for caller in self._free:
            if caller.transport is not None:
                caller.transport.close()
        self._free.clear()

    def send(
        self, request: bytes, leaves: Callable[[], None], answered: Answered = _ignored
    ) -> None:
        """Sends this as soon as a connection is free; `leaves` is called when it does."""
        self._waiting.append((request, leaves, answered))
        self._go_on()

    async def _open_one(self) -> None:
        loop = asyncio.get_running_loop()
        _, caller = await loop.create_connection(
            lambda: Caller(self._done, self._lost), "127.0.0.1", self._port
        )
        self._free.append(caller)
        self._go_on()

    async def _open_again(self) -> None:
        with suppress(OSError):  # The bot has ended; whoever started it notices.
            await self._open_one()

    def _go_on(self) -> None:
        while self._free and self._waiting:
            request, leaves, answered = self._waiting.popleft()
            caller = self._free.pop()
            self._asked[caller] = request, answered
            leaves()
            caller.send(request)

    def _done(self, caller: Caller, status: int) -> None:
        self.refused += not 200 <= status < 300
        self._free.append(caller)
        request, answered = self._asked.pop(caller)
        self._again.discard(id(request))
        answered(status)
        self._go_on()

    def _lost(self, caller: Caller) -> None:
        """Servers close connections that rest for a while; another one takes the place."""
        if self._closed:
            return
        if caller in self._free:
            self._free.remove(caller)
        else:
            self._try_again(*self._asked.pop(caller))
        task = asyncio.ensure_future(self._open_again())
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    def _try_again(self, request: bytes, answered: Answered) -> None:
        """A connection that fails is tried once more, as the platforms do."""
        if id(request) in self._again:
            self._again.discard(id(request))
            self.refused += 1
            answered(0)
        else:
            self._again.add(id(request))
            self._waiting.appendleft((request, lambda: None, answered))
