"""Why an announcement cannot leave as it is."""

from __future__ import annotations

from dialogue.words import Text, text
from handlers.announcing import pictured
from handlers.announcing.content import Announcement
from handlers.announcing.received import most, too_long
from handlers.turn import Turn
from storage.broadcasting.broadcasts import Broadcast, Counts


async def found(turn: Turn, broadcast: Broadcast, counts: Counts) -> tuple[Text, ...]:
    """A sentence for each; empty when it may leave."""
    announcement = Announcement.of(broadcast)
    wrong = [] if counts.total else [text("obstacle-nobody")]
    if announcement.at is not None and announcement.at <= turn.now:
        wrong.append(text("obstacle-past"))
    over = too_long(turn.house.languages, announcement, broadcast.rule)
    for code, units in over.items():
        beside = code in announcement.posters
        key = "obstacle-long-beside" if beside else "obstacle-long"
        values = {"language": Text(f"language-{code}"), "over": units}
        wrong.append(Text(key, {**values, "most": most(pictured=beside)}))
    return (*wrong, *await pictured.obstacles(turn, broadcast, counts))
