"""Keeping lines and inserted runs in their own direction, in clients that guess it.

The characters are those of https://www.unicode.org/reports/tr9/: isolates keep a run from
reordering its surroundings, a mark at the start of a line decides for clients that go by the first
letter with a direction.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

LEFT_TO_RIGHT_MARK = "\u200e"
RIGHT_TO_LEFT_MARK = "\u200f"
_OPEN = {"ltr": "\u2066", "rtl": "\u2067", None: "\u2068"}
_CLOSE = "\u2069"
_OPENING = frozenset(_OPEN.values())
_COMMAND = re.compile(r"(?<![^\s(«\"])/[a-z]+")
_STRONG = {"L": "ltr", "R": "rtl", "AL": "rtl"}


def isolated(words: str, direction: str | None = None) -> str:
    """The words, each line apart from what stands around it: `ltr`, `rtl`, or None to guess."""
    if "\n" not in words:
        return f"{_OPEN[direction]}{words}{_CLOSE}" if words else ""
    return "\n".join(isolated(line, direction) for line in words.split("\n"))


def commands_isolated(words: str) -> str:
    """The words of a language written to the left, each `/command` apart: its slash stays first."""
    return _COMMAND.sub(lambda found: isolated(found[0], "ltr"), words)


def led(words: str, direction: str) -> str:
    """The words with a mark before each line that a client could take for the other direction."""
    if direction == "ltr" and words.isascii():
        return words
    return "\n".join([_led_line(line, direction) for line in words.split("\n")])


def first_direction(words: str) -> str | None:
    """`rtl` or `ltr`, as the first letter that has a direction says; None without any."""
    return _first_directions(words)[1]


def main_direction(words: str) -> str | None:
    """`rtl` or `ltr`, as most of the words are written; of as many the first letter decides.

    An Arabic sentence may begin with a Latin name, and hold a link with many letters.
    """
    counted = Counter(first_direction(word) for word in words.split())
    if counted["rtl"] == counted["ltr"]:
        return first_direction(words)
    return "rtl" if counted["rtl"] > counted["ltr"] else "ltr"


def begun(words: str) -> str:
    """The words with a mark before each line that its first letter would turn round.

    For what shows each line by the first letter in it: a page, where nothing else is known of it.
    """
    return "\n".join([_begun_line(line) for line in words.split("\n")])


def _begun_line(line: str) -> str:
    direction = main_direction(line)
    if direction is None or direction == first_direction(line):
        return line
    return (RIGHT_TO_LEFT_MARK if direction == "rtl" else LEFT_TO_RIGHT_MARK) + line


def _led_line(line: str, direction: str) -> str:
    # Most Arabic lines begin with an Arabic letter, and these are read a thousand times a second.
    if direction == "rtl" and "\u0620" <= line[:1] <= "\u064a":
        return line
    outside, anywhere = _first_directions(line)
    if outside == anywhere == direction or not line.strip():
        return line
    if direction == "rtl":
        return RIGHT_TO_LEFT_MARK + line
    # Left to right is what clients take when they find nothing to go by.
    return LEFT_TO_RIGHT_MARK + line if "rtl" in (outside, anywhere) else line


def _first_directions(line: str) -> tuple[str | None, str | None]:
    """The direction of the first letter outside of isolates, and of the first letter at all.

    Clients that know isolates go by the one, older ones by the other.
    """
    anywhere: str | None = None
    depth = 0
    for char in line:
        if char in _OPENING:
            depth += 1
        elif char == _CLOSE:
            depth = max(0, depth - 1)
        elif (found := _STRONG.get(unicodedata.bidirectional(char))) is not None:
            anywhere = anywhere or found
            if depth == 0:
                return found, anywhere
    return None, anywhere
