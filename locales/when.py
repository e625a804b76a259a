"""The moment that somebody typed: understood, or what has to be asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from locales.clock import DAY, FROM_TO, bare, stated, with_halves
from locales.day_words import read_day, read_offsets
from locales.days import Days, Told, which_days
from locales.doubt import Doubt
from locales.phrases import is_arabic, plain
from locales.readings import Reading, offset, read
from locales.spans import Span, read_duration
from locales.typed_zones import TypedZone, read_zones
from locales.wording import Wording

__all__ = ["Doubt", "Moment", "Unclear", "read_duration", "read_moment"]

FARTHEST = timedelta(days=731)
"""Two years, of which one may be a leap year."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that is understood, ahead of now."""

    at: datetime
    """In UTC."""
    zone: str
    """By whose clocks it was typed."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """Why it is not, and what it may have meant."""

    doubt: Doubt
    options: tuple[datetime, ...] = ()
    """In UTC, ahead of now, soonest first."""
    days: tuple[date, ...] = ()
    """Where only the time of day is missing: the days that may be meant and are not over."""


def read_moment(words: str, now: datetime, zone: str) -> Moment | Unclear:
    """The moment that is meant by somebody whose clocks are those of this zone.

    Nothing is guessed: what may be two moments is Unclear, unless the day that tells one of them is
    over. At most two years ahead. Raises nothing on any words; of more than 120 characters nothing
    is understood. `now` is aware, `zone` a valid one (locales.zones).
    """
    phrase = _phrase(plain(words), is_arabic(words), zone)
    if phrase is None:
        return Unclear(Doubt.NOT_UNDERSTOOD)
    told, minutes, zones = phrase.day, phrase.minutes, phrase.zones
    if told.is_nothing:
        return Unclear(Doubt.NO_DAY, _next(minutes, now, zones))
    if told.offset is not None and told.offset.minutes:
        return _from_now(told.offset, now, zones[0])
    todays = _todays(now, zone, zones)
    days = which_days(told, todays)
    if not days.dates:
        return Unclear(_why_none(told))
    if minutes:
        return _decide(days, minutes, now, zone, zones)
    to_come = tuple(day for day in days.dates if day >= min(todays))
    return Unclear(Doubt.NO_TIME, days=to_come)


def read_hour(words: str) -> tuple[int, ...]:
    """What a time of day may be, in minutes after midnight; none if there is none.

    Without a word for the half of the day, `4` may be two.
    """
    wording = Wording(plain(words))
    clock = with_halves(stated(wording) or bare(wording), wording)
    return clock.minutes() if clock else ()


@dataclass(frozen=True, slots=True)
class _Phrase:
    """The parts of what was typed, of which nothing is left over; there is a day or a time."""

    day: Told
    minutes: tuple[int, ...]
    """What the time may be, after the midnight that begins the day; none if none is told."""
    zones: tuple[TypedZone, ...]


def _phrase(typed: str, arabic: bool, own: str) -> _Phrase | None:
    wording = Wording(typed)
    zones = read_zones(wording, own)
    offsets = read_offsets(wording)
    clock = stated(wording)
    day = read_day(wording, arabic, timed=clock is not None)
    clock = with_halves(clock or bare(wording), wording)
    minutes = clock.minutes() if clock else ()
    if day is None or not zones or not wording.is_spent() or (clock and not minutes):
        return None
    if clock is None and FROM_TO.search(typed):
        return None
    if offsets:
        day = replace(day, offset=offsets[0])
    span = day.offset or Span()
    from_now_alone = day == Told(offset=Span(minutes=span.minutes)) and not clock
    if len(offsets) > 1 or None in offsets or (span.minutes and not from_now_alone):
        return None
    return _Phrase(day, minutes, zones) if minutes or not day.is_nothing else None


def _why_none(told: Told) -> Doubt:
    """Whether the calendar has no such day, or it lies where we do not look."""
    written = told.written or ()
    near = all(each.year is None or 1970 <= each.year <= 2200 for each in written)
    named = bool(written) or told.month_day is not None
    return Doubt.NO_SUCH_DAY if named and near else Doubt.NOT_UNDERSTOOD


def _todays(now: datetime, own: str, zones: Sequence[TypedZone]) -> list[date]:
    """What the calendar shows where they are, and where the clocks are that they name."""
    return [now.astimezone(ZoneInfo(name)).date() for name in (own, *(it.name for it in zones))]


def _from_now(span: Span, now: datetime, zone: TypedZone) -> Moment:
    # Four figures of hours, which is all that a span may hold, are less than two years.
    minute = now.astimezone(UTC).replace(second=0, microsecond=0)
    return Moment(minute + timedelta(minutes=span.minutes), zone.name)


def _next(
    minutes: Iterable[int], now: datetime, zones: Sequence[TypedZone]
) -> tuple[datetime, ...]:
    """When each of these times comes next."""
    near = [today + timedelta(days=n) for today in _todays(now, "UTC", zones) for n in range(3)]
    found = [
        [moment for day in near for moment in read(day, minute, zone).moments if moment > now]
        for minute in minutes
        for zone in zones
    ]
    return tuple(sorted({min(moments) for moments in found}))


def _decide(
    days: Days, minutes: Sequence[int], now: datetime, own: str, zones: Sequence[TypedZone]
) -> Moment | Unclear:
    """The one reading that is ahead, or what to ask."""
    meant = _readings(days.dates, minutes, zones)
    ahead = _ahead(meant, now)
    options = _moments(ahead)
    if not ahead:
        far = any(moment > now for reading in meant for moment in reading.moments)
        again = _moments(_ahead(_readings(days.again, minutes, zones), now))
        return Unclear(Doubt.TOO_FAR if far else Doubt.PAST, again)
    doubt = Doubt.WHICH_DAY if days.ask else _doubt(ahead, minutes)
    if doubt is not None:
        return Unclear(doubt, options)
    return Moment(options[0], _zone(options[0], ahead[0].zone, own))


def _readings(
    dates: Iterable[date], minutes: Sequence[int], zones: Sequence[TypedZone]
) -> list[Reading]:
    return [read(day, minute, zone) for day in dates for minute in minutes for zone in zones]


def _ahead(meant: Iterable[Reading], now: datetime) -> list[Reading]:
    """The readings that are, or have a side, ahead of now and near enough, without the others."""
    within = (
        replace(reading, moments=tuple(at for at in reading.moments if now < at <= now + FARTHEST))
        for reading in meant
    )
    return [reading for reading in within if reading.moments]


def _moments(meant: Iterable[Reading]) -> tuple[datetime, ...]:
    return tuple(sorted({at for reading in meant for at in reading.moments}))


def _doubt(ahead: Sequence[Reading], minutes: Sequence[int]) -> Doubt | None:
    """What tells the readings apart, or would if the other half of the day were not over."""
    one_moment = len(_moments(ahead)) == 1
    if len({reading.day for reading in ahead}) > 1 and not one_moment:
        return Doubt.WHICH_DAY
    if len({minute % DAY for minute in minutes}) > 1:
        return Doubt.HALF_DAY
    if one_moment:
        return Doubt.SKIPPED if ahead[0].doubt is Doubt.SKIPPED else None
    # Midnight may begin a day or end it.
    if len({reading.minute for reading in ahead}) > 1:
        return Doubt.WHICH_DAY
    return Doubt.WHICH_ZONE if len(ahead) > 1 else ahead[0].doubt


def _zone(at: datetime, zone: TypedZone, own: str) -> str:
    """Their own zone where a bare offset (UTC+3) says the same: it has a name and a summer."""
    bare_offset = zone.name.startswith("Etc/")
    return own if bare_offset and offset(at, own) == offset(at, zone.name) else zone.name
