"""What the board shows of questions, and what may be done with them there; pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dialogue.stages import Stage
from storage.moderation import Handled
from web.board.words import Said, Translations, said, shown


class Column(StrEnum):
    """Where on the desk a question lies."""

    NEW = "new"
    APPROVED = "approved"
    NOW = "now"
    NEXT = "next"
    LATER = "later"
    DONE = "done"


COLUMNS: Mapping[Stage, Column] = {
    Stage.RECEIVED: Column.NEW,
    Stage.IN_REVIEW: Column.NEW,
    Stage.APPROVED: Column.APPROVED,
    Stage.QUEUED: Column.NEXT,
    Stage.LIVE: Column.NOW,
    Stage.FOLLOW_UP: Column.LATER,
    Stage.ANSWERED: Column.DONE,
    Stage.DECLINED: Column.DONE,
}
"""What is at none of these is not shown: it is its asker's again, or part of another one."""


@dataclass(frozen=True, slots=True)
class Way:
    """A button: where it brings a question, and the key of a keyboard that does the same."""

    to: Stage
    key: str
    back: bool = False
    """It undoes a step."""

    @property
    def label(self) -> str:
        """The catalogue's key of what stands on it."""
        return "board-back" if self.back else f"board-do-{self.to}"


APPROVE = Way(Stage.APPROVED, "A")
DECLINE = Way(Stage.DECLINED, "D")
ANSWERED = Way(Stage.ANSWERED, "W")
REOPEN = Way(Stage.IN_REVIEW, "R")

WAYS: Mapping[Stage, tuple[Way, ...]] = {
    Stage.RECEIVED: (APPROVE, DECLINE),
    Stage.IN_REVIEW: (APPROVE, DECLINE),
    Stage.APPROVED: (Way(Stage.QUEUED, "N"), DECLINE),
    Stage.QUEUED: (Way(Stage.LIVE, "L"), Way(Stage.APPROVED, "B", back=True)),
    Stage.LIVE: (ANSWERED, Way(Stage.FOLLOW_UP, "F"), Way(Stage.QUEUED, "B", back=True)),
    Stage.FOLLOW_UP: (ANSWERED,),
    Stage.ANSWERED: (REOPEN,),
    Stage.DECLINED: (REOPEN,),
}


@dataclass(frozen=True, slots=True)
class Card:
    """A question on the desk."""

    id: int
    version: int
    seen: str
    """What a press of its buttons carries, to be taken for this text and no other."""
    column: Column
    stage: Stage
    text: str
    original: str | None
    language: str
    translations: tuple[Said, ...]
    order: int
    supports: int
    marks: tuple[str, ...]
    """Catalogue keys of what else there is to know."""
    taken_until: int | None
    """Epoch milliseconds: so long somebody has it in hand."""
    reason: str | None
    """As it is stored."""
    answer: str | None

    @property
    def ways(self) -> tuple[Way, ...]:
        """What may be done with it."""
        return WAYS[self.stage]


def card(question: Handled, translations: Translations) -> Card | None:
    """This question on the desk; None where it does not lie there."""
    column = COLUMNS.get(question.stage)
    if column is None:
        return None
    return Card(
        id=question.id,
        version=question.version,
        seen=seen(question),
        column=column,
        stage=question.stage,
        text=shown(question.text),
        original=None if question.original is None else shown(question.original),
        language=question.language,
        translations=said(question, translations)[1:],
        order=question.order,
        supports=question.supports,
        marks=tuple(marks(question)),
        taken_until=_epoch(question.claimed_until),
        reason=question.reason,
        answer=None if question.answer is None else shown(question.answer),
    )


def seen(question: Handled) -> str:
    """Where and in which words a moderator sees it."""
    shown_as = f"{COLUMNS.get(question.stage, '')}|{question.text}"
    return hashlib.sha256(shown_as.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def marks(question: Handled) -> Iterable[str]:
    """What else there is to know of it."""
    if question.kind == "idea":
        yield "board-idea"
    if question.source == "session":
        yield "board-heard"
    if question.source == "mail":
        yield "board-mailed"
    if question.stage is Stage.DECLINED:
        yield "board-was-declined"


def _epoch(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp() * 1000)
