"""Where a moderator is among the questions: which ones, in which order, and the one in hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

REMEMBERED = 300
"""Whoever passes over more than so many sees the first of them again."""


@dataclass(frozen=True, slots=True)
class Round:
    """The questions of one webinar that somebody goes through; kept at their desk."""

    webinar: str | None = None
    """None is the series as a whole."""
    view: str = "new"
    """The stages of the questions, by the names of `moderating.views`."""
    order: str = "fair"
    skipped: tuple[int, ...] = ()
    """What was passed over in this round."""
    question: int | None = None
    """The one in hand: claimed, until it is put down."""

    def passing(self, question: int) -> Round:
        """The same once this one was left to others, or for later."""
        skipped = (*self.skipped, question)[-REMEMBERED:]
        return replace(self, skipped=skipped, question=None)

    def to_json(self) -> list[Any]:
        """A JSON array that `from_json` reads back."""
        return [self.webinar, self.view, self.order, [*self.skipped], self.question]

    @staticmethod
    def from_json(kept: list[Any]) -> Round:
        """The round that `to_json` wrote."""
        webinar, view, order, skipped, question = kept
        return Round(webinar, view, order, tuple(skipped), question)
