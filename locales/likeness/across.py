"""Which questions of one webinar ask the same in another alphabet.

Words cannot tell; a model does that gives each text a place among all meanings. It is behind a port
and need not be there. Near says little by itself, since some texts are near everything: two ask the
same if they are nearer to each other than to those that either is nearest to otherwise (CSLS,
https://arxiv.org/abs/1710.04087).
"""

from __future__ import annotations

from array import array
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from operator import mul
from typing import Protocol

from locales.likeness import usual
from locales.likeness.index import LIKE, NEAREST
from locales.likeness.words import is_arabic

MOST_READ = 300
"""So many characters of a question are compared: by then it has asked, and each takes time."""
STANDOUT = -0.004
"""From here on two ask the same; on benchmarks/questions/training.toml, whole and cut into small
webinars, it is as good anywhere from -0.008 to 0."""
SCALE = 7.5
"""So half of the right pairs have 0.42 and more there, as by their words within a language."""
_NEIGHBOURS = 5
_KEPT = 10
"""More than are needed, for when some of them are taken out."""

Vector = Sequence[float]


class Model(Protocol):
    """Gives texts in any language places among meanings."""

    def place(self, text: str) -> Vector:
        """Where it is; of length 1, so that the product of two is how near they are."""
        ...


@dataclass(frozen=True, slots=True)
class Meant:
    """What is compared of a text."""

    arabic: bool
    place: Vector
    usual: Sequence[float]
    """How near the usual questions of the other alphabet are that are nearest."""


class Meanings:
    """A model, and the usual questions by which it is measured; takes seconds to make."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._written = _written()
        self._usual = {
            arabic: [self._place(line) for line in lines.strip().splitlines()]
            for arabic, lines in ((True, usual.ARABIC), (False, usual.ENGLISH))
        }

    def of(self, text: str) -> Meant | None:
        """What is compared of this text; None of one without letters."""
        text = text[:MOST_READ]
        letters = [is_arabic(letter) for letter in text if letter.isalpha()]
        if not letters:
            return None
        arabic = 2 * sum(letters) >= len(letters)
        place = self._place(text)
        near = (_near(place, other) for other in self._usual[not arabic])
        return Meant(arabic, place, nlargest(_NEIGHBOURS, near))

    def _place(self, text: str) -> Vector:
        words = (self._written.get(word.strip("؟?،,.!"), word) for word in text.split())
        # For a library in C the text would end there.
        return array("f", self._model.place(" ".join(words).replace("\0", " ")))


@dataclass(slots=True)
class _Question:
    meant: Meant
    nearest: list[tuple[float, int]] = field(default_factory=list[tuple[float, int]])
    """Of the questions in the other alphabet, the nearest first; how near, negative, and the id."""

    def met(self, near: float, id: int) -> None:
        """This one is in the other alphabet, and so near."""
        insort(self.nearest, (-near, id))
        del self.nearest[_KEPT:]

    def crowd(self) -> float:
        """How near those are on average that it is nearest to."""
        real = [-near for near, _ in self.nearest]
        return sum(nlargest(_NEIGHBOURS, [*real, *self.meant.usual])) / _NEIGHBOURS


class Across:
    """An index of questions by their ids; of their texts it keeps where they are among meanings."""

    def __init__(self, meanings: Meanings) -> None:
        self._meanings = meanings
        self._questions: dict[int, _Question] = {}

    def __len__(self) -> int:
        return len(self._questions)

    def add(self, id: int, text: str) -> None:
        """Put a question in, in the place of what it was; slow, so not to be done in a turn."""
        self.remove(id)
        meant = self._meanings.of(text)
        if meant is None:
            return
        new = _Question(meant)
        for other_id, other in self._questions.items():
            if other.meant.arabic != meant.arabic:
                near = _near(meant.place, other.meant.place)
                new.met(near, other_id)
                other.met(near, id)
        self._questions[id] = new

    def remove(self, id: int) -> None:
        """Take a question out; nothing when it is not there."""
        if self._questions.pop(id, None) is None:
            return
        for other in self._questions.values():
            other.nearest = [each for each in other.nearest if each[1] != id]

    def near(self, id: int, limit: int = NEAREST) -> list[tuple[int, float]]:
        """Up to so many that ask the same in the other alphabet: ids, and how alike from 0 to 1."""
        found = [each for each in self.scores(id) if each[1] >= LIKE]
        return sorted(found, key=lambda each: (-each[1], each[0]))[:limit]

    def scores(self, id: int) -> list[tuple[int, float]]:
        """How alike those are that are nearest to this one, as `Likeness` would count it."""
        question = self._questions.get(id)
        if question is None:
            return []
        return [
            (other, _score(-near - (question.crowd() + self._questions[other].crowd()) / 2))
            for near, other in question.nearest
        ]


def _score(standout: float) -> float:
    return min(max(LIKE + SCALE * (standout - STANDOUT), 0.0), 1.0)


def _near(one: Vector, other: Vector) -> float:
    return sum(map(mul, one, other))


def _written() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in usual.WRITTEN.strip().splitlines():
        written, _, spoken = line.partition(":")
        found |= dict.fromkeys(spoken.split(), written)
    return found
