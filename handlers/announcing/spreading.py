"""An announcement to more people than a platform lets us write to first within a day."""

from __future__ import annotations

from dataclasses import replace

from dialogue.words import Reply
from handlers.announcing import screen
from handlers.announcing.content import Announcement
from handlers.announcing.overview import overview
from handlers.turn import Turn
from storage.broadcasting.broadcasts import Phase


async def spread(turn: Turn, value: str) -> list[Reply]:
    """Its author agrees that it is on its way for days."""
    broadcast = await screen.find(turn, value)
    if broadcast is None:
        return await overview(turn)
    if broadcast.phase is Phase.DRAFT:
        content = replace(Announcement.of(broadcast), spread=True).to_content()
        await turn.storage.broadcasts.change_content(broadcast.id, content)
        broadcast = replace(broadcast, content=content)
    return await screen.show(turn, broadcast)
