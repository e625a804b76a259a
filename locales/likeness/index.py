"""The questions of one webinar, and which of them are like a new one.

How alike two are is how much of the words of each is found in the other, where a rare word counts
for more than one that many questions have. Two words are alike by their meaning, their root, or
most of their letters. «When is it?» and «why is it?» share all their words and are not the same.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import log

from locales.likeness.words import MEANING, Words, root

LIKE = 0.285
"""From here on two are said to ask the same; on benchmarks/questions/training.toml it is as good
anywhere from 0.27 to 0.29."""
NEAREST = 5
_SHARP = frozenset({"why", "when", "howmuch"})
_OTHER_KIND, _OTHER_SHARP_KIND, _TWO_SHARP_KINDS = 0.9, 0.7, 0.3
_BROAD = {"how": "way", "do": "way", "what": "way"}
"""What is asked for with several words: «how do I …», «what do I do when …»."""
_SAME_ROOT, _SAME_SHORT_ROOT, _ALIKE_LETTERS = 0.9, 0.6, 0.6
_LESS_FOUND = 0.75
"""What counts most is the one of the two of which less is found in the other."""
_STEEP = 1.5
"""By how much more a rare word counts."""
_MAY_BE_MEANT = 0.7
"""A word of no list that is not found counts for so much: the other may say it in its own way."""
_SEEN, _HELD = 20, 2
"""As if there were so many questions more, and each word in so many: the first few say little."""


@dataclass(slots=True)
class _Word:
    text: str
    family: str
    """All that is alike by meaning or root."""
    pairs: int
    """How many pairs of letters it has."""
    held_by: set[int] = field(default_factory=set[int])


@dataclass(frozen=True, slots=True)
class _Question:
    words: array[int]
    kinds: frozenset[str]


@dataclass(slots=True)
class _Found:
    """How much of the words of one question is in another one."""

    weight: float = 0.0
    unknown: float = 0.0
    """How much of it are words of no list."""

    def add(self, text: str, weight: float) -> None:
        """This word was found, too."""
        self.weight += weight
        if not text.startswith(MEANING):
            self.unknown += weight

    def of(self, least: float) -> float:
        """The part that it is of all, which weighed at least this if nothing had been found."""
        return self.weight / (least + (1 - _MAY_BE_MEANT) * self.unknown)


class Likeness:
    """An index of questions by their ids; of their texts it keeps single words."""

    def __init__(self, words: Words) -> None:
        self._read = words
        self._questions: dict[int, _Question] = {}
        self._words: dict[int, _Word] = {}
        self._numbers: dict[str, int] = {}
        self._families: dict[str, set[int]] = {}
        self._pairs: dict[str, set[int]] = {}
        self._held = Counter[str]()
        self._next = 0

    def __len__(self) -> int:
        return len(self._questions)

    def __contains__(self, id: int) -> bool:
        return id in self._questions

    @property
    def size(self) -> int:
        """How many words it keeps, with all by which they are found."""
        tables = (self._words, self._numbers, self._families, self._pairs, self._held)
        return sum(map(len, tables))

    def add(self, id: int, text: str) -> None:
        """Put a question in; one that is there already in the place of what it was."""
        self.remove(id)
        asked = self._read.of(text)
        numbers = array("L", (self._number(word) for word in asked.words))
        for number in numbers:
            self._words[number].held_by.add(id)
        self._held.update(self._families_of(numbers))
        self._questions[id] = _Question(numbers, _broad(asked.kinds))

    def remove(self, id: int) -> None:
        """Take a question out, with every word that no other has; nothing when it is not there."""
        question = self._questions.pop(id, None)
        if question is None:
            return
        for family in self._families_of(question.words):
            self._held[family] -= 1
        for number in question.words:
            word = self._words[number]
            word.held_by.discard(id)
            if not word.held_by:
                self._drop(number, word)

    def near(
        self, text: str, limit: int = NEAREST, but: int | None = None
    ) -> list[tuple[int, float]]:
        """Up to so many that ask the same, without `but`: their ids, and how alike from 0 to 1."""
        found = [each for each in self.scores(text) if each[1] >= LIKE and each[0] != but]
        return sorted(found, key=lambda each: (-each[1], each[0]))[:limit]

    def scores(self, text: str) -> Iterator[tuple[int, float]]:
        """How alike each is that has a word in common with this text."""
        asked = self._read.of(text)
        kinds = _broad(asked.kinds)
        alike = {word: self._alike(word) for word in asked.words}
        there, here = self._found_there(alike), self._found_here(alike)
        whole = sum(self._least(word, self._family(word)) for word in alike)
        # As if each had one rare word more: two words are too little to tell by.
        rare = self._weight("")
        for id, found in there.items():
            question = self._questions[id]
            words = [self._words[number] for number in question.words]
            other = sum(self._least(word.text, word.family) for word in words)
            parts = found.of(whole + rare), here[id].of(other + rare)
            score = _LESS_FOUND * min(parts) + (1 - _LESS_FOUND) * max(parts)
            yield id, score * _same_answer(kinds, question.kinds)

    def _found_there(self, alike: Mapping[str, Mapping[int, float]]) -> dict[int, _Found]:
        """For each question, how much of the words asked about it has."""
        found: dict[int, _Found] = {}
        for text, others in alike.items():
            best: dict[int, float] = {}
            for number, likeness in others.items():
                for id in self._words[number].held_by:
                    best[id] = max(best.get(id, 0.0), likeness)
            weight = self._weight(self._family(text))
            for id, likeness in best.items():
                found.setdefault(id, _Found()).add(text, weight * likeness)
        return found

    def _found_here(self, alike: Mapping[str, Mapping[int, float]]) -> dict[int, _Found]:
        """For each question, how much of its words is among those asked about."""
        best: dict[int, float] = {}
        for others in alike.values():
            for number, likeness in others.items():
                best[number] = max(best.get(number, 0.0), likeness)
        found: dict[int, _Found] = {}
        for number, likeness in best.items():
            word = self._words[number]
            weight = self._weight(word.family) * likeness
            for id in word.held_by:
                found.setdefault(id, _Found()).add(word.text, weight)
        return found

    def _alike(self, text: str) -> dict[int, float]:
        """The words that are like this one, and how much."""
        same = self._numbers.get(text)
        found = {} if same is None else {same: 1.0}
        if text.startswith(MEANING) or text.isdigit():
            return found
        pairs = _pairs_of(text)
        shared = Counter(number for pair in pairs for number in self._pairs.get(pair, ()))
        for number, count in shared.items():
            likeness = 2 * count / (len(pairs) + self._words[number].pairs)
            if likeness >= _ALIKE_LETTERS:
                found.setdefault(number, likeness)
        family = self._family(text)
        by_root = _SAME_ROOT if len(family) > 2 else _SAME_SHORT_ROOT
        for number in self._families.get(family, ()):
            found[number] = max(found.get(number, 0.0), by_root)
        return found

    def _weight(self, family: str) -> float:
        held = self._held.get(family, 0)
        return log((len(self._questions) + _SEEN) / (held + _HELD)) ** _STEEP

    def _least(self, text: str, family: str) -> float:
        """What a word weighs that is not found."""
        return self._weight(family) * (1.0 if text.startswith(MEANING) else _MAY_BE_MEANT)

    def _families_of(self, numbers: array[int]) -> set[str]:
        return {self._words[number].family for number in numbers}

    def _family(self, text: str) -> str:
        return text if text.startswith(MEANING) else root(text)

    def _number(self, text: str) -> int:
        known = self._numbers.get(text)
        if known is not None:
            return known
        self._next += 1
        number, pairs = self._next, _compared(text)
        self._numbers[text] = number
        self._words[number] = word = _Word(text, self._family(text), len(pairs))
        self._families.setdefault(word.family, set()).add(number)
        for pair in pairs:
            self._pairs.setdefault(pair, set()).add(number)
        return number

    def _drop(self, number: int, word: _Word) -> None:
        del self._words[number], self._numbers[word.text]
        for names, name in [(self._families, word.family)] + [
            (self._pairs, pair) for pair in _compared(word.text)
        ]:
            names[name].discard(number)
            if not names[name]:
                del names[name]
        if word.family not in self._families:
            del self._held[word.family]


def _compared(text: str) -> frozenset[str]:
    """The pairs of letters by which a word is found; none where it is compared as a whole."""
    return frozenset() if text.startswith(MEANING) or text.isdigit() else _pairs_of(text)


def _pairs_of(text: str) -> frozenset[str]:
    ends = f"^{text}$"
    return frozenset(ends[at : at + 2] for at in range(len(ends) - 1))


def _broad(kinds: frozenset[str]) -> frozenset[str]:
    return frozenset(_BROAD.get(kind, kind) for kind in kinds)


def _same_answer(here: frozenset[str], there: frozenset[str]) -> float:
    """How far two that ask for these kinds of answers can ask the same, from 0 to 1."""
    if (here ^ there) & _SHARP:
        both = here & _SHARP and there & _SHARP and not here & there
        return _TWO_SHARP_KINDS if both else _OTHER_SHARP_KIND
    return 1.0 if here & there or not (here and there) else _OTHER_KIND
