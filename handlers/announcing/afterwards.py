"""After an announcement: once more to those whom it did not reach, and a correction to the others.

Both are announcements of their own, which are confirmed as every other.
"""

from __future__ import annotations

from dataclasses import replace

from dialogue.form import Answer
from dialogue.words import Reply, text
from handlers.announcing import screen, writing
from handlers.announcing.content import KINDS, Announcement
from handlers.announcing.overview import overview
from handlers.turn import Turn
from storage.broadcasting.broadcasts import Broadcast, Kind, Phase, Rule

LOOKED_BACK = 300
"""So many of the latest are looked through for a retry: more than there are in a week."""


async def retry(turn: Turn, value: str) -> list[Reply]:
    """A draft of the same words to those whom it did not reach."""
    broadcast = await screen.find(turn, value)
    if broadcast is None or not _is_over(broadcast):
        return await (overview(turn) if broadcast is None else screen.show(turn, broadcast))
    earlier = await _retried(turn, broadcast)
    if earlier is not None:
        # A second one would reach twice whom the first one reaches.
        seen = await screen.find(turn, str(earlier.id))
        note = text("announce-retried")
        return await (overview(turn, note) if seen is None else screen.show(turn, seen, note))
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


async def _retried(turn: Turn, broadcast: Broadcast) -> Broadcast | None:
    """The retry of this one that was made already, unless it was taken back."""
    for each in await turn.storage.broadcasts.written(LOOKED_BACK):
        dropped = each.phase is Phase.CANCELLED and each.began is None
        if each.kind is Kind.RETRY and each.about == broadcast.id and not dropped:
            return each
    return None


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
