"""What to think of before a time is settled on which an announcement leaves."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from dialogue.words import Text, text
from handlers.content.warnings import NIGHT
from handlers.turn import Turn


async def about(turn: Turn, at: datetime | None) -> tuple[Text, ...]:
    """That people cannot be reached at this time, or perhaps cannot; None is now."""
    leaves, zone = at or turn.now, turn.house.community.zone
    for outage in await turn.storage.outages.coming(turn.now):
        if outage.starts_at <= leaves < outage.ends_at:
            return (text("announce-in-cut", since=outage.starts_at, until=outage.ends_at),)
    if at is not None and at.astimezone(ZoneInfo(zone)).hour in NIGHT:
        return (text("announce-at-night", city=turn.voice.city(zone)),)
    return ()
