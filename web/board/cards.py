"""What the board shows of questions, and what may be done with them there; pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from dialogue.fold import clean
from dialogue.stages import Stage
from storage.moderation import Handled

LONGEST = 1000


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
class Said:
    """Words in a language."""

    text: str
    language: str
    translated: bool = False


Translations: TypeAlias = Mapping[int, Mapping[str, str]]
"""Approved translations of questions: by question, then by language."""


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


def said(question: Handled, translations: Translations) -> tuple[Said, ...]:
    """The words of this question, and then what interpreters made of them."""
    others = translations.get(question.id, {})
    return (
        Said(shown(question.text), question.language),
        *(
            Said(shown(text), language, translated=True)
            for language, text in sorted(others.items())
            if language != question.language
        ),
    )


@dataclass(frozen=True, slots=True)
class Put:
    """A question as the experts see it, in the reader's language first where it can be."""

    said: tuple[Said, ...]
    supports: int

    @property
    def length(self) -> str:
        """How large its letters may be."""
        longest = sum(len(each.text) for each in self.said)
        return next((size for size, most in SIZES if longest <= most), "xl")


SIZES = (("s", 90), ("m", 220), ("l", 450))


@dataclass(frozen=True, slots=True)
class Stand:
    """What is on stage: being put, to be put next, and what most people want to know."""

    now: tuple[Put, ...]
    next: tuple[Put, ...]
    top: tuple[Put, ...]
    waiting: int
    """How many come after those that are shown as next."""


AHEAD = 5


def stand(questions: Iterable[Handled], translations: Translations, language: str) -> Stand:
    """What is on stage of these for a reader of this language.

    Ideas are read by the organisers and put to nobody.
    """

    def put(some: Sequence[Handled]) -> tuple[Put, ...]:
        return tuple(
            Put(
                tuple(
                    sorted(said(each, translations), key=lambda words: words.language != language)
                ),
                each.supports,
            )
            for each in some
        )

    by_stage: dict[Stage, list[Handled]] = {}
    for question in questions:
        if question.kind == "question":
            by_stage.setdefault(question.stage, []).append(question)
    queued = sorted(by_stage.get(Stage.QUEUED, ()), key=lambda q: q.order)
    wanted = sorted(by_stage.get(Stage.APPROVED, ()), key=lambda q: (-q.supports, q.order))
    return Stand(
        now=put(sorted(by_stage.get(Stage.LIVE, ()), key=lambda q: q.order)),
        next=put(queued[:AHEAD]),
        top=put(wanted[:AHEAD]),
        waiting=max(0, len(queued) - AHEAD),
    )


_HOST = re.compile(r"(?P<before>https?://(?:[^\s/@]*@)?|www\.)(?P<host>[^\s/:?#@]+)", re.IGNORECASE)


def shown(text: str) -> str:
    """Somebody's words, as a page may show them; look-alike names of hosts are spelt out."""
    return _HOST.sub(_spelt, clean(text, LONGEST))


def _spelt(found: re.Match[str]) -> str:
    host = found["host"]
    if host.isascii():
        return found[0]
    try:
        return found["before"] + host.encode("idna").decode("ascii")
    except UnicodeError:
        # Nothing can be at such a host.
        return found["before"] + host.encode("ascii", "backslashreplace").decode("ascii")


def _epoch(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp() * 1000)
