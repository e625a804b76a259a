"""What comes of what the staff do with a question or its texts, on the phone as on the board."""

from __future__ import annotations

from enum import StrEnum

from dialogue.stages import Stage
from dialogue.words import Text
from storage.asking.asked import Kind


class Outcome(StrEnum):
    """What came of it."""

    DONE = "done"
    TAKEN = "taken"
    """Somebody else has it in hand."""
    CHANGED = "changed"
    """It is not what they were shown."""
    GONE = "gone"
    UNFIT = "unfit"
    """What was written is empty, or too long."""


def came_to(kind: Kind, stage: Stage) -> Text:
    """What is said to whoever brought a question there; an idea is read, and not answered."""
    read = kind == "idea" and stage is Stage.ANSWERED
    return Text("moderated-read" if read else f"moderated-{stage}")
