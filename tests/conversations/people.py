"""Somebody who talks with the running bot, on any channel: what they do, and what they see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

TICK = "✓ "
"""What stands before the label of a choice that is ticked."""


@dataclass(frozen=True, slots=True)
class Key:
    """A button as it is shown."""

    label: str
    value: str | None
    """What it sends; None when it opens a link."""
    number: int | None = None
    """What stands before it, where it is written out to be typed."""


class Person(Protocol):
    """One account on one channel. Each act returns once the bot has done all it does about it."""

    channel: str
    rest: Rest

    @property
    def account(self) -> str:
        """What the channel calls this account."""
        ...

    @property
    def text(self) -> str:
        """The last message of the bot."""
        ...

    @property
    def keys(self) -> Sequence[Key]:
        """The buttons under it."""
        ...

    @property
    def texts(self) -> list[str]:
        """All messages of the bot that can be seen, from top to bottom."""
        ...

    @property
    def pictured(self) -> bool:
        """Whether it came with a picture."""
        ...

    async def starts(self, webinar: str | None) -> None:
        """Come for the first time, or by a link to a webinar."""
        ...

    async def says(self, words: str) -> None:
        """Write a message."""
        ...

    async def presses(self, label: str) -> None:
        """Press the newest button with this label."""
        ...

    async def sends_picture(self, content: bytes) -> None:
        """Send a picture, which the bot asked for."""
        ...


class Rest(Protocol):
    """How an act begins and ends for the bot that is talked to."""

    def begins(self) -> None:
        """Time passes, as it does while people read and write."""
        ...

    async def ends(self, person: Person) -> None:
        """Return once the bot has nothing left to do about this person."""
        ...

    async def until(self, person: Person, condition: Callable[[], bool]) -> None:
        """Return once this holds, or will not any more."""
        ...


def plain(words: str) -> str:
    """The words without the marks that keep directions apart."""
    return words.translate(dict.fromkeys(map(ord, "\u200e\u200f\u2066\u2067\u2068\u2069")))


def key_in(keys: Iterable[Key], label: str) -> Key | None:
    """The button with this label, ticked or not."""
    return next((key for key in keys if key.label.removeprefix(TICK) == label), None)
