"""How long a message is tried, and how the tries spread."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from channels import Unreachable
from delivery.letters import letter_of
from delivery.verdicts import Verdict, back_off, judge
from dialogue.words import Act, Lane, Message
from storage.ids import Ids
from storage.outbox import Delivery, State

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def tried(attempts: int, written_at: datetime, not_after: datetime | None = None) -> Delivery:
    return Delivery(
        id=Ids(lambda size: bytes(size)).delivery(written_at),
        address=1,
        channel="scripted",
        account="leyla",
        act=Act.SEND,
        lane=Lane.REPLY,
        message=Message("hello"),
        target=None,
        attempts=attempts,
        ambiguous=0,
        due=written_at,
        not_after=not_after,
        slot=None,
    )


def unreachable(delivery: Delivery) -> Verdict:
    verdict = judge(letter_of(delivery), delivery, Unreachable(), NOON, 0.0, 0.5)
    assert isinstance(verdict, Verdict)
    return verdict


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
