"""Confirmations that count once: their button carries what was last shown, and only that."""

from __future__ import annotations

from dataclasses import replace

from handlers.turn import Turn


def new(turn: Turn) -> str:
    """The token of the confirmation that is shown now; any other one is worth nothing any more."""
    turn.desk = replace(turn.desk, token=turn.house.random_token())
    return turn.desk.token


def counts(turn: Turn, token: str) -> bool:
    """Whether this is the confirmation that was shown last; true only once."""
    good = bool(token) and token == turn.desk.token
    turn.desk = replace(turn.desk, token="")
    return good
