"""How many people may be written to first: a platform allows so many within any 24 hours."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta

from delivery.letters import LONG_AGO
from dialogue.words import Act, Lane
from storage import Transaction
from storage.outbox import Delivery

DAY = timedelta(hours=24)
COUNTED_EVERY = timedelta(minutes=1)
"""Who is to be reminded within a day is not counted for each of thousands."""


class Reach:
    """Lets no more through than may go, and puts off the others until they may."""

    def __init__(self, limit: int | None) -> None:
        """`limit` is as in `Limits.first_messages_per_day`."""
        self._limit = limit
        self._put_off: deque[datetime] = deque()
        """When those are due again, in order, that were put off."""
        self._kept = 0
        self._counted = LONG_AGO

    async def within(
        self, tx: Transaction, deliveries: Sequence[Delivery], now: datetime
    ) -> list[Delivery]:
        """Those that may go; whoever is written to first by them is counted with this commit."""
        if self._limit is None:
            return list(deliveries)
        first = [delivery for delivery in deliveries if comes_first(delivery, now)]
        left = self._limit - await tx.reach.count(now - DAY) if first else 0
        kept = await self._kept_back(tx, first, now)
        put_off: set[int] = set()
        for delivery in first:
            known = await tx.reach.has(delivery.address, now - DAY)
            if known or left > (kept if delivery.lane is Lane.ANNOUNCEMENT else 0):
                left -= not known
                await tx.reach.note(delivery.address, now)
            else:
                put_off.add(delivery.id)
                await tx.outbox.put_off(delivery.id, await self._later(tx, now))
        return [delivery for delivery in deliveries if delivery.id not in put_off]

    async def _kept_back(self, tx: Transaction, first: Sequence[Delivery], now: datetime) -> int:
        """How many places announcements leave to reminders."""
        if not any(delivery.lane is Lane.ANNOUNCEMENT for delivery in first):
            return 0
        if not self._counted <= now < self._counted + COUNTED_EVERY:
            self._kept, self._counted = await tx.reach.kept_back(now), now
        return self._kept

    async def _later(self, tx: Transaction, now: datetime) -> datetime:
        """When one more may go, behind all who wait already: each has a place of his own."""
        while self._put_off and self._put_off[0] <= now:
            self._put_off.popleft()
        days, place = divmod(len(self._put_off), max(1, self._limit or 0))
        reached = await tx.reach.reached(place, now - DAY)
        due = (reached or now) + DAY * (days + 1)
        self._put_off.append(due)
        return due


def comes_first(delivery: Delivery, now: datetime) -> bool:
    """Whether this writes to somebody whose window is closed."""
    return (
        delivery.act is Act.SEND
        and delivery.open_until is not None
        and delivery.open_until <= now
        and delivery.message.template is not None
    )
