"""When somebody does not know how to go on, or says what nobody asked for."""

from __future__ import annotations

from dialogue.words import Button, Reply, Text, text
from handlers.commands import of_staff
from handlers.participants import live
from handlers.roles import ORGANISERS
from handlers.speaking import lists, menus
from handlers.turn import Turn


async def start(turn: Turn) -> list[Reply]:
    """/start without a webinar: where we are."""
    return [menus.where_we_are(turn, text("welcome-back"))]


async def menu(turn: Turn) -> list[Reply]:
    """/menu."""
    return [menus.main_menu(turn)]


async def help(turn: Turn) -> list[Reply]:
    """/help: what can be done here, and a human to write to."""
    ways = tuple(map(menus.command_button, ("menu", "language", "settings", "privacy")))
    contact = text("help-contact", contact=turn.house.community.contact)
    return [lists.menu(turn, (text("help"), *_of_staff(turn), contact), lists.in_rows(ways, 2))]


def _of_staff(turn: Turn) -> tuple[Text, ...]:
    """The commands that only somebody with this role has."""
    lines = tuple(Text(f"help-staff-{name}") for name in of_staff(turn.role))
    return (text("help-staff", role=Text(f"role-{turn.role}"), lines=lines),) if lines else ()


async def unasked(turn: Turn, words: str) -> list[Reply]:
    """A text that answers nothing is offered as a question; organisers may announce it."""
    if (offered := await live.offer(turn, words)) is not None:
        return offered
    turn.keep_draft(words)
    announce = Button(text("btn-announce-this"), "go:an-this")
    rows = (
        (Button(text("btn-send-as-question"), "go:draft"),),
        *([(announce,)] if turn.role in ORGANISERS else []),
        (menus.command_button("menu"), menus.command_button("help")),
    )
    return [lists.menu(turn, (text("unasked"),), rows)]


async def media(turn: Turn) -> list[Reply]:
    """Nothing but text is read here yet."""
    return [menus.where_we_are(turn, text("media-not-read"))]


def too_fast() -> Reply:
    """Somebody, or their line, sends more than can be read with care."""
    return Reply((Text("too-fast"),))
