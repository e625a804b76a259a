"""What somebody may be among the staff."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a member of staff is there for."""

    OWNER = "owner"
    ORGANISER = "organiser"
    MODERATOR = "moderator"
    INTERPRETER = "interpreter"
    SPEAKER = "speaker"
