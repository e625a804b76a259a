"""What is done about a message that the platform took first, and refused afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from channels import (
    Barred,
    Busy,
    Closed,
    Exhausted,
    Faltering,
    Gone,
    NoMarketing,
    NoPicture,
    OptedOut,
    Resting,
    Unfit,
    Unreachable,
    Unsure,
)
from delivery.learnt import NOTHING, Learnt
from delivery.retries import LONGEST_REST, back_off

RESTS = 4
"""So often what is held back is sent once more, each time after twice as long."""
AGAIN_AFTER = 4
"""The first try counts for so many: what had been taken does not go again within a few seconds."""
BARRED_FOR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What follows from a failure."""

    reason: str
    """As in a settlement."""
    learnt: Learnt = NOTHING
    due: datetime | None = None
    """When the message goes once more; None is never."""
    most: int = 1
    """So often in all."""
    elsewhere: bool = False
    """Another address of the same person may get it instead, at once."""
    unfit: bool = False
    """Nobody else is to get the same."""
    silence: timedelta = timedelta(0)
    """So long nothing at all may be sent, or nothing but replies (`hush`)."""
    hush: bool = False
    alert: str | None = None
    """What a human has to hear of."""


def afterwards(error: Exception | None, now: datetime, chance: float, again: int = 0) -> Afterwards:
    """What follows from this error, which a channel could have raised at once; None is unknown.

    The message went once more `again` times already.
    """
    match error:
        case Closed():
            return Afterwards("closed", Learnt(shut=now), due=now)
        case OptedOut():
            return Afterwards("gone", Learnt(gone=True, stopped=True))
        case Gone():
            return Afterwards("gone", Learnt(gone=True), elsewhere=True)
        case NoMarketing():
            return Afterwards("no-marketing", Learnt(no_marketing=True), elsewhere=True)
        case Resting():
            due = now + min(LONGEST_REST, timedelta(seconds=error.seconds * 2.0**again))
            learnt = Learnt(rests_until=due)
            return Afterwards("held-back", learnt, due=due, most=RESTS, elsewhere=True)
        case Unfit():
            alert = "ALERT: what a message says is refused, and its broadcast pauses"
            return Afterwards("refused", due=now, unfit=True, alert=alert)
        case Exhausted() | Busy():
            return _waits(error, now)
        case Barred():
            alert = "ALERT: the platform does not let this sender send"
            return Afterwards("refused", due=now + BARRED_FOR, silence=BARRED_FOR, alert=alert)
        case NoPicture():
            # Whoever sends it knows by now, and lets the words go alone.
            return Afterwards("refused", due=now)
        case Faltering() | Unreachable() | Unsure():
            due = now + timedelta(seconds=back_off(AGAIN_AFTER, chance))
            return Afterwards("refused", due=due)
        case _:
            return Afterwards("refused", elsewhere=True)


def _waits(error: Exhausted | Busy, now: datetime) -> Afterwards:
    seconds, hush = timedelta(seconds=error.seconds), isinstance(error, Exhausted)
    alert = "ALERT: the platform takes no more than replies, so broadcasts wait" if hush else None
    return Afterwards("refused", due=now + seconds, silence=seconds, hush=hush, alert=alert)
