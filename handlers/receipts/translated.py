"""A question and its answer in every language in which there is an approved text of them."""

from __future__ import annotations

from dataclasses import dataclass

from dialogue.words import Localised
from storage import Transaction
from storage.asking.moderation import Handled


@dataclass(frozen=True, slots=True)
class InLanguages:
    """What was asked and answered; each reader gets their language, or the one that there is."""

    question: Localised
    answer: Localised | None


async def in_languages(tx: Transaction, question: Handled) -> InLanguages:
    """The words as they were written, and what interpreters made of them."""
    asked = {question.language: question.text}
    answered: dict[str, str] = {}
    if question.answer:
        answered[question.answered_language or question.language] = question.answer
    for each in await tx.texts.approved([question.id]):
        if each.part == "question":
            asked.setdefault(each.language, each.text)
        elif answered:
            answered.setdefault(each.language, each.text)
    return InLanguages(Localised(asked), Localised(answered) if answered else None)


async def answer_in_languages(tx: Transaction, question_id: int) -> Localised | None:
    """What is said to this question, or to the one that it follows."""
    found = await tx.moderation.get(question_id)
    if found is not None and found.merged is not None:
        found = await tx.moderation.get(found.merged)
    return None if found is None else (await in_languages(tx, found)).answer
