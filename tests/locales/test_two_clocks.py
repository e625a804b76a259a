"""A moment by two clocks, as posters tell it: taken where they agree, asked where they do not."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from locales.phrases import LONGEST
from locales.two_clocks import read
from locales.when import Moment, read_moment
from tests.hostile import HOSTILE

BAGHDAD = "Asia/Baghdad"
NOON = datetime(2027, 3, 31, 9, tzinfo=UTC)
"""A Wednesday, noon in Baghdad; Rome is an hour behind."""


def shown(words: str) -> str:
    """The moment, or what is asked, by the clocks of Baghdad."""
    found = read(words, NOON, BAGHDAD)
    local = ZoneInfo(BAGHDAD)
    if isinstance(found, Moment):
        return f"{found.at.astimezone(local):%Y-%m-%d %H:%M}"
    options = (f"{at.astimezone(local):%Y-%m-%d %H:%M}" for at in found.options)
    return " | ".join((found.doubt.value, *options))


@pytest.mark.parametrize(
    "words",
    [
        "3 April, 7pm Baghdad time (6pm Rome)",
        "Saturday 7 pm Baghdad / 6 pm Rome time",
        "3/4/2027 الساعة 7 مساءً بتوقيت بغداد / 6 مساءً بتوقيت روما",
        "السبت ٣ نيسان الساعة السابعة مساءً بتوقيت بغداد (السادسة بتوقيت روما)",
        "السبت 7 مساء بتوقيت بغداد، 6 مساء بتوقيت إيطاليا",
        "3 April 7 pm (16:00 UTC)",
        "3 April at 7 Baghdad - 6 pm Rome",
        "Saturday 6pm Rome time / 7pm Baghdad time",
    ],
)
def test_two_clocks_that_agree_tell_one_moment(words: str) -> None:
    assert shown(words) == "2027-04-03 19:00"


def test_they_may_show_two_days() -> None:
    assert shown("3 April 1 am Baghdad (6 pm New York)") == "2027-04-03 01:00"


def test_two_clocks_that_do_not_agree_are_asked_about() -> None:
    asked = "which-zone | 2027-04-03 18:00 | 2027-04-03 19:00"
    assert shown("3 April 7pm Baghdad time (5pm Rome)") == asked


@pytest.mark.parametrize(
    "words",
    [
        "3 April 7 pm / 9 pm",
        "Saturday 7 pm - 9 pm",
        "السبت من 7 إلى 9 مساء، بغداد",
        "7 pm Baghdad / 6 pm Rome",
        "live, 3 April 7 pm Baghdad",
        "3 April 7 pm, in Narnia",
        *(text[:LONGEST] for text in HOSTILE),
        "3/" * 60,
        "(" * 119,
    ],
)
def test_what_is_no_second_clock_is_read_as_before(words: str) -> None:
    assert read(words, NOON, BAGHDAD) == read_moment(words, NOON, BAGHDAD)
