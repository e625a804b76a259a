"""An unfinished conversation: what was answered so far, and what is asked now.

Stored are answers under keys, never a program counter. `asked` is what the person last saw, a
guard against taking the reply to an old prompt for the answer to a new question.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dialogue.form import (
    Answer,
    Answers,
    Choice,
    Form,
    Question,
    open_question,
    result,
    walk,
)


@dataclass(frozen=True, slots=True)
class Talk:
    """What storage keeps of a conversation about one form; `number` tells talks apart."""

    number: int
    answers: Answers = field(default_factory=dict[str, Answer])
    asked: str | None = None
    seen: tuple[str, ...] = ()
    """The values of the choices that were shown with it, in their order."""
    picked: tuple[str, ...] = ()
    """What is ticked so far in a question that takes several."""
    offers: tuple[str, ...] = ()
    """The values last offered when a typed answer was not clear."""
    draft: str = ""
    """What was typed when they were offered, or what is still to be completed."""

    def to_json(self) -> dict[str, Any]:
        """A JSON object that `from_json` reads back; what is empty is left out."""
        kept = {
            "answers": dict(self.answers),
            "asked": self.asked,
            "seen": self.seen,
            "picked": self.picked,
            "offers": self.offers,
            "draft": self.draft,
        }
        return {"n": self.number, **{name: value for name, value in kept.items() if value}}

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> Talk:
        """The talk that `to_json` wrote."""
        answers: dict[str, Any] = kept.get("answers", {})
        return Talk(
            number=kept["n"],
            answers={key: _answer(value) for key, value in answers.items()},
            asked=kept.get("asked"),
            seen=tuple(kept.get("seen", ())),
            picked=tuple(kept.get("picked", ())),
            offers=tuple(kept.get("offers", ())),
            draft=kept.get("draft", ""),
        )


def begin(form: Form, number: int, answers: Answers | None = None) -> Talk:
    """A new talk, which may start from answers that are known already."""
    return move_on(form, Talk(number, answers or {}))


def move_on(form: Form, talk: Talk) -> Talk:
    """The talk with its next open question asked; none is asked when all are settled."""
    return asking(talk, open_question(form, talk.answers))


def today(form: Form, talk: Talk) -> Talk:
    """The talk as it is to be shown now: its question with today's choices, or the next one."""
    question = asked_question(form, talk)
    if question is None:
        return move_on(form, talk)
    seen = values_of(question)
    return talk if talk.seen == seen else replace(talk, seen=seen)


def asked_question(form: Form, talk: Talk) -> Question | None:
    """The question that the person last saw, if it still applies."""
    return applying_question(form, talk, talk.asked)


def shown_choices(question: Question, talk: Talk) -> tuple[Choice, ...]:
    """What there is to choose from: the offers of the last refusal, else all choices."""
    if not talk.offers:
        return question.choices
    known = {choice.value: choice for choice in (*question.choices, *question.offers)}
    return tuple(known.get(v) or Choice(v, question.show(v)) for v in talk.offers)


def finished(form: Form, talk: Talk) -> bool:
    """Whether the summary is what the person sees, or should."""
    return talk.asked is None and open_question(form, talk.answers) is None


def takes_photo(form: Form, talk: Talk) -> bool:
    """Whether a picture that is sent now is an answer."""
    question = asked_question(form, talk)
    return question is not None and question.takes_photo


def may_skip_rest(form: Form, talk: Talk) -> bool:
    """Whether nothing is open, from the asked question on, that needs an answer."""
    return all(good or question.optional for question, good in walk(form, talk.answers))


def stamp(form: Form, talk: Talk) -> str:
    """A short mark of exactly these answers: a confirmation carries what it confirms."""
    kept = json.dumps(result(form, talk.answers), sort_keys=True).encode()
    return hashlib.sha256(kept).hexdigest()[:8]


def applying_question(form: Form, talk: Talk, key: str | None) -> Question | None:
    """The question with this key, if it applies."""
    if key is None:
        return None
    return next((question for question, _ in walk(form, talk.answers) if question.key == key), None)


def asking(talk: Talk, question: Question | None) -> Talk:
    """The talk with this question asked, ticked as it was answered; None is the summary."""
    if question is None:
        return replace(talk, asked=None, seen=(), picked=(), offers=(), draft="")
    answer = talk.answers.get(question.key)
    before = answer if isinstance(answer, tuple) else ()
    ticked = tuple(value for value in before if question.has_choice(value))
    seen = values_of(question)
    return replace(talk, asked=question.key, seen=seen, picked=ticked, offers=(), draft="")


def values_of(question: Question) -> tuple[str, ...]:
    """What its choices carry, in their order."""
    return tuple(choice.value for choice in question.choices)


def _answer(kept: Any) -> Answer:
    return kept if kept is None or isinstance(kept, str) else tuple(kept)
