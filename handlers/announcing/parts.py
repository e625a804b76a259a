"""What goes to many in several parts is counted together: each alone would need nobody's yes."""

from __future__ import annotations

from datetime import timedelta

from handlers.announcing.content import Announcement
from handlers.turn import Turn
from storage.broadcasting.broadcasts import Broadcast

WITHIN = timedelta(hours=1)


async def confirmed(turn: Turn, broadcast: Broadcast) -> int:
    """For how many people this person confirmed the same words, or the same webinar, of late.

    What this one corrects or tries again is left out: it went to the same people.
    """
    latest = await turn.storage.broadcasts.agreed_since(turn.person.id, turn.now - WITHIN)
    others = [each for each in latest if each.id not in (broadcast.id, broadcast.about)]
    return sum(_number(each) for each in others if _are_alike(each, broadcast))


def _number(broadcast: Broadcast) -> int:
    return broadcast.confirmed or 0 if broadcast.frozen is None else broadcast.frozen


def _are_alike(one: Broadcast, other: Broadcast) -> bool:
    if one.webinar is not None and one.webinar == other.webinar:
        return True
    return not _words(one).isdisjoint(_words(other))


def _words(broadcast: Broadcast) -> set[str]:
    return {" ".join(words.split()) for words in Announcement.of(broadcast).texts.values()}
