"""A moment told by two clocks, as on a poster: `Friday 7 pm Baghdad (6 pm Rome)`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from locales.doubt import Doubt
from locales.phrases import LONGEST, plain
from locales.typed_zones import read_zones
from locales.when import Moment, Unclear, read_moment
from locales.wording import Wording

_BETWEEN = re.compile(r"(?<!\d)[/|()\[\]–—,،;؛-]|[/|()\[\]–—,،;؛-](?!\d)")
_TRIED = 6
"""So many of the signs that may part the two."""
_NEAR = (0, -1, 1)
"""Days by which the one clock may be behind or ahead of the other."""


def read(words: str, now: datetime, zone: str) -> Moment | Unclear:
    """As `read_moment`; where two clocks are told, they have to agree."""
    found = read_moment(words, now, zone)
    if isinstance(found, Moment) or found.doubt is not Doubt.NOT_UNDERSTOOD:
        return found
    if len(words) > LONGEST:
        return found
    for between in islice(_BETWEEN.finditer(words), _TRIED):
        first, second = words[: between.start()], words[between.end() :]
        if _names_a_place(second) and (both := _both(first, second, now, zone)):
            return both
    return found


def _names_a_place(words: str) -> bool:
    """Whether the words say whose clock it is; without that, two times are a span."""
    return any(zone.name for zone in read_zones(Wording(plain(words)), ""))


def _both(first: str, second: str, now: datetime, zone: str) -> Moment | Unclear | None:
    """What the whole moment and the hour elsewhere come to; None where they say no such thing."""
    told = read_moment(first, now, zone)
    one = _moments(told)
    days = {at.astimezone(ZoneInfo(zone)).date() for at in one}
    others = [
        _moments(read_moment(f"{second} {day + timedelta(days=near)}", now, zone))
        for near in _NEAR
        for day in days
    ]
    agreed = one & {at for moments in others for at in moments}
    if len(agreed) == 1:
        return Moment(agreed.pop(), told.zone if isinstance(told, Moment) else zone)
    alone = isinstance(told, Moment) and others and len(others[0]) == 1
    return Unclear(Doubt.WHICH_ZONE, tuple(sorted(one | others[0]))) if alone else None


def _moments(read: Moment | Unclear) -> set[datetime]:
    if isinstance(read, Moment):
        return {read.at}
    return set(read.options) if read.doubt in (Doubt.HALF_DAY, Doubt.WHICH_DAY) else set()
