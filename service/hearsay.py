"""What other processes on the same database say, and what follows from it here."""

from __future__ import annotations

import logging

from channels.webbells import Bells
from delivery import PostOffice
from storage import news

log = logging.getLogger("tadamun")


class Hearsay:
    """Passes each word on to whom it concerns in this process."""

    def __init__(self, office: PostOffice, bells: Bells) -> None:
        self._office = office
        self._bells = bells

    def hear(self, word: str) -> None:
        """Another process has committed something that concerns this one, too."""
        match word.split():
            case [news.OUTBOX]:
                self._office.look()
            case [news.BROADCASTS]:
                self._office.wake_broadcasts()
            case [news.ERASURES]:
                self._office.wake_erasing()
            case [news.PROOFS]:
                pass  # Whoever serves mail looks every second.
            case [news.LETTERS, shelf]:
                self._bells.ring_shelf(int(shelf))
            case _:
                log.warning("another process says something that this version does not know")

    def missed(self) -> None:
        """Something may have been said before this process listened."""
        self._office.look()
        self._office.wake_broadcasts()
        self._office.wake_erasing()
        self._bells.ring_all()
