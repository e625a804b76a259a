"""In which language something was written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from locales.cldr import direction
from locales.direction import main_direction

_NO_WORD = re.compile(r"://|@|^www\.", re.IGNORECASE)


def language_of(words: str, codes: Sequence[str], own: str) -> str:
    """The language of these that most words tell by their direction; else the writer's own.

    Links, addresses and names of accounts are in no language.
    """
    written = main_direction(" ".join(word for word in words.split() if not _NO_WORD.search(word)))
    fitting = [code for code in codes if direction(code) == written]
    return own if own in fitting or not fitting else fitting[0]
