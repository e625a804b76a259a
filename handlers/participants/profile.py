"""How somebody is spoken to: language, clock, what is sent to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dialogue.form import Answers, Form
from dialogue.words import Button, Reply, Text, text
from handlers.participants import mail_address
from handlers.speaking import chats, choices, lists, menus, talking
from handlers.turn import Conversation, Turn
from storage import persons
from storage.community.people import Address

SWITCHES = ("announcements", "reminders", "receipts", "text_only")


async def languages(turn: Turn) -> list[Reply]:
    """/language: each language under its own name."""
    buttons = menus.language_buttons(turn.house.languages, "go:lang:")
    return [lists.menu(turn, (text("ask-language"),), (buttons,))]


async def speak(turn: Turn, language: str) -> list[Reply]:
    """Go on in this language; an open question is asked again in it."""
    if language in turn.house.languages.codes:
        turn.person = replace(turn.person, language=language)
    return [menus.where_we_are(turn, text("language-changed"))]


async def settings(turn: Turn, *before: Text) -> list[Reply]:
    """/settings: what is on, with a button to change each."""
    person = turn.person
    zone = person.profile.zone or turn.house.community.zone
    lines = [text("setting-language", language=Text(f"language-own-{person.language}"))]
    lines.append(text("setting-zone", zone=turn.voice.city(zone)))
    lines += [Text(f"setting-{name}-{_state(turn, name)}") for name in SWITCHES]
    mail = turn.house.rules.mail_is_set_up
    lines += [await mail_address.line(turn)] if mail else []
    mine = await turn.storage.people.addresses(turn.person.id) if turn.address.linked else []
    lines += _chats(mine)
    ways = [menus.command_button("language"), Button(text("btn-zone"), "go:zone")]
    ways += [
        Button(Text(f"btn-{name}-{_other(turn, name)}"), f"go:set:{name}:{_other(turn, name)}")
        for name in SWITCHES
    ]
    ways += await mail_address.ways(turn) if mail else ()
    if mine:
        ways.append(Button(text("btn-where"), "go:where"))
    ways.append(menus.command_button("unlink" if chats.besides(turn.address, mine) else "link"))
    ways.append(menus.command_button("menu"))
    texts = (*before, text("settings"), text("lines", lines=tuple(lines)))
    return [lists.menu(turn, texts, lists.in_rows(tuple(ways), 2))]


def _chats(mine: Sequence[Address]) -> list[Text]:
    """Which chats are this person's, and where they are written to first."""
    if not mine:
        return []
    lines = [text("setting-chats", chats=chats.called(mine))]
    first = persons.preferred(mine)
    return [*lines, text("setting-first", chat=chats.called([first]))] if first else lines


async def switch(turn: Turn, name: str, state: str) -> list[Reply]:
    """Turn one thing on or off."""
    if name in SWITCHES and state in {"on", "off"}:
        turn.person = replace(turn.person, **{name: state == "on"})
        if state == "on" and name != "text_only":
            turn.address = replace(turn.address, stopped=False)
        if state == "on" and name == "announcements":
            # Also where they once told the platform otherwise: it says so again if that stands.
            await turn.storage.people.mark(turn.address.id, marketing=True)
    return await settings(turn, text("setting-changed"))


async def zone(turn: Turn) -> list[Reply]:
    """Ask for the zone."""
    return talking.begin(turn, ZONE)


async def stop(turn: Turn) -> list[Reply]:
    """Stop everything that is sent unasked, at once, whatever else is open."""
    silence(turn)
    await mail_address.let(turn, stopped=True)
    ways = (Button(text("btn-resume"), "go:resume"), menus.command_button("forget"))
    return [lists.menu(turn, (text("stopped"),), lists.in_rows(ways, 1))]


def silence(turn: Turn) -> None:
    """Send nothing unasked any more, without a word about it."""
    turn.person = replace(turn.person, announcements=False, reminders=False)
    turn.address = replace(turn.address, stopped=True)


async def resume(turn: Turn) -> list[Reply]:
    """The way back from stop."""
    turn.person = replace(turn.person, announcements=True, reminders=True)
    turn.address = replace(turn.address, stopped=False)
    await mail_address.let(turn, stopped=False)
    return [menus.where_we_are(turn, text("resumed"))]


def _form(turn: Turn) -> Form:
    zone = choices.zone(turn.house, turn.person.language)
    return (replace(zone, optional=False),)


async def _keep_zone(turn: Turn, answers: Answers) -> list[Reply]:
    zone = str(answers["zone"])
    turn.person = replace(turn.person, profile=replace(turn.person.profile, zone=zone))
    return await settings(turn, text("setting-changed"))


def _state(turn: Turn, name: str) -> str:
    return "on" if getattr(turn.person, name) else "off"


def _other(turn: Turn, name: str) -> str:
    return "off" if getattr(turn.person, name) else "on"


ZONE = Conversation("z", _form, _keep_zone)
