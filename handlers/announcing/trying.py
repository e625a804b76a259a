"""Seeing an announcement before anybody else does: a preview, and a test with its pictures."""

from __future__ import annotations

from dataclasses import replace

from dialogue.words import Reply, text
from handlers.announcing import screen
from handlers.announcing.content import Announcement
from handlers.announcing.overview import overview
from handlers.turn import Turn
from storage.broadcasting.broadcasts import Broadcast, Phase
from storage.series.posters import Fetching


async def see(turn: Turn, value: str) -> list[Reply]:
    """What people will get, in each language, as words alone."""
    broadcast = await screen.find(turn, value)
    if broadcast is None:
        return await overview(turn)
    if broadcast.phase not in {Phase.DRAFT, Phase.WAITING}:
        return await screen.show(turn, broadcast)
    return [*screen.previews(turn, broadcast), *await screen.show(turn, broadcast)]


async def test(turn: Turn, value: str) -> list[Reply]:
    """The same with its pictures, as people get it: so the platform has them from now on."""
    broadcast = await screen.find(turn, value)
    if broadcast is None:
        return await overview(turn)
    if broadcast.phase is not Phase.DRAFT:
        return await screen.show(turn, broadcast)
    tested = await _with_photos(turn, broadcast)
    shown = screen.previews(turn, tested, pictured=True)
    return [*shown, *await screen.show(turn, tested, text("announce-tested"))]


async def _with_photos(turn: Turn, broadcast: Broadcast) -> Broadcast:
    """The announcement with those of its pictures that have come."""
    announcement = Announcement.of(broadcast)
    photos: dict[str, str] = {}
    for code, poster_id in announcement.posters.items():
        poster = await turn.storage.posters.look(poster_id)
        if poster is not None and poster.state is Fetching.KEPT and poster.hash is not None:
            photos[code] = poster.hash
    content = replace(announcement, photos=photos).to_content()
    if photos != dict(announcement.photos):
        await turn.storage.broadcasts.change_content(broadcast.id, content)
    return replace(broadcast, content=content)
