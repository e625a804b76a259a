"""How fast one account may write: beyond it, one friendly word and then silence."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime
from enum import StrEnum

WINDOW = 60.0
"""Seconds."""
REMEMBERED = 20_000
"""Accounts kept in mind; the longest unheard is forgotten first."""


class Verdict(StrEnum):
    """What to do with one more message."""

    FINE = "fine"
    WARN = "warn"
    IGNORE = "ignore"


class _Heard:
    """What one account wrote within a minute: when, and which was the last."""

    __slots__ = ("last", "times")

    def __init__(self, most: int) -> None:
        self.last = ""
        # Seconds: of thousands of accounts a moment and an id for each message are megabytes.
        self.times: deque[float] = deque(maxlen=most)


class Meter:
    """Counts messages per account over a sliding minute, in memory alone."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._heard: OrderedDict[tuple[str, str], _Heard] = OrderedDict()

    def hear(self, channel: str, account: str, at: datetime, id: str) -> Verdict:
        """Note one more message from this account; the last one, taken again, counts once.

        `at` is when it was written: what waited while nobody listened comes all at once.
        """
        heard = self._heard.get((channel, account))
        if heard is None:
            heard = self._heard[channel, account] = _Heard(self._most + 2)
        self._heard.move_to_end((channel, account))
        if len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)
        times, now = heard.times, at.timestamp()
        while times and now - times[0] >= WINDOW:
            times.popleft()
        if not times or heard.last != id:
            times.append(now)
            heard.last = id
        count = sum(abs(now - each) < WINDOW for each in times)
        if count <= self._most:
            return Verdict.FINE
        return Verdict.WARN if count == self._most + 1 else Verdict.IGNORE
