"""Words as they sound in Iraq, so that two spellings of one word are one word."""

from __future__ import annotations

import re

from dialogue.fold import fold

# Spoken Iraqi says and writes ك, ج or گ for ق, and ظ for ض; چ, پ and ڤ have no place on many
# keyboards. For comparing it is enough that all of them agree.
_SOUNDS = str.maketrans({"ق": "ك", "گ": "ك", "چ": "ج", "پ": "ب", "ڤ": "ف", "ظ": "ض"})
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")
_SCRIPTS = re.compile(r"(?<=[a-z])(?=[\u0621-\u064a])|(?<=[\u0621-\u064a])(?=[a-z])")


def folded(text: str) -> str:
    """The text for comparing only: spelling, marks, sounds and drawn out letters set aside.

    Arabic and Latin letters in one word are two words. Folding twice changes nothing.
    """
    plain = _SCRIPTS.sub(" ", fold(text))
    return _DRAWN_OUT.sub(r"\1", plain).translate(_SOUNDS)
