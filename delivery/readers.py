"""Who hears of a broadcast: whoever made it while they are in charge, else all who are."""

from __future__ import annotations

from collections.abc import Sequence

from storage import Transaction
from storage.broadcasting.broadcasts import Broadcast, Counts, Kind
from storage.outbox import State
from storage.persons import Address, Person, preferred
from storage.roles import Role

IN_CHARGE = (Role.OWNER, Role.ORGANISER)


async def readers_of_report(tx: Transaction, broadcast: Broadcast, counts: Counts) -> Sequence[int]:
    """Those whom it concerns, if they want to know.

    Of a reminder they hear when somebody did not get it in time, and of an answer when somebody
    did not get it at all: there are many during a session, and each leaves once per language.
    """
    if broadcast.kind is Kind.REMINDER and not counts.by_fault.get(State.EXPIRED):
        return []
    if broadcast.content.get("notice") == "answer" and not counts.by_fault:
        return []
    return await all_concerned(tx, broadcast)


async def all_concerned(tx: Transaction, broadcast: Broadcast) -> Sequence[int]:
    """Whoever made it, while they are in charge, else all who are."""
    in_charge = await all_in_charge(tx)
    return [broadcast.made_by] if broadcast.made_by in in_charge else in_charge


async def all_in_charge(tx: Transaction) -> list[int]:
    """Owners and organisers, by their ids."""
    members = await tx.staff.members()
    return [m.person for m in members if m.active and m.role in IN_CHARGE]


async def reader_of(tx: Transaction, person_id: int | None) -> tuple[Address, Person] | None:
    """Where this person is written to, and as whom; None when they cannot be."""
    person = None if person_id is None else await tx.people.get(person_id)
    if person is None:
        return None
    address = preferred(await tx.people.addresses(person.id))
    return None if address is None else (address, person)
