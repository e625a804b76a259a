"""The way into a webinar: for those who are registered, from shortly before until it is over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from dialogue.words import Button, Localised, Text, text
from handlers.series.standing import lets_in
from handlers.turn import Turn
from storage.community.registrations import Registration
from storage.series.webinars import Webinar

_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")


def opens_at(webinar: Webinar, minutes: int) -> datetime:
    """When those registered are shown it: so many minutes before the start."""
    return webinar.starts_at - timedelta(minutes=minutes)


def is_open(webinar: Webinar, now: datetime, minutes: int) -> bool:
    """Whether those registered are shown it now."""
    return opens_at(webinar, minutes) <= now and lets_in(webinar, now)


def lines(webinar: Webinar) -> tuple[Text, ...]:
    """Link, number and passcode, a line each; none where nothing is known."""
    way = webinar.way_in
    if way is None:
        return ()
    told = (
        text("way-in-link", link=way.link) if way.link else None,
        text("way-in-phone", number=way.dial_in) if way.dial_in else None,
        text("way-in-passcode", passcode=way.passcode) if way.passcode else None,
    )
    return tuple(line for line in told if line is not None)


def on_one_line(webinar: Webinar) -> Text:
    """The same, one beside the other."""
    first, *rest = lines(webinar) or (text("way-in-missing"),)
    for more in rest:
        first = text("enumerated", first=first, rest=more)
    return first


def buttons(webinar: Webinar) -> tuple[Button, ...]:
    """The button that opens the link, where there is one."""
    link = webinar.way_in.link if webinar.way_in else ""
    # A platform refuses the whole message for a button that leads nowhere it knows.
    host = urlsplit(link).hostname or ""
    return (Button(text("btn-join"), url=link),) if _HOST.fullmatch(host) else ()


def buttons_for(turn: Turn, webinar: Webinar, kept: Registration) -> tuple[tuple[Button, ...], ...]:
    """The same as a row, for somebody registered who may come in now."""
    welcome = kept.approved or not webinar.approval
    open_now = is_open(webinar, turn.now, turn.house.rules.way_in_minutes)
    row = buttons(webinar) if welcome and open_now else ()
    return (row,) if row else ()


async def given(turn: Turn, webinar: Webinar, kept: Registration) -> tuple[Text, ...]:
    """What somebody registered learns of the way in now; who gets it will hear of changes.

    The webinar must be one that can still be come to.
    """
    if webinar.approval and not kept.approved:
        return (text("approval-awaited"),)
    minutes = turn.house.rules.way_in_minutes
    if not is_open(webinar, turn.now, minutes):
        return (text("way-in-later", count=minutes),)
    shown = lines(webinar)
    if not shown:
        return (text("way-in-missing"),)
    await turn.storage.registrations.note_told(turn.person.id, webinar.id)
    return (text("way-in", lines=shown),)


async def given_with_answer(turn: Turn, webinars: Sequence[Webinar]) -> tuple[Text, ...]:
    """What the answer to a registration for these says of the way in, where it is time for it."""
    told: list[Text] = []
    waiting: list[Localised] = []
    for webinar in webinars:
        kept = await turn.storage.registrations.get(turn.person.id, webinar.id)
        if kept is not None and webinar.approval and not kept.approved:
            waiting.append(webinar.title)
        elif kept is not None and is_open(webinar, turn.now, turn.house.rules.way_in_minutes):
            told += await _given_at_once(turn, webinar)
    if waiting:
        told.append(text("approval-awaited-for", webinars=tuple(waiting)))
    return tuple(told)


async def _given_at_once(turn: Turn, webinar: Webinar) -> tuple[Text, ...]:
    shown = lines(webinar)
    if not shown:
        return ()
    await turn.storage.registrations.note_told(turn.person.id, webinar.id)
    return (text("way-in-of", webinar=webinar.title, lines=shown),)
