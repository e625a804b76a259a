"""Writes what became of the letters into the outbox: in bulk, and never losing one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from delivery.alarm import Alarm
from delivery.clock import Clock
from delivery.learnt import NOTHING, Learnt, note
from storage import Storage, Transaction, Unavailable
from storage.broadcasting.broadcasts import Phase
from storage.outbox import Settlement

LINGER = 0.01
"""Seconds for which the first of a bulk waits for others."""
LONGEST_BACK_OFF = 5.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ending:
    """What is written about one delivery, about its address, and about its broadcast."""

    settlement: Settlement
    address: int
    learnt: Learnt = NOTHING
    pauses: int | None = None
    """This broadcast is to go out to nobody until a human has looked."""
    elsewhere: bool = False
    """Another address of the same person may get it instead."""


class Settling:
    """Collects endings, and writes all that have come with one commit."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        bulk: int,
        settled: Callable[[Sequence[Ending]], None],
        channels: Collection[str] = (),
    ) -> None:
        """`channels` are all that somebody serves."""
        self._storage = storage
        self._clock = clock
        self._settled = settled
        self._channels = channels
        self._endings: list[Ending] = []
        self._bulk = bulk
        self._news = asyncio.Event()
        self._enough = asyncio.Event()
        self._closing = False
        self.unwritten = 0
        """How many endings are not in the database yet."""
        self._alarm = Alarm(log, clock.monotonic)
        self.written = asyncio.Event()
        """Closed, and everything is in the database."""
        self.failing = False
        """The database takes nothing at the moment: what is sent now could not be noted."""

    def add(self, ending: Ending) -> None:
        """This will be written soon."""
        self._endings.append(ending)
        self.unwritten += 1
        self._news.set()
        if len(self._endings) >= self._bulk:
            self._enough.set()

    def close(self) -> None:
        """Lets `run` return when everything is written."""
        self._closing = True
        self._news.set()
        self._enough.set()

    async def run(self) -> None:
        """Writes until closed."""
        while self._endings or not self._closing:
            await self._clock.wait(self._news, None)
            await self._clock.wait(self._enough, LINGER)
            if not self._closing:
                self._news.clear()
                self._enough.clear()
            endings, self._endings = self._endings, []
            if endings:
                await self._write(endings)
        self.written.set()

    async def _write(self, endings: list[Ending]) -> None:
        attempt = 0
        while True:
            try:
                async with self._storage.transaction() as tx:
                    await self._note(tx, endings)
                break
            except Unavailable:
                self.failing = True
                self.alert()
                await self._clock.wait(asyncio.Event(), min(LONGEST_BACK_OFF, 0.1 * 2**attempt))
                attempt = min(attempt + 1, 10)
        self.failing = False
        self.unwritten -= len(endings)
        self._settled(endings)

    def alert(self) -> None:
        """Says that the database cannot be used, once a minute."""
        self._alarm.sound("ALERT: the database cannot be used, so nothing new is sent")

    async def _note(self, tx: Transaction, endings: Sequence[Ending]) -> None:
        now = self._clock.now()
        await tx.outbox.settle([ending.settlement for ending in endings])
        for ending in endings:
            await note(tx, ending.address, ending.learnt, now)
            if ending.elsewhere and len(self._channels) > 1:
                await tx.outbox.reroute(ending.settlement.id, now, self._channels)
        for broadcast in {ending.pauses for ending in endings if ending.pauses is not None}:
            await tx.broadcasts.set_phase(broadcast, Phase.PAUSED, [Phase.RUNNING], now)
