"""What others hear of a turn: a row of the outbox for each, in their language, on one address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from dialogue.words import Lane
from handlers import templates
from handlers.outcome import Door, fitting
from handlers.turn import House, Told
from storage import Transaction, persons
from storage.outbox import Draft
from storage.people import Address


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
    for each in told:
        reply, person_id = each.reply, each.person
        person = await storage.people.get(person_id)
        address = preferred(await storage.people.addresses(person_id), door)
        if person is None or address is None:
            continue
        voice = house.languages.voice(person.language, person.profile.zone)
        message = voice.render(templates.told(reply))
        due = max(now, each.due or now)
        rows += [
            Draft(next_id(), address.id, reply.act, Lane.REMINDER, part, due, slot=each.slot)
            for part in fitting(message, door.text_units(address.channel))
        ]
        for question in each.answers:
            await storage.moderation.note_sent(question, person_id, rows[-1].id)
    return rows


def preferred(addresses: Sequence[Address], door: Door) -> Address | None:
    """Where somebody is written to, of what there is a way to."""
    return persons.preferred(each for each in addresses if door.serves(each.channel))
