"""What all open boards of one webinar share: its questions, read again when some have changed.

The open boards themselves keep it fresh: each looks five times a second, and one look in that time
serves all. So it sees what any process has committed, and nothing runs while no board is open.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Hashable, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from channels.webbells import Bells
from storage import Storage
from storage.moderation import Handled
from storage.texts import Translated
from web.board.cards import Card, card

EVERY = 0.2
"""Seconds between two looks."""
COUNTED = 3.0
"""Seconds between two looks for what is gone without a trace: erased, or from somebody muted."""
CHECKED = 1.0
"""Seconds between two looks at who may still sit here."""
_ALL = 1_000_000


class Feed:
    """The questions of one webinar."""

    def __init__(self, storage: Storage, webinar: str, now: Callable[[], datetime]) -> None:
        self._storage = storage
        self._webinar = webinar
        self._now = now
        self._lock = asyncio.Lock()
        self._looked = self._counted = self._checked = float("-inf")
        self._global = -1
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
        self._rendered: dict[tuple[int, str], tuple[int, str]] = {}
        self._made: dict[Hashable, tuple[int, str]] = {}

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
                    # Those from before there were versions have none: 0 is one, too.
                    after, new = self.version if self.questions else -1, list[int]()
                    for each in await tx.moderation.changed_since(self._webinar, after, _ALL):
                        self.questions[each.id] = replace(each, asker="", nickname=None, strikes=0)
                        self.version = max(self.version, each.version)
                        self.changes += 1
                        new.append(each.id)
                    self._translate(new, await tx.texts.approved(new))
                if began - self._counted > COUNTED or (changed and began - self._counted > CHECKED):
                    there = await tx.moderation.ids(self._webinar)
                    self._drop(self.questions.keys() - there)
                    self._counted = began
                if began - self._checked > CHECKED:
                    standing = await tx.boards.standing(self.sessions.keys(), self._now())
                    self._ended = frozenset(self.sessions.keys() - standing)
                    self._checked = began
            self._global, self._looked = latest, _monotonic()

    def _translate(self, questions: Sequence[int], approved: Sequence[Translated]) -> None:
        for id in questions:
            self.translations.pop(id, None)
        for each in approved:
            if each.part == "question":
                self.translations.setdefault(each.question, {})[each.language] = each.text

    def _drop(self, gone: Set[int]) -> None:
        for id in gone:
            del self.questions[id]
            self.translations.pop(id, None)
        if gone:
            self.changes += 1
            self._rendered = {
                key: made for key, made in self._rendered.items() if key[0] not in gone
            }

    def is_over(self, key: str) -> bool:
        """Whether this session has ended."""
        return key in self._ended

    @contextmanager
    def seated(self, key: str) -> Generator[None]:
        """A line of this session is open until the block ends."""
        self.sessions[key] = self.sessions.get(key, 0) + 1
        try:
            yield
        finally:
            self.sessions[key] -= 1
            if not self.sessions[key]:
                del self.sessions[key]

    def cards(self) -> list[Card]:
        """All that lies on the desk."""
        made = (self.card(each) for each in self.questions.values())
        return [each for each in made if each is not None]

    def card(self, question: Handled) -> Card | None:
        """One of these on the desk."""
        return card(question, self.translations)

    def after(self, version: int) -> list[Handled]:
        """What has changed since then, in the order of the changes."""
        new = [each for each in self.questions.values() if each.version > version]
        return sorted(new, key=lambda each: each.version)

    def rendered(self, made: Card, language: str, render: Callable[[Card, str], str]) -> str:
        """This card as HTML, made once for all boards."""
        known = self._rendered.get((made.id, language))
        if known is None or known[0] != made.version:
            known = self._rendered[made.id, language] = (made.version, render(made, language))
        return known[1]

    def once(self, name: Hashable, make: Callable[[], str]) -> str:
        """What is made of all questions together: once for all boards, until something changes."""
        known = self._made.get(name)
        if known is None or known[0] != self.changes:
            known = self._made[name] = (self.changes, make())
        return known[1]


class Feeds:
    """The feeds of those webinars whose boards are open, or were a moment ago."""

    def __init__(self, storage: Storage, bells: Bells, now: Callable[[], datetime]) -> None:
        self._storage = storage
        self._bells = bells
        self._now = now
        self._feeds: dict[str, Feed] = {}

    def of(self, webinar: str) -> Feed:
        """The feed of this webinar; those of others that nobody looks at are dropped."""
        for other in [each for each in self._feeds if each != webinar]:
            self.leave(other)
        return self._feeds.setdefault(webinar, Feed(self._storage, webinar, self._now))

    def leave(self, webinar: str) -> None:
        """Keep no word of anybody in memory once nobody looks any more."""
        feed = self._feeds.get(webinar)
        if feed is not None and not feed.sessions:
            del self._feeds[webinar]

    @property
    def kept(self) -> int:
        """How many questions are in memory."""
        return sum(len(feed.questions) for feed in self._feeds.values())

    def ring(self, webinar: str) -> None:
        """Something has just changed here: every open board of this webinar looks at once."""
        feed = self._feeds.get(webinar)
        for key in feed.sessions if feed else ():
            self._bells.ring(account(key))


def account(key: str) -> str:
    """What the open lines of a session are called among those of the chat's pages."""
    return f"board:{key}"


def _monotonic() -> float:
    return asyncio.get_running_loop().time()
