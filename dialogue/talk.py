"""An unfinished conversation, and every move that a person can make in it.

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
    Rejected,
    applying,
    listed_numbers,
    open_question,
    photo_answer,
    result,
    walk,
)
from dialogue.words import text


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
    """What was typed when they were offered."""

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
    return _asking(talk, open_question(form, talk.answers))


def today(form: Form, talk: Talk) -> Talk:
    """The talk as it is to be shown now: its question with today's choices, or the next one."""
    question = asked_question(form, talk)
    if question is None:
        return move_on(form, talk)
    seen = _values(question)
    return talk if talk.seen == seen else replace(talk, seen=seen)


def asked_question(form: Form, talk: Talk) -> Question | None:
    """The question that the person last saw, if it still applies."""
    return _applying_question(form, talk, talk.asked)


def shown_choices(question: Question, talk: Talk) -> tuple[Choice, ...]:
    """What there is to choose from: the offers of the last refusal, else all choices."""
    if not talk.offers:
        return question.choices
    known = {choice.value: choice for choice in (*question.choices, *question.offers)}
    return tuple(known.get(v) or Choice(v, question.show(v)) for v in talk.offers)


def finished(form: Form, talk: Talk) -> bool:
    """Whether the summary is what the person sees, or should."""
    return talk.asked is None and open_question(form, talk.answers) is None


def say(form: Form, talk: Talk, raw: str) -> Talk:
    """The talk after typed text; Rejected, with the offers to keep by `offering`, when unclear."""
    question = asked_question(form, talk)
    if question is None or (_list_changed(question, talk) and listed_numbers(raw)):
        # What this answers is not there any more: take nothing, ask afresh.
        return today(form, talk)
    shown = shown_choices(question, talk)
    if talk.offers and (offer := question.chosen(raw, shown)) in talk.offers:
        return _answered(form, talk, question, question.resolve(offer, talk.draft))
    return _answered(form, talk, question, question.understand(raw, shown))


def offering(talk: Talk, rejected: Rejected, raw: str) -> Talk:
    """The talk after a refusal: its offers, if any, are what a number now means."""
    offers = tuple(choice.value for choice in rejected.offers)
    return replace(talk, offers=offers, draft=raw if offers else "")


def press(form: Form, talk: Talk, key: str, value: str) -> Talk:
    """The talk after a button of the question `key`; an earlier question's button edits it.

    A button of a question that takes several carries `+value` or `-value` and only ticks. Raises
    Rejected when the value is no longer to be had.
    """
    question = _applying_question(form, talk, key)
    if question is None:
        return today(form, talk)
    if question.several:
        return _ticked(edit(form, talk, key), question, value)
    if key == talk.asked and value in talk.offers:
        return _answered(form, talk, question, question.resolve(value, talk.draft))
    if not question.carries(value):
        raise Rejected(text("reject-withdrawn"))
    return _answered(form, talk, question, value)


def done(form: Form, talk: Talk) -> Talk:
    """The talk after "done" in a question that takes several: what is ticked is the answer."""
    question = asked_question(form, talk)
    if question is None or not question.several:
        return today(form, talk)
    if not talk.picked and not question.optional:
        raise Rejected(text("reject-pick-one"))
    return _answered(form, talk, question, talk.picked or None)


def takes_photo(form: Form, talk: Talk) -> bool:
    """Whether a picture that is sent now is an answer."""
    question = asked_question(form, talk)
    return question is not None and question.takes_photo


def picture(form: Form, talk: Talk, poster: int) -> Talk:
    """The talk after a picture, of which this poster is made; a question may take none."""
    question = asked_question(form, talk)
    if question is None or not question.takes_photo:
        return today(form, talk)
    return _answered(form, talk, question, photo_answer(poster))


def skip(form: Form, talk: Talk, key: str | None = None) -> Talk:
    """The talk with a question, the asked one if none is named, left unanswered.

    Raises Rejected when the question needs an answer.
    """
    question = _applying_question(form, talk, talk.asked if key is None else key)
    if question is None:
        return today(form, talk)
    if not question.optional:
        raise Rejected(text("reject-needed"))
    return _answered(form, talk, question, None)


def may_skip_rest(form: Form, talk: Talk) -> bool:
    """Whether nothing is open, from the asked question on, that needs an answer."""
    return all(good or question.optional for question, good in walk(form, talk.answers))


def skip_rest(form: Form, talk: Talk) -> Talk:
    """The talk with every open question left unanswered, up to one that needs an answer."""
    while True:
        talk = move_on(form, talk)
        question = asked_question(form, talk)
        if question is None or not question.optional:
            return talk
        talk = replace(talk, answers={**talk.answers, question.key: None})


def back(form: Form, talk: Talk) -> Talk:
    """The talk with the question before the asked one asked again; the first stays the first."""
    talk = today(form, talk)
    keys = [question.key for question in applying(form, talk.answers)]
    position = keys.index(talk.asked) if talk.asked is not None else len(keys)
    return edit(form, talk, keys[position - 1]) if position > 0 else talk


def edit(form: Form, talk: Talk, key: str) -> Talk:
    """The talk with one question asked again; its answer stays until another takes its place."""
    question = _applying_question(form, talk, key)
    if question is None or key == talk.asked:
        return today(form, talk)
    return _asking(talk, question)


def stamp(form: Form, talk: Talk) -> str:
    """A short mark of exactly these answers: a confirmation carries what it confirms."""
    kept = json.dumps(result(form, talk.answers), sort_keys=True).encode()
    return hashlib.sha256(kept).hexdigest()[:8]


def _applying_question(form: Form, talk: Talk, key: str | None) -> Question | None:
    if key is None:
        return None
    return next((question for question, _ in walk(form, talk.answers) if question.key == key), None)


def _asking(talk: Talk, question: Question | None) -> Talk:
    if question is None:
        return replace(talk, asked=None, seen=(), picked=(), offers=(), draft="")
    answer = talk.answers.get(question.key)
    before = answer if isinstance(answer, tuple) else ()
    ticked = tuple(value for value in before if question.has_choice(value))
    seen = _values(question)
    return replace(talk, asked=question.key, seen=seen, picked=ticked, offers=(), draft="")


def _answered(form: Form, talk: Talk, question: Question, answer: Answer) -> Talk:
    changed = replace(talk, answers={**talk.answers, question.key: answer})
    # Changing an earlier answer leads back to the question that the person was at.
    if question.key != talk.asked and _reached(form, changed):
        return changed
    return move_on(form, changed)


def _reached(form: Form, talk: Talk) -> bool:
    """Whether the asked question applies and everything before it is settled."""
    for question, good in walk(form, talk.answers):
        if question.key == talk.asked:
            return True
        if not good:
            return False
    return False


def _ticked(talk: Talk, question: Question, value: str) -> Talk:
    mark, name = value[:1], value[1:]
    if mark not in {"+", "-"} or not question.has_choice(name):
        raise Rejected(text("reject-withdrawn"))
    picked = {*talk.picked, name} if mark == "+" else {*talk.picked} - {name}
    return replace(talk, picked=tuple(v for v in _values(question) if v in picked))


def _list_changed(question: Question, talk: Talk) -> bool:
    """Whether a number would mean another choice now than the one that was seen beside it."""
    return not talk.offers and talk.seen != _values(question)


def _values(question: Question) -> tuple[str, ...]:
    return tuple(choice.value for choice in question.choices)


def _answer(kept: Any) -> Answer:
    return kept if kept is None or isinstance(kept, str) else tuple(kept)
