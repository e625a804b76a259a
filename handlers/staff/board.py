"""/board: links to the board of a webinar, for whoever moderates, interprets or answers there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta

from dialogue.words import Button, Reply, Text, text
from handlers.receipts import views
from handlers.roles import BOARDS, MODERATORS
from handlers.series import programme
from handlers.series.standing import Standing, is_on, standing
from handlers.speaking import chats, lists, menus
from handlers.turn import StaffWay, Turn
from storage.community.boards import LASTING, Seat
from storage.roles import Role
from storage.series.webinars import Webinar

SHOWN = 8
LATELY = timedelta(days=2)
"""For so long what is over is offered: what is left is answered in writing."""


async def board(turn: Turn) -> list[Reply]:
    """Straight to the webinar that is running; else to choose one."""
    offered = _offered(turn)
    running = [each for each in offered if is_on(each, turn.now)]
    if len(running) == 1:
        return await _links(turn, running[0])
    if not offered:
        return [lists.menu(turn, (text("board-none"),), ((menus.command_button("menu"),),))]
    ways = tuple((Button(each.title, f"go:bo:{each.id}"),) for each in offered)
    rows = (*ways, (menus.command_button("menu"),))
    return [lists.menu(turn, (text("board-which"), *programme.lines(offered)), rows)]


async def open_one(turn: Turn, value: str) -> list[Reply]:
    """The links to the board of the webinar on this button."""
    webinar = next((each for each in turn.programme.webinars if each.id == value), None)
    if webinar is None or webinar.state == "draft":
        return await board(turn)
    return await _links(turn, webinar)


async def _links(turn: Turn, webinar: Webinar) -> list[Reply]:
    links = await _links_to(turn, webinar)
    ways = [text(f"board-way-{seat}", link=link) for seat, link in links.items()]
    channel = turn.incoming.channel
    there = [chats.leading(channel, text(f"btn-open-{seat}"), link) for seat, link in links.items()]
    minutes = int(LASTING.total_seconds() // 60)
    note = Text("board-ways", {"webinar": webinar.title, "count": minutes})
    new = views.number(await turn.storage.moderation.counts(webinar.id), "new")
    waiting = text("board-unapproved", number=new)
    gone = chats.gone(turn.incoming.channel, text("invite-gone"))
    buttons = (*_to_print(links, webinar), menus.command_button("menu"))
    rows = (*filter(None, there), buttons, (Button(text("btn-board-close"), "go:bo-close:"),))
    shown = lists.menu(turn, (note, gone, waiting, *ways), rows)
    return [replace(shown, gone_after=LASTING)]


async def _links_to(turn: Turn, webinar: Webinar) -> Mapping[Seat, str]:
    """A link for each seat that they may take there."""
    boards, address = turn.storage.boards, turn.house.web_address()
    return {
        seat: on_the_board(address, await boards.link(turn.person.id, seat, webinar.id, turn.now))
        for seat in (SEATS[turn.role] if turn.role else ())
    }


async def close(turn: Turn, _value: str) -> list[Reply]:
    """End every board that they have open: a laptop may lie where they are not."""
    await turn.storage.boards.close_all(turn.person.id)
    return [menus.main_menu(turn, text("board-all-closed"))]


def _to_print(seats: Collection[Seat], webinar: Webinar) -> tuple[Button, ...]:
    """The way to the page that experts print, for whoever may see the stage."""
    return (
        (Button(text("btn-digest-page"), f"go:di-page:{webinar.id}"),)
        if Seat.STAGE in seats
        else ()
    )


def on_the_board(address: str, token: str) -> str:
    """The link that opens a board."""
    return f"{address}/board/open/{token}"


def _offered(turn: Turn) -> list[Webinar]:
    """What is running or coming, soonest first, and then what has just been, the latest first."""
    over = [
        each
        for each in reversed(turn.programme.webinars)
        if standing(each, turn.now) is Standing.OVER and each.starts_at > turn.now - LATELY
    ]
    return [*programme.coming(turn), *over][:SHOWN]


SEATS: Mapping[Role, tuple[Seat, ...]] = {
    **dict.fromkeys(MODERATORS, (Seat.DESK, Seat.STAGE)),
    Role.SPEAKER: (Seat.STAGE,),
    Role.INTERPRETER: (Seat.INTERPRET,),
}
"""Where each of the staff may sit; from the desk the way leads to the interpreters' page, too."""
WAYS: Mapping[str, StaffWay] = {
    "bo": StaffWay(open_one, BOARDS),
    "bo-close": StaffWay(close, BOARDS),
}
