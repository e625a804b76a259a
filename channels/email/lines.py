"""Words that are to stand on one line, where another line would mean something else."""

from __future__ import annotations

import re

_MARKS = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def one_line(words: str) -> str:
    """The words with nothing in them that could begin another header."""
    return " ".join(_CONTROL.sub(" ", _MARKS.sub("", words)).split())
