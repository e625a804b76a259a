"""What stands in a line of IMAP."""

from __future__ import annotations

import re

_ARGUMENT = re.compile(r'"((?:\\.|[^"\\])*)"|(\S+)')


def arguments(said: str) -> list[str]:
    """The arguments of a command, quoted or not."""
    return [
        re.sub(r"\\(.)", r"\1", quoted) if plain == "" else plain
        for quoted, plain in _ARGUMENT.findall(said)
    ]


def numbers_in(said: str, there: list[int]) -> list[int]:
    """Those of the numbers that are there which this set names, such as `1,3:5,7:*`."""
    last = max(there, default=0)
    named: set[int] = set()
    for piece in said.split(","):
        first, _, end = piece.partition(":")
        low, high = (last if each == "*" else int(each) for each in (first, end or first))
        named |= {each for each in there if min(low, high) <= each <= max(low, high)}
    return sorted(named)
