"""What becomes of a letter after the platform answered, or did not."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
from delivery.learnt import NOTHING, Learnt
from delivery.letters import Letter
from dialogue.words import Act, Lane
from storage.outbox import Delivery, State

LONGEST_TRY = timedelta(hours=24)
"""A message without `not_after` is given up when it could not be sent for so long."""
FIRST_BACK_OFF = 1.0
LONGEST_BACK_OFF = 300.0
TRIES_OF_AN_ERROR = 3
DEFINITE = frozenset(
    {"closed", "gone", "held-back", "moved", "no-marketing", "refused", "unreachable"}
)
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


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is written into the outbox about a row."""

    state: State
    platform_id: str | None = None
    reason: str | None = None
    due: datetime | None = None
    """When a row that is queued again goes."""
    ambiguous: bool = False
    """This try may have arrived."""
    learnt: Learnt = NOTHING
    """What is noted about the address."""
    alone: bool = False
    """Nothing else for this account has to wait with it."""
    unfit: bool = False
    """Nobody else is to get the same."""

    @property
    def elsewhere(self) -> bool:
        """Whether another address of the same person may get it instead: it surely did not arrive,
        and they did not tell us to stop."""
        return self.state is State.FAILED and self.reason in DEFINITE and not self.learnt.stopped


@dataclass(frozen=True, slots=True)
class Again:
    """The letter goes once more at once, changed; its row stays as it is."""

    act: Act
    target: str | None
    account: str
    shut: bool = False
    """As a template, since the window is closed."""
    plain: bool = False
    """Without its picture."""


def back_off(attempts: int, chance: float) -> float:
    """Seconds until the next try: doubling, with half of it left to chance."""
    doubled = min(LONGEST_BACK_OFF, FIRST_BACK_OFF * 2.0 ** min(max(attempts, 1) - 1, 30))
    return doubled * (0.5 + chance / 2)


def failed(reason: str, learnt: Learnt = NOTHING) -> Verdict:
    """It will not be tried again."""
    return Verdict(State.FAILED, reason=reason, learnt=learnt)


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
        case Unsure():
            return _in_doubt(letter, delivery, now, reconcile)
        case Resting():
            return _rest(delivery, error, now)
        case Unreachable():
            return _once_more(delivery, now, chance)
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
            return _wait_for_approval(letter, delivery, now)
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


def _wait_for_approval(letter: Letter, delivery: Delivery, now: datetime) -> Verdict:
    """The same later, when its template may be approved or they may have written to us."""
    due, learnt = now + APPROVED_BY, Learnt(shut=letter.open_until or now)
    last = delivery.not_after or delivery.written_at + WORTH_WAITING
    if due >= last:
        return Verdict(State.EXPIRED, reason="late", learnt=learnt)
    return Verdict(State.QUEUED, due=due, learnt=learnt, alone=True)


def _in_doubt(
    letter: Letter, delivery: Delivery, now: datetime, reconcile: float | None
) -> Verdict:
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


def _rest(delivery: Delivery, error: Resting, now: datetime) -> Verdict:
    """The same later, and later still; replies to the same account go on."""
    seconds = error.seconds * 2.0 ** min(max(delivery.attempts, 1) - 1, 10)
    due = now + min(LONGEST_REST, timedelta(seconds=seconds))
    learnt = Learnt(rests_until=due)
    if delivery.not_after is not None and due >= delivery.not_after:
        return Verdict(State.EXPIRED, reason="held-back", learnt=learnt)
    if delivery.not_after is None and due - delivery.written_at > RESTED:
        return failed("held-back", learnt)
    return Verdict(State.QUEUED, due=due, learnt=learnt, alone=True)


def _once_more(delivery: Delivery, now: datetime, chance: float) -> Verdict:
    due = now + timedelta(seconds=back_off(delivery.attempts, chance))
    if delivery.not_after is not None and due >= delivery.not_after:
        return Verdict(State.EXPIRED, reason="unreachable")
    if delivery.not_after is None and due - delivery.written_at > LONGEST_TRY:
        return failed("unreachable")
    return Verdict(State.QUEUED, due=due)
