"""Which texts are wanted in which languages, once a question or its answer is to be read."""

from __future__ import annotations

from collections.abc import Sequence

from dialogue.stages import Stage
from handlers.house import House
from handlers.series import programme
from storage import Transaction
from storage.asking.moderation import Handled, WayBack

READ = frozenset({Stage.APPROVED, Stage.QUEUED, Stage.LIVE, Stage.FOLLOW_UP, Stage.ANSWERED})
"""At these a question is read by others."""


async def want(tx: Transaction, house: House, questions: Sequence[Handled]) -> int:
    """Have these, and their answers, put into the languages of their readers; how many are new.

    A question is for the languages in which its webinar is held and interpreted. An answer is for
    those of whoever waits for it; for everybody, for all that the community speaks.
    """
    new = 0
    for question in questions:
        for language in _of_question(house, question):
            new += await tx.texts.want(question.id, "question", language) is not None
        for language in await _of_answer(tx, house, question):
            new += await tx.texts.want(question.id, "answer", language) is not None
    return new


def _of_question(house: House, question: Handled) -> list[str]:
    if question.stage not in READ:
        return []
    webinar = programme.find(house.programme, question.webinar) if question.webinar else None
    held = (*webinar.languages, *webinar.interpreted) if webinar else house.languages.codes
    return [code for code in dict.fromkeys(held) if code != question.language]


async def _of_answer(tx: Transaction, house: House, question: Handled) -> list[str]:
    if question.stage is not Stage.ANSWERED or not question.answer:
        return []
    given = question.answered_language or question.language
    if question.answer_public and question.webinar is not None:
        return [code for code in house.languages.codes if code != given]
    read = await readers(tx, await tx.moderation.askers([question.id]))
    return [code for code in dict.fromkeys(read.values()) if code != given]


async def readers(tx: Transaction, ways: Sequence[WayBack]) -> dict[int, str]:
    """Whoever waits at the ends of these ways, and the language that each reads."""
    waiting = [way.person for way in ways if way.person is not None]
    waiting += [person for way in ways for person in way.supporters]
    people = [await tx.people.get(person) for person in dict.fromkeys(waiting)]
    return {person.id: person.language for person in people if person is not None}
