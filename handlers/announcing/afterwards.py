"""After an announcement: once more to those whom it did not reach, and a correction to the others.

Both are announcements of their own, which are confirmed as every other.
"""

from __future__ import annotations

from dataclasses import replace

from dialogue.form import Answer
from dialogue.words import Reply
from handlers.announcing import screen, writing
from handlers.announcing.content import KINDS, Announcement
from handlers.announcing.overview import overview
from handlers.turn import Turn
from storage.broadcasts import Broadcast, Kind, Rule


async def retry(turn: Turn, value: str) -> list[Reply]:
    """A draft of the same words to those whom it did not reach."""
    broadcast = await screen.find(turn, value)
    if broadcast is None or not _is_over(broadcast):
        return await (overview(turn) if broadcast is None else screen.show(turn, broadcast))
    again = replace(Announcement.of(broadcast), at=None)
    draft = await turn.storage.broadcasts.put(
        Kind.RETRY,
        Rule("failed"),
        again.to_content(),
        turn.now,
        made_by=turn.person.id,
        webinar=broadcast.webinar,
        about=broadcast.id,
    )
    return await writing.written(turn, draft)


async def correct(turn: Turn, value: str) -> list[Reply]:
    """Ask for the words that those whom it reached are to get now."""
    broadcast = await screen.find(turn, value)
    if broadcast is None or not _is_over(broadcast):
        return await (overview(turn) if broadcast is None else screen.show(turn, broadcast))
    known: dict[str, Answer] = {"@about": str(broadcast.id)}
    if webinar := Announcement.of(broadcast).webinar:
        known["@webinar"] = webinar
    turn.desk = turn.desk.without_talk(writing.CONVERSATION.code)
    return writing.begin(turn, known)


def _is_over(broadcast: Broadcast) -> bool:
    """Whether there is somebody left to write to, and something to write."""
    ended = broadcast.phase in screen.OVER and broadcast.began is not None
    return ended and broadcast.kind in KINDS and bool(broadcast.content)
