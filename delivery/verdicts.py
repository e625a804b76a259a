"""What is written about a row of the outbox after a try, or that its letter goes again at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from delivery.learnt import NOTHING, Learnt
from dialogue.words import Act
from storage.outbox import State

DEFINITE = frozenset(
    {"closed", "gone", "held-back", "moved", "no-marketing", "refused", "unreachable"}
)


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


def failed(reason: str, learnt: Learnt = NOTHING) -> Verdict:
    """It will not be tried again."""
    return Verdict(State.FAILED, reason=reason, learnt=learnt)
