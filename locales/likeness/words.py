"""What of a question is compared: the words that tell what it is about, and what it asks for.

Words that mean the same are one. A word in Arabic letters is taken for Arabic and one in Latin
letters for English, whatever stands beside it: people mix both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from locales.likeness import arabic, english
from locales.likeness.spelling import folded

MEANING = "="
"""Before what stands for several words; nothing else of it is compared."""
_ARTICLES = ("وبال", "وال", "بال", "فال", "كال", "عال", "هال", "لل", "ال")
_JOINED = "وفبلشهد"
"""What is written before a word without a space: and, so, in, for, what, this, and «is just»."""
_ENDINGS = ("اتهم", "يهم", "هم", "كم", "نا", "ها", "ات", "ين", "ون", "يه", "ان", "ه", "ي")
_BEFORE_ROOTS = (
    "است", "يست", "تست", "نست", "مست", "يت", "تت", "نت", "مت", "ان", "سي", "دي", "من", "تن", "ين",
)  # fmt: skip
_LONG_VOWELS = str.maketrans("", "", "اوي")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is compared of a question."""

    words: tuple[str, ...]
    """Each once, in the order of the question."""
    kinds: frozenset[str]
    """What kind of an answer it asks for, by the names in `arabic.KINDS`."""


class Stems(Protocol):
    """A stemmer of https://snowballstem.org."""

    def stemWord(self, word: str) -> str:
        """The stem."""
        ...


class Known(Protocol):
    """What is known of a language's words, as in `arabic`."""

    @property
    def KINDS(self) -> str: ...
    @property
    def COMMON(self) -> str: ...
    @property
    def SAME(self) -> str: ...


class Words:
    """The words of these languages, as far as they are known here."""

    def __init__(self, languages: Sequence[Known] = (arabic, english)) -> None:
        make = cast(Callable[[str], Stems], import_module("Stemmer").Stemmer)
        self._arabic, self._english = make("arabic"), make("english")
        self._kinds: dict[str, str] = {}
        self._common: set[str] = set()
        self._same: dict[str, str] = {}
        for language in languages:
            self._common |= {self._key(word) for word in folded(language.COMMON).split()}
            self._kinds |= self._table(language.KINDS)
            self._same |= self._table(language.SAME, MEANING)
        self._verbs = {_verb(key): same for key, same in self._same.items() if is_arabic(key)}

    def of(self, text: str) -> Asked:
        """What is compared of this text."""
        words: dict[str, None] = {}
        kinds: set[str] = set()
        for word in folded(text).split():
            key = self._known(word)
            if key in self._common:
                continue
            if (kind := self._kinds.get(key)) is not None:
                kinds.add(kind)
            same = self._same.get(key) or (None if kind else self._conjugated(key))
            if same is not None:
                words[same] = None
            elif kind is None:
                words[self._stem(word)] = None
        return Asked(tuple(words), frozenset(kinds))

    def _known(self, word: str) -> str:
        """The key of the word; of what is left without a joined letter, if only that is known."""
        key = self._key(word)
        if self._knows(key) or word[0] not in _JOINED or len(word) < 4:
            return key
        bare = self._key(word[1:])
        return bare if self._knows(bare) else key

    def _knows(self, key: str) -> bool:
        return key in self._common or key in self._kinds or key in self._same

    def _key(self, word: str) -> str:
        """The same for all forms of a word that its endings tell apart."""
        return _lighter(without_article(word)) if is_arabic(word) else self._english.stemWord(word)

    def _stem(self, word: str) -> str:
        if is_arabic(word):
            return self._arabic.stemWord(without_article(word))
        return self._english.stemWord(word)

    def _conjugated(self, key: str) -> str | None:
        """What another person's form of a verb says."""
        return self._verbs.get(_verb(key)) if is_arabic(key) and len(key) >= 4 else None

    def _table(self, lines: str, sign: str = "") -> Mapping[str, str]:
        found: dict[str, str] = {}
        for line in lines.strip().splitlines():
            name, _, others = line.partition(":")
            for word in folded(f"{name} {others}").split():
                found.setdefault(self._key(word), sign + folded(name))
        return found


def is_arabic(word: str) -> bool:
    """Whether it is written in Arabic letters."""
    return "\u0621" <= word[0] <= "\u06d3"


def without_article(word: str) -> str:
    """The word without «the», and without «and» before it."""
    for article in _ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= 3:
            word = word[len(article) :]
            break
    return word[1:] if word[0] == "و" and len(word) >= 5 else word


def root(word: str) -> str:
    """What the forms of an Arabic word have in common, roughly; another word as it is."""
    if not is_arabic(word):
        return word
    for before in _BEFORE_ROOTS:
        if word.startswith(before) and len(word) - len(before) >= 3:
            word = word[len(before) :]
            break
    else:
        if word[0] in "يتنامسد" and len(word) >= 4:
            word = word[1:]
    bare = word[0] + word[1:].translate(_LONG_VOWELS)
    return bare[1:] if bare[0] in "اوي" and len(bare) > 2 else bare


def _verb(word: str) -> str:
    """The word without what tells who does it."""
    for before in ("سي", "ست", "سن", "دي", "دت", "دن", "ي", "ت", "ن", "ا", "د"):
        if word.startswith(before) and len(word) - len(before) >= 3:
            return word[len(before) :]
    return word


def _lighter(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
