"""Clocks on which time hurries, but not while the machine keeps us from doing what it is for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta

from delivery import Clock
from delivery.clock import wait_until_set
from storage import Storage
from storage.engines.port import Connection, Database

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
STEP = 0.002
"""Seconds of ours that count at most between two looks at the clock: what is longer was taken away
by whoever else had the processor, and nothing could be done in it."""
PATIENCE = 60
"""Seconds of ours that anything is waited for."""


class Hurry:
    """A clock on which `speed` seconds pass in each second that we were given.

    It stands still while a database that it heeds is at work, which a slow disk makes longer.
    """

    def __init__(self, speed: float = 50.0) -> None:
        self._speed = speed
        self._looked = time.monotonic()
        self._passed = 0.0
        self._at_work = 0
        self.next_lull = asyncio.Event()
        """Set when somebody begins to wait; take it before a look that takes time."""

    def monotonic(self) -> float:
        now = time.monotonic()
        if not self._at_work:
            self._passed += min(now - self._looked, STEP) * self._speed
        self._looked = now
        return self._passed

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.monotonic())

    def in_seconds(self, seconds: float) -> datetime:
        return self.now() + timedelta(seconds=seconds)

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        self.next_lull.set()
        self.next_lull = asyncio.Event()
        if seconds is None:
            await event.wait()
            return
        until = self.monotonic() + seconds
        while not event.is_set() and (left := until - self.monotonic()) > 0:
            await wait_until_set(event, min(left / self._speed, STEP))

    async def lull(self) -> None:
        """Returns when somebody begins to wait for something."""
        await self.next_lull.wait()

    def clock(self) -> Clock:
        return Clock(self.now, self.monotonic, self.wait, lambda: 0.0)

    def heeds(self, storage: Storage) -> Storage:
        """From now on this storage's database has all the time that it needs."""
        storage.database = Heeded(storage.database, self.works)
        return storage

    @contextmanager
    def stands_still(self) -> Generator[None]:
        """Within the block no time passes, and so nothing becomes due."""
        self.works(1)
        try:
            yield
        finally:
            self.works(-1)

    def works(self, more: int) -> None:
        """So many more are waiting for the database, or fewer."""
        self.monotonic()
        self._at_work += more


class Shared(Hurry):
    """The same in several processes, of which each began at another moment."""

    def __init__(self, speed: float, began: float) -> None:
        """`began` is as `time.time()` told it."""
        super().__init__(speed)
        self._noon = began

    def now(self) -> datetime:
        return NOON + timedelta(seconds=(time.time() - self._noon) * self._speed)


class Heeded:
    """A database, and whoever is told when it begins to work and ends."""

    def __init__(self, database: Database, works: Callable[[int], None]) -> None:
        self.engine = database.engine
        self._database = database
        self._works = works

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Connection]:
        self._works(1)
        try:
            async with self._database.transaction() as connection:
                yield connection
        finally:
            self._works(-1)

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[Connection]:
        self._works(1)
        try:
            async with self._database.reading() as connection:
                yield connection
        finally:
            self._works(-1)

    async def script(self, sql: str, version: int, applied: int) -> None:
        await self._database.script(sql, version, applied)

    def only_one(self, name: str) -> AbstractAsyncContextManager[asyncio.Event]:
        return self._database.only_one(name)

    def listening(self, hear: Callable[[str], None]) -> AbstractAsyncContextManager[asyncio.Event]:
        return self._database.listening(hear)

    async def scrub(self) -> bool:
        return await self._database.scrub()

    async def sound(self) -> None:
        await self._database.sound()

    async def close(self) -> None:
        await self._database.close()
