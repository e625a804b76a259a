"""Addresses of experts who are not on the team: named by organisers, asked before all else.

They are shown so that an organiser knows them again, and nobody else can write to them.
"""

from __future__ import annotations

import re
from dataclasses import replace

from dialogue.form import Answers, Form, Question
from dialogue.talk import Talk
from dialogue.words import Button, Reply, Text, text
from handlers.digest import mails, sending
from handlers.participants import mail_address
from handlers.roles import ORGANISERS
from handlers.speaking import choices, lists, talking
from handlers.turn import Conversation, Turn
from storage.asking.guest import Guest, Wanted
from storage.asking.guests import MOST

CODE = "g"
_REMOVE = re.compile(r"([a-z0-9-]{1,40}):([0-9a-f]{1,16})")


def way(webinar: str) -> Button:
    """The button to all of a webinar's."""
    return Button(text("btn-digest-guests"), f"go:di-who:{webinar}")


async def listed(turn: Turn, value: str, *before: Text) -> list[Reply]:
    """All of the webinar on this button, and what each of them said."""
    webinar = sending.announced(turn, value)
    if webinar is None:
        return [lists.menu(turn, (text("stale"),), ((back(value),),))]
    named = await turn.storage.guests.of(webinar.id)
    lines = tuple(_line(number, guest) for number, guest in enumerate(named, start=1))
    removing = tuple(
        Button(text("btn-guest-remove", number=number), f"go:di-drop:{webinar.id}:{guest.id:x}")
        for number, guest in enumerate(named, start=1)
        if guest.wanted is not Wanted.REFUSED
    )
    adding = (Button(text("btn-guest-add"), f"go:di-add:{webinar.id}"),)
    ways = (*(adding if len(named) < MOST else ()), back(webinar.id))
    heading = text("guests", webinar=webinar.title)
    said = (*before, heading, *(lines or (text("guests-none"),)))
    return [lists.menu(turn, said, (*lists.in_rows(removing, 2), ways))]


async def add(turn: Turn, value: str) -> list[Reply]:
    """Ask for an address, and the language of whoever reads there."""
    webinar = sending.announced(turn, value)
    if webinar is None or not turn.house.rules.mail_is_set_up:
        return await listed(turn, value)
    turn.desk = turn.desk.with_talk(CODE, Talk(turn.desk.numbers + 1, {"@webinar": webinar.id}))
    return talking.begin(turn, CONVERSATION)


async def remove(turn: Turn, value: str) -> list[Reply]:
    """Take an address off, with all that waits for it."""
    found = _REMOVE.fullmatch(value)
    if found is None:
        return await listed(turn, value)
    gone = await turn.storage.guests.remove(found[1], int(found[2], 16) & (2**63 - 1))
    return await listed(turn, found[1], *((text("guest-removed"),) if gone else ()))


def back(webinar: str) -> Button:
    """The button to the digest."""
    return Button(text("btn-back"), f"go:di:{webinar}")


def _form(turn: Turn) -> Form:
    languages = turn.house.languages
    offered = tuple(
        choices.choice(languages, code, Text(f"language-{code}")) for code in languages.codes
    )
    return (
        replace(
            mail_address.question(turn.house),
            ask=text("ask-guest"),
            title=text("title-guest"),
            optional=False,
        ),
        Question("language", text("ask-guest-language"), text("title-guest-language"), offered),
    )


async def _keep(turn: Turn, answers: Answers) -> list[Reply]:
    webinar = sending.announced(turn, str(answers.get("@webinar")))
    if webinar is None:
        return await listed(turn, str(answers.get("@webinar")))
    account, language = str(answers["mail"]), str(answers["language"])
    guest = await turn.storage.guests.ask(webinar.id, account, language, turn.now)
    if guest is None or guest.way is None:
        return await listed(turn, webinar.id, text("guest-not-asked"))
    link = sending.link(turn.house, turn.storage, guest)
    asked = mails.asking(webinar, turn.house.community.name, language, link)
    turn.elsewhere.append((guest.way, asked))
    return await listed(turn, webinar.id, text("guest-asked"))


async def _left(turn: Turn, answers: Answers) -> list[Reply]:
    return await listed(turn, str(answers.get("@webinar")), text("cancelled"))


def _line(number: int, guest: Guest) -> Text:
    state = Text(f"guest-is-{guest.wanted}")
    if guest.wanted is Wanted.AGREED and guest.way is None:
        state = text("guest-is-gone")
    shown = text("guest-nobody") if guest.account is None else hidden(guest.account)
    return Text("guest-line", {"number": number, "address": shown, "state": state})


def hidden(account: str) -> str:
    """An address as whoever typed it knows it again: `h…@hospital.example`."""
    name, _, host = account.rpartition("@")
    return f"{name[:1]}…@{host}"


CONVERSATION = Conversation(CODE, _form, _keep, None, may=ORGANISERS, left=_left)
