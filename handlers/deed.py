"""What comes of what the staff do with a question or its texts, on the phone as on the board."""

from __future__ import annotations

from enum import StrEnum


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
