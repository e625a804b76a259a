"""What becomes of a letter after the platform answered, or did not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from channels import Barred, Busy, Gone, Moved, Refused, TargetGone, Unreachable, Unsure
from delivery.lanes import Letter
from dialogue.words import Act
from storage.outbox import Delivery, State

LONGEST_TRY = timedelta(hours=24)
"""A message without `not_after` is given up when it could not be sent for so long."""
FIRST_BACK_OFF = 1.0
LONGEST_BACK_OFF = 300.0
TRIES_OF_AN_ERROR = 3
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
    gone: bool = False
    """The address cannot be written to any more."""


@dataclass(frozen=True, slots=True)
class Again:
    """The letter goes once more at once, changed; its row stays as it is."""

    act: Act
    target: str | None
    account: str


def back_off(attempts: int, chance: float) -> float:
    """Seconds until the next try: doubling, with half of it left to chance."""
    doubled = min(LONGEST_BACK_OFF, FIRST_BACK_OFF * 2.0 ** min(max(attempts, 1) - 1, 30))
    return doubled * (0.5 + chance / 2)


def failed(reason: str) -> Verdict:
    """It will not be tried again."""
    return Verdict(State.FAILED, reason=reason)


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
    letter: Letter, delivery: Delivery, error: Exception, now: datetime, pause: float, chance: float
) -> Verdict | Again:
    """The verdict on what the channel raised; the whole sender pauses for `pause` seconds."""
    match error:
        case Busy() | Barred():
            # Nobody's fault: the row waits as long as all the others do.
            return Verdict(State.QUEUED, due=now + timedelta(seconds=pause))
        case Moved() if not letter.moved:
            return Again(letter.act, letter.target, error.account)
        case Moved():
            return failed("moved")
        case Gone():
            return Verdict(State.FAILED, reason="gone", gone=True)
        case TargetGone() if letter.act is Act.EDIT:
            return Again(Act.SEND, None, letter.account)
        case TargetGone() if letter.act in (Act.STRIP, Act.DELETE):
            # What should vanish is not there: that is what was wanted.
            return Verdict(State.SENT, reason="target-gone")
        case Refused():
            return failed("refused")
        case Unsure() if delivery.ambiguous:
            return Verdict(State.UNKNOWN, reason="unsure")
        case Unsure():
            return Verdict(State.QUEUED, due=now + UNSURE_AGAIN, ambiguous=True)
        case Unreachable():
            return _once_more(delivery, now, chance)
        case _ if delivery.attempts >= TRIES_OF_AN_ERROR:
            return failed("error")
        case _:
            seconds = back_off(delivery.attempts, chance)
            return Verdict(State.QUEUED, due=now + timedelta(seconds=seconds))


def _once_more(delivery: Delivery, now: datetime, chance: float) -> Verdict:
    due = now + timedelta(seconds=back_off(delivery.attempts, chance))
    if delivery.not_after is not None and due >= delivery.not_after:
        return Verdict(State.EXPIRED, reason="unreachable")
    if delivery.not_after is None and due - delivery.written_at > LONGEST_TRY:
        return failed("unreachable")
    return Verdict(State.QUEUED, due=due)
