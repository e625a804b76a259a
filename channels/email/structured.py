"""Headers with a grammar: comments say nothing, and quoted signs mean nothing
(https://www.rfc-editor.org/rfc/rfc5322#section-3.2)."""

from __future__ import annotations

import re
from collections.abc import Callable

_SIGNS = re.compile(r"\\.|.", re.DOTALL)


def plain(value: str, quoted: Callable[[str], str], *, quotes_in_comments: bool = False) -> str:
    """What a header says, without comments.

    `quoted` says what stays of each sign in quotes, and of these. `quotes_in_comments` is for what
    a program writes that repeats somebody's words even there: a bracket of theirs ends no comment.
    """
    said, depth, inside = list[str](), 0, False
    for sign in _SIGNS.findall(value):
        ends = sign == '"' and (quotes_in_comments or not depth)
        if ends:
            inside = not inside
        if not (inside or ends) and sign in "()":
            depth = max(0, depth + (1 if sign == "(" else -1))
            said.append(" ")
        elif not depth:
            said.append(quoted(sign) if inside or ends else sign)
    return "".join(said)
