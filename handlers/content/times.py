"""When a webinar begins: a day and time in the community's zone, or so many days from now."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handlers.content.table import ContentError, Table, shown

KEYS = ("starts", "starts_in_days", "at")
EXAMPLE = "2027-02-05T19:00:00"
CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
FARTHEST = 3650
"""Days."""
PLAUSIBLE = range(2000, 2200)
"""Years: the others are slips of the pen, and far ones have no place in UTC."""


def is_relative(table: Table) -> bool:
    """Whether the webinar's time follows from the day of the import."""
    return "starts_in_days" in table.values


def starts_at(table: Table, now: datetime, zone: ZoneInfo) -> datetime:
    """The start in UTC; ContentError when there is none, or the zone has no such time."""
    if "starts" in table.values:
        for key in KEYS[1:]:
            if key in table.values:
                raise table.wrong(f"write either starts or {key}, not both.", key)
        return _absolute(table, zone)
    days = table.whole("starts_in_days", 1, FARTHEST)
    if days is None:
        reason = f'{table.name} needs starts = {EXAMPLE}, or starts_in_days = 9 and at = "19:00".'
        raise table.wrong(reason, "at")
    day = now.astimezone(zone).date() + timedelta(days=days)
    return _in_utc(table, "starts_in_days", datetime.combine(day, _clock(table)), zone)


def _absolute(table: Table, zone: ZoneInfo) -> datetime:
    value: Any = table.values["starts"]
    if not isinstance(value, datetime):
        quotes = ", without quotation marks" if isinstance(value, str) else ""
        reason = f"starts must be a day and time as in {EXAMPLE}{quotes}, not {shown(value)}."
        raise table.wrong(reason, "starts")
    if value.year not in PLAUSIBLE:
        raise table.wrong(f"starts must not lie in the year {value.year}.", "starts")
    # A time that brings its own offset is never in doubt.
    return value.astimezone(UTC) if value.tzinfo else _in_utc(table, "starts", value, zone)


def _clock(table: Table) -> time:
    value: Any = table.values.get("at")
    if value is None:
        raise table.wrong('starts_in_days needs at = "19:00" with it.', "starts_in_days")
    if isinstance(value, time):
        return value
    found = CLOCK.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        reason = f'at must be hours and minutes as in "19:00", not {shown(value)}.'
        raise table.wrong(reason, "at")
    return time(int(found[1]), int(found[2]))


def _in_utc(table: Table, key: str, local: datetime, zone: ZoneInfo) -> datetime:
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    raise _in_doubt(table, key, first, second)


def _in_doubt(table: Table, key: str, first: datetime, second: datetime) -> ContentError:
    """The error about a time that the clocks skip, or show twice: then either is offered."""
    said = f"{first:%Y-%m-%d %H:%M}"
    there = first.astimezone(UTC).astimezone(first.tzinfo).replace(tzinfo=None)
    if there != first.replace(tzinfo=None):
        return table.wrong(f"{said} does not exist in {first.tzinfo}: clocks skip it.", key)
    reason = (
        f"{said} comes twice in {first.tzinfo}: write starts = {first.isoformat()}"
        f" or {second.isoformat()}."
    )
    return table.wrong(reason, key)
