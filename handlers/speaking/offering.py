"""What typed words may mean, said back: buttons that carry it, one to agree or some to choose."""

from __future__ import annotations

from dialogue.form import Choice

RIGHT = "="
"""Stands before the only thing that is offered: its button says yes."""


def of(*values: str) -> tuple[Choice, ...]:
    """The offers that carry these values."""
    return tuple(Choice(value, value) for value in values)


def chosen(offer: str, _typed: str) -> str:
    """The value that an offer carries, whatever was typed before."""
    return offer.removeprefix(RIGHT)
