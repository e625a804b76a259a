"""What becomes of a letter after the platform answered, or did not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from channels import (
    Barred,
    Busy,
    Closed,
    Exhausted,
    Faltering,
    Gone,
    Moved,
    NoMarketing,
    NoPicture,
    OptedOut,
    Refused,
    Resting,
    TargetGone,
    Unapproved,
    Unfit,
    Unreachable,
    Unsure,
)
from delivery.learnt import Learnt
from delivery.letters import Letter
from delivery.retries import back_off, in_doubt, once_more, rest, wait_for_approval
from delivery.verdicts import Again, Verdict, failed
from dialogue.words import Act
from storage.outbox import Delivery, State

TRIES_OF_AN_ERROR = 3


def needless(letter: Letter, now: datetime) -> Verdict | None:
    """The verdict on a row that need not be sent at all, else None."""
    delivery = letter.delivery
    if delivery is None:
        return None
    if delivery.not_after is not None and delivery.not_after <= now:
        return Verdict(State.EXPIRED, reason="late")
    if letter.target is None and letter.act in (Act.STRIP, Act.DELETE):
        return Verdict(State.SENT, reason="target-gone")
    return None


def judge(
    letter: Letter,
    delivery: Delivery,
    error: Exception,
    now: datetime,
    pause: float,
    chance: float,
    reconcile: float | None = None,
) -> Verdict | Again:
    """The verdict on what the channel raised; the whole sender pauses for `pause` seconds.

    `reconcile` is as in the limits of the channel.
    """
    verdict = _judged(letter, delivery, error, now, pause, chance, reconcile)
    if isinstance(verdict, Again) or not letter.doubtful:
        return verdict
    # The platform could not be asked: an earlier try may have arrived.
    over = verdict.state in (State.FAILED, State.EXPIRED)
    return replace(verdict, state=State.UNKNOWN) if over else verdict


def _judged(
    letter: Letter,
    delivery: Delivery,
    error: Exception,
    now: datetime,
    pause: float,
    chance: float,
    reconcile: float | None,
) -> Verdict | Again:
    match error:
        case Busy() | Barred():
            # Nobody's fault: the row waits as long as all the others do.
            return Verdict(State.QUEUED, due=now + timedelta(seconds=pause))
        case Exhausted():
            return Verdict(State.QUEUED, due=now + timedelta(seconds=error.seconds), alone=True)
        case Moved() if not letter.moved:
            return Again(letter.act, letter.target, error.account)
        case Moved():
            return failed("moved")
        case Gone():
            stopped = isinstance(error, OptedOut)
            return failed("gone", Learnt(gone=True, stopped=stopped))
        case TargetGone() if letter.act is Act.EDIT:
            return Again(Act.SEND, None, letter.account)
        case TargetGone() if letter.act in (Act.STRIP, Act.DELETE):
            # What should vanish is not there: that is what was wanted.
            return Verdict(State.SENT, reason="target-gone")
        case Refused():
            return _refused(letter, delivery, error, now)
        case Unsure() if delivery.act is Act.DELETE:
            # Asked twice, it is gone all the same.
            return once_more(delivery, now, chance)
        case Unsure():
            return in_doubt(delivery, now, reconcile)
        case Resting():
            return rest(delivery, error, now)
        case Unreachable():
            return once_more(delivery, now, chance)
        case Faltering() if delivery.attempts >= TRIES_OF_AN_ERROR:
            return failed("refused")
        case _ if delivery.attempts >= TRIES_OF_AN_ERROR:
            return failed("error")
        case _:
            seconds = back_off(delivery.attempts, chance)
            return Verdict(State.QUEUED, due=now + timedelta(seconds=seconds))


def _refused(letter: Letter, delivery: Delivery, error: Refused, now: datetime) -> Verdict | Again:
    """The verdict on what the platform takes neither now nor later, as it was."""
    send = Again(letter.act, letter.target, letter.account)
    match error:
        case Unapproved() if delivery.bulk is None:
            return wait_for_approval(letter, delivery, now)
        case Closed() if not letter.shut and letter.message.template is not None:
            return replace(send, shut=True)
        case Closed():
            return failed("closed", Learnt(shut=letter.open_until or now))
        case NoMarketing():
            return failed("no-marketing", Learnt(no_marketing=True))
        case NoPicture() if not letter.plain and letter.message.photo is not None:
            return replace(send, plain=True)
        case Unfit() if delivery.bulk is not None:
            return Verdict(State.QUEUED, due=now, alone=True, unfit=True)
        case Unfit():
            return replace(failed("refused"), unfit=True)
        case _:
            return failed("refused")
