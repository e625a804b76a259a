"""Declared questions: what a form asks, and what it takes for an answer.

A form is a tuple of questions; which one is next follows from the answers alone, so that a talk
survives a restart, a new version and a question that was added or withdrawn in between.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from dialogue.fold import fold, number
from dialogue.words import Label, Text, text

Answer: TypeAlias = str | tuple[str, ...] | None
"""What somebody typed or chose, the values chosen of several, or None for a skipped question."""

Answers: TypeAlias = Mapping[str, Answer]

_BETWEEN_NUMBERS = re.compile(r"[\s,،;؛]+")
_BETWEEN_NAMES = re.compile(r"[,،;؛\n]")

LONGEST_LIST = 100
"""Parts of a typed list; a longer one is no list of names."""
LONGEST_NAME = 6
"""Parts that a name with commas in it may fall into."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers on offer; `names` are what may be typed for it, folded."""

    value: str
    label: Label
    names: frozenset[str] = frozenset()


class Rejected(Exception):
    """An answer that cannot be taken; says why and may offer what was perhaps meant.

    `draft` is what was said so far, for the next words to complete; without one, the words for
    which there are offers are it. A reason that `asks` stands for the question.
    """

    def __init__(
        self,
        reason: Text,
        offers: tuple[Choice, ...] = (),
        *,
        draft: str = "",
        asks: bool = False,
    ) -> None:
        super().__init__(reason.key)
        self.reason = reason
        self.offers = offers
        self.draft = draft
        self.asks = asks


def always(_answers: Answers) -> bool:
    """The condition of a question that everybody is asked."""
    return True


def no_free_text(_raw: str) -> str:
    """The reader of a question that takes its choices alone."""
    raise Rejected(text("reject-not-a-choice"))


def the_offer_itself(offer: str, _draft: str) -> str:
    """The resolver of a question whose offers are values."""
    return offer


_PHOTO = re.compile(r"poster:([0-9]{1,19})")


def photo_answer(poster: int) -> str:
    """The answer that a picture gives, by the id of the poster that is made of it."""
    return f"poster:{poster}"


def poster_of(answer: Answer) -> int | None:
    """The id of the poster that an answer stands for; None if it is no picture."""
    found = _PHOTO.fullmatch(answer) if isinstance(answer, str) else None
    return int(found[1]) if found else None


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask: its key in the answers, its words, and what it takes.

    `read` turns typed text into the value to keep, or raises Rejected; reading what it returned
    gives the same again, which is how a stored answer is known to be still good (unless `keeps`
    says otherwise). `resolve` turns a chosen offer, and the text that led to it, into the value.
    A question that takes several takes choices alone. One that `takes_photo` takes a picture that
    is sent for its answer, `poster:<id>` (`photo_answer`, `poster_of`), which nobody can type or
    press; the picture itself comes later, so whoever shows it looks what became of that poster.
    """

    key: str
    ask: Text
    title: Text
    choices: tuple[Choice, ...] = ()
    offers: tuple[Choice, ...] = ()
    """Choices that only a refusal offers."""
    read: Callable[[str], str] = no_free_text
    keeps: Callable[[str], bool] | None = None
    resolve: Callable[[str, str], str] = the_offer_itself
    several: bool = False
    optional: bool = False
    takes_photo: bool = False
    when: Callable[[Answers], bool] = always
    columns: int = 1
    show: Callable[[str], Label] = field(default=str)
    again: Text | None = None
    """Said beside the offers of a refusal, instead of `ask`."""

    def takes(self, answer: Answer) -> bool:
        """Whether today's question still accepts a stored answer."""
        if answer is None or answer == ():
            return self.optional
        if isinstance(answer, tuple):
            return self.several and all(self.has_choice(value) for value in answer)
        if self.several:
            return False
        if self.takes_photo and poster_of(answer) is not None:
            return True
        good = self._reads if self.keeps is None else self.keeps
        return self.has_choice(answer) or good(answer)

    def has_choice(self, value: str) -> bool:
        """Whether this is the value of one of today's choices."""
        return any(choice.value == value for choice in self.choices)

    def carries(self, value: str) -> bool:
        """Whether a button of this question may carry this value at any time."""
        if self.takes_photo and poster_of(value) is not None:
            return False
        if any(offer.value == value for offer in self.offers):
            return False  # It means something only beside the text that it was offered for.
        return self.has_choice(value) or self._reads(value)

    def understand(self, raw: str, shown: tuple[Choice, ...]) -> Answer:
        """The answer that typed text gives; Rejected when it gives none."""
        if not raw.strip():
            raise Rejected(text("reject-empty"))
        if self.several:
            return self._understand_several(raw, shown)
        value = self.chosen(raw, shown)
        if value is not None:
            return value
        if self.takes_photo and poster_of(raw.strip()) is not None:
            raise Rejected(text("reject-not-a-choice"))
        return self.read(raw)

    def chosen(self, raw: str, shown: tuple[Choice, ...]) -> str | None:
        """The value that typed text stands for by name, or by its number among the shown."""
        folded = fold(raw)
        for choice in (*shown, *self.choices):
            # A name of signs alone folds to nothing, and nothing names no choice.
            if folded and folded in choice.names:
                return choice.value
        position = number(raw)
        if position is None or not 1 <= position <= len(shown):
            return None
        return shown[position - 1].value

    def label(self, value: str) -> Label:
        """How the value of an answer is shown."""
        known = next((choice.label for choice in self.choices if choice.value == value), None)
        return self.show(value) if known is None else known

    def _reads(self, value: str) -> bool:
        try:
            return self.read(value) == value
        except Rejected:
            return False

    def _understand_several(self, raw: str, shown: tuple[Choice, ...]) -> tuple[str, ...]:
        numbers = listed_numbers(raw)
        parts = numbers or _BETWEEN_NAMES.split(raw)
        values = {self.chosen(part, shown) for part in numbers} or self._named(parts, shown)
        if None in values or not values:
            raise Rejected(text("reject-not-a-choice"))
        return tuple(choice.value for choice in self.choices if choice.value in values)

    def _named(self, parts: list[str], shown: tuple[Choice, ...]) -> set[str | None]:
        """What the parts of a list name; a name may hold a comma, and so be several of them."""
        parts = [part for part in parts if part.strip()]
        values: set[str | None] = set()
        while parts and len(parts) <= LONGEST_LIST:
            # The longest first: of two names, one may begin with the other.
            lengths = range(min(len(parts), LONGEST_NAME), 0, -1)
            named = ((n, self.chosen(",".join(parts[:n]), shown)) for n in lengths)
            length, value = next((each for each in named if each[1]), (len(parts), None))
            values.add(value)
            parts = parts[length:]
        return values


Form: TypeAlias = tuple[Question, ...]


def walk(form: Form, answers: Answers) -> Iterator[tuple[Question, bool]]:
    """The questions that these answers call for, in order, each with whether it is settled.

    A condition sees the settled answers of applying questions before its own and no others: what
    hangs on a branch that was left falls with it.
    """
    kept: dict[str, Answer] = {}
    for question in form:
        if question.when(kept):
            good = settled(question, answers)
            if good:
                kept[question.key] = answers[question.key]
            yield question, good


def applying(form: Form, answers: Answers) -> Form:
    """All questions that these answers call for, in order."""
    return tuple(question for question, _ in walk(form, answers))


def settled(question: Question, answers: Answers) -> bool:
    """Whether the question was answered in a way that today's form accepts."""
    return question.key in answers and question.takes(answers[question.key])


def open_question(form: Form, answers: Answers) -> Question | None:
    """The first question that applies and is not settled; None when all are."""
    return next((question for question, good in walk(form, answers) if not good), None)


def result(form: Form, answers: Answers) -> dict[str, Answer]:
    """The settled answers of the questions that apply: what is kept in the end."""
    return {question.key: answers[question.key] for question, good in walk(form, answers) if good}


def listed_numbers(raw: str) -> list[str]:
    """The numbers that a text like "1, 3", "1 3" or "١ و٣" is made of; none if it holds more."""
    words = (fold(word).removeprefix("و") for word in _BETWEEN_NUMBERS.split(raw))
    parts = [word for word in words if word not in {"", "and"}]
    return parts if all(number(part) is not None for part in parts) else []
