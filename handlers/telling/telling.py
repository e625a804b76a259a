"""What others hear of a turn: a row of the outbox for each, in their language, on one address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dialogue.words import Lane, Message
from handlers.house import House
from handlers.teller import Teller, Told
from handlers.telling import templates
from handlers.telling.outcome import Door, fitting
from storage import Transaction, persons
from storage.community.people import Address
from storage.outbox import Draft
from storage.persons import MAILED


@dataclass(slots=True)
class Telling(Teller):
    """What people are told in nobody's turn."""

    house: House
    storage: Transaction
    now: datetime
    told: list[Told] = field(default_factory=list[Told], init=False)


async def drafts_for_others(
    house: House,
    storage: Transaction,
    door: Door,
    told: Sequence[Told],
    now: datetime,
    next_id: Callable[[], int],
) -> list[Draft]:
    """The rows for these replies; none for who is gone, or does not wish to be written to."""
    rows: list[Draft] = []
    for each in _latest(told):
        person = await storage.people.get(each.person)
        address = preferred(_fit_for(each, await storage.people.addresses(each.person)), door)
        if person is None or address is None:
            continue
        if each.target is not None and not door.edits(address.channel):
            continue
        voice = house.languages.voice(person.language, person.profile.zone)
        message = voice.render(templates.told(each.reply))
        parts = fitting(message, door.text_units(address.channel))
        mine = [_draft(next_id(), address, each, part, now) for part in parts]
        rows += mine
        if each.sent is not None:
            each.sent(mine[-1].id)
        for question in each.answers:
            await storage.moderation.note_sent(question, each.person, mine[-1].id)
    return rows


def _fit_for(told: Told, addresses: Sequence[Address]) -> list[Address]:
    """Where it may be said: what will be edited, again and again, would fill a mailbox."""
    lives = told.sent is not None or told.target is not None
    return [each for each in addresses if not (lives and each.channel == MAILED)]


def _latest(told: Sequence[Told]) -> list[Told]:
    """What is told, without what a later one of the same slot takes the place of."""
    last = {(each.person, each.slot): each for each in told}
    return [each for each in told if each.slot is None or last[each.person, each.slot] is each]


def _draft(id: int, address: Address, told: Told, message: Message, now: datetime) -> Draft:
    return Draft(
        id,
        address.id,
        told.reply.act,
        Lane.REMINDER,
        message,
        max(now, told.due or now),
        target_delivery=told.target,
        slot=told.slot,
    )


def preferred(addresses: Sequence[Address], door: Door) -> Address | None:
    """Where somebody is written to, of what there is a way to."""
    return persons.preferred(each for each in addresses if door.serves(each.channel))
