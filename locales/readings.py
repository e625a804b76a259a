"""When a time on the wall of a place is, with the hours that its clocks skip or show twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from locales.doubt import Doubt
from locales.typed_zones import TypedZone

_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """One meaning of what was typed: a day, minutes after its midnight, by which clocks."""

    day: date
    minute: int
    zone: TypedZone
    moments: tuple[datetime, ...]
    """When that is, in UTC, soonest first; after a skipped hour the first moment that there is."""
    doubt: Doubt | None = None
    """What is odd about this time on that wall."""


def read(day: date, minute: int, zone: TypedZone) -> Reading:
    """When it is, by the rules that the zone has on that day."""
    # Wall times are naive here until they are put on the wall of the zone.
    wall = datetime.combine(day, time()) + minute * _MINUTE
    before, after = (_utc(wall, zone.name, fold) for fold in (0, 1))
    if zone.hours is not None:
        told = wall.replace(tzinfo=UTC) - zone.hours * _HOUR
        if told in {before, after}:
            return Reading(day, minute, zone, (told,))
        # CET where the clocks show summer time: the local time, or the one they wrote?
        return Reading(day, minute, zone, tuple(sorted({before, told})), Doubt.WHICH_ZONE)
    if before == after:
        return Reading(day, minute, zone, (before,))
    if before < after:
        return Reading(day, minute, zone, (before, after), Doubt.TWICE)
    return Reading(day, minute, zone, (_change(after, before, zone.name),), Doubt.SKIPPED)


def offset(at: datetime, zone: str) -> timedelta:
    """How far the zone's clocks are then ahead of UTC."""
    return at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()


def _utc(wall: datetime, zone: str, fold: int) -> datetime:
    return wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


def _change(early: datetime, late: datetime, zone: str) -> datetime:
    """The minute, between these two, from which on the clocks show another time."""
    while late - early > _MINUTE:
        middle = early + (late - early) // (2 * _MINUTE) * _MINUTE
        if offset(middle, zone) == offset(early, zone):
            early = middle
        else:
            late = middle
    return late
