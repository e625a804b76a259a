"""How fast one account may write: beyond it, one friendly word and then silence."""

from __future__ import annotations

from array import array
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

    def __init__(self) -> None:
        self.last = ""
        # Seconds, side by side: a list of moments, or room for those to come, takes three times
        # as much, and of thousands of accounts that is megabytes.
        self.times = array("d")


class Meter:
    """Counts messages per account over a sliding minute, in memory alone."""

    def __init__(self, most: int) -> None:
        self._most = most
        # In the order in which they were heard last.
        self._heard: dict[tuple[str, str], _Heard] = {}

    def hear(
        self, channel: str, account: str, at: datetime, id: str, times_as_many: int = 1
    ) -> Verdict:
        """Note one more message from this account; the last one, taken again, counts once.

        `at` is when it was written: what waited while nobody listened comes all at once. Whoever
        helps may send `times_as_many` as others.
        """
        most = self._most * times_as_many
        heard = self._heard.pop((channel, account), None) or _Heard()
        self._heard[channel, account] = heard
        if len(self._heard) > REMEMBERED:
            del self._heard[next(iter(self._heard))]
        times, now = heard.times, at.timestamp()
        while times and (now - times[0] >= WINDOW or len(times) > most + 2):
            times.pop(0)
        if not times or heard.last != id:
            times.append(now)
            heard.last = id
        count = sum(abs(now - each) < WINDOW for each in times)
        if count <= most:
            return Verdict.FINE
        return Verdict.WARN if count == most + 1 else Verdict.IGNORE
