"""Which days of the calendar may be meant by a day as it was told."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from locales.spans import Span

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_YEARS_TO_A_LEAP_DAY = 8
_WEEK_BEGINS = (0, 5, 6)
"""Monday, Saturday or Sunday, as countries have it."""


@dataclass(frozen=True, slots=True)
class Written:
    """A day of a month, of whichever year if none is given."""

    day: int
    month: int
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """All that words say about a day; what is None they do not say."""

    written: tuple[Written, ...] | None = None
    """One, or both readings of 3/4."""
    month_day: int | None = None
    months: int | None = None
    """Of the day of a month: 0 is this month, 1 the next."""
    weekday: int | None = None
    """0 is Monday."""
    manner: str = ""
    """Of the weekday: `this`, `coming`, `next`; `week` for the next one's, `eve` for its night."""
    offset: Span | None = None
    """From today."""

    @property
    def is_nothing(self) -> bool:
        """Whether no day is told at all."""
        named = (self.written, self.month_day, self.weekday, self.offset)
        return all(part is None for part in named)


@dataclass(frozen=True, slots=True)
class Days:
    """The days that may be meant, soonest first; none if there is no such day."""

    dates: tuple[date, ...] = ()
    ask: bool = False
    """Even if only one is ahead: the words contradict each other, or are used for both."""
    again: tuple[date, ...] = ()
    """What may be meant instead, should these be past or too far."""


def which_days(told: Told, todays: Iterable[date]) -> Days:
    """The days that may be meant; there are two todays where zones differ in what day it is."""
    todays = tuple(sorted(set(todays)))
    named = _named(told, todays)
    if not named:
        return _weekdays(told, todays)
    if not all(named):
        return Days()
    again = _again(told, todays[0])
    agreed = set[date].intersection(*named)
    fitting = {day for day in agreed if told.weekday in {None, day.weekday()}}
    if told.manner == "eve":
        return Days(_sorted(day - ago for day in fitting for ago in (_DAY, 0 * _DAY)), True, again)
    if fitting:
        return Days(_sorted(fitting), again=again)
    meant = set[date].union(*named)
    if told.weekday is not None:
        meant |= {near for day in agreed for near in _nearest(day, told.weekday, todays[0])}
    return Days(_sorted(meant), True, again)


def _named(told: Told, todays: tuple[date, ...]) -> list[set[date]]:
    """For each way in which a day is told, the days that it may be."""
    named: list[set[date]] = []
    if told.written is not None:
        named.append({day for written in told.written for day in _days(written, todays[0])})
    if told.month_day is not None and told.months is None:
        named.append(_next_two(told.month_day, todays[0]))
    elif told.month_day is not None:
        named.append({day for today in todays for day in _in_month(told, today)})
    if told.offset is not None:
        named.append({day for today in todays if (day := told.offset.after(today))})
    return named


def _days(written: Written, today: date) -> list[date]:
    """The day, without a year the next one so called; none if the calendar has none."""
    if written.year is not None:
        return _existing(written.year, written.month, written.day)
    years = range(today.year, today.year + _YEARS_TO_A_LEAP_DAY + 1)
    days = (day for year in years for day in _existing(year, written.month, written.day))
    return [day for day in days if day >= today][:1]


def _existing(year: int, month: int, day: int) -> list[date]:
    real = 1970 <= year <= 2200 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
    return [date(year, month, day)] if real else []


def _next_two(month_day: int, today: date) -> set[date]:
    found: list[date] = []
    for later in range(4):
        year, month = divmod(today.year * 12 + today.month - 1 + later, 12)
        found += [day for day in _existing(year, month + 1, month_day) if day >= today]
    return set(found[:2])


def _in_month(told: Told, today: date) -> list[date]:
    year, month = divmod(today.year * 12 + today.month - 1 + (told.months or 0), 12)
    return _existing(year, month + 1, told.month_day or 0)


def _again(told: Told, today: date) -> tuple[date, ...]:
    """The same day of another year; tomorrow for today."""
    tomorrow = today + _DAY
    if told.written is not None:
        return _sorted(
            day
            for written in told.written
            for day in _days(Written(written.day, written.month), tomorrow)
        )
    return (tomorrow,) if told.offset == Span() else ()


def _nearest(day: date, weekday: int, today: date) -> set[date]:
    """The day so called that is at most three days off; a week later if that is or may be over."""
    near = day + _DAY * ((weekday - day.weekday() + 3) % 7 - 3)
    if near > today:
        return {near}
    return {near, near + _WEEK} if near == today else {near + _WEEK}


def _weekdays(told: Told, todays: tuple[date, ...]) -> Days:
    """The days meant by a weekday alone."""
    if told.weekday is None:
        return Days()
    meant: set[date] = set()
    ask = told.manner == "eve"
    for today in todays:
        coming = today + _DAY * ((told.weekday - today.weekday()) % 7)
        match told.manner:
            case "week":
                meant |= {_next_weeks(told.weekday, today, first) for first in _WEEK_BEGINS}
            case "eve":
                # To some the night of Friday comes before it, to others it is Friday's evening.
                meant |= {coming - _DAY, coming}
            case "this":
                meant.add(coming)
            case "coming" | "next" if coming == today:
                meant.add(coming + _WEEK)
            case "coming":
                meant.add(coming)
            case "next":
                meant |= {coming, coming + _WEEK}
                ask = True
            case _:
                meant |= {coming, coming + _WEEK} if coming == today else {coming}
                ask = ask or coming == today
    return Days(_sorted(meant), ask)


def _next_weeks(weekday: int, today: date, first: int) -> date:
    """The day of next week, where weeks begin with the weekday `first`."""
    begin = today + _DAY * (7 - (today.weekday() - first) % 7)
    return begin + _DAY * ((weekday - first) % 7)


def _sorted(days: Iterable[date]) -> tuple[date, ...]:
    return tuple(sorted(set(days)))
