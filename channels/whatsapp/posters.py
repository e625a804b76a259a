"""Which pictures Twilio could not have: it says so only after it took the message."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

REMEMBERED = 2_000
SPARED = timedelta(minutes=10)
"""So long a picture that failed is not tried again: most likely nobody can fetch it."""


class Posters:
    """The pictures that were sent lately, and those that failed; `clock` gives the time."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._sent: OrderedDict[int, str] = OrderedDict()
        self._failed: dict[str, datetime] = {}

    def sent(self, delivery: int, hash: str) -> None:
        """This picture leaves with this delivery."""
        self._sent[delivery] = hash
        if len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)

    def failed(self, delivery: int) -> None:
        """The platform could not have or show what this delivery was to bring."""
        hash = self._sent.pop(delivery, None)
        if hash is not None:
            self._failed[hash] = self._clock()

    def fails(self, hash: str) -> bool:
        """Whether this one has failed lately."""
        at = self._failed.get(hash)
        if at is not None and self._clock() - at >= SPARED:
            del self._failed[hash]
            return False
        return at is not None
