"""The dates that somebody has registered for, in a mail that a calendar understands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dialogue.words import Button, Meeting, Reply, text
from handlers.lasting import lasting
from handlers.series.screen import details
from handlers.series.standing import OPEN, standing
from storage import Transaction
from storage.persons import MAILED, Address
from storage.series.webinars import Webinar


def meeting(webinar: Webinar, cancelled: bool = False) -> Meeting:
    """When it is; without the way in, which whoever sees a calendar would see.

    One that is cancelled by now stays so, whatever is told of it late.
    """
    return Meeting(
        webinar.id,
        webinar.title,
        webinar.starts_at,
        webinar.minutes,
        webinar.version,
        cancelled or webinar.state == "cancelled",
    )


def confirmation(webinars: Sequence[Webinar], now: datetime) -> Reply:
    """That somebody is registered, and for what."""
    told = [said for webinar in webinars for said in details(webinar, now)]
    return Reply(
        (text("mail-registered"), *told),
        ((Button(text("btn-webinars"), lasting("go:webinars")),),),
        meetings=tuple(meeting(webinar) for webinar in webinars),
    )


async def confirmed(
    tx: Transaction, person: int, webinars: Sequence[Webinar], now: datetime, besides: int = 0
) -> list[tuple[Address, Reply]]:
    """What goes to the address of mail that they have proved, unless it is the one `besides`."""
    if not webinars:
        return []
    said = confirmation(webinars, now)
    return [
        (address, said)
        for address in await tx.people.addresses(person)
        if address.channel == MAILED
        and address.id != besides
        and address.reachable
        and not address.stopped
    ]


async def registered(tx: Transaction, person: int, now: datetime) -> list[Webinar]:
    """What they have a place in, and can still come to, the soonest first."""
    kept = [each for each in await tx.registrations.of(person) if each.approved]
    known = [await tx.webinars.get(each.webinar) for each in kept]
    return [each for each in known if each and standing(each, now) in OPEN]
