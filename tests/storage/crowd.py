"""People to announce something to, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from dialogue.words import Lane
from storage import Storage
from storage.broadcasting.broadcasts import Broadcast, Kind, Phase, Rule
from storage.community.people import Profile
from storage.outbox import Delivery, Settlement, State
from tests.storage.community import Guest, welcome


async def resident(
    storage: Storage,
    name: str,
    now: datetime,
    *,
    channel: str = "telegram",
    language: str = "ar",
    governorate: str | None = None,
    **flags: Any,
) -> Guest:
    """Somebody who speaks this language and lives there."""
    guest = await welcome(storage, name, now, channel)
    profile = Profile(nickname=name, governorate=governorate, zone="Asia/Baghdad")
    person = replace(guest.person, language=language, profile=profile, **flags)
    async with storage.transaction() as tx:
        await tx.people.update(person, now)
    return replace(guest, person=person)


async def also_on(storage: Storage, guest: Guest, channel: str, now: datetime) -> int:
    """A second address of the same person."""
    other = await welcome(storage, guest.arrival.account, now, channel)
    move = "UPDATE addresses SET person = :person WHERE id = :id"
    async with storage.transaction() as tx:
        values = {"person": guest.person.id, "id": other.address.id}
        await tx.desk.connection.run(move, values)
        await tx.people.forget(other.person.id)
    return other.address.id


async def announced(
    storage: Storage,
    now: datetime,
    rule: Rule | None = None,
    *,
    kind: Kind = Kind.ANNOUNCEMENT,
    **more: Any,
) -> Broadcast:
    """A broadcast whose time has come."""
    async with storage.transaction() as tx:
        return await tx.broadcasts.put(
            kind, rule or Rule(), {"texts": {"ar": "x"}}, now, phase=Phase.HELD, **more
        )


async def frozen(
    storage: Storage, now: datetime, rule: Rule | None = None, *, limit: int = 2, **more: Any
) -> Broadcast:
    """One whose recipients are all written down."""
    broadcast = await announced(storage, now, rule, **more)
    async with storage.transaction() as tx:
        assert await tx.broadcasts.begin(broadcast.id, now) is not None
    await freeze(storage, broadcast.id, limit)
    return broadcast


async def freeze(storage: Storage, broadcast_id: int, limit: int = 2) -> int:
    """All steps of it; how many people were passed."""
    passed, total = -1, 0
    while passed:
        async with storage.transaction() as tx:
            passed = await tx.recipients.freeze(broadcast_id, limit)
        total += passed
    return total


async def recipients(storage: Storage, broadcast_id: int) -> list[tuple[int, int]]:
    """Person and address of each row."""
    select = "SELECT person, address FROM outbox WHERE broadcast = :id ORDER BY person"
    async with storage.reading() as tx:
        rows = await tx.desk.connection.fetch(select, {"id": broadcast_id})
    return [(row[0], row[1]) for row in rows]


async def names(storage: Storage, broadcast_id: int, guests: Sequence[Guest]) -> list[str]:
    """The accounts of those who have a row."""
    by_person = {guest.person.id: guest.arrival.account for guest in guests}
    return sorted(by_person[person] for person, _ in await recipients(storage, broadcast_id))


async def phase(storage: Storage, broadcast_id: int) -> Phase:
    async with storage.reading() as tx:
        found = await tx.broadcasts.get(broadcast_id)
    assert found is not None
    return found.phase


async def claim(
    storage: Storage, now: datetime, limit: int = 100, channel: str = "telegram"
) -> list[Delivery]:
    """What may leave of announcements and reminders."""
    async with storage.transaction() as tx:
        lanes = (Lane.REMINDER, Lane.ANNOUNCEMENT)
        return await tx.outbox.claim(channel, now, limit, lanes)


async def settle(storage: Storage, deliveries: Sequence[Delivery], state: State, why: str) -> None:
    async with storage.transaction() as tx:
        await tx.outbox.settle([Settlement(d.id, state, reason=why or None) for d in deliveries])


async def register(storage: Storage, webinar: str, now: datetime, *guests: Guest) -> None:
    async with storage.transaction() as tx:
        for guest in guests:
            await tx.registrations.put(guest.person.id, webinar, {}, now)
