"""Takes rows out of the outbox just in time: `sending` is committed before the request."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from math import inf

from delivery.alarm import Alarm, without_words
from delivery.composing import Composing, Unspeakable
from delivery.desk import Desk
from delivery.letters import letter_of
from delivery.reach import Reach
from delivery.retries import is_doubtful
from dialogue.words import Lane
from storage import Storage, Transaction, Unavailable
from storage.broadcasting.broadcasts import Phase
from storage.outbox import Settlement, State

SOON = 0.06
"""Seconds' worth of rows that are claimed ahead: a crash makes these few ambiguous, no more."""
LONGEST_BACK_OFF = 5.0
STRAY_AFTER = timedelta(seconds=30)
"""By then whoever inserted a row as `sending` has handed it over."""

REPLIES = (Lane.REPLY,)
ALL_LANES = tuple(Lane)

log = logging.getLogger(__name__)


class Claiming:
    """Fills the lanes from the database, as far as they will be sent soon."""

    def __init__(
        self, desk: Desk, storage: Storage, composing: Composing, news: Callable[[], None]
    ) -> None:
        self._composing = composing
        self._alarm = Alarm(log, desk.clock.monotonic)
        self._channel = desk.channel.name
        limits = desk.channel.limits
        self._ahead = max(2, int(limits.per_second * SOON))
        self._reconcile_seconds = limits.reconcile_seconds
        self._reach = Reach(limits.first_messages_per_day)
        self._storage = storage
        self._clock = desk.clock
        self._backlog = desk.backlog
        self._lanes = desk.lanes
        self._held = desk.held
        self._hush = desk.hush
        self._pace = desk.pace
        self._settling = desk.settling
        self._counts = desk.counts
        self._news = news
        self._stirred = asyncio.Event()
        self._closing = asyncio.Event()
        self._search_at = -inf
        self.failing = False
        """The database could not be used at the last try."""

    def stir(self) -> None:
        """Something changed: there may be rows to claim, or room for them."""
        self._stirred.set()

    def room(self) -> None:
        """There is room for more, should more be known to wait."""
        if self._wanted()[0]:
            self._stirred.set()

    def close(self) -> None:
        """Lets `run` return; what it has claimed by then is in the lanes."""
        self._closing.set()
        self._stirred.set()

    async def recover(self) -> None:
        """Deals with what the process before this one left in flight."""
        attempt = 0
        while not self._closing.is_set():
            try:
                async with self._storage.transaction() as tx:
                    await self._recover(tx, self._clock.now())
                self.failing = False
                return
            except Unavailable:
                await self._back_off(attempt)
                attempt += 1

    async def run(self) -> None:
        """Claims until closed."""
        attempt = 0
        while not self._closing.is_set():
            self._stirred.clear()
            lanes, limit, seconds = self._appetite()
            if not lanes:
                await self._clock.wait(self._stirred, seconds)
                continue
            try:
                try:
                    await self._claim(lanes, limit)
                except Unspeakable as error:
                    await self._hold_up(error)
                self.failing, attempt = False, 0
            except Unavailable:
                self._backlog.more()
                await self._back_off(attempt)
                attempt += 1

    def _appetite(self) -> tuple[tuple[Lane, ...], int, float | None]:
        """Which lanes to claim from, how many, or how long to wait for something to change."""
        now = self._clock.monotonic()
        self._backlog.look_when_due(now)
        hushed = self._hush.until > now
        if not self._backlog.replies and (hushed or not self._backlog.others):
            again_at = self._backlog.again_at
            return (), 0, (min(again_at, self._hush.until) if hushed else again_at) - now
        lanes, limit = self._wanted()
        if not lanes:
            return (), 0, None
        soonest = self._pace.reply_at(self._lanes.replies)
        seconds = soonest - now - SOON
        if self._settling.failing or seconds > 0:
            return (), 0, None if self._settling.failing or seconds == inf else seconds
        return lanes, limit, None

    def _wanted(self) -> tuple[tuple[Lane, ...], int]:
        """From which lanes so many rows could be taken in now; of none when it is not worth it."""
        # What is on its way, or answered and not written, counts: a crash makes it doubtful, too.
        ahead = max(2, self._ahead - self._counts.in_flight - self._settling.unwritten)
        # A claim costs about as much for one row as for twenty.
        few = ahead - max(1, ahead // 3)
        hushed = self._hush.until > self._clock.monotonic()
        if self._backlog.others and not hushed and self._lanes.waiting <= few:
            return ALL_LANES, ahead - self._lanes.waiting
        if self._backlog.replies and self._lanes.replies <= few:
            return REPLIES, ahead - self._lanes.replies
        return (), 0

    async def _claim(self, lanes: tuple[Lane, ...], limit: int) -> None:
        now = self._clock.now()
        self._backlog.begin(all_lanes=lanes is ALL_LANES)
        async with self._storage.transaction() as tx:
            await self._take_strays(tx, now)
            claimed = await tx.outbox.claim(self._channel, now, limit, lanes)
            rows = await self._reach.within(tx, await self._composing.made(tx, claimed), now)
            over = len(claimed) < limit
            next_due = await tx.outbox.next_due(self._channel) if over else None
            doubt = over and self._backlog.in_doubt
            waiting = await tx.outbox.waiting(self._channel, now) if doubt else ()
        self._held.update(row.id for row in rows)
        for row in rows:
            letter = letter_of(row)
            letter.doubtful = self._reconcile_seconds is not None and is_doubtful(row)
            self._lanes.put(letter)
        if over:
            monotonic = self._clock.monotonic()
            due = None if next_due is None else monotonic + (next_due - now).total_seconds()
            self._backlog.exhausted(waiting, due, monotonic)
        else:
            self._backlog.more()
        if rows:
            self._news()

    async def _hold_up(self, error: Unspeakable) -> None:
        """Nobody gets this broadcast until a human has looked; all others go on."""
        self._backlog.more()
        why = without_words(error.__cause__ or error)
        self._alarm.sound("ALERT: the message of a broadcast cannot be made, so it pauses", why)
        async with self._storage.transaction() as tx:
            await tx.broadcasts.set_phase(
                error.broadcast, Phase.PAUSED, [Phase.RUNNING], self._clock.now()
            )

    async def _take_strays(self, tx: Transaction, now: datetime) -> None:
        """Now and then deals with rows of which nobody knows that they are `sending`.

        There are some when a commit reached the disk and its answer did not reach us.
        """
        if self._clock.monotonic() >= self._search_at:
            await self._recover(tx, now, now - STRAY_AFTER)
            self._search_at = self._clock.monotonic() + STRAY_AFTER.total_seconds()

    async def _recover(
        self, tx: Transaction, now: datetime, before: datetime | None = None
    ) -> None:
        """What was perhaps sent goes again; first the platform may say what it knows of it."""
        outbox, wait = tx.outbox, self._reconcile_seconds
        await outbox.recover(self._channel, now, self._held, before, keep=wait is not None)
        if wait is None:
            return
        doubts = await outbox.doubtful(self._channel, before or now, self._held)
        due = now + timedelta(seconds=wait)
        await outbox.settle(
            [Settlement(doubt.id, State.QUEUED, due=due, ambiguous=True) for doubt in doubts]
        )

    async def _back_off(self, attempt: int) -> None:
        self.failing = True
        self._settling.alert()
        await self._clock.wait(self._closing, min(LONGEST_BACK_OFF, 0.1 * 2 ** min(attempt, 10)))
