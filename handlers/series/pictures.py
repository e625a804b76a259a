"""A picture that somebody asked for who gets words alone otherwise, to save data."""

from __future__ import annotations

import re

from dialogue.words import Button, Reply, text
from handlers.speaking import menus
from handlers.turn import Turn
from storage.ids import LARGEST_ID
from storage.series.posters import Fetching
from storage.series.webinars import Webinar

_ID = re.compile(r"[0-9]{1,19}")


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
    known = _ID.fullmatch(value) and int(value) <= LARGEST_ID
    poster = await turn.storage.posters.look(int(value)) if known else None
    if poster is None or poster.state is not Fetching.KEPT:
        return [menus.where_we_are(turn, text("stale"))]
    return [Reply((text("poster-shown"),), photo=poster.hash, on_request=True)]
