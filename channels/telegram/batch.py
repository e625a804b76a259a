"""Taking a long poll's answer apart, so that one poisonous update does not spoil its batch."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from channels.telegram.updates import LARGEST_ID, Unreadable

_ID = re.compile(rb'"update_id"\s*:\s*(\d{1,19})(?!\d)')
_CHAT = re.compile(r'"chat"\s*:\s*\{[^{}]*?"id"\s*:\s*(-?\d{1,19})(?!\d)')
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[{}\[\]]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Unparsable:
    """The bytes of an update that is no JSON that Python reads."""

    raw: bytes


def updates_in(body: bytes) -> list[object]:
    """The updates in the answer to getUpdates, each parsed by itself; broken ones `Unparsable`.

    Raises Unreadable when the whole of it is not such an answer.
    """
    try:
        answer: object = json.loads(body)
    except (ValueError, RecursionError):
        return [_parsed(piece) for piece in _pieces(body)]
    result = cast("dict[str, Any]", answer).get("result") if isinstance(answer, dict) else None
    if not isinstance(result, list):
        raise Unreadable("the answer holds no list of updates")
    return cast("list[object]", result)


def number_of(update: object) -> int | None:
    """The update's number, by which the offset moves; None where there is none to be seen."""
    if isinstance(update, Unparsable):
        found = _ID.search(update.raw)
        number: object = int(found[1]) if found else None
    elif isinstance(update, dict):
        number = cast("dict[str, Any]", update).get("update_id")
    else:
        return None
    return number if type(number) is int and 0 <= number < LARGEST_ID else None


def raw_of(update: object) -> str:
    """The update as text, for quarantine."""
    if isinstance(update, Unparsable):
        return update.raw.decode("utf-8", "replace")
    try:
        return json.dumps(update)
    except (ValueError, RecursionError):
        return ""


def account_in(raw: str) -> str | None:
    """Whose chat an update that cannot be read came from, as far as can be told; None if not."""
    found = _CHAT.search(raw)
    return found[1] if found else None


def _parsed(piece: bytes) -> object:
    try:
        return json.loads(piece)
    except (ValueError, RecursionError):
        return Unparsable(piece)


def _pieces(body: bytes) -> Iterator[bytes]:
    """The elements of the list under "result", found by counting brackets outside of strings."""
    listed = re.search(rb'"result"\s*:\s*\[', body)
    if listed is None:
        raise Unreadable("the answer holds no list of updates")
    depth, start = 0, listed.end()
    for token in _TOKEN.finditer(body, listed.end()):
        match token[0]:
            case b"{" | b"[":
                if depth == 0:
                    start = token.start()
                depth += 1
            case b"}" | b"]" if depth == 0:
                return
            case b"}" | b"]":
                depth -= 1
                if depth == 0:
                    yield body[start : token.end()]
            case _:
                pass
    # Never closed: what is left is given as it is, rather than dropped.
    yield body[start:]
