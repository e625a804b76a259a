"""In which language something was written."""

from __future__ import annotations

from collections.abc import Sequence

from locales.cldr import direction
from locales.direction import main_direction


def language_of(words: str, codes: Sequence[str], own: str) -> str:
    """The language of these that most words tell by their direction; else the writer's own."""
    written = main_direction(words)
    fitting = [code for code in codes if direction(code) == written]
    return own if own in fitting or not fitting else fitting[0]
