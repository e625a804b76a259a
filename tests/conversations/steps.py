"""Conversations written down once, and spoken in any language, with buttons or by typing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeAlias

import locales
from dialogue.words import Label, Localised, Text
from locales import Languages
from locales.catalogue import Catalogue
from tests.conversations.people import Person, key_in, plain
from tests.conversations.understood import Understood


class Manner(StrEnum):
    """How somebody chooses: pressing buttons, or typing what is on them, or their numbers."""

    BUTTONS = "buttons"
    LABELS = "labels"
    NUMBERS = "numbers"


@dataclass(frozen=True, slots=True)
class Start:
    """Come for the first time, or by a link to a webinar."""

    webinar: str | None = None


@dataclass(frozen=True, slots=True)
class Greet:
    """Choose one's own language in the greeting."""


@dataclass(frozen=True, slots=True)
class Switch:
    """Choose the other language; from now on everything is said in it."""


@dataclass(frozen=True, slots=True)
class Say:
    """Write this, in whatever language."""

    words: str


@dataclass(frozen=True, slots=True)
class Tap:
    """Choose this; the name of a message key, or an organiser's own label."""

    label: Label


@dataclass(frozen=True, slots=True)
class Pick:
    """Choose several, and be done."""

    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class See:
    """The last message says this: a key's text, whatever it inserts, or an organiser's words."""

    words: str | Localised
    on_whatsapp: str | None = None
    """What it says there instead."""


Step: TypeAlias = Start | Greet | Switch | Say | Tap | Pick | See


@dataclass(frozen=True, slots=True)
class Script:
    """A conversation, and what is to be understood of it; None: nothing is kept."""

    name: str
    steps: tuple[Step, ...]
    leaves: Understood | None
    switched: bool = False
    """It ends in the other language."""


# Numbers mean the choices of a question and the lines of a list, never the moves of a form.
MOVES = tuple(Text(f"btn-{name}") for name in ("skip", "back", "done", "cancel"))
BEFORE_CONSENT = tuple(Text(f"btn-{name}") for name in ("agree", "read-more", "no-thanks"))
OTHER = {"ar": "en", "en": "ar"}


@cache
def speech() -> Languages:
    """The bot's own words in all languages."""
    return Languages.load(("ar", "en"), "Asia/Baghdad")


class Talker:
    """One person who follows a script in one language and one manner."""

    def __init__(self, person: Person, language: str, manner: Manner) -> None:
        self.person = person
        self.language = language
        self.manner = manner

    async def follows(self, steps: Sequence[Step]) -> None:
        """Take all these steps; the one that goes wrong is told with what was on the screen."""
        for number, step in enumerate(steps, 1):
            try:
                await self.does(step)
            except Exception as error:
                error.add_note(f"at step {number}, {step}, in {self.language}, {self.manner}")
                raise

    async def does(self, step: Step) -> None:
        """Take one step."""
        match step:
            case Start():
                await self.person.starts(step.webinar)
            case Greet():
                await self.chooses(Text(f"language-own-{self.language}"), typed=True)
            case Switch():
                self.language = OTHER[self.language]
                await self.chooses(Text(f"language-own-{self.language}"))
            case Say():
                await self.person.says(step.words)
            case Tap():
                await self.chooses(step.label, typed=step.label in MOVES + BEFORE_CONSENT)
            case Pick():
                await self._picks(step.labels)
            case See():
                other = step.on_whatsapp if self.person.channel == "whatsapp" else None
                words = other or step.words
                await self.person.rest.until(
                    self.person, lambda: self.reads(words, self.person.text)
                )
                self.sees(words)

    async def chooses(self, label: Label, *, typed: bool = False) -> None:
        """Choose this; `typed` when no number stands for it."""
        words = self.label(label)
        if self.manner is Manner.BUTTONS:
            await self.person.presses(words)
        elif self.manner is Manner.LABELS or typed:
            await self.person.says(words)
        else:
            await self.person.says(self._number(words))

    def label(self, label: Label) -> str:
        """What stands on the button."""
        return plain(speech().voice(self.language).label(label))

    def sees(self, words: str | Localised) -> None:
        """The last message holds this text, whatever was inserted into it."""
        assert self.reads(words, self.person.text), f"no {words!r} in: {self.person.text}"

    def reads(self, words: str | Localised, shown: str) -> bool:
        """Whether this is in what is shown, whatever was inserted into it."""
        if isinstance(words, Localised):
            return self.label(words) in shown
        patterns = (_pattern(self.language, words, count) for count in (None, 1, 2, 3, 11, 100))
        return any(re.search(pattern, shown) for pattern in patterns)

    async def _picks(self, labels: tuple[Label, ...]) -> None:
        written_out = any(key.number is not None for key in self.person.keys)
        if self.manner is Manner.BUTTONS and not written_out:
            for label in (*labels, Text("btn-done")):
                await self.chooses(label)
            return
        words = [self.label(label) for label in labels]
        if self.manner is not Manner.LABELS:
            words = [self._number(each) for each in words]
        await self.person.says("، ".join(words) if self.language == "ar" else ", ".join(words))

    def _number(self, words: str) -> str:
        keys = [key for key in self.person.keys if key.value is not None]
        key = key_in(keys, words)
        assert key is not None, f"no {words!r} among {keys}"
        number = str(key.number or keys.index(key) + 1)
        if self.language == "ar":
            return number.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        return number


@cache
def _catalogue(language: str) -> Catalogue:
    return Catalogue.read(language, Path(locales.__file__).parent)


@cache
def _pattern(language: str, key: str, count: int | None) -> str:
    """The text of a key with room for anything that it inserts."""
    template = _catalogue(language).template(key, count)
    pieces = [re.escape(plain(piece)) for piece in template[::2]]
    return "[^§]*?".join(pieces)
