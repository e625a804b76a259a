"""A picture that somebody asked for who gets words alone otherwise, to save data."""

from __future__ import annotations

import re

from dialogue.words import Reply, text
from handlers import menus
from handlers.turn import Turn
from storage.posters import Fetching

_ID = re.compile(r"[0-9]{1,19}")
_LARGEST_ID = 2**63 - 1


async def show(turn: Turn, value: str) -> list[Reply]:
    """The poster with this id; they are drawn at random, so nobody finds one by trying."""
    known = _ID.fullmatch(value) and int(value) <= _LARGEST_ID
    poster = await turn.storage.posters.get(int(value)) if known else None
    if poster is None or poster.state is not Fetching.KEPT:
        return [menus.where_we_are(turn, text("stale"))]
    return [Reply((text("poster-shown"),), photo=poster.hash, on_request=True)]
