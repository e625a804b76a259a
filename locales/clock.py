"""The time of day in a wording of locales.phrases."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from locales.wording import Wording, rule

DAY = 24 * 60
"""Minutes."""
_HALVES = "am|pm|morning|noon|afternoon|evening|night|dawn|midnight"
_HALF = rf"(?: (?P<half>{_HALVES}))?"
_AT = r"(?:(?:at|hour) )"
_HOUR = r"(?P<hour>\d{1,2})"
# Without `minute`, `7 and 10` is two hours; `less` is Arabic, and has no second meaning.
_PARTS = (
    r"(?P<parts>(?: (?:and|less) (?:half|quarter|third)| less \d{1,2}(?: minute)?"
    r"| and \d{1,2} minute|(?<=half) and (?:5|10))+)"
)
_NO_DATE = r"(?! (?:th|m\d|month|minute|hour|day|week|year)\b)"
_STATED = tuple(
    rule(pattern)
    for pattern in (
        r"(?<=\d{4}-\d\d-\d\d )(?P<exact>\d\d):(?P<minute>\d\d)(?::\d\d(?:\.\d+)?)?",
        rf"{_AT}*{_HOUR}:(?P<minute>\d\d)(?::\d\d)?{_HALF}",
        rf"{_AT}+{_HOUR}\.(?P<minute>\d\d){_HALF}",
        rf"{_HOUR}\.(?P<minute>\d\d) (?P<half>{_HALVES})",
        rf"(?P<first>half|quarter|\d{{1,2}} minute) (?P<side>past|to) {_AT}*{_HOUR}{_HALF}",
        rf"{_AT}+{_HOUR} (?P<minute>[0-5]\d){_NO_DATE}{_HALF}",
        rf"{_AT}+{_HOUR}{_NO_DATE}{_PARTS}?{_HALF}",
        rf"{_HOUR}{_PARTS}{_HALF}(?! hour)",
        rf"{_HOUR} (?P<half>{_HALVES})",
        rf"{_HOUR} h(?: (?P<minute>\d\d))?{_HALF}",
        rf"{_HOUR} at{_HALF}",
    )
)
_BARE = rule(rf"{_HOUR}(?:\.(?P<minute>\d\d))?")
_LONE_HALF = rule(_HALVES)
FROM_TO = rule(rf"\d{{1,2}}-\d{{1,2}} (?:{_HALVES})")
"""From one hour to another, as in `7-9 pm`: where no other time is told, these are no date."""
_WORTH = {"half": 30, "quarter": 15, "third": 20}


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day as it was told, before the words for morning and evening are weighed."""

    minute: int
    """After the full hour; less than none for a quarter to it."""
    hours: tuple[int, ...]
    """What the hour may be without these words; past 24 in the night after the day."""
    typed: int
    halves: tuple[str, ...] = ()

    def minutes(self) -> tuple[int, ...]:
        """What it may be, in minutes after the midnight that begins the day; none if impossible."""
        hours = set(self.hours)
        if self.halves:
            hours = set[int].intersection(*(_hours(self.typed, half) for half in self.halves))
        minutes = (60 * hour + self.minute for hour in hours if -60 < self.minute < 60)
        return tuple(sorted(minute for minute in minutes if minute >= 0))


def stated(wording: Wording) -> Clock | None:
    """The time that is told as one: `at 7`, `19:30`, `half past 7`."""
    found = wording.take(*_STATED)
    return _clock(found) if found else None


def bare(wording: Wording) -> Clock | None:
    """The number that can only be the time, when all else has been read."""
    found = wording.take(_BARE)
    return _clock(found) if found else None


def with_halves(clock: Clock | None, wording: Wording) -> Clock | None:
    """The time with the words for parts of the day that stand elsewhere; noon is one by itself."""
    halves = tuple(found[0] for found in wording.take_all(_LONE_HALF))
    if clock is not None:
        return replace(clock, halves=clock.halves + halves)
    return Clock(0, (12,), 12, halves) if {"noon", "midnight"} & {*halves} else None


def _clock(found: re.Match[str]) -> Clock:
    told = found.groupdict()
    typed = told.get("exact") or told["hour"]
    hour = int(typed)
    minute = int(told.get("minute") or 0)
    if first := told.get("first"):
        minute = _worth(first) if told["side"] == "past" else -_worth(first)
    for part in re.finditer(r"(and|less) (\w+(?: minute)?)", told.get("parts") or ""):
        minute += _worth(part[2]) if part[1] == "and" else -_worth(part[2])
    half = told.get("half")
    # `07:30` and `19:30` are told by 24 hours; `7:30` may be either half of the day.
    by_24_hours = bool(told.get("exact")) or (typed.startswith("0") and bool(told.get("minute")))
    return Clock(minute, _whole_day(hour, by_24_hours, minute), hour, (half,) if half else ())


def _worth(part: str) -> int:
    return _WORTH[part] if part in _WORTH else int(part.split()[0])


def _whole_day(hour: int, by_24_hours: bool, minute: int) -> tuple[int, ...]:
    if hour == 24:
        return (24,) if minute == 0 else ()
    if hour > 12 or hour == 0 or by_24_hours:
        return (hour,) if hour < 24 else ()
    return (0, 12, 24) if hour == 12 else (hour, hour + 12)


def _hours(hour: int, half: str) -> set[int]:
    """What an hour may be in this part of the day; the nights belong to either of two days."""
    by_12 = hour % 12 if hour <= 12 else hour - 12
    if hour > 23:
        return set()
    match half:
        case "am" | "morning":
            return {0, 24} if hour == 12 else {hour} if hour < 12 else set()
        case "pm":
            return {by_12 + 12} if hour else set()
        case "evening":
            # Both ways of saying it are in use, for noon and for midnight.
            return {12, 24} if hour == 12 else {by_12 + 12} if hour else set()
        case "noon":
            return {hour} if hour in {10, 11} else {by_12 + 12} if hour and by_12 <= 3 else set()
        case "afternoon":
            return {by_12 + 12} if hour and by_12 <= 7 else set()
        case "night":
            if hour in {0, 12}:
                return {0, 24}
            return {hour, hour + 24} if hour <= 5 else {by_12 + 12} if by_12 >= 6 else set()
        case "dawn":
            return {hour} if 1 <= hour <= 6 else set()
        case _:
            return {0, 24} if hour in {0, 12} else set()
