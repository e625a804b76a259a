"""What the server answered: told apart by its status, and read as JSON."""

from __future__ import annotations

import json
from typing import Any, cast

from pydantic_core import from_json
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)

_TELEGRAMS_OWN = frozenset({400, 401, 403, 404, 409})
"""Refusals that the library reads; others (413: too large) would pass for a broken line."""

_ON_THE_WAY = frozenset({407, 408, 425})
"""Refusals of a proxy or a gateway, which say nothing about the message."""

_REFUSALS = {400: BadRequest, 401: InvalidToken, 403: Forbidden, 404: InvalidToken, 409: Conflict}

DEFAULT_PAUSE = 5.0
"""Seconds to wait when a 429 does not say how long (a gateway's, not Telegram's own)."""


class NotTaken(NetworkError):
    """The request never arrived, or was answered with a failure."""


class MaybeTaken(NetworkError):
    """The request left, and no answer that could be read came back."""


class Paused(TelegramError):
    """The platform asks for a pause of so many `seconds`."""

    def __init__(self, seconds: float) -> None:
        super().__init__("The platform asks for a pause.")
        self.seconds = seconds


def told_apart(status: int, body: bytes) -> tuple[int, bytes]:
    """Both, where the library reads them; raises Paused, NotTaken, MaybeTaken or BadRequest."""
    if status == 429:
        raise Paused(_seconds_to_wait(body))
    if status == 504 and read_object(body) is None:
        # A gateway gave up waiting for the server, which may have done its work.
        raise MaybeTaken("A gateway lost the platform's answer.")
    if status >= 500 or 300 <= status < 400 or status in _ON_THE_WAY:
        raise NotTaken(f"The platform answered {status}.")
    if status >= 400 and status not in _TELEGRAMS_OWN:
        raise BadRequest(f"The platform answered {status}.")
    return status, body


def refusal(status: int, body: bytes) -> TelegramError:
    """The error of the library for this answer."""
    match read_object(body):
        case {"parameters": {"migrate_to_chat_id": int() as chat}}:
            return ChatMigrated(chat)
        case {"description": str() as said}:
            pass
        case _:
            said = f"The platform answered {status}."
    return _REFUSALS.get(status, NotTaken)(said)


def _seconds_to_wait(body: bytes) -> float:
    match read_object(body):
        case {"parameters": {"retry_after": int() | float() as seconds}}:
            pass
        case _:
            seconds = 0
    return float(seconds) if 0 < seconds < 86_400 else DEFAULT_PAUSE


def read_json(body: bytes) -> Any:
    """What this JSON says; raises ValueError or RecursionError when it is none."""
    try:
        return from_json(body)
    except ValueError:
        # The standard library takes a little more: half of a surrogate pair, a deeper nesting.
        return json.loads(body)


def read_object(body: bytes) -> dict[str, Any] | None:
    """The JSON object that this is; None if it is none."""
    try:
        answer: object = read_json(body)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", answer) if isinstance(answer, dict) else None
