"""A webinar's questions as one reader has them: ranked, merged, in their language where it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dialogue.stages import Stage
from handlers.receipts import reasons
from storage import Transaction
from storage.asking.listed import WAITING, Listed
from storage.asking.texts import Translated


class Put(StrEnum):
    """How somebody's words come to a reader."""

    ORIGINAL = "original"
    TRANSLATED = "translated"
    MISSING = "missing"
    """In another language: no interpreter has approved a text in the reader's yet."""


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody's words, and the language that they are in."""

    text: str
    language: str
    put: Put


@dataclass(frozen=True, slots=True)
class Entry:
    """A question in its place."""

    number: int
    reference: int
    """Names it in a reply, whatever its place is by then."""
    question: Said
    voices: int
    answer: Said | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """All that there is to say to a reader of one language."""

    language: str
    waiting: tuple[Entry, ...] = ()
    """To be put, in this order."""
    answered: tuple[Entry, ...] = ()
    later: tuple[Entry, ...] = ()
    """An answer was promised."""
    declined: tuple[tuple[str | None, int], ...] = ()
    """How many for which stored reason, the most frequent first; None is any other."""
    ideas: tuple[Entry, ...] = ()
    """To be read, and answered by nobody."""

    @property
    def missing(self) -> int:
        """How many of those to be put are not in the reader's language yet."""
        return sum(each.question.put is Put.MISSING for each in self.waiting)


@dataclass(frozen=True, slots=True)
class Material:
    """What a digest is made of, for readers of any language."""

    questions: Sequence[Listed]
    translations: Sequence[Translated]
    ideas: Sequence[Listed] = ()

    @property
    def waiting(self) -> int:
        """How many are to be put."""
        return sum(each.stage in WAITING for each in self.questions)


async def material(tx: Transaction, webinar: str) -> Material:
    """The questions of this webinar that came past the moderators, and what interpreters made."""
    questions = await tx.digests.questions(webinar)
    ideas = await tx.digests.ideas(webinar)
    read = [each.id for each in (*questions, *ideas)]
    return Material(questions, await tx.texts.approved(read), ideas)


def digest(found: Material, language: str) -> Digest:
    """The same for a reader of this language."""
    words: dict[tuple[int, str], dict[str, str]] = {}
    for each in found.translations:
        words.setdefault((each.question, each.part), {})[each.language] = each.text

    def entries(questions: Iterable[Listed]) -> tuple[Entry, ...]:
        return tuple(
            Entry(
                number,
                each.reference,
                said(each.text, each.language, words.get((each.id, "question"), {}), language),
                each.voices,
                None
                if each.answer is None
                else said(
                    each.answer,
                    each.answered_language or each.language,
                    words.get((each.id, "answer"), {}),
                    language,
                ),
            )
            for number, each in enumerate(questions, start=1)
        )

    def at(*stages: Stage) -> tuple[Entry, ...]:
        return entries(each for each in found.questions if each.stage in stages)

    declined = (each for each in found.questions if each.stage is Stage.DECLINED)
    why = Counter(common(each.reason) for each in declined)
    return Digest(
        language,
        at(*WAITING),
        at(Stage.ANSWERED),
        at(Stage.FOLLOW_UP),
        counted(why),
        entries(found.ideas),
    )


def said(text: str, written_in: str, translations: Mapping[str, str], language: str) -> Said:
    """These words for a reader of this language."""
    if written_in == language:
        return Said(text, language, Put.ORIGINAL)
    if language in translations:
        return Said(translations[language], language, Put.TRANSLATED)
    return Said(text, written_in, Put.MISSING)


def common(reason: str | None) -> str | None:
    """One of the reasons that everybody knows; a moderator's own words are the asker's to read."""
    return reason if reason in {reasons.kept(each) for each in reasons.REASONS} else None


def counted(why: Mapping[str | None, int]) -> tuple[tuple[str | None, int], ...]:
    """How many for each reason, in an order that is always the same."""
    return tuple(sorted(why.items(), key=lambda each: (-each[1], each[0] or "")))
