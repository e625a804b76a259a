"""How much of a day's reach is kept back for reminders."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from storage import Storage
from storage.community.people import Address, Arrival
from tests.storage.community import CONSENT, webinar
from tests.storage.conftest import Clock

HOUR = timedelta(hours=1)


async def registered(storage: Storage, clock: Clock, name: str, open_for: timedelta) -> Address:
    """Somebody registered whose window closes so much later."""
    arrival = Arrival("whatsapp", name, "1", opens_until=clock.now + open_for)
    async with storage.transaction() as tx:
        address, person = await tx.people.welcome(arrival, "ar", CONSENT, clock.now)
        await tx.registrations.put(person.id, "one", {}, clock.now)
    return address


async def kept_back(storage: Storage, clock: Clock) -> int:
    async with storage.reading() as tx:
        return await tx.reach.kept_back(clock.now)


async def test_a_place_for_each_who_is_reminded_within_a_day_behind_a_closed_window(
    storage: Storage, clock: Clock
) -> None:
    async with storage.transaction() as tx:
        await tx.webinars.put(webinar("one", clock.now + 30 * HOUR))
        await tx.reminders.replan_all((60, 10), clock.now)
    closed = await registered(storage, clock, "closed", -HOUR)
    closes = await registered(storage, clock, "closes before", 20 * HOUR)
    await registered(storage, clock, "still open", 40 * HOUR)
    # The first reminder is due in 29 hours.
    assert await kept_back(storage, clock) == 0
    clock.forward(6 * HOUR)
    assert await kept_back(storage, clock) == 2
    async with storage.transaction() as tx:
        await tx.reach.note(closed.id, clock.now)
    assert await kept_back(storage, clock) == 1
    async with storage.transaction() as tx:
        person = await tx.people.get(closes.person)
        assert person is not None
        await tx.people.update(replace(person, reminders=False), clock.now)
    assert await kept_back(storage, clock) == 0
