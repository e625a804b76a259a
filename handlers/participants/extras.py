"""A webinar's own questions, as its content defines them."""

from __future__ import annotations

import hashlib
import re

from dialogue.fold import fold, utf16_length
from dialogue.form import Answer, Answers, Choice, Question, Rejected
from dialogue.words import Localised, text
from handlers.house import House
from handlers.speaking import choices
from storage.community.registrations import Registration
from storage.series.webinars import ExtraQuestion, Webinar


def question(house: House, webinar: Webinar, asked: ExtraQuestion) -> Question:
    """This question as registration asks it of those who want this webinar."""

    def wanted(answers: Answers) -> bool:
        chosen = answers.get("webinars") or ()
        return webinar.id in chosen or choices.ALL_FUTURE in chosen

    def read(raw: str) -> str:
        if asked.choices:
            raise Rejected(text("reject-not-a-choice"))
        words = choices.written(raw)
        if utf16_length(words) > house.rules.question_length:
            raise Rejected(text("reject-answer-long", most=house.rules.question_length))
        return words

    offered = tuple(
        Choice(value, label, house.languages.names(label) | {fold(value)})
        for value, label in asked.choices
    )
    return Question(
        _key(webinar, asked),
        text("ask-extra", webinar=webinar.title, question=asked.prompt),
        text("words", words=in_short(asked.prompt)),
        offered,
        read=read,
        optional=asked.optional,
        when=wanted,
    )


def known(webinar: Webinar, kept: Registration) -> dict[str, Answer]:
    """What was answered to the webinar's own questions, as far as it still asks them."""
    answers: dict[str, Answer] = {}
    for asked in webinar.questions:
        told = kept.extra.get(asked.key)
        if asked.key in kept.extra:
            answers[_key(webinar, asked)] = told if isinstance(told, str) else None
    return answers


def taken(webinar: Webinar, answers: Answers) -> dict[str, str | None]:
    """What was answered to the webinar's own questions, as it is kept."""
    told = {asked.key: answers.get(_key(webinar, asked)) for asked in webinar.questions}
    return {key: answer if isinstance(answer, str) else None for key, answer in told.items()}


def _key(webinar: Webinar, asked: ExtraQuestion) -> str:
    """Its key among the answers of all webinars: short enough for a button."""
    whole = f"{webinar.id}/{asked.key}".encode()
    return "x" + hashlib.blake2b(whole, digest_size=4).hexdigest()


def in_short(prompt: Localised) -> Localised:
    """A question without its mark and what comes after: how it is called in a list."""
    said = prompt.by_language.items()
    return Localised({code: re.split(r"[?؟\n]", words)[0].strip() or words for code, words in said})
