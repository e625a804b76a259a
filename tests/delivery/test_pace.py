"""The pace, in simulated time, against a platform that counts strictly."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import inf
from random import Random
from typing import TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels import Limits
from delivery.pace import FREE_FOR, Pace

A_HAIR = 1e-9
A_TICK = 0.001
"""Seconds; what reads a clock may see it twice so much too early or late."""
ANYWHERE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""However slow the machine is."""


@dataclass
class StrictPlatform:
    """Counts what arrives, and knows the fullest second that it ever saw."""

    arrivals: list[float] = field(default_factory=list[float])

    def fullest_second(self) -> int:
        fullest, recent = 0, deque[float]()
        for at in sorted(self.arrivals):
            recent.append(at)
            while recent[0] <= at - 1 + A_HAIR:
                recent.popleft()
            fullest = max(fullest, len(recent))
        return fullest


Trip: TypeAlias = Callable[[], tuple[float, float]]
"""Seconds from a start until the platform counts the message, and until its answer is there."""


@dataclass(order=True)
class Answer:
    at: float
    started: float


def run_for(
    seconds: float, pace: Pace, platform: StrictPlatform, trip: Trip, *, broadcast: bool = False
) -> None:
    """Sends as fast as the pace allows."""
    now, answers = 0.0, list[Answer]()
    while now < seconds:
        at = pace.broadcast_at() if broadcast else pace.reply_at()
        if answers and answers[0].at <= max(at, now):
            answer = heappop(answers)
            now = max(now, answer.at)
            pace.answered(answer.started, now)
            continue
        if at == inf:
            raise AssertionError("Nothing is on its way, and nothing may start.")
        now = max(now, at)
        counted, answered = trip()
        pace.start(str(len(platform.arrivals)), now, broadcast)
        platform.arrivals.append(now + counted)
        heappush(answers, Answer(now + answered, now))


def way_back(chance: Random) -> float:
    """Mostly short, and now and then longer than the window."""
    return chance.choice((0.0, 0.001, 0.05, 0.3, 1.5)) * chance.random()


@given(
    st.randoms(use_true_random=False),
    st.sampled_from((1, 3, 30, 200)),
    st.sampled_from((0.0, 0.004, 0.08)),
)
@settings(ANYWHERE, max_examples=60)
def test_no_second_of_the_platform_ever_sees_more_than_the_limit(
    chance: Random, per_second: int, out: float
) -> None:
    platform = StrictPlatform()
    pace = Pace(Limits(4096, per_second), now=0.0)
    run_for(8.0, pace, platform, lambda: (out, out + way_back(chance)))
    assert platform.fullest_second() <= per_second


@given(st.randoms(use_true_random=False), st.sampled_from((1, 3, 30)))
@settings(ANYWHERE, max_examples=40)
def test_it_holds_wherever_between_start_and_answer_a_message_is_counted(
    chance: Random, per_second: int
) -> None:
    platform = StrictPlatform()
    pace = Pace(Limits(4096, per_second), now=-2.0)
    # One answer that came at once: from then on nothing is assumed about how long a trip takes.
    pace.start("first", -2.0)
    pace.answered(-2.0, -2.0)

    def trip() -> tuple[float, float]:
        answered = 0.05 + way_back(chance)
        return chance.random() * answered, answered

    run_for(8.0, pace, platform, trip)
    assert platform.fullest_second() <= per_second


def test_it_holds_although_the_way_there_takes_now_a_little_more_and_now_less() -> None:
    platform, chance = StrictPlatform(), Random(1)
    pace = Pace(Limits(4096, 30), now=0.0)
    run_for(60.0, pace, platform, lambda: (chance.choice((0.0, 1.9 * A_TICK)), 0.03))
    assert platform.fullest_second() == 30


def test_the_first_second_stays_silent_because_the_process_before_may_have_filled_it() -> None:
    pace = Pace(Limits(4096, 30), now=100.0)
    assert pace.reply_at() == 101.0


def test_after_taking_over_a_second_stays_silent_again() -> None:
    pace = Pace(Limits(4096, 30), now=100.0)
    pace.start("before", 200.0)
    pace.refill(200.5)
    assert pace.reply_at() == 201.5
    pace.answered(200.0, 200.6)
    assert pace.reply_at(behind=28) == 201.5


def test_with_even_trips_a_broadcast_loses_only_what_it_leaves_for_replies() -> None:
    platform, pace = StrictPlatform(), Pace(Limits(4096, 30), now=0.0)
    run_for(60.0, pace, platform, lambda: (0.01, 0.03), broadcast=True)
    assert len(platform.arrivals) / 59 == pytest.approx(29.5, abs=0.1)


def test_with_trips_of_30_to_80_milliseconds_a_broadcast_loses_no_more_than_one_in_twenty() -> None:
    platform, pace, chance = StrictPlatform(), Pace(Limits(4096, 30), now=0.0), Random(1)
    run_for(300.0, pace, platform, lambda: (0.0, chance.uniform(0.03, 0.08)), broadcast=True)
    assert len(platform.arrivals) / 299 > 28.5


def test_a_slot_is_left_to_the_replies_before_a_broadcast_takes_it() -> None:
    pace = Pace(Limits(4096, 30), now=0.0)
    assert pace.broadcast_at() - pace.reply_at() == pytest.approx(FREE_FOR)


def test_at_80_messages_a_second_a_broadcast_keeps_99_of_100_slots() -> None:
    platform, pace, chance = StrictPlatform(), Pace(Limits(1600, 80), now=0.0), Random(1)
    run_for(60.0, pace, platform, lambda: (0.0, chance.uniform(0.002, 0.005)), broadcast=True)
    assert platform.fullest_second() <= 80
    assert len(platform.arrivals) / 59 > 79


def test_a_message_that_hangs_costs_its_own_slot_and_no_other() -> None:
    pace = Pace(Limits(4096, 2), now=0.0)
    pace.start("hangs", 1.0)
    pace.start("quick", 1.0)
    assert pace.reply_at() == inf
    pace.answered(1.0, 1.1)
    assert pace.reply_at() == 2.1
    assert pace.reply_at(behind=1) == inf
    pace.answered(1.0, 5.0)
    assert pace.reply_at() == 2.1
    assert pace.reply_at(behind=1) == 6.0


def test_a_pause_holds_everybody_and_is_never_shortened() -> None:
    pace = Pace(Limits(4096, 30), now=0.0)
    pace.pause(50.0)
    pace.pause(20.0)
    assert pace.reply_at() == 50.0
    assert pace.broadcast_at() == pytest.approx(50.0 + FREE_FOR)


def test_one_account_gets_three_at_once_and_then_one_a_second() -> None:
    pace = Pace(Limits(4096, 1000), now=0.0)
    now, starts = 10.0, list[float]()
    for _ in range(6):
        now = max(now, pace.account_at("leyla"))
        pace.start("leyla", now)
        starts.append(now)
    assert starts == [10.0, 10.0, 10.0, 11.0, 12.0, 13.0]


def test_only_accounts_of_the_last_seconds_are_remembered() -> None:
    pace = Pace(Limits(4096, 1000), now=0.0)
    for number in range(20_000):
        pace.start(str(number), number / 1000)
    assert pace.remembered <= 3_100


@pytest.mark.parametrize(("per_second", "made_up_for"), [(30, 1), (80, 3), (1_000, 40)])
def test_only_at_a_high_pace_a_broadcast_makes_up_for_a_short_stop(
    per_second: int, made_up_for: int
) -> None:
    pace = Pace(Limits(4096, per_second), now=0.0)
    pace.start("before", 5.0, broadcast=True)
    count, stop = 0, 5.5
    while pace.broadcast_at() <= stop:
        pace.start(str(count), stop, broadcast=True)
        count += 1
    assert count == pytest.approx(made_up_for, abs=1)
