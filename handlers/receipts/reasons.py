"""Why questions are declined: a few reasons that are said in everybody's language, or own words."""

from __future__ import annotations

from dialogue.words import Label, Text

REASONS = ("asked", "topic", "risk", "words", "time")
_MARK = "!"


def kept(reason: str) -> str:
    """One of the reasons, as it is stored."""
    return f"{_MARK}{reason}"


def told(stored: str) -> Label:
    """A stored reason as it is said: in the reader's language, or in a moderator's own words."""
    name = stored.removeprefix(_MARK)
    return Text(f"reason-{name}") if stored == kept(name) and name in REASONS else stored
