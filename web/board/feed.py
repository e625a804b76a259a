"""What all open boards of one webinar share: its questions, read again when some have changed.

The open boards themselves keep it fresh: each looks five times a second, and one look in that time
serves all. So it sees what any process has committed, and nothing runs while no board is open.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from handlers.interpreting.texts import languages_of
from storage import Storage, Transaction
from storage.asking.moderation import Handled
from storage.asking.texts import Text, Translated
from web.board.cards import Beside, Card, card
from web.board.made import Made

EVERY = 0.2
"""Seconds between two looks."""
COUNTED = 3.0
"""Seconds between two looks for what is gone without a trace: erased, or from somebody muted."""
CHECKED = 1.0
"""Seconds between two looks at who may still sit here."""
WANTED_MOST = 200
"""So many texts that are wanted in another language are shown at once."""
_ALL = 1_000_000


class Feed:
    """The questions of one webinar."""

    def __init__(
        self,
        storage: Storage,
        webinar: str,
        languages: Sequence[str],
        now: Callable[[], datetime],
    ) -> None:
        """`languages` are the community's."""
        self._storage = storage
        self._webinar = webinar
        self._languages = languages
        self._now = now
        self._lock = asyncio.Lock()
        self._looked = self._counted = self._checked = float("-inf")
        self._global: int = -1
        self.version = 0
        """The number of the last change that is in here."""
        self.questions: dict[int, Handled] = {}
        """Without whoever asked: that is nothing for a board."""
        self.translations: dict[int, dict[str, str]] = {}
        self.sessions: dict[str, int] = {}
        """Whose lines are open, and how many of each."""
        self._ended: frozenset[str] = frozenset()
        self.changes = 0
        """How often something was another than before, since this process looks."""
        self._beside: dict[int, Beside] = {}
        self._parts: dict[int, set[int]] = {}
        """What was merged into each."""
        self.wanted: list[Text] = []
        """What is to be translated, while an interpreter looks."""
        self.holders: dict[int, str] = {}
        """The roles of those who have some of it in hand."""
        self.by_mail = 0
        """How many answers of experts wait for a moderator."""
        self._has_wanted = False
        self._interpreters = 0
        self._cards: dict[int, Card | None] = {}
        self.made = Made()
        """What was made of the questions, for all boards."""

    async def look(self, *, at_once: bool = False) -> None:
        """See what is new, unless somebody has just done so."""
        asked = _monotonic()
        async with self._lock:
            if self._looked > asked if at_once else self._looked > asked - EVERY / 2:
                return
            began = _monotonic()
            async with self._storage.reading() as tx:
                latest = await tx.moderation.version()
                changed = latest != self._global
                if changed:
                    await self._take_in(tx)
                if self._interpreters and not self._has_wanted:
                    await self._look_for_wanted(tx)
                since = began - self._counted
                counts = since > COUNTED or (changed and since > CHECKED)
                if counts:
                    there = await tx.moderation.ids(self._webinar)
                    self._drop(self.questions.keys() - there)
                    self._counted = began
                if counts or changed:
                    self._note_by_mail(await tx.proposals.count(self._webinar))
                if began - self._checked > CHECKED:
                    standing = await tx.boards.standing(self.sessions.keys(), self._now())
                    self._ended = frozenset(self.sessions.keys() - standing)
                    self._checked = began
            # What came while this looked is not in it.
            self._global, self._looked = latest, began

    async def _take_in(self, tx: Transaction) -> None:
        # Those from before there were versions have none: 0 is one, too.
        after, new = self.version if self.questions else -1, list[int]()
        for each in await tx.moderation.changed_since(self._webinar, after, _ALL):
            self._put(replace(each, asker="", nickname=None, strikes=0))
            new.append(each.id)
        if new:
            self.changes += 1
            self._translate(new, await tx.texts.approved(new))
            await self._look_beside(tx, new)
            self._has_wanted = False
            for id in new:
                self._cards.pop(id, None)

    def _put(self, question: Handled) -> None:
        before = self.questions.get(question.id)
        if before is not None and before.merged is not None:
            self._part(before.merged, question.id)
        if question.merged is not None:
            self._parts.setdefault(question.merged, set()).add(question.id)
            self._cards.pop(question.merged, None)
        self.questions[question.id] = question
        self.version = max(self.version, question.version)

    def _part(self, merged: int, id: int) -> None:
        self._parts.get(merged, set()).discard(id)
        self._cards.pop(merged, None)

    async def _look_beside(self, tx: Transaction, new: Sequence[int]) -> None:
        holders = await tx.moderation.holders(new, self._now())
        alike = await tx.alike.of(new)
        for id in new:
            holder = holders.get(id)
            self._beside[id] = Beside(
                holder=str(holder.role) if holder else None, alike=len(alike.get(id, ()))
            )

    async def look_for_wanted(self) -> None:
        """See which texts of this webinar are to be translated."""
        # One after the other: what an older look has seen is not to take a newer one's place.
        async with self._lock, self._storage.reading() as tx:
            await self._look_for_wanted(tx)

    async def _look_for_wanted(self, tx: Transaction) -> None:
        webinar = await tx.webinars.get(self._webinar)
        languages = languages_of(webinar, self._languages)
        wanted = await tx.texts.listed(self._webinar, languages, WANTED_MOST)
        found = await tx.texts.holders([each.id for each in wanted], self._now())
        holders = {id: str(claimed.role) for id, claimed in found.items()}
        self._has_wanted = True
        if (wanted, holders) != (self.wanted, self.holders):
            self.wanted, self.holders = wanted, holders
            self.changes += 1

    def _translate(self, questions: Sequence[int], approved: Sequence[Translated]) -> None:
        for id in questions:
            self.translations.pop(id, None)
        for each in approved:
            if each.part == "question":
                self.translations.setdefault(each.question, {})[each.language] = each.text

    def _drop(self, gone: Set[int]) -> None:
        for id in gone:
            merged = self.questions.pop(id).merged
            if merged is not None:
                self._part(merged, id)
            for known in (self.translations, self._beside, self._parts, self._cards):
                known.pop(id, None)
        if gone:
            self.changes += 1
            self.made.drop(gone)

    def _note_by_mail(self, count: int) -> None:
        if count != self.by_mail:
            self.by_mail = count
            self.changes += 1

    def is_over(self, key: str) -> bool:
        """Whether this session has ended."""
        return key in self._ended

    @contextmanager
    def seated(self, key: str, *, interpreting: bool = False) -> Generator[None]:
        """A line of this session is open until the block ends."""
        self.sessions[key] = self.sessions.get(key, 0) + 1
        self._interpreters += interpreting
        self._has_wanted = False
        try:
            yield
        finally:
            self._interpreters -= interpreting
            self.sessions[key] -= 1
            if not self.sessions[key]:
                del self.sessions[key]

    def cards(self) -> list[Card]:
        """All that lies on the desk."""
        made = (self.card(each) for each in self.questions.values())
        return [each for each in made if each is not None]

    def card(self, question: Handled) -> Card | None:
        """One of these on the desk."""
        if question.id not in self._cards:
            self._cards[question.id] = self._made_of(question)
        return self._cards[question.id]

    def _made_of(self, question: Handled) -> Card | None:
        beside = self._beside.get(question.id, Beside())
        if parts := self._parts.get(question.id):
            inside = (self.questions[id] for id in parts)
            ordered = tuple(sorted(inside, key=lambda each: each.order))
            beside = replace(beside, parts=ordered)
        return card(question, self.translations, beside)

    def after(self, version: int) -> list[Handled]:
        """What has changed since then, in the order of the changes."""
        new = [each for each in self.questions.values() if each.version > version]
        return sorted(new, key=lambda each: each.version)


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
