"""Digests that nobody has to send: before a session, and after it, once for each version of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from dialogue.stages import Stage
from handlers.digest import sending
from handlers.digest.content import material
from handlers.house import House
from handlers.telling.outcome import Door, drafts_elsewhere
from handlers.telling.telling import drafts_for_others
from storage import Transaction
from storage.asking.digests import Due, Part
from storage.asking.guest import Guest
from storage.outbox import Draft
from storage.series.webinars import Webinar

ON_TIME = timedelta(minutes=5)
AT_LAST = timedelta(hours=1)
"""So long before the start it leaves with whatever was approved by then."""


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

    While there is nothing to say before a session, or nobody to say it to, it stays due.
    """
    webinar = await tx.webinars.get(due.webinar)
    past = await tx.digests.sent(due.webinar, due.version, part)
    leaving = None if webinar is None else await sending.post(house, tx, webinar, part)
    if webinar is not None and part is Part.BEFORE:
        empty = leaving is None or not (leaving.mails or leaving.chats)
        if empty or not await _is_ripe(house, tx, webinar, now):
            return 0
    noted = await tx.digests.note(due, part, past.times, now, unasked=True)
    if leaving is None or not noted:
        return 0
    voice = house.languages.voice(house.languages.codes[0])
    rows: list[Draft] = drafts_elsewhere(voice, leaving.mails, now, next_id)
    rows += await drafts_for_others(house, tx, door, leaving.chats, now, next_id)
    await tx.outbox.add(rows)
    return len(rows)


async def _is_ripe(house: House, tx: Transaction, webinar: Webinar, now: datetime) -> bool:
    """Whether it may leave: it goes but once, so what is late waits for what is still moderated."""
    on_time = now - (webinar.starts_at - house.rules.digest_before) <= ON_TIME
    if on_time or webinar.starts_at - now <= AT_LAST:
        return True
    counts = await tx.moderation.counts(webinar.id)
    return not (counts.get(Stage.RECEIVED, 0) + counts.get(Stage.IN_REVIEW, 0))


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
