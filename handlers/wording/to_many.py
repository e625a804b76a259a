"""What goes to many, as one of them gets it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from dialogue.words import Reply
from handlers.announcing.content import Announcement
from handlers.announcing.received import received
from handlers.receipts.translated import in_languages
from handlers.telling import notices
from storage import Transaction
from storage.broadcasting.broadcasts import Broadcast
from storage.series.webinars import Webinar


def announcement(broadcast: Broadcast, language: str, *, text_only: bool) -> Reply:
    """What an organiser wrote."""
    return received(Announcement.of(broadcast), broadcast.rule, language, text_only=text_only)


async def notice(tx: Transaction, broadcast: Broadcast) -> Reply:
    """What those registered must know. Raises LookupError for a webinar that there is not."""
    if broadcast.content["notice"] == "offline":
        return notices.offline(*(_moment(broadcast.content[key]) for key in ("since", "until")))
    about = await webinar(tx, broadcast.webinar)
    if broadcast.content["notice"] == "answer":
        return await answer(tx, about, broadcast.content["question"])
    before: int | None = broadcast.content.get("before")
    moment = None if before is None else _moment(before)
    return notices.notice(broadcast.content["notice"], about, moment)


async def answer(tx: Transaction, about: Webinar, question_id: int) -> Reply:
    """What was asked for this webinar, and what is said to it. Raises LookupError for neither."""
    question = await tx.moderation.get(question_id)
    words = None if question is None else await in_languages(tx, question)
    if words is None or words.answer is None:
        raise LookupError("a broadcast brings an answer that there is not")
    return notices.answer(about, words.question, words.answer)


async def due(tx: Transaction, broadcast: Broadcast) -> Sequence[tuple[Webinar, int]]:
    """The webinars that it reminds of, with the minutes before each. Raises LookupError."""
    return [(await webinar(tx, id), minutes) for id, minutes in broadcast.reminders]


async def webinar(tx: Transaction, webinar_id: str | None) -> Webinar:
    """The webinar with this id. Raises LookupError when there is none."""
    found = None if webinar_id is None else await tx.webinars.get(webinar_id)
    if found is None:
        raise LookupError("a broadcast is about a webinar that there is not")
    return found


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)
