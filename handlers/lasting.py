"""Buttons under messages that stay as they are: what is pressed there is answered below them.

Under an announcement or a reminder nothing may take the place of its words, and its buttons lead
to the same places a week later.
"""

from __future__ import annotations

_MARK = "+"


def lasting(value: str) -> str:
    """What such a button carries."""
    return f"{_MARK}{value}"


def lasts(choice: str | None) -> bool:
    """Whether this was pressed under such a message."""
    return choice is not None and choice.startswith(_MARK)


def meaning(choice: str) -> str:
    """What the button does."""
    return choice.removeprefix(_MARK)
