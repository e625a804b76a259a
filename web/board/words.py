"""Somebody's words, as a page may show them, and what interpreters made of them; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from dialogue.fold import LONGEST_TEXT, clean
from dialogue.hosts import spelt_out
from dialogue.words import Localised
from locales.direction import begun
from storage.asking.moderation import Handled

LINES = 20


@dataclass(frozen=True, slots=True)
class Said:
    """Words in a language."""

    text: str
    language: str
    translated: bool = False


Translations: TypeAlias = Mapping[int, Mapping[str, str]]
"""Approved translations of questions: by question, then by language."""


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


def titled(title: Localised, language: str) -> tuple[str, str]:
    """A webinar's title for readers of this language, and the language in which it is given."""
    there = title.by_language
    code = language if language in there else next(iter(there), language)
    return there.get(code, ""), code


def shown(text: str) -> str:
    """Somebody's words, as a page may show them.

    Look-alike names of hosts are spelt out, and each line is read in the direction of most of its
    words. What is broken into more than `LINES` is run on, or one question would fill a screen.
    """
    words = clean(text, LONGEST_TEXT)
    if words.count("\n") >= LINES:
        words = " ".join(words.split())
    return begun(spelt_out(words))
