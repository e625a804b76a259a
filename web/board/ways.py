"""What may be done with a question at each stage: the buttons of a card, and their keys; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dialogue.stages import Stage
from storage.asking.asked import Kind


class Sheet(StrEnum):
    """What is done on a sheet of its own, since there is something to write or to choose."""

    EDIT = "edit"
    MERGE = "merge"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Way:
    """A button: where it brings a question, and the key of a keyboard that does the same."""

    to: Stage | Sheet
    key: str
    back: bool = False
    """It undoes a step."""
    named: str = ""
    """What it is called, where that is not where it leads."""

    @property
    def label(self) -> str:
        """The catalogue's key of what stands on it."""
        return "board-back" if self.back else f"board-do-{self.named or self.to}"

    @property
    def quiet(self) -> bool:
        """It does nothing yet, but opens a sheet."""
        return isinstance(self.to, Sheet)


APPROVE = Way(Stage.APPROVED, "A")
DECLINE = Way(Stage.DECLINED, "D")
ANSWERED = Way(Stage.ANSWERED, "W")
REOPEN = Way(Stage.IN_REVIEW, "R")
EDIT = Way(Sheet.EDIT, "E")
MERGE = Way(Sheet.MERGE, "M")
ANSWER = Way(Sheet.ANSWER, "T")

WAYS: Mapping[Stage, tuple[Way, ...]] = {
    Stage.RECEIVED: (APPROVE, DECLINE, EDIT, MERGE),
    Stage.IN_REVIEW: (APPROVE, DECLINE, EDIT, MERGE),
    Stage.APPROVED: (Way(Stage.QUEUED, "N"), DECLINE, EDIT, MERGE, ANSWER),
    Stage.QUEUED: (Way(Stage.LIVE, "L"), Way(Stage.APPROVED, "B", back=True), EDIT, ANSWER),
    Stage.LIVE: (
        ANSWERED,
        Way(Stage.FOLLOW_UP, "F"),
        Way(Stage.QUEUED, "B", back=True),
        EDIT,
        ANSWER,
    ),
    Stage.FOLLOW_UP: (ANSWERED, EDIT, ANSWER),
    Stage.ANSWERED: (REOPEN, ANSWER),
    Stage.DECLINED: (REOPEN,),
    Stage.MERGED: (REOPEN,),
}
"""What may be done at each stage; a merged one is reached by the one that it follows."""

_READ = Way(Stage.ANSWERED, "W", named="read")
IDEAS: Mapping[Stage, tuple[Way, ...]] = {
    **WAYS,
    Stage.APPROVED: (_READ, DECLINE, EDIT, MERGE),
    Stage.QUEUED: (_READ, Way(Stage.APPROVED, "B", back=True), EDIT),
    Stage.LIVE: (_READ, Way(Stage.QUEUED, "B", back=True), EDIT),
    Stage.FOLLOW_UP: (_READ, EDIT),
    Stage.ANSWERED: (REOPEN,),
}
"""The same for ideas: they are read and put to nobody."""


def ways(kind: Kind, stage: Stage) -> tuple[Way, ...]:
    """What may be done with this; nothing with what was taken back."""
    return (IDEAS if kind == "idea" else WAYS).get(stage, ())


MERGEABLE = frozenset(
    {
        Stage.RECEIVED,
        Stage.IN_REVIEW,
        Stage.APPROVED,
        Stage.QUEUED,
        Stage.LIVE,
        Stage.FOLLOW_UP,
        Stage.ANSWERED,
    }
)
"""At these another question may be merged into one."""
