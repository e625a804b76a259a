"""Brings every broadcast from its beginning to its report; one process of several does it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from delivery.alarm import Alarm, without_words
from delivery.clock import Clock
from delivery.pictures import Pictures
from delivery.progress import Progress
from delivery.recipients import Recipients
from delivery.wording import Words
from storage import Storage, Unavailable
from storage.broadcasting.broadcasts import Broadcast, Phase

LOOK_EVERY = 1.0
"""Seconds: so that a change is noticed of which nobody told, and so is a leap of the clock."""
WORD_WITHIN = timedelta(minutes=1)
"""So long a platform may take to tell of the last of them: what it refuses may still go again."""
LATE = timedelta(hours=1)
"""What was confirmed does not leave by itself so long after its time: it may not be so any more."""
AGAIN_AFTER = 0.5
"""Seconds until a database that cannot be used is asked again."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Newsroom:
    """What the work on broadcasts needs."""

    storage: Storage
    clock: Clock
    words: Words
    reminders: Sequence[int]
    """Minutes before the start of a webinar, where nothing else is said."""
    channels: Collection[str]
    """Those that somebody serves."""
    look: Callable[[], None]
    """Tells the postmen that rows may be waiting."""
    telling: Collection[str] = ()
    """Those of the channels that tell afterwards what became of a message."""
    fixed: Collection[str] = ()
    """Those of the channels where nothing that was said can be changed."""
    pictures_of: Mapping[str, str] = field(default_factory=dict[str, str])
    """Those to which pictures are brought, and as whose they are known there."""


class Broadcasts:
    """Freezes what is confirmed, begins what is due, watches over it, cancels and finishes it."""

    def __init__(self, desk: Newsroom) -> None:
        self._desk = desk
        self._progress = Progress(desk.storage, desk.clock, desk.words, desk.fixed)
        self._pictures = Pictures(desk.storage, desk.clock, desk.words, desk.pictures_of)
        self._recipients = Recipients(desk.storage, desk.clock, desk.channels)
        self._alarm = Alarm(log, desk.clock.monotonic)
        self._stirred = asyncio.Event()
        self._phases: dict[int, Phase] = {}

    def stir(self) -> None:
        """A broadcast may have something to do."""
        self._stirred.set()

    async def run(self) -> None:
        """Works until cancelled, whenever no other process does."""
        while True:
            try:
                async with self._desk.storage.only_one("broadcasts") as lost:
                    with self._going_on():
                        await self._plan()
                    while not lost.is_set():
                        await self._turn(lost)
            except Unavailable:
                await self._desk.clock.wait(asyncio.Event(), AGAIN_AFTER)

    async def _plan(self) -> None:
        """Whatever changed the programme while nobody looked, its reminders follow."""
        async with self._desk.storage.transaction() as tx:
            await tx.reminders.replan_all(self._desk.reminders, self._desk.clock.now())

    async def _turn(self, lost: asyncio.Event) -> None:
        self._stirred.clear()
        due: list[Broadcast] = []
        with self._going_on():
            due = await self._due()
        for broadcast in due:
            if lost.is_set():
                return
            with self._going_on():
                await self._see_to(broadcast, lost)
        await self._desk.clock.wait(self._stirred, LOOK_EVERY)

    @contextmanager
    def _going_on(self) -> Generator[None]:
        """A broadcast that cannot be dealt with keeps nobody else's from going out."""
        try:
            yield
        except Unavailable:
            raise
        except Exception as error:
            self._alarm.sound("ALERT: a broadcast cannot go on", without_words(error))

    async def _due(self) -> list[Broadcast]:
        now = self._desk.clock.now()
        async with self._desk.storage.reading() as tx:
            remind = await tx.reminders.next_due()
            due = await tx.broadcasts.due(now)
        if remind is not None and remind <= now:
            async with self._desk.storage.transaction() as tx:
                await tx.reminders.spread(now)
                due = await tx.broadcasts.due(now)
        known = {broadcast.id: self._phases.get(broadcast.id) for broadcast in due}
        self._phases = {broadcast.id: broadcast.phase for broadcast in due}
        if any(b.phase is Phase.RUNNING and known[b.id] is not Phase.RUNNING for b in due):
            self._desk.look()
        return due

    async def _see_to(self, broadcast: Broadcast, lost: asyncio.Event) -> None:
        if broadcast.stale:
            await self._recipients.clear(broadcast.id, lost)
            self._stirred.set()
            return
        confirmed = broadcast.confirmed is not None and broadcast.frozen is None
        late = broadcast.confirmed is not None and self._is_late(broadcast)
        match broadcast.phase:
            case Phase.HELD if late:
                await self._progress.missed(broadcast.id)
            case Phase.HELD | Phase.WAITING if confirmed:
                await self._write_down(broadcast, lost)
            case Phase.HELD:
                await self._begin(broadcast, lost)
            case Phase.FREEZING:
                await self._freeze(broadcast, lost)
            case Phase.CANCELLING:
                if await self._recipients.cancel(broadcast.id):
                    await self._finish(broadcast)
            case Phase.RUNNING:
                await self._watch(broadcast)
            case _:
                await self._progress.show(broadcast)

    def _is_late(self, broadcast: Broadcast) -> bool:
        return self._desk.clock.now() - broadcast.starts_at > LATE

    async def _write_down(self, broadcast: Broadcast, lost: asyncio.Event) -> None:
        """Freeze what was confirmed at once: its author learns for how many people it is."""
        if await self._recipients.write_down(broadcast.id, lost):
            await self._settle(broadcast)
        self._stirred.set()

    async def _settle(self, broadcast: Broadcast) -> None:
        async with self._desk.storage.reading() as tx:
            number = await tx.recipients.count(broadcast.id)
        await self._progress.frozen(broadcast.id, number)
        await self._pictures.bring(broadcast)
        self._desk.look()

    async def _begin(self, broadcast: Broadcast, lost: asyncio.Event) -> None:
        async with self._desk.storage.transaction() as tx:
            now = self._desk.clock.now()
            begun = await tx.broadcasts.begin(broadcast.id, now, self._desk.reminders)
        if begun is not None:
            await self._freeze(begun, lost)

    async def _freeze(self, broadcast: Broadcast, lost: asyncio.Event) -> None:
        await self._pictures.hold(broadcast)
        await self._recipients.freeze(broadcast.id, lost)
        self._desk.look()
        self._stirred.set()

    async def _watch(self, broadcast: Broadcast) -> None:
        if broadcast.ahead_on is not None and await self._pictures.see_to(broadcast):
            self._desk.look()
        since, telling = self._desk.clock.now() - WORD_WITHIN, self._desk.telling
        async with self._desk.storage.reading() as tx:
            more = await tx.recipients.is_open(broadcast.id)
            if not more and telling:
                more = await tx.recipients.awaits_word(broadcast.id, telling, since)
        if not more and await self._recipients.reroute(broadcast.id):
            more = True
            self._desk.look()
        if more:
            await self._progress.show(broadcast)
        else:
            await self._finish(broadcast)

    async def _finish(self, broadcast: Broadcast) -> None:
        if await self._progress.finish(broadcast):
            self._phases.pop(broadcast.id, None)
        self._desk.look()
