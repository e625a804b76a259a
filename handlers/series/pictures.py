"""A picture that somebody asked for who gets words alone otherwise, to save data."""

from __future__ import annotations

from dialogue.words import Button, Reply, text
from handlers.speaking import menus
from handlers.turn import Turn
from storage.ids import id_in
from storage.series.posters import Fetching
from storage.series.webinars import Webinar


async def button(turn: Turn, webinar: Webinar) -> tuple[Button, ...]:
    """The way to the poster that goes with this person's language, once it is here."""
    series = next((s for s in turn.programme.series if s.id == webinar.series), None)
    posters = webinar.posters or (series.posters if series else {})
    id = posters.get(turn.person.language) or next(iter(posters.values()), None)
    poster = None if id is None else await turn.storage.posters.look(id)
    if poster is None or poster.state is not Fetching.KEPT:
        return ()
    return (Button(text("btn-poster"), f"go:poster:{poster.id}"),)


async def show(turn: Turn, value: str) -> list[Reply]:
    """The poster with this id; they are drawn at random, so nobody finds one by trying."""
    id = id_in(value)
    poster = None if id is None else await turn.storage.posters.look(id)
    if poster is None or poster.state is not Fetching.KEPT:
        return [menus.where_we_are(turn, text("stale"))]
    return [Reply((text("poster-shown"),), photo=poster.hash, on_request=True)]
