"""A day without its hour, or an hour without its day, completed by what was said before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from locales.doubt import Doubt
from locales.two_clocks import read
from locales.when import Moment, Unclear

_LACKING = (Doubt.NOT_UNDERSTOOD, Doubt.NO_DAY, Doubt.NO_TIME)
_NO_MORE = (*_LACKING, Doubt.NO_SUCH_DAY, Doubt.PAST, Doubt.TOO_FAR)
"""With these, the words alone say as much."""


@dataclass(frozen=True, slots=True)
class Before:
    """What was said of the moment already."""

    words: str = ""
    """That were typed last, and were not enough."""
    moments: Sequence[datetime] = ()
    """That were said back, or that it is about to be moved from."""


def complete(words: str, before: Before, now: datetime, zone: str) -> tuple[str, Moment | Unclear]:
    """What these words mean, by themselves or as the rest of what was said; and all the words.

    As `two_clocks.read` otherwise. What is completed is a guess, to be seen before it counts.
    """
    alone = read(words, now, zone)
    if isinstance(alone, Moment) or alone.doubt not in _LACKING:
        return words, alone
    for whole in _wholes(words, alone.doubt, _in_full(before, now, zone), ZoneInfo(zone)):
        found = read(whole, now, zone)
        if isinstance(found, Moment) or found.doubt not in _NO_MORE:
            return whole, found
    return words, alone


def _in_full(before: Before, now: datetime, zone: str) -> Before:
    """With the moment that the words were, even if it is not offered any more."""
    said = read(before.words, now, zone)
    if before.moments or not isinstance(said, Moment):
        return before
    return replace(before, moments=(said.at,))


def _wholes(words: str, doubt: Doubt, before: Before, zone: ZoneInfo) -> Iterator[str]:
    moments = [at.astimezone(zone) for at in before.moments]
    days = {at.date() for at in moments}
    clocks = {_clock(at) for at in moments}
    if before.words and (doubt is Doubt.NOT_UNDERSTOOD or not moments):
        yield f"{before.words} {words}"
    if doubt is Doubt.NO_DAY and len(days) == 1:
        # The day stands behind: before it, 10:30 would be by 24 hours.
        yield f"{words} {days.pop()}"
    if doubt is Doubt.NO_TIME and len(clocks) == 1:
        yield f"{words} {clocks.pop()}"


def _clock(at: datetime) -> str:
    """The time of day in figures that may be nothing else."""
    if not at.hour:
        return f"00:{at.minute:02}"
    return f"{at.hour % 12 or 12}:{at.minute:02} {'am' if at.hour < 12 else 'pm'}"
