"""What a page of the board is given beside its words: how it looks, and what lies on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from web.board.cards import Column


@dataclass(frozen=True, slots=True)
class Look:
    """In which language and colours a page is shown."""

    language: str
    theme: str
    """`light`, `dark`, or "" for what the machine prefers."""


@dataclass(frozen=True, slots=True)
class Shell:
    """What every page of a board has."""

    webinar: str
    view: str
    version: int
    """The number of the last change that is on it."""
    form_token: str
    """What its forms carry; empty where there are none."""
    once: str = ""
    """By which each of them counts once: `web.board.once`."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What one rendering of the desk shows."""

    columns: Mapping[Column, Sequence[str]]
    """The cards, as HTML."""
    said: str
    by_mail: int
    """Answers of experts that wait for a moderator."""
    most: int
    """UTF-16 units that a reason in one's own words may have."""
