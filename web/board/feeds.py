"""The feeds of all webinars whose boards are open; nobody's words are kept for longer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from channels.webbells import Bells
from storage import Storage
from web.board.feed import Feed


class Feeds:
    """The feeds of those webinars whose boards are open, or were a moment ago."""

    def __init__(
        self,
        storage: Storage,
        bells: Bells,
        languages: Sequence[str],
        now: Callable[[], datetime],
    ) -> None:
        self._storage = storage
        self._languages = languages
        self._bells = bells
        self._now = now
        self._feeds: dict[str, Feed] = {}

    def of(self, webinar: str) -> Feed:
        """The feed of this webinar; those of others that nobody looks at are dropped."""
        for other in [each for each in self._feeds if each != webinar]:
            self.leave(other)
        made = Feed(self._storage, webinar, self._languages, self._now)
        return self._feeds.setdefault(webinar, made)

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
