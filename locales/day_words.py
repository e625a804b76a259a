"""The day in a wording of locales.phrases."""

from __future__ import annotations

import re
from dataclasses import replace

from locales.days import Told, Written
from locales.spans import SPAN, Span, read_span
from locales.wording import Wording, rule

_OFFSETS = {"yesterday": -1, "today": 0, "tomorrow": 1, "overmorrow": 2}
_YEAR = r"(?:(?: year)? (?P<year>\d{4}))?"
_MONTH = r"m(?P<month>\d+)(?: m(?P=month))?"

_SPAN = rule(rf"in (?P<ahead>{SPAN})(?: later)?|(?P<later>{SPAN}) later")
_OFFSET = rule(rf"(?:eve )?({'|'.join(_OFFSETS)})")
_YEAR_FIRST = rule(r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})")
_NAMED_MONTH = (
    rule(rf"(?P<day>\d{{1,2}})(?: th)?(?: month)? {_MONTH}{_YEAR}"),
    rule(rf"{_MONTH} (?P<day>\d{{1,2}})(?: th)?{_YEAR}"),
    rule(rf"(?P<day>\d{{1,2}})(?: th)? month (?P<month>\d{{1,2}}){_YEAR}"),
    rule(rf"month (?P<month>\d{{1,2}}) day (?P<day>\d{{1,2}}){_YEAR}"),
)
_FIGURES = rule(
    r"(?P<day>\d{1,2})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4}|\d\d)"
    r"|(?P<first>\d{1,2})(?P<between>[-/])(?P<second>\d{1,2})"
)
_DOTTED = rule(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})")
_OF_A_MONTH = rule(
    r"(?:day )?(?P<day>\d{1,2})(?: th)?"
    r" (?:(?P<before>this|next|coming) month|month (?P<after>this|next|coming))"
)
_MONTH_DAY = rule(r"(?:day )?(?P<day>\d{1,2}) th|day (?P<bare>\d{1,2})")
_AFTER_WEEKDAY = rule(r"(?<=d\d )(?P<day>\d{1,2})(?P<bare>)")
_NEXT_WEEK = rule("(?:next|coming) week|week (?:next|coming)")
_WEEKDAY = rule(
    r"(?:(?P<before>this|next|coming|eve) )?d(?P<number>\d)(?: (?P<after>this|next|coming))?"
)
_MONTH_ALONE = rule(r"m\d+")


def read_offsets(wording: Wording) -> list[Span | None]:
    """The spans from now that the wording tells; None for one that nobody counts in."""
    spans = [read_span(found["ahead"] or found["later"]) for found in wording.take_all(_SPAN)]
    return spans + [Span(days=_OFFSETS[found[1]]) for found in wording.take_all(_OFFSET)]


def read_day(wording: Wording, arabic: bool, timed: bool) -> Told | None:
    """What the wording says about the day, spans apart; None if it says two things of one kind.

    In Arabic the day comes before the month; elsewhere 3/4 may be either. `timed` is whether the
    time has been told already, for otherwise 3.04 is one.
    """
    figures = [_FIGURES, *([_DOTTED] if timed else [])]
    written = wording.take_all(_YEAR_FIRST, *_NAMED_MONTH, *figures)
    days = (_OF_A_MONTH, _MONTH_DAY, *([_AFTER_WEEKDAY] if timed else []))
    month_days = wording.take_all(*days)
    next_week = wording.take(_NEXT_WEEK)
    weekdays = wording.take_all(_WEEKDAY)
    if not written + month_days + weekdays:
        wording.take(_MONTH_ALONE)
    if max(map(len, (written, month_days, weekdays))) > 1:
        return None
    told = Told(manner="week" if next_week else "")
    if written:
        told = replace(told, written=_written(written[0], arabic))
    if month_days:
        day, months = _month_day(month_days[0])
        told = replace(told, month_day=day, months=months)
    if weekdays:
        manner = told.manner or weekdays[0]["before"] or weekdays[0]["after"] or ""
        told = replace(told, weekday=int(weekdays[0]["number"]), manner=manner)
    return told


def _month_day(found: re.Match[str]) -> tuple[int, int | None]:
    """The day of a month, and of which: this one is 0; None if that is not told."""
    told = found.groupdict()
    which = told.get("before") or told.get("after")
    return int(told["day"] or told["bare"]), None if which is None else int(which != "this")


def _written(found: re.Match[str], arabic: bool) -> tuple[Written, ...]:
    told = found.groupdict()
    day, month = int(told["day"] or told["first"]), int(told["month"] or told["second"])
    year = told.get("year")
    number = int(year) + (2000 if len(year) == 2 else 0) if year else None
    as_told = Written(day, month, number)
    turned = Written(month, day, number)
    mark = told.get("mark") or told.get("between")
    if mark is None or found.re is _YEAR_FIRST or mark == "." or day == month:
        return (as_told,)
    if month > 12:
        return (turned,)
    return (as_told,) if arabic else (as_told, turned)
