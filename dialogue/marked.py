"""Answers in a mail: each behind the mark of its question, such as `[#37]`."""

from __future__ import annotations

import re

from dialogue.fold import LONGEST_TEXT, split_text

MOST = 60
"""Answers in one mail."""
# Programs of mail put marks for the direction around figures, and people leave brackets out.
_MARK = re.compile(
    r"^[ \t\u200e\u200f\u2066-\u2069]*\[?[ ]?#[ \u200e\u200f]?(\d{1,9})[ ]?\]?[ \t:.)\u2069\-–]*",
    re.MULTILINE,
)


def mark(reference: int) -> str:
    """What stands beside a question, and in front of its answer."""
    return f"[#{reference}]"


def answers_in(text: str) -> dict[int, str]:
    """The answers by the number of their question; what is in front of the first mark is none.

    Where a number comes twice the later answer counts, unless it is empty.
    """
    found = list(_MARK.finditer(text))[:MOST]
    answers: dict[int, str] = {}
    for at, each in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(text)
        words = text[each.end() : end].strip()
        if words:
            answers[int(each[1])] = split_text(words, LONGEST_TEXT)[0]
    return answers
