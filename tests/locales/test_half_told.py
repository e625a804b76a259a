"""What was typed bit by bit is read as one: the day first and then the hour, or the other way."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from locales.half_told import Before, complete
from locales.when import Moment, Unclear

BAGHDAD = "Asia/Baghdad"
NOON = datetime(2027, 3, 31, 9, tzinfo=UTC)
"""A Wednesday, noon in Baghdad."""


def at(local: str) -> datetime:
    """A moment by the clocks of Baghdad."""
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(BAGHDAD)).astimezone(UTC)


def read(words: str, before: str = "", *moments: str) -> str:
    """What the words come to after what was said before: the moment, or what is to be asked."""
    spoken_of = [at(each) for each in moments]
    _, found = complete(words, Before(before, spoken_of), NOON, BAGHDAD)
    if isinstance(found, Moment):
        return shown(found.at)
    return " | ".join((found.doubt.value, *map(shown, found.options)))


def shown(moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo(BAGHDAD)):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("first", "then", "meant"),
    [
        ("الخميس القادم", "٧ مساء", "2027-04-01 19:00"),
        ("الخميس القادم", "الساعة السابعة والنصف مساءً", "2027-04-01 19:30"),
        ("3 نيسان", "19:00", "2027-04-03 19:00"),
        ("tomorrow", "7pm", "2027-04-01 19:00"),
        ("Friday", "7 pm Rome time", "2027-04-02 20:00"),
        ("بعد غد", "7", "half-day | 2027-04-02 07:00 | 2027-04-02 19:00"),
        ("Wednesday", "7pm", "which-day | 2027-03-31 19:00 | 2027-04-07 19:00"),
    ],
)
def test_an_hour_completes_the_day_that_was_typed_before(first: str, then: str, meant: str) -> None:
    assert read(first).startswith("no-time")
    assert read(then, first) == meant


def test_a_part_of_the_day_completes_an_hour() -> None:
    asked = ("2027-04-01 07:00", "2027-04-01 19:00")
    assert read("مساءً", "الخميس الساعة 7", *asked) == "2027-04-01 19:00"
    assert read("in the evening", "Thursday at 7", *asked) == "2027-04-01 19:00"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("8 مساء", "2027-04-01 20:00"),
        ("10:30", "half-day | 2027-04-01 10:30 | 2027-04-01 22:30"),
        ("الجمعة", "2027-04-02 19:00"),
        ("5 نيسان", "2027-04-05 19:00"),
        ("Friday 8 pm", "2027-04-02 20:00"),
    ],
)
def test_half_of_a_moment_that_was_said_back_changes_that_half(words: str, meant: str) -> None:
    assert read(words, "الخميس 7 مساء", "2027-04-01 19:00") == meant


@pytest.mark.parametrize("clock", ["00:30", "07:00", "10:30", "12:00", "12:30", "19:05", "22:30"])
def test_every_hour_of_the_day_is_kept_with_another_day(clock: str) -> None:
    assert read("السبت", "", f"2027-04-09 {clock}") == f"2027-04-03 {clock}"


def test_of_two_days_that_were_said_back_none_is_taken() -> None:
    asked = ("2027-04-02 19:00", "2027-04-09 19:00")
    assert read("8 pm", "next Friday 7pm", *asked) == "no-day | 2027-03-31 20:00"
    assert read("5 April", "next Friday 7pm", *asked) == "2027-04-05 19:00"


def test_a_slip_after_a_moment_was_said_back_costs_neither_its_day_nor_its_hour() -> None:
    # What was offered is gone with the slip; the words are what is left.
    assert read("8 pm", "Friday 7 pm") == "2027-04-02 20:00"
    assert read("السبت", "الجمعة 7 مساء") == "2027-04-03 19:00"


@pytest.mark.parametrize("words", ["Friday 7-9 pm", "7-9 pm Friday", "7-8 pm", "الجمعة 7-9 مساء"])
def test_hours_from_and_to_are_no_date(words: str) -> None:
    assert read(words, "", "2027-04-09 19:00") == "not-understood"


def test_what_is_whole_needs_nothing_from_before() -> None:
    whole = read("tomorrow 9 am", "الخميس القادم", "2027-04-09 19:00")
    assert whole == "2027-04-01 09:00"


def test_what_says_nothing_of_time_stays_so() -> None:
    assert read("شكرا", "الخميس القادم") == "not-understood"
    assert read("no", "Thursday 7 pm", "2027-04-01 19:00") == "not-understood"


def test_an_hour_that_is_over_on_that_day_is_not_that_days() -> None:
    assert read("8 am", "", "2027-03-31 19:00") == "no-day | 2027-04-01 08:00"


def test_the_day_that_lacks_its_hour_is_told() -> None:
    _, found = complete("الخميس القادم", Before(), NOON, BAGHDAD)
    assert isinstance(found, Unclear)
    assert [str(day) for day in found.days] == ["2027-04-01"]
    _, over = complete("yesterday", Before(), NOON, BAGHDAD)
    assert isinstance(over, Unclear)
    assert over.days == ()
