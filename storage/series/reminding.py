"""When people are reminded of a webinar: reckoned in UTC, where no clock is changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

AHEAD_OF_A_CUT = timedelta(minutes=15)
"""So long before the network is cut a reminder goes that would fall into the cut."""
BEFORE_THE_NEXT = timedelta(minutes=30)
"""A reminder is given up so long before the webinar's next one."""
AFTER_THE_START = timedelta(minutes=15)
"""Until then somebody who is reminded at the start can still come in."""


class Cut(Protocol):
    """A time in which people cannot be reached."""

    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Planned:
    """One reminder: it goes at `due`, and never at `not_after` or later."""

    minutes: int
    due: datetime
    not_after: datetime


def planned(
    starts_at: datetime, offsets: Iterable[int], cuts: Sequence[Cut], now: datetime
) -> list[Planned]:
    """The reminders of a webinar that starts then, so many minutes before; none due in the past."""
    dues: list[tuple[int, datetime]] = []
    for minutes in sorted(set(offsets)):
        due = starts_at - timedelta(minutes=minutes)
        if due < now:
            break
        due = ahead_of_cuts(due, cuts, now)
        # What a cut has moved to the time of a later one, or beyond it, that one says as well.
        if not dues or due < dues[-1][1]:
            dues.append((minutes, due))
    result: list[Planned] = []
    for at, (minutes, due) in enumerate(dues):
        following = dues[at - 1][1] if at else None
        result.append(Planned(minutes, due, given_up(minutes, due, following, starts_at)))
    return result[::-1]


def ahead_of_cuts(due: datetime, cuts: Sequence[Cut], now: datetime) -> datetime:
    """This time, or one before the cut that it falls into; not in the past."""
    earlier = due
    for cut in sorted(cuts, key=lambda each: each.starts_at, reverse=True):
        if cut.starts_at <= earlier < cut.ends_at:
            earlier = cut.starts_at - AHEAD_OF_A_CUT
    if earlier >= now:
        return earlier
    # Too late for that: at once, or, where the network is cut already, when it was due.
    return due if any(cut.starts_at <= now < cut.ends_at for cut in cuts) else now


def given_up(
    minutes: int, due: datetime, following: datetime | None, starts_at: datetime
) -> datetime:
    """When a reminder has lost its meaning."""
    if following is None:
        return starts_at if minutes else starts_at + AFTER_THE_START
    earlier = following - BEFORE_THE_NEXT
    return earlier if earlier > due else following
