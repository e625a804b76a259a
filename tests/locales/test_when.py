"""Moments as people type them: what each phrase says, and what is asked rather than guessed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogue.fold import fold
from locales import zones
from locales.calendar_words import HOURS, MONTHS, NUMBERS, ORDINALS, WEEKDAYS, WORDS
from locales.phrases import LONGEST
from locales.when import FARTHEST, Doubt, Moment, Unclear, read_moment
from tests.hostile import HOSTILE
from tests.locales.typed_moments import (
    ASKED,
    BAGHDAD,
    ELSEWHERE,
    NO_SUCH_DAY,
    REFUSED,
    ROME,
    UNDERSTOOD,
)

WEDNESDAY = datetime(2027, 3, 31, 9, tzinfo=UTC)
"""Noon in Baghdad, on the last of March."""


def shown(at: datetime, zone: str = BAGHDAD) -> str:
    assert at.utcoffset() == timedelta(0), "moments are in UTC"
    assert at.second == at.microsecond == 0, "moments are told to the minute"
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def read(words: str, now: datetime = WEDNESDAY, zone: str = BAGHDAD) -> str:
    """What a phrase is read as, by the clocks of its own zone; or the doubt and the options."""
    found = read_moment(words, now, zone)
    if isinstance(found, Unclear):
        return " | ".join([found.doubt.value, *(shown(at, zone) for at in found.options)])
    named = "" if found.zone == zone else f" {found.zone}"
    return f"{shown(found.at, found.zone)}{named}"


def names() -> Iterator[tuple[str, object]]:
    """Every word and phrase of the tables, with what it means."""
    tables = (
        *enumerate(MONTHS, 1),
        *((f"weekday {number}", names) for number, names in enumerate(WEEKDAYS)),
        *((f"number {number}", names) for number, names in NUMBERS.items()),
        *((f"ordinal {number}", names) for number, names in ORDINALS.items()),
        *((f"hour {number}", names) for number, names in HOURS.items()),
        *WORDS.items(),
    )
    return ((name.strip(), meaning) for meaning, names in tables for name in names.split(","))


def written(at: datetime, form: str) -> str:
    """A moment by the clocks that it is given in, in one of the forms in which people write."""
    return form.format(
        day=at.day,
        month=at.month,
        year=at.year,
        hour=at.hour,
        minute=at.minute,
        twelve=at.hour % 12 or 12,
        half="am" if at.hour < 12 else "pm",
        english=f"{at:%B}",
        arabic=MONTHS[at.month - 1].split(",")[0],
        weekday=WEEKDAYS[at.weekday()].split(",")[0],
    )


@pytest.mark.parametrize(("words", "moment"), UNDERSTOOD.items(), ids=str)
def test_what_people_type_is_read_as_they_mean_it(words: str, moment: str) -> None:
    assert read(words) == moment


@pytest.mark.parametrize(("words", "asked"), ASKED.items(), ids=str)
def test_what_may_mean_two_things_is_asked(words: str, asked: str) -> None:
    assert read(words) == asked


@pytest.mark.parametrize("words", REFUSED)
def test_what_says_no_moment_is_not_understood(words: str) -> None:
    assert read(words) == "not-understood"


@pytest.mark.parametrize("words", NO_SUCH_DAY)
def test_a_day_that_the_calendar_has_not_is_said_to_be_none(words: str) -> None:
    assert read(words) == "no-such-day"


@pytest.mark.parametrize(("now", "zone", "words", "moment"), ELSEWHERE)
def test_now_and_the_clocks_of_a_place_decide(now: str, zone: str, words: str, moment: str) -> None:
    assert read(words, datetime.fromisoformat(f"{now}+00:00"), zone) == moment


def test_both_sides_of_an_hour_that_comes_twice_are_offered() -> None:
    asked = read_moment("31 October 2027 02:30", WEDNESDAY, ROME)
    summer = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert asked == Unclear(Doubt.TWICE, (summer, summer + timedelta(hours=1)))


def test_no_word_has_two_meanings() -> None:
    """A name that stands in two places of the tables would silently mean the later one."""
    meanings: dict[str, set[object]] = {}
    for name, meaning in names():
        meanings.setdefault(fold(name), set()).add(meaning)
    assert {name: found for name, found in meanings.items() if len(found) > 1} == {}


@pytest.mark.parametrize(("number", "names"), list(enumerate(MONTHS, 1)))
def test_each_name_of_a_month_is_understood(number: int, names: str) -> None:
    for name in names.split(","):
        assert read(f"15 {name} 2028 19:00") == f"2028-{number:02}-15 19:00"


@pytest.mark.parametrize(("number", "names"), list(enumerate(WEEKDAYS)))
def test_each_name_of_a_weekday_is_understood(number: int, names: str) -> None:
    for name in names.split(","):
        assert read(f"{name} {5 + number}/4/2027 ١٩:٠٠") == f"2027-04-{5 + number:02} 19:00"


FORMS = (
    "{day} {english} {year} {hour:02}:{minute:02}",
    "{english} {day}, {year} at {hour:02}:{minute:02}",
    "{weekday} {day} {arabic} {year} الساعة {hour:02}:{minute:02}",
    "{year}-{month:02}-{day:02} {hour:02}:{minute:02}",
    "{day}.{month}.{year} {hour:02}.{minute:02}",
    "الساعة {hour:02}:{minute:02} يوم {day}/{month}/{year}",
    "{english} {day} {year} {twelve}:{minute:02} {half}",
)
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@settings(max_examples=300, deadline=None)
@given(
    ahead=st.integers(1, FARTHEST // timedelta(minutes=1)),
    form=st.sampled_from(FORMS),
    digits=st.booleans(),
    zone=st.sampled_from((BAGHDAD, ROME, "America/New_York", "Asia/Kathmandu", "UTC")),
    lead=st.sampled_from(("", " ", "\u200f", "🗓 ")),
)
def test_any_moment_that_is_written_out_is_read_back(
    ahead: int, form: str, digits: bool, zone: str, lead: str
) -> None:
    at = WEDNESDAY + timedelta(minutes=ahead)
    local = at.astimezone(ZoneInfo(zone))
    words = lead + written(local, form)
    found = read_moment(words.translate(ARABIC_DIGITS) if digits else words, WEDNESDAY, zone)
    doubt = doubt_about(local, form)
    if doubt is None:
        assert found == Moment(at, zone)
    else:
        assert isinstance(found, Unclear)
        assert found.doubt is doubt
        assert at in found.options


def doubt_about(local: datetime, form: str) -> Doubt | None:
    """What is to be asked about a moment that is written in this form."""
    if "{half}" in form and local.hour == 0:
        return Doubt.WHICH_DAY
    if "{half}" not in form and "{month:02}" not in form and local.hour in {10, 11, 12}:
        return Doubt.HALF_DAY
    sides = {local.replace(fold=fold).utcoffset() for fold in (0, 1)}
    return Doubt.TWICE if len(sides) > 1 else None


@settings(max_examples=200, deadline=None)
@given(ahead=st.integers(1, 700), off=st.integers(1, 6))
def test_a_weekday_that_is_not_the_dates_is_always_asked(ahead: int, off: int) -> None:
    day = WEDNESDAY + timedelta(days=ahead)
    weekday = WEEKDAYS[(day.weekday() + off) % 7].split(",")[0]
    asked = read_moment(f"{weekday} {day:%d/%m/%Y} ١٢:٠٠ ظهرا", WEDNESDAY, BAGHDAD)
    assert isinstance(asked, Unclear)
    assert asked.doubt is Doubt.WHICH_DAY
    assert day in asked.options
    assert {at.weekday() for at in asked.options} == {day.weekday(), (day.weekday() + off) % 7}


PIECES = (
    *(name for name, _ in names()),
    *("1", "2", "3", "7", "12", "19", "24", "31", "99", "2027", "2028", "0"),
    *(":", "/", "-", ".", "+", ",", "،", "utc+3", "روما", "Rome", "Narnia", "😀"),
    *("19:00", "7:30", "3/4", "13/13", "2027-04-03", "3.4"),
)


def assert_answered(words: str, now: datetime = WEDNESDAY, zone: str = BAGHDAD) -> None:
    """Whatever is typed, the answer is one that can be shown."""
    found = read_moment(words, now, zone)
    if isinstance(found, Moment):
        assert zones.valid(found.zone)
        options = (found.at,)
    else:
        options = found.options
    assert list(options) == sorted(set(options))
    for at in options:
        assert at.utcoffset() == timedelta(0)
        assert at.second == at.microsecond == 0
        assert now < at <= now + FARTHEST


@pytest.mark.parametrize("words", [*HOSTILE, *(text[:LONGEST] for text in HOSTILE)])
def test_hostile_texts_get_an_answer(words: str) -> None:
    assert_answered(words)
    assert_answered(f"{words[:60]} 3 April 2027 19:00")


@settings(deadline=None)
@given(st.text(max_size=LONGEST + 10))
def test_any_text_gets_an_answer(words: str) -> None:
    assert_answered(words)


@settings(max_examples=1500, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES), max_size=12),
    st.sampled_from((" ", "")),
    st.integers(-400, 1200).map(lambda days: WEDNESDAY + days * timedelta(days=1, minutes=7)),
    st.sampled_from((BAGHDAD, ROME, "Pacific/Kiritimati", "Pacific/Pago_Pago")),
)
def test_any_words_about_time_get_an_answer(
    pieces: list[str], between: str, now: datetime, zone: str
) -> None:
    assert_answered(between.join(pieces)[:LONGEST], now, zone)


def test_the_length_that_is_read_is_bounded() -> None:
    words = "3 April 2027 19:00"
    assert read(words.ljust(LONGEST)) == "2027-04-03 19:00"
    assert read(words.ljust(LONGEST + 1)) == "not-understood"


@pytest.mark.parametrize(
    "piece", ["1 ", "7 and ", "half and ", "3/", "in 1 day and ", "السبت ", "و"]
)
def test_no_text_takes_long(piece: str) -> None:
    words = (piece * LONGEST)[:LONGEST]
    read(words)
    began = time.process_time()
    for _ in range(20):
        read(words)
    assert (time.process_time() - began) / 20 < 0.02
