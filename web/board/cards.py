"""What the board shows of questions, and what may be done with them there; pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dialogue.stages import Stage
from storage.asking.moderation import Handled
from web.board.ways import MERGE, Way, ways
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


IN_TURN = frozenset({Column.NEXT, Column.NOW})
"""There questions lie in the order in which they were queued, elsewhere by their age."""


@dataclass(frozen=True, slots=True)
class Part:
    """A question that was merged into another one."""

    id: int
    seen: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Beside:
    """What there is to know of a question that is not in it."""

    holder: str | None = None
    """The role of whoever has it in hand."""
    parts: tuple[Handled, ...] = ()
    """What was merged into it."""
    alike: int = 0
    """How many others seem to ask the same."""


NOTHING = Beside()


@dataclass(frozen=True, slots=True)
class Card:
    """A question on the desk."""

    id: int
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
    tags: tuple[str, ...]
    """By what it is found: what kind it is, and where it came from."""
    flagged: bool
    """It is folded away until somebody wants to read it."""
    taken_until: int | None
    """Epoch milliseconds: so long somebody has it in hand."""
    holder: str | None
    parts: tuple[Part, ...]
    alike: int
    ways: tuple[Way, ...]
    """What may be done with it."""
    reason: str | None
    """As it is stored."""
    answer: str | None
    answer_language: str


def card(question: Handled, translations: Translations, beside: Beside = NOTHING) -> Card | None:
    """This question on the desk; None where it does not lie there."""
    column = COLUMNS.get(question.stage)
    if column is None:
        return None
    offered = ways(question.kind, question.stage)
    return Card(
        id=question.id,
        seen=seen(question),
        column=column,
        stage=question.stage,
        text=shown(question.text),
        original=None if question.original is None else shown(question.original),
        language=question.language,
        translations=said(question, translations)[1:],
        order=(question.queued if column in IN_TURN else 0) or question.order,
        supports=question.supports,
        marks=tuple(marks(question)),
        tags=tuple(tags(question)),
        flagged=question.flagged and column in (Column.NEW, Column.DONE),
        taken_until=_epoch(question.claimed_until),
        holder=beside.holder,
        parts=tuple(Part(e.id, seen(e), shown(e.text), e.language) for e in beside.parts),
        alike=beside.alike if MERGE in offered else 0,
        ways=offered,
        reason=question.reason,
        answer=None if question.answer is None else shown(question.answer),
        answer_language=question.answered_language or question.language,
    )


def seen(question: Handled) -> str:
    """Where, in which words and with which answer a moderator sees it."""
    column = COLUMNS.get(question.stage, "")
    shown_as = f"{column}|{question.text}|{question.answer or ''}"
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


def tags(question: Handled) -> Iterable[str]:
    """By what it is found on the desk."""
    if question.kind == "idea":
        yield "idea"
    if question.source in ("session", "mail"):
        yield question.source


def _epoch(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp() * 1000)
