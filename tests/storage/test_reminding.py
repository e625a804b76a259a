"""When reminders are due, and until when: plain reckoning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from storage.series.reminding import AHEAD_OF_A_CUT, planned

START = datetime(2026, 4, 10, 16, tzinfo=UTC)
LONG_BEFORE = START - timedelta(days=30)
MINUTE = timedelta(minutes=1)
ALL = (1440, 60, 10, 0)


@dataclass(frozen=True)
class Cut:
    starts_at: datetime
    ends_at: datetime


def minutes_before(at: datetime) -> float:
    return (START - at) / MINUTE


def test_each_is_given_up_half_an_hour_before_the_next_or_when_it_has_lost_its_meaning() -> None:
    told = [
        (each.minutes, minutes_before(each.due), minutes_before(each.not_after))
        for each in planned(START, ALL, (), LONG_BEFORE)
    ]
    assert told == [(1440, 1440, 90), (60, 60, 40), (10, 10, 0), (0, 0, -15)]


def test_the_last_one_before_the_start_is_given_up_at_the_start() -> None:
    (only,) = planned(START, (60,), (), LONG_BEFORE)
    assert only.not_after == START


@pytest.mark.parametrize(
    ("before", "expected"),
    [(60 * MINUTE, [60, 10, 0]), (59 * MINUTE, [10, 0]), (-MINUTE, [])],
)
def test_what_is_due_in_the_past_is_not_made(before: timedelta, expected: list[int]) -> None:
    assert [each.minutes for each in planned(START, ALL, (), START - before)] == expected


def test_one_that_falls_into_a_cut_goes_out_before_it() -> None:
    cut = Cut(START - 90 * MINUTE, START - 30 * MINUTE)
    day, hour, *_ = planned(START, ALL, (cut,), LONG_BEFORE)
    assert hour.due == cut.starts_at - AHEAD_OF_A_CUT
    assert day.not_after == hour.due - 30 * MINUTE


def test_a_cut_right_after_another_moves_it_before_both() -> None:
    late = Cut(START - 90 * MINUTE, START - 30 * MINUTE)
    early = Cut(START - 200 * MINUTE, START - 91 * MINUTE)
    for cuts in ((late, early), (early, late)):
        _, hour, *_ = planned(START, ALL, cuts, LONG_BEFORE)
        assert hour.due == early.starts_at - AHEAD_OF_A_CUT


def test_the_edges_of_a_cut() -> None:
    hour = START - 60 * MINUTE
    beginning, ended = Cut(hour, hour + MINUTE), Cut(hour - MINUTE, hour)
    assert planned(START, (60,), (beginning,), LONG_BEFORE)[0].due == hour - AHEAD_OF_A_CUT
    assert planned(START, (60,), (ended,), LONG_BEFORE)[0].due == hour


def test_of_those_that_a_cut_moves_together_the_last_speaks_for_all() -> None:
    cut = Cut(START - 120 * MINUTE, START + 120 * MINUTE)
    told = planned(START, ALL, (cut,), LONG_BEFORE)
    assert [each.minutes for each in told] == [1440, 0]
    assert told[1].due == cut.starts_at - AHEAD_OF_A_CUT


def test_too_late_to_go_before_the_cut_it_goes_at_once_or_at_its_time() -> None:
    cut = Cut(START - 90 * MINUTE, START - 30 * MINUTE)
    shortly_before = cut.starts_at - 5 * MINUTE
    assert planned(START, (60,), (cut,), shortly_before)[0].due == shortly_before
    within = cut.starts_at + 5 * MINUTE
    assert planned(START, (60,), (cut,), within)[0].due == START - 60 * MINUTE


@pytest.mark.parametrize("day", [(2026, 3, 29), (2026, 10, 25)])
def test_no_change_of_any_clock_moves_a_reminder(day: tuple[int, int, int]) -> None:
    start = datetime(*day, 12, tzinfo=ZoneInfo("Europe/Rome")).astimezone(UTC)
    told = planned(start, ALL, (), start - timedelta(days=9))
    assert [start - each.due for each in told] == [timedelta(minutes=m) for m in ALL]
