"""A word to moderators, some hours before the experts' digest leaves: questions wait for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from dialogue.words import Button, Reply, text
from handlers.house import House
from handlers.lasting import lasting
from handlers.receipts import views
from handlers.roles import MODERATORS
from handlers.teller import Told
from handlers.telling.outcome import Door
from handlers.telling.telling import drafts_for_others
from storage import Transaction
from storage.asking.digests import Due
from storage.roles import Role

EARLIER = timedelta(hours=6)
"""So long before the digest, which has in it only what was approved by then."""


async def nudge(
    house: House, tx: Transaction, door: Door, due: Due, now: datetime, next_id: Callable[[], int]
) -> int:
    """Tell whoever moderates how many nobody has looked at, once; how many messages that are."""
    webinar = await tx.webinars.get(due.webinar)
    number = views.number(await tx.moderation.counts(due.webinar), "new")
    if webinar is None or not number or not await tx.digests.nudge(due, now):
        return 0
    look = Button(text("btn-mo-look"), lasting(f"go:mo:{webinar.id}"))
    said = Reply((text("moderate-nudge", webinar=webinar.title, number=number),), ((look,),))
    told = [Told(person, said) for person in await _who_moderates(tx)]
    rows = await drafts_for_others(house, tx, door, told, now, next_id)
    await tx.outbox.add(rows)
    return len(rows)


async def _who_moderates(tx: Transaction) -> list[int]:
    """The moderators; where there are none, those who may as well."""
    able = [each for each in await tx.staff.members() if each.active and each.role in MODERATORS]
    called = [each for each in able if each.role is Role.MODERATOR] or able
    return [each.person for each in called]
