"""The programme: which webinars are coming, and when by one's own clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dialogue.words import Button, Reply, Text, text
from handlers.house import House
from handlers.series.standing import OPEN, standing
from handlers.speaking import lists, menus
from handlers.turn import Turn
from storage.series.webinars import Programme, Webinar

SHOWN = 8
"""So many webinars fit one list on a small screen."""


def upcoming(programme: Programme, now: datetime) -> list[Webinar]:
    """The webinars that one can still come to, soonest first."""
    return [w for w in programme.webinars if standing(w, now) in OPEN][:SHOWN]


def coming(turn: Turn) -> list[Webinar]:
    """The webinars that are offered in this turn."""
    return upcoming(turn.programme, turn.now)


def find(programme: Programme, webinar_id: str) -> Webinar | None:
    """The webinar with this id, if there is one."""
    return next((w for w in programme.webinars if w.id == webinar_id), None)


def lines(webinars: Sequence[Webinar]) -> tuple[Text, ...]:
    """The webinars as the entries of a list, numbered as its buttons are."""
    return tuple(
        text("webinar-line", number=number, title=webinar.title, at=webinar.starts_at)
        for number, webinar in enumerate(webinars, start=1)
    )


def listing(house: House, now: datetime) -> tuple[Text, ...]:
    """The programme as it is read, also by somebody who never registers."""
    coming = upcoming(house.programme, now)
    if not coming:
        return (text("programme-empty"),)
    return (text("programme"), *lines(coming))


def show(turn: Turn, *before: Text) -> Reply:
    """The list of what is coming, each with a button to its details."""
    coming = upcoming(turn.programme, turn.now)
    rows = (*list_rows(coming), (_continue_or_register(turn), menus.command_button("menu")))
    return lists.menu(turn, (*before, *listing(turn.house, turn.now)), rows)


async def command(turn: Turn) -> list[Reply]:
    """/webinars."""
    return [show(turn)]


def list_rows(webinars: Sequence[Webinar]) -> lists.Rows:
    """A button for each of these, which leads to its screen."""
    return tuple((Button(webinar.title, f"go:w:{webinar.id}"),) for webinar in webinars)


def _continue_or_register(turn: Turn) -> Button:
    if turn.desk.front is not None:
        return Button(text("btn-continue"), "go:continue")
    return menus.command_button("register")
