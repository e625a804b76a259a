"""When what did not leave, or perhaps did, is tried again, and when it is given up."""

from __future__ import annotations

from datetime import datetime, timedelta

from channels import Resting
from delivery.learnt import Learnt
from delivery.letters import Letter
from delivery.verdicts import Verdict, failed
from dialogue.words import Act, Lane
from storage.outbox import Delivery, State

LONGEST_TRY = timedelta(hours=24)
"""A message without `not_after` is given up when it could not be sent for so long."""
FIRST_BACK_OFF = 1.0
LONGEST_BACK_OFF = 300.0
LONGEST_REST = timedelta(days=1)
"""Between two tries of what the platform holds back."""
RESTED = timedelta(days=3)
"""What is held back for so long, again and again, is given up."""
APPROVED_BY = timedelta(minutes=15)
"""So long what needs a template waits before it is looked at again whether one was approved."""
WORTH_WAITING = timedelta(days=3)
"""What waits for longer is no news any more."""
UNSURE_AGAIN = timedelta(seconds=1)
"""The copy waits as if the first had arrived: a chat takes one message a second."""


def back_off(attempts: int, chance: float) -> float:
    """Seconds until the next try: doubling, with half of it left to chance."""
    doubled = min(LONGEST_BACK_OFF, FIRST_BACK_OFF * 2.0 ** min(max(attempts, 1) - 1, 30))
    return doubled * (0.5 + chance / 2)


def once_more(delivery: Delivery, now: datetime, chance: float) -> Verdict:
    """The same as soon as the platform may be there again."""
    due = now + timedelta(seconds=back_off(delivery.attempts, chance))
    if delivery.not_after is not None and due >= delivery.not_after:
        return Verdict(State.EXPIRED, reason="unreachable")
    if delivery.not_after is None and due - delivery.written_at > LONGEST_TRY:
        return failed("unreachable")
    return Verdict(State.QUEUED, due=due)


def rest(delivery: Delivery, error: Resting, now: datetime) -> Verdict:
    """The same later, and later still; replies to the same account go on."""
    seconds = error.seconds * 2.0 ** min(max(delivery.attempts, 1) - 1, 10)
    due = now + min(LONGEST_REST, timedelta(seconds=seconds))
    learnt = Learnt(rests_until=due)
    if delivery.not_after is not None and due >= delivery.not_after:
        return Verdict(State.EXPIRED, reason="held-back", learnt=learnt)
    if delivery.not_after is None and due - delivery.written_at > RESTED:
        return failed("held-back", learnt)
    return Verdict(State.QUEUED, due=due, learnt=learnt, alone=True)


def wait_for_approval(letter: Letter, delivery: Delivery, now: datetime) -> Verdict:
    """The same later, when its template may be approved or they may have written to us."""
    due, learnt = now + APPROVED_BY, Learnt(shut=letter.open_until or now)
    last = delivery.not_after or delivery.written_at + WORTH_WAITING
    if due >= last:
        return Verdict(State.EXPIRED, reason="late", learnt=learnt)
    return Verdict(State.QUEUED, due=due, learnt=learnt, alone=True)


def in_doubt(delivery: Delivery, now: datetime, reconcile: float | None) -> Verdict:
    """A second try of what may have arrived: after the platform's word, where it can be asked."""
    if reconcile is not None and asks_before_it_goes_again(delivery):
        due = now + timedelta(seconds=reconcile)
        return Verdict(State.QUEUED, due=due, ambiguous=True, alone=True)
    if delivery.ambiguous:
        return Verdict(State.UNKNOWN, reason="unsure")
    return Verdict(State.QUEUED, due=now + UNSURE_AGAIN, ambiguous=True)


def asks_before_it_goes_again(delivery: Delivery) -> bool:
    """Whether the platform is to say first if this one arrived, where it can: others were paid for,
    and interrupt. A reply that comes twice is better than one that comes late."""
    return delivery.act is Act.SEND and delivery.lane is not Lane.REPLY


def is_doubtful(delivery: Delivery) -> bool:
    """Whether the platform is to be asked before this one goes."""
    return delivery.ambiguous > 0 and asks_before_it_goes_again(delivery)
