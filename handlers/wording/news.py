"""All of what somebody was told in part, since a platform let no more through."""

from __future__ import annotations

from datetime import datetime, timedelta

from dialogue.words import Reply, text
from handlers.arrivals import WINDOWS
from handlers.series import programme
from handlers.series.screen import screen
from handlers.series.standing import OPEN, standing
from handlers.telling import reminding
from handlers.turn import Turn
from handlers.wording import to_many
from storage.broadcasting.broadcasts import Broadcast, Kind

LATELY = timedelta(days=7)
"""What is older was told in a conversation that nobody remembers, and is erased."""


async def show(turn: Turn) -> list[Reply]:
    """What this person was told last, in full; the programme when that is no news any more."""
    latest = await turn.storage.broadcasts.latest_to(turn.person.id, turn.now - LATELY)
    replies = [] if latest is None else await _in_full(turn, latest)
    return replies or [programme.show(turn, text("news-none"))]


async def details(turn: Turn) -> list[Reply]:
    """The webinar that this person was told of last; the programme when there is none."""
    latest = await turn.storage.broadcasts.latest_to(turn.person.id, turn.now - LATELY)
    about = None if latest is None else _webinar_of(latest)
    return [programme.show(turn)] if about is None else await screen(turn, about)


async def missed(turn: Turn, heard: datetime | None) -> list[Reply]:
    """What was told by template since this person was `heard` last, before they wrote again."""
    window = WINDOWS.get(turn.incoming.channel)
    if window is None or heard is None or turn.now - heard <= window:
        return []
    latest = await turn.storage.broadcasts.latest_to(turn.person.id, heard + window)
    return [] if latest is None else await _in_full(turn, latest)


async def _in_full(turn: Turn, broadcast: Broadcast) -> list[Reply]:
    """One message, or none if there is nothing to it any more."""
    try:
        match broadcast.kind:
            case Kind.REMINDER:
                return await _reminder(turn, broadcast)
            case Kind.NOTICE:
                return [await to_many.notice(turn.storage, broadcast)]
            case _:
                language, text_only = turn.person.language, turn.person.text_only
                return [to_many.announcement(broadcast, language, text_only=text_only)]
    except LookupError:
        return []


async def _reminder(turn: Turn, broadcast: Broadcast) -> list[Reply]:
    """As it is said now; whoever is given the way in will hear of another one."""
    minutes = turn.house.rules.way_in_minutes
    coming = [
        (webinar, before)
        for webinar, before in await to_many.due(turn.storage, broadcast)
        if standing(webinar, turn.now) in OPEN
    ]
    for webinar, before in coming:
        if reminding.carries_way_in(webinar, before, minutes):
            await turn.storage.registrations.note_told(turn.person.id, webinar.id)
    return [reminding.reminder(coming, turn.now, minutes)] if coming else []


def _webinar_of(broadcast: Broadcast) -> str | None:
    if broadcast.reminders:
        return broadcast.reminders[0][0]
    about: str | None = broadcast.content.get("webinar") or broadcast.webinar
    return about
