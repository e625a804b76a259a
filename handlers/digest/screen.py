"""The experts' digest on the phone: how much there is, who gets it and when, the page, and send."""

from __future__ import annotations

import re
from dataclasses import replace

from dialogue.words import Button, Reply, Text, text
from handlers.digest import guests, mails, proposed, sending
from handlers.digest.content import Material, digest, material
from handlers.roles import ORGANISERS
from handlers.speaking import chats, lists, menus
from handlers.turn import Turn
from storage.asking.digests import Part, Sending
from storage.asking.guest import Wanted
from storage.community.boards import LASTING, Seat
from storage.series.webinars import Webinar

_SEND = re.compile(r"([a-z0-9-]{1,40}):([0-9]{1,6})")


async def open_one(turn: Turn, value: str, *before: Text) -> list[Reply]:
    """What there is of the webinar on this button."""
    webinar = sending.announced(turn, value)
    return await (none(turn) if webinar is None else of(turn, webinar, *before))


async def of(turn: Turn, webinar: Webinar, *before: Text) -> list[Reply]:
    """How much is ready, who gets it, and when it went or will go."""
    part = sending.part_of(webinar, turn.now)
    found = await material(turn.storage, webinar.id)
    past = await turn.storage.digests.sent(webinar.id, webinar.version, part)
    lines = (
        *_ready(turn, part, found),
        *await _readers(turn, webinar),
        *_times(turn, webinar, part, past),
    )
    heading = text(f"digest-of-{part}", webinar=webinar.title)
    ways = (
        Button(text("btn-digest-page"), f"go:di-page:{webinar.id}"),
        Button(text("btn-digest-send"), f"go:di-send:{webinar.id}:{past.times}"),
        *proposed.way(webinar.id, await turn.storage.proposals.count(webinar.id)),
        *_to_guests(turn, webinar),
        Button(text("btn-mo-count"), f"go:mo:{webinar.id}"),
    )
    said = (*before, heading, text("lines", lines=lines))
    return [lists.menu(turn, said, lists.in_rows(ways, 2))]


async def send(turn: Turn, value: str) -> list[Reply]:
    """Have it leave now; once for each time that the button was shown."""
    carried = _SEND.fullmatch(value)
    webinar = sending.announced(turn, carried[1]) if carried else None
    if carried is None or webinar is None:
        return await none(turn)
    part, house, times = sending.part_of(webinar, turn.now), turn.house, int(carried[2])
    leaving = await sending.post(house, turn.storage, webinar, part)
    if leaving is None:
        return await of(turn, webinar, text("digest-none"))
    if not leaving.mails and not leaving.chats:
        return await of(turn, webinar, text("digest-nobody"))
    what = sending.version(webinar)
    if not await turn.storage.digests.note(what, part, times, turn.now):
        past = await turn.storage.digests.sent(webinar.id, webinar.version, part)
        # What the button showed may have been another part, or before the webinar was moved.
        return await of(turn, webinar, text("digest-was-sent" if past.times > times else "stale"))
    turn.elsewhere += leaving.mails
    # Whoever sends it sees that here.
    turn.told += [each for each in leaving.chats if each.person != turn.person.id]
    numbers = {"mails": len(leaving.mails), "chats": len(leaving.chats)}
    return await of(turn, webinar, Text("digest-leaves", numbers))


async def page(turn: Turn, value: str) -> list[Reply]:
    """A link to the page that can be printed."""
    webinar = sending.announced(turn, value)
    if webinar is None:
        return await none(turn)
    token = await turn.storage.boards.link(turn.person.id, Seat.STAGE, webinar.id, turn.now)
    minutes = int(LASTING.total_seconds() // 60)
    note = Text("digest-page", {"webinar": webinar.title, "count": minutes})
    gone = chats.gone(turn.incoming.channel, text("invite-gone"))
    link = f"{turn.house.web_address()}/board/digest/{token}"
    there = chats.leading(turn.incoming.channel, text("digest-open"), link)
    rows = tuple(filter(None, (there, (menus.command_button("menu"),))))
    shown = lists.menu(turn, (note, gone, text("words", words=link)), rows)
    return [replace(shown, gone_after=LASTING)]


async def none(turn: Turn) -> list[Reply]:
    """There is no such webinar any more."""
    return [menus.where_we_are(turn, text("stale"))]


def _ready(turn: Turn, part: Part, found: Material) -> tuple[Text, ...]:
    if part is Part.AFTER:
        return mails.figures(digest(found, turn.person.language))
    if not found.waiting:
        return (text("digest-none"),)
    count = Text("digest-ready", {"count": found.waiting})
    missing = tuple(
        text("digest-missing-in", language=Text(f"language-{code}"), number=number)
        for code in turn.house.languages.codes
        if (number := digest(found, code).missing)
    )
    return (count, *missing)


async def _readers(turn: Turn, webinar: Webinar) -> tuple[Text, ...]:
    named = await turn.storage.guests.of(webinar.id)
    readers = await sending.speakers(turn.house, turn.storage)
    by_mail = sum(each.mail is not None for each in readers)
    agreed = len(await sending.guests(turn.house, turn.storage, webinar.id))
    asked = sum(each.wanted is Wanted.ASKED for each in named)
    numbers = {
        "digest-by-mail": by_mail + agreed if turn.house.rules.mail_is_set_up else None,
        "digest-in-chat": len(readers) - by_mail,
        "digest-asked": asked or None,
    }
    return tuple(
        Text(key, {"number": number}) for key, number in numbers.items() if number is not None
    )


def _times(turn: Turn, webinar: Webinar, part: Part, past: Sending) -> tuple[Text, ...]:
    sent = (text("digest-sent", at=past.at),) if past.times else ()
    at = sending.when(turn.house, webinar, turn.now, past) if part is Part.BEFORE else None
    return sent if at is None else (*sent, text("digest-by-itself", at=at))


def _to_guests(turn: Turn, webinar: Webinar) -> tuple[Button, ...]:
    if turn.role not in ORGANISERS or not turn.house.rules.mail_is_set_up:
        return ()
    return (guests.way(webinar.id),)
