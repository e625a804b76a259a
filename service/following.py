"""Follows what is asked in each webinar, and has what is new compared with all the rest.

One process at a time does so. What it keeps in memory is of those questions that somebody works
with, and it lets go of a webinar an hour after the last of that.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from delivery import Clock
from delivery.retries import back_off
from storage import Storage, Transaction, Unavailable
from storage.asking.alike import Alike, Wording

LOOK_EVERY = 1.0
"""Seconds between two looks for what has changed."""
IDLE = timedelta(hours=1)
MOST = 5000
"""So many questions of a webinar are compared, those that changed last."""
SHARE = 5
"""One part in so many of the time is what this may take: turns and boards go first."""
AT_ONCE = 50
"""So many are written down in one transaction."""

log = logging.getLogger("tadamun.likening")


class Index(Protocol):
    """The questions of one webinar."""

    def __len__(self) -> int:
        """How many there are."""
        ...

    def remove(self, id: int) -> None:
        """Take a question out; nothing when it is not there."""
        ...


Kept = TypeVar("Kept", bound=Index)


@dataclass(slots=True)
class _Webinar(Generic[Kept]):
    index: Kept
    version: int
    """The last change that is in here."""
    used: datetime
    texts: dict[int, int] = field(default_factory=dict[int, int])
    """Of each question a hash of its words, by which it is known whether they are others."""


class Following(Generic[Kept]):
    """Has each question compared that is new, or is put in other words, with all of its webinar.

    How that is done is for who inherits to say.
    """

    note: str
    """The lock of the one that does it, and the note of the last change that it has dealt with."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock
        self._webinars: dict[str | None, _Webinar[Kept]] = {}
        self._version: int | None = None

    @property
    def kept(self) -> int:
        """How many questions are in memory."""
        return sum(len(each.index) for each in self._webinars.values())

    async def run(self) -> None:
        """Go on until cancelled; while the database cannot be used, wait."""
        attempts = 0
        while True:
            try:
                async with self._storage.only_one(self.note) as lost:
                    # What another process has dealt with meanwhile is known from the database.
                    self._version = None
                    while not lost.is_set():
                        await self.look()
                        attempts = 0
                        await self._clock.wait(lost, LOOK_EVERY)
            except Unavailable:
                attempts += 1
                # What was read and not written down is to be compared again.
                self._webinars.clear()
                log.warning("similar questions cannot be looked for now")
            await asyncio.sleep(back_off(attempts, self._clock.chance()))

    async def look(self) -> None:
        """Deal with everything that has changed since the last look."""
        self._let_go()
        async with self._storage.reading() as tx:
            latest = await self._latest(tx)
            if self._version is None:
                self._version = int(await tx.meta.get(self.note) or 0)
            if latest == self._version:
                return
            scopes = await tx.alike.scopes(self._version)
        for scope in scopes:
            await self._follow(scope, self._version, latest)
        await self._forget_what_is_gone()
        async with self._storage.transaction() as tx:
            await tx.meta.put(self.note, str(latest))
        self._version = latest

    async def _follow(self, scope: str | None, dealt_with: int, latest: int) -> None:
        """Compare what is new in this webinar."""
        known = self._webinars.get(scope)
        if known is None:
            known = self._webinars[scope] = _Webinar(await self._empty(), 0, self._clock.now())
        known.used = self._clock.now()
        async with self._storage.reading() as tx:
            changed = await tx.alike.wordings(scope, known.version, MOST)
        new: list[Wording] = []
        for each in changed:
            if each.version > latest:
                continue
            known.version = max(known.version, each.version)
            if await self._is_other(known, each) and each.version > dealt_with:
                new.append(each)
        for at in range(0, len(new), AT_ONCE):
            await self._compare(known.index, new[at : at + AT_ONCE])

    async def _is_other(self, known: _Webinar[Kept], wording: Wording) -> bool:
        """Put it into the index; False where it was there, in the same words."""
        if wording.text is None:
            known.index.remove(wording.id)
            known.texts.pop(wording.id, None)
            return False
        mark = hash(wording.text)
        if known.texts.get(wording.id) == mark:
            return False
        started = self._clock.monotonic()
        await self._enter(known.index, wording.id, wording.text)
        known.texts[wording.id] = mark
        await self._give_way(started)
        return True

    async def _compare(self, index: Kept, new: Sequence[Wording]) -> None:
        found: dict[int, Sequence[Alike]] = {}
        for each in new:
            started = self._clock.monotonic()
            near = self._near(index, each)
            found[each.id] = [Alike(id, round(1000 * score)) for id, score in near]
            await self._give_way(started)
        async with self._storage.transaction() as tx:
            await self._put(tx, found)

    async def _give_way(self, started: float) -> None:
        """Rest for a few times as long as has passed since then."""
        # A turn needs many rounds of the loop: one in between would have each wait for all of this.
        await asyncio.sleep((SHARE - 1) * (self._clock.monotonic() - started))

    async def _forget_what_is_gone(self) -> None:
        """What was erased leaves no change behind, and is to leave no word here."""
        for scope, known in self._webinars.items():
            async with self._storage.reading() as tx:
                there = await tx.alike.ids(scope)
            for id in known.texts.keys() - there:
                known.index.remove(id)
                del known.texts[id]

    def _let_go(self) -> None:
        now = self._clock.now()
        self._webinars = {
            scope: each for scope, each in self._webinars.items() if now - each.used < IDLE
        }
        if not self._webinars:
            self._rest()

    # --- for who inherits to say ------------------------------------------------------------------

    async def _latest(self, tx: Transaction) -> int:
        """The last change that is to be dealt with now."""
        raise NotImplementedError

    async def _empty(self) -> Kept:
        """An index of no questions."""
        raise NotImplementedError

    async def _enter(self, index: Kept, id: int, text: str) -> None:
        """Put a question in, in the place of what it was."""
        raise NotImplementedError

    def _near(self, index: Kept, wording: Wording) -> Sequence[tuple[int, float]]:
        """The others that ask the same as one that is in there, and how alike from 0 to 1."""
        raise NotImplementedError

    async def _put(self, tx: Transaction, found: Mapping[int, Sequence[Alike]]) -> None:
        """Write down what these questions are like."""
        raise NotImplementedError

    def _rest(self) -> None:
        """Nobody works with any question: let go of whatever can be made anew."""
        raise NotImplementedError
