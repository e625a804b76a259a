"""Every move that a person can make in an unfinished conversation, and the talk after it."""

from __future__ import annotations

from dataclasses import replace

from dialogue.form import (
    Answer,
    Form,
    Question,
    Rejected,
    applying,
    listed_numbers,
    photo_answer,
    walk,
)
from dialogue.talk import (
    Talk,
    applying_question,
    asked_question,
    asking,
    move_on,
    shown_choices,
    today,
    values_of,
)
from dialogue.words import text


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
    return replace(talk, offers=offers, draft=rejected.draft or (raw if offers else ""))


def press(form: Form, talk: Talk, key: str, value: str) -> Talk:
    """The talk after a button of the question `key`; an earlier question's button edits it.

    A button of a question that takes several carries `+value` or `-value` and only ticks. Raises
    Rejected when the value is no longer to be had.
    """
    question = applying_question(form, talk, key)
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
    question = applying_question(form, talk, talk.asked if key is None else key)
    if question is None:
        return today(form, talk)
    if not question.optional:
        raise Rejected(text("reject-needed"))
    return _answered(form, talk, question, None)


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
    question = applying_question(form, talk, key)
    if question is None or key == talk.asked:
        return today(form, talk)
    return asking(talk, question)


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
    return replace(talk, picked=tuple(v for v in values_of(question) if v in picked))


def _list_changed(question: Question, talk: Talk) -> bool:
    """Whether a number would mean another choice now than the one that was seen beside it."""
    return not talk.offers and talk.seen != values_of(question)
