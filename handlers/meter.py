"""How fast one account may write: beyond it, one friendly word and then silence."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from enum import StrEnum

WINDOW = timedelta(minutes=1)
REMEMBERED = 20_000
"""Accounts kept in mind; the longest unheard is forgotten first."""


class Verdict(StrEnum):
    """What to do with one more message."""

    FINE = "fine"
    WARN = "warn"
    IGNORE = "ignore"


class Meter:
    """Counts messages per account over a sliding minute, in memory alone."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._heard: OrderedDict[tuple[str, str], deque[tuple[datetime, str]]] = OrderedDict()

    def hear(self, channel: str, account: str, at: datetime, id: str) -> Verdict:
        """Note one more message from this account; the last one, taken again, counts once.

        `at` is when it was written: what waited while nobody listened comes all at once.
        """
        times = self._heard.setdefault((channel, account), deque(maxlen=self._most + 2))
        self._heard.move_to_end((channel, account))
        if len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)
        while times and at - times[0][0] >= WINDOW:
            times.popleft()
        if not times or times[-1][1] != id:
            times.append((at, id))
        count = sum(abs(at - each) < WINDOW for each, _ in times)
        if count <= self._most:
            return Verdict.FINE
        return Verdict.WARN if count == self._most + 1 else Verdict.IGNORE
