"""What the postman knows of the rows that wait in the database, and when to look there again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

LOOK_EVERY = 10.0
"""Seconds; so that a row is found of which nobody told, and a leap of the clock is noticed."""
BLOCKED_LOOK = 1.0
"""Seconds; whatever blocks, somebody looks, should the signal never come."""


class Backlog:
    """Remembers for which addresses a reply may be waiting in the database.

    A reply that goes straight from memory would overtake those, so it must queue behind them.
    Remembering too many is safe: they only take the longer way.
    """

    def __init__(self) -> None:
        self._coming: set[int] = set()
        self._queued: set[int] = set()
        self._checked: set[int] = set()
        self._returning: Counter[int] = Counter()
        # What the process before this one left is known after the first look.
        self._known = False
        self.replies = True
        """A reply may be there to claim."""
        self.others = True
        """Anything may be there to claim."""
        self.again_at = 0.0
        """When to look again although nothing happens, in monotonic seconds."""
        self._blocked = False
        self._looked = False
        self._moved = False

    def may_hold(self, address: int) -> bool:
        """Whether a reply to this address waits in the database, or will when a turn commits."""
        return address in self._coming or self.holds(address)

    def holds(self, address: int) -> bool:
        """Whether a reply to this address may wait in the database by now."""
        return (
            not self._known
            or address in self._queued
            or address in self._checked
            or address in self._returning
        )

    @property
    def in_doubt(self) -> bool:
        """Whether a look must tell which addresses still have a reply waiting."""
        return not self._known or bool(self._checked)

    def expect(self, address: int) -> None:
        """A turn that is not committed yet queues a row for this address."""
        self._coming.add(address)

    def returning(self, address: int) -> None:
        """A row in flight goes back into the database; that is not committed yet."""
        self._returning[address] += 1

    def returned(self, address: int, due: float) -> None:
        """It is back there until then (monotonic seconds)."""
        self._returning[address] -= 1
        if self._returning[address] <= 0:
            del self._returning[address]
        self._queued.add(address)
        self.again_at = min(self.again_at, due)

    def committed(self) -> bool:
        """All that was expected is committed; returns whether anything was."""
        if not self._coming:
            return False
        if self._looked:
            self._queued |= self._coming
        # Before the first look nothing need be remembered: that one will see it all.
        self._coming.clear()
        self.look()
        return True

    def look(self) -> None:
        """Something may be there to claim."""
        self.replies = self.others = True

    def look_when_due(self, now: float) -> None:
        """Looks when the moment has come that was waited for."""
        if self.again_at <= now:
            self.again_at = now + LOOK_EVERY
            self.look()

    def settled(self) -> None:
        """Something in flight is done: what waited behind it can be claimed."""
        self._moved = True
        if self._blocked:
            self._blocked = False
            self.look()

    def begin(self, *, all_lanes: bool) -> None:
        """A look begins; what is committed from here on is not part of it."""
        self._looked, self._moved = True, False
        self.replies = False
        self.others = self.others and not all_lanes
        self._checked |= self._queued
        self._queued.clear()

    def more(self) -> None:
        """The look was cut short: there may be more."""
        self._queued |= self._checked
        self._checked.clear()
        self.look()

    def exhausted(self, waiting: Iterable[int], next_due: float | None, now: float) -> None:
        """The look found no more; these addresses still wait, and this is the earliest row."""
        if self.in_doubt:
            self._checked.clear()
            self._queued.update(waiting)
            self._known = True
        if self.others:
            return  # only replies were looked for; the next look at all of them tells the rest
        self._blocked = next_due is not None and next_due <= now
        if self._blocked and self._moved:
            # Perhaps it was done just after the look had passed it.
            self._blocked = False
            self.look()
        elif self._blocked:
            self.again_at = min(self.again_at, now + BLOCKED_LOOK)
        elif next_due is not None:
            self.again_at = min(self.again_at, next_due)
