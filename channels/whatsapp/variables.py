"""What is inserted into a template, by WhatsApp's rules.

No line ends, no tabs, no more than three spaces in a row, nothing empty, and 1,024 characters for
the filled template: https://www.twilio.com/docs/api/errors/63021 and 21656.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from dialogue.fold import split_text, utf16_length

NOTHING = "–"
MORE = " …"

_TELLING = str.maketrans({"'": "’"})
"""People have met 21656 for a straight apostrophe; a sentence wants the other one anyway."""
_BRACES = re.compile(r"([{}])(?=\1)")
_ENDS = (*".!?؟…۔:،؛;,", "»", "”")


def variables(values: Sequence[str], units: int) -> str:
    """The values as ContentVariables: cleaned, and the longest cut to `units` together."""
    cleaned = [_one_line(value) for value in values]
    return as_variables(_shared(cleaned, units))


def as_variables(values: Sequence[str]) -> str:
    """These values under their numbers, as they are."""
    return json.dumps(
        {str(number): value for number, value in enumerate(values, 1)}, ensure_ascii=False
    )


def _one_line(value: str) -> str:
    line = ""
    value = _BRACES.sub(r"\1 ", value.translate(_TELLING))
    for part in value.split("\n"):
        words = " ".join(part.split())
        if words and line:
            line += " " if line.endswith(_ENDS) else " · "
        line += words
    return line or NOTHING


def _shared(values: Sequence[str], units: int) -> list[str]:
    """The values in so many units together: short ones stay whole, long ones share what is left."""
    room = {at: utf16_length(value) for at, value in enumerate(values)}
    left, open_ = units, sorted(room, key=lambda at: room[at])
    while open_:
        share = left // len(open_)
        at = open_.pop(0)
        room[at] = min(room[at], share)
        left -= room[at]
    return [_cut(value, room[at]) for at, value in enumerate(values)]


def _cut(value: str, units: int) -> str:
    """The value up to the end of a sentence, else of a word, with a sign that there is more."""
    if utf16_length(value) <= units:
        return value
    space = max(units - utf16_length(MORE), 2)
    return split_text(value, space)[0] + MORE
