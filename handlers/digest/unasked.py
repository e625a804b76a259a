"""Digests that nobody has to send: before a session, and after it, once for each version of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from handlers.digest import sending
from handlers.digest.content import material
from handlers.house import House
from handlers.telling.outcome import Door, drafts_elsewhere
from handlers.telling.telling import drafts_for_others
from storage import Transaction
from storage.asking.digests import Due, Part
from storage.asking.guests import Guest
from storage.outbox import Draft


async def send(
    house: House,
    tx: Transaction,
    door: Door,
    due: Due,
    part: Part,
    now: datetime,
    next_id: Callable[[], int],
) -> int:
    """Have it leave, with this transaction; how many messages that are.

    What there is nothing to say of is not said later either: by then it would be in a hurry, and
    the moderators have a button for it.
    """
    webinar = await tx.webinars.get(due.webinar)
    past = await tx.digests.sent(due.webinar, due.version, part)
    noted = await tx.digests.note(due, part, past.times, now, unasked=True)
    if webinar is None or not noted:
        return 0
    leaving = await sending.post(house, tx, webinar, part)
    if leaving is None:
        return 0
    voice = house.languages.voice(house.languages.codes[0])
    rows: list[Draft] = drafts_elsewhere(voice, leaving.mails, now, next_id)
    rows += await drafts_for_others(house, tx, door, leaving.chats, now, next_id)
    await tx.outbox.add(rows)
    return len(rows)


async def welcome(
    house: House, tx: Transaction, guest: Guest, now: datetime, next_id: Callable[[], int]
) -> int:
    """Somebody has agreed to be sent the questions: what others were sent they are sent now."""
    webinar = await tx.webinars.get(guest.webinar)
    if webinar is None or sending.part_of(webinar, now) is Part.AFTER:
        return 0
    past = await tx.digests.sent(webinar.id, webinar.version, Part.BEFORE)
    found = await material(tx, webinar.id)
    if not past.times or not found.waiting:
        return 0
    mail = sending.to_guest(house, tx, webinar, Part.BEFORE, found, guest)
    voice = house.languages.voice(guest.language)
    await tx.outbox.add(drafts_elsewhere(voice, mail, now, next_id))
    return len(mail)
