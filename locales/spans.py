"""Spans of time as people type them: how long a webinar takes, how long it is until then."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from locales.phrases import plain

SHORTEST, LONGEST = 5, 720
"""What a webinar may take, in minutes."""

_PARTS = {"half": Fraction(1, 2), "quarter": Fraction(1, 4), "third": Fraction(1, 3)}
_PART = "half|quarter|third"
_UNITS = ("minute", "hour", "day", "week", "month", "year")
_UNIT = "|".join(_UNITS)
_ONE = (
    rf"(?:(?:\d{{1,4}}(?:\.\d{{1,2}})?|3 quarter|{_PART})(?: and (?:{_PART}))? )?"
    rf"(?:{_UNIT})(?: (?:and|less) (?:{_PART})(?! hour))?"
)
SPAN = rf"{_ONE}(?: (?:and )?(?=\d|and )(?:and )?{_ONE})*"
"""The wording (locales.phrases) of a span, for use within a rule."""
_AMOUNT = re.compile(
    rf"(?:(?P<number>\d+(?:\.\d+)?|3 quarter|{_PART})(?: and (?P<more>{_PART}))? )?"
    rf"(?P<unit>{_UNIT})(?: (?P<side>and|less) (?P<part>{_PART})(?! hour))?"
)


@dataclass(frozen=True, slots=True)
class Span:
    """How long, in the units whose lengths differ."""

    months: int = 0
    days: int = 0
    minutes: int = 0

    def after(self, day: date) -> date | None:
        """The day so many months and days after this one; of a shorter month the last day.

        None beyond a century, where no calendar of ours reaches.
        """
        if self.months > 1200 or self.days > 36525:
            return None
        year, month = divmod(day.year * 12 + day.month - 1 + self.months, 12)
        last = monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last)) + timedelta(days=self.days)


def read_span(wording: str) -> Span | None:
    """The span that a wording of that kind tells.

    None for parts of days, which nobody counts, and for a unit that is counted twice.
    """
    counted = [found["unit"] for found in _AMOUNT.finditer(wording) if not _is_part(found)]
    if len(counted) > len(set(counted)):
        return None
    totals: dict[str, Fraction] = dict.fromkeys(_UNITS, Fraction(0))
    for found in _AMOUNT.finditer(wording):
        totals[found["unit"]] += _number(found["number"]) + _part(found)
    minutes = totals["minute"] + 60 * totals["hour"]
    days = totals["day"] + 7 * totals["week"]
    months = totals["month"] + 12 * totals["year"]
    if not all(total.denominator == 1 for total in (minutes, days, months)):
        return None
    return Span(int(months), int(days), int(minutes))


def _is_part(found: re.Match[str]) -> bool:
    """Whether it is half an hour, a third, three quarters."""
    return found["number"] in {*_PARTS, "3 quarter"}


def _number(told: str | None) -> Fraction:
    if told == "3 quarter":
        return Fraction(3, 4)
    return _PARTS[told] if told in _PARTS else Fraction(told or 1)


def _part(found: re.Match[str]) -> Fraction:
    more = _PARTS.get(found["more"] or "", Fraction(0))
    part = _PARTS.get(found["part"] or "", Fraction(0))
    return more - part if found["side"] == "less" else more + part


_TOLD_SHORT = tuple(
    (re.compile(found), told)
    for found, told in (
        (r"^(\d{1,2}):([0-5]\d)(?: hour)?$", r"\1 hour \2 minute"),
        (r"\?m\b", "minute"),
        (r"\bh ([0-5]?\d)$", r"hour \1 minute"),
        (r"\bh\b", "hour"),
        # «ثلاثة أرباع الساعة», where the hour has the article of a clock's; «ساعة واحدة».
        (r"(half|quarter|third) at$", r"\1 hour"),
        (r"^hour 1$", "hour"),
        (r"^\d{1,3}$|\d hour [0-5]\d$|hour and \d{1,2}$", r"\g<0> minute"),
    )
)


def read_duration(words: str) -> int | None:
    """The minutes of a duration as people type it, 5 to 720; None for anything else.

    A bare number is minutes, `1:30` and `1h30` an hour and a half.
    """
    wording = plain(re.sub(r"(?<=\d)[,،](?=\d)", ".", words))
    for found, told in _TOLD_SHORT:
        wording = found.sub(told, wording)
    if not re.fullmatch(SPAN, wording):
        return None
    span = read_span(wording)
    if span is None or span.months or span.days or not SHORTEST <= span.minutes <= LONGEST:
        return None
    return span.minutes
