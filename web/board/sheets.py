"""Sheets: what is opened to write or to choose something, and what it shows of the question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dialogue.fold import LONGEST_TEXT
from dialogue.stages import Stage
from handlers.interpreting.texts import mark
from storage.asking.moderation import Handled
from storage.asking.texts import Text as Wanted
from web.board.cards import seen
from web.board.feed import Feed
from web.board.ways import MERGEABLE, Sheet
from web.board.words import Said, said, shown

OTHERS = 30
"""So many more are offered to be merged with; the others are found by searching."""
HEARD = "heard"
TRANSLATE = "translate"


@dataclass(frozen=True, slots=True)
class Other:
    """A question with which another one may be merged."""

    value: str
    text: str
    language: str
    supports: int


@dataclass(frozen=True, slots=True)
class SheetShown:
    """A sheet, as it is shown."""

    kind: str
    do: str
    """What it carries back."""
    most: int
    """UTF-16 units that may be written."""
    said: tuple[Said, ...] = ()
    """What it is about, in each language that there is."""
    original: Said | None = None
    """In the asker's own words, where they are others."""
    text: str = ""
    """What is there already to be changed."""
    language: str = ""
    """The one to write in; empty where that is the writer's to choose."""
    fresh: bool = False
    """It may be approved along with it."""
    for_all: bool = False
    answered: bool = False
    """There was an answer before."""
    alike: Sequence[Other] = ()
    others: Sequence[Other] = ()
    draft: str | None = None
    part: str = ""
    """Of a translation: `question` or `answer`."""
    wide: bool = False
    """It has two columns where there is room."""
    note: str = ""
    """Why it is shown again."""


def edit_sheet(feed: Feed, question: Handled, most: int) -> SheetShown:
    """To put a question in other words."""
    original = None
    if question.original is not None:
        original = Said(shown(question.original), question.language)
    return replace(
        _about(feed, question, Sheet.EDIT, most),
        original=original,
        text=question.text,
        language=question.language,
        fresh=question.stage is Stage.IN_REVIEW,
    )


def answer_sheet(feed: Feed, question: Handled, most: int) -> SheetShown:
    """To answer a question in writing."""
    return replace(
        _about(feed, question, Sheet.ANSWER, most),
        text=question.answer or "",
        for_all=question.answer_public,
        answered=question.answer is not None,
    )


def merge_sheet(feed: Feed, question: Handled, alike: Sequence[int]) -> SheetShown:
    """To choose the question that it shall be one with: first those that seem to ask the same.

    What is flagged is nothing to be read in a list.
    """
    readable = {
        each.id: each
        for each in feed.questions.values()
        if each.stage in MERGEABLE and not each.flagged
    }
    likely = [readable[id] for id in alike if id in readable]
    known = {question.id, *alike}
    others = sorted(
        (each for each in readable.values() if each.id not in known and each.kind == question.kind),
        key=lambda each: -each.version,
    )
    return replace(
        _about(feed, question, Sheet.MERGE, 0),
        alike=[_other(each) for each in likely],
        others=[_other(each) for each in others[:OTHERS]],
    )


def heard_sheet(most: int) -> SheetShown:
    """To take down what was asked in the session."""
    return SheetShown(HEARD, HEARD, most)


def translate_sheet(text: Wanted, note: str = "") -> SheetShown:
    """To put a text into another language."""
    return SheetShown(
        TRANSLATE,
        f"{TRANSLATE}.{text.id}.{mark(text)}",
        LONGEST_TEXT,
        said=(Said(shown(text.original), text.original_language),),
        text=text.text or "",
        language=text.language,
        draft=text.draft,
        part=text.part,
        wide=True,
        note=note,
    )


def _about(feed: Feed, question: Handled, kind: Sheet, most: int) -> SheetShown:
    do = f"{kind}.{question.id}.{seen(question)}"
    translations: Mapping[int, Mapping[str, str]] = feed.translations
    return SheetShown(kind, do, most, said=said(question, translations))


def _other(question: Handled) -> Other:
    value = f"{question.id}.{seen(question)}"
    return Other(value, shown(question.text), question.language, question.supports)
