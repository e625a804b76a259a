"""Answers that experts send by mail: kept as proposals, which moderators take or leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dialogue.fold import clean
from dialogue.incoming import Incoming
from dialogue.marked import answers_in
from dialogue.words import Reply, Text
from handlers.receipts import waiting_questions
from handlers.roles import MODERATORS, Roles
from handlers.teller import Teller
from storage import Transaction
from storage.roles import Role

ANSWERING: Roles = MODERATORS | {Role.SPEAKER}


async def is_one(storage: Transaction, incoming: Incoming, role: Role | None) -> bool:
    """Whether this mail answers questions, if it is from whom it says."""
    return bool(await _answers(storage, incoming, role))


async def take(to: Teller, incoming: Incoming, role: Role | None) -> Reply:
    """Keep the answers in this mail of whoever may give them, and have moderators at work hear it.

    Nothing more comes of it than a moderator lets come of it.
    """
    answers = await _answers(to.storage, incoming, role)
    for each in answers:
        await to.storage.proposals.put(
            each.question, each.webinar, incoming.sender, clean(each.words), to.now
        )
    for webinar in dict.fromkeys(each.webinar for each in answers):
        await waiting_questions.answered(to, webinar)
    language = next((each.language for each in answers if each.language), None)
    return Reply((Text("proposals-kept", {"count": len(answers)}),), language=language)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a mail answers to one question."""

    question: int
    webinar: str
    words: str
    language: str | None
    """In which a guest reads; None for the staff."""


async def _answers(
    storage: Transaction, incoming: Incoming, role: Role | None
) -> Sequence[_Answer]:
    """Those in this mail that its sender may give.

    That is whoever answers on the team, and, to a webinar's questions, an address that gets them.
    """
    found: list[_Answer] = []
    answers = answers_in(incoming.text or "")
    for reference, (question, webinar) in (await storage.proposals.about(answers)).items():
        guest = None if role in ANSWERING else await storage.guests.agreed(incoming.sender, webinar)
        if role in ANSWERING or guest is not None:
            found.append(_Answer(question, webinar, answers[reference], guest))
    return found
