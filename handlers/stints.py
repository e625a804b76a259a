"""Where an interpreter is among the texts: the languages, what was passed over, the one in hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from handlers.rounds import REMEMBERED


@dataclass(frozen=True, slots=True)
class Stint:
    """The texts that somebody goes through; kept at their desk."""

    languages: tuple[str, ...] = ()
    """Between which they work, once they have told."""
    skipped: tuple[int, ...] = ()
    """What was passed over since they began."""
    text: int | None = None
    """The one in hand: claimed, until it is put down."""
    last: int | None = None
    """What they approved last, and may still put right."""

    def passing(self, text: int) -> Stint:
        """The same once this one was left to others, or for later."""
        skipped = (*self.skipped, text)[-REMEMBERED:]
        return replace(self, skipped=skipped, text=None)

    def to_json(self) -> list[Any]:
        """A JSON array that `from_json` reads back."""
        return [[*self.languages], [*self.skipped], self.text, self.last]

    @staticmethod
    def from_json(kept: list[Any]) -> Stint:
        """The stint that `to_json` wrote."""
        languages, skipped, text, last = kept
        return Stint(tuple(languages), tuple(skipped), text, last)
