"""How long a message is tried, and how the tries spread."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from channels import Faltering, Refused, Resting, Unreachable, Unsure
from delivery.judging import judge
from delivery.letters import letter_of
from delivery.retries import back_off
from delivery.verdicts import Verdict
from dialogue.words import Act, Lane, Message
from storage.ids import Ids
from storage.outbox import Delivery, State

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def tried(
    attempts: int,
    written_at: datetime,
    not_after: datetime | None = None,
    lane: Lane = Lane.REPLY,
) -> Delivery:
    return Delivery(
        id=Ids(lambda size: bytes(size)).delivery(written_at),
        address=1,
        channel="scripted",
        account="leyla",
        act=Act.SEND,
        lane=lane,
        message=Message("hello"),
        target=None,
        attempts=attempts,
        ambiguous=0,
        due=written_at,
        not_after=not_after,
        slot=None,
    )


def after(error: Exception, delivery: Delivery, *, doubtful: bool = False) -> Verdict:
    letter = letter_of(delivery)
    letter.doubtful = doubtful
    verdict = judge(letter, delivery, error, NOON, 0.0, 0.5, reconcile=120.0)
    assert isinstance(verdict, Verdict)
    return verdict


def unreachable(delivery: Delivery) -> Verdict:
    return after(Unreachable(), delivery)


def test_the_tries_of_an_unreachable_message_lie_further_and_further_apart() -> None:
    waits = [back_off(attempts, chance=0.0) for attempts in range(1, 6)]
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0]


@pytest.mark.parametrize("chance", [0.0, 0.5, 0.999])
def test_no_wait_is_longer_than_five_minutes(chance: float) -> None:
    assert 150.0 <= back_off(10_000, chance) <= 300.0


def test_a_message_is_given_up_when_it_could_not_be_sent_for_a_day() -> None:
    almost = unreachable(tried(50, NOON - timedelta(hours=23)))
    over = unreachable(tried(50, NOON - timedelta(hours=24)))
    assert almost.state is State.QUEUED
    assert (over.state, over.reason) == (State.FAILED, "unreachable")


def test_a_message_whose_next_try_would_be_too_late_expires_at_once() -> None:
    soon = unreachable(tried(1, NOON, not_after=NOON + timedelta(seconds=0.5)))
    later = unreachable(tried(1, NOON, not_after=NOON + timedelta(minutes=1)))
    assert soon.state is State.EXPIRED
    assert later.state is State.QUEUED


def test_what_is_held_back_waits_twice_as_long_each_time_and_never_more_than_a_day() -> None:
    waits = [after(Resting(14_400.0), tried(attempts, NOON)).due for attempts in (1, 2, 3, 4, 9)]
    hours = [(due - NOON) / timedelta(hours=1) for due in waits if due is not None]
    assert hours == [4, 8, 16, 24, 24]


def test_what_was_held_back_for_days_is_given_up_and_may_go_elsewhere() -> None:
    over = after(Resting(14_400.0), tried(5, NOON - timedelta(days=3)))
    assert (over.state, over.reason, over.elsewhere) == (State.FAILED, "held-back", True)


def test_what_was_perhaps_paid_for_waits_for_the_platforms_word_and_a_reply_does_not() -> None:
    reminder = after(Unsure(), tried(1, NOON, lane=Lane.REMINDER))
    reply = after(Unsure(), tried(1, NOON))
    assert reminder.due == NOON + timedelta(seconds=120)
    assert reply.due == NOON + timedelta(seconds=1)


@pytest.mark.parametrize("error", [Refused(), Faltering(), ValueError()])
def test_of_what_may_have_arrived_nobody_says_that_it_failed(error: Exception) -> None:
    delivery = tried(3, NOON, lane=Lane.REMINDER)
    assert after(error, delivery).state is State.FAILED
    assert after(error, delivery, doubtful=True).state is State.UNKNOWN
