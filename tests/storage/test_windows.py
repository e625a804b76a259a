"""Windows: how long an account takes any message, as each turn and each delivery knows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dialogue.words import Lane
from storage import Storage
from storage.broadcasting.broadcasts import Kind
from storage.community.people import Address
from storage.turns import Arrival, Kept
from tests.storage.community import CONSENT, Guest, draft, welcome
from tests.storage.conftest import Clock
from tests.storage.crowd import claim, frozen, recipients, resident

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TICK = timedelta(milliseconds=1)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


async def wrote(storage: Storage, guest: Guest, at: datetime, id: str = "SM1") -> Address:
    """A turn of this guest, whose message came then."""
    arrival = replace(guest.arrival, id=id, opens_until=at + DAY)
    async with storage.transaction() as tx:
        ((found,), _) = await tx.turns.load([arrival])
        assert found.address
        await tx.turns.save([Kept(arrival, guest.person.id)], at)
    return found.address


async def kept(storage: Storage, guest: Guest) -> Address:
    async with storage.reading() as tx:
        (address,) = await tx.people.addresses(guest.person.id)
    return address


async def test_the_first_message_opens_the_window(storage: Storage, clock: Clock) -> None:
    arrival = Arrival("whatsapp", "1", "SM0", opens_until=clock.now + DAY)
    async with storage.transaction() as tx:
        address, person = await tx.people.welcome(arrival, "ar", CONSENT, clock.now)
    assert address.open_until == clock.now + DAY
    assert await kept(storage, Guest(arrival, address, person)) == address


async def test_each_message_opens_it_anew_and_an_older_one_does_not_close_it(
    storage: Storage, clock: Clock
) -> None:
    guest = await welcome(storage, "1", clock.now, "whatsapp")
    assert guest.address.open_until is None
    until = clock.now + DAY
    # The turn itself sees it open already, and so may its replies.
    assert (await wrote(storage, guest, clock.now)).open_until == until
    assert (await kept(storage, guest)).open_until == until
    for at, id in ((clock.now - 9 * HOUR, "SM2"), (clock.now, "SM3")):
        assert (await wrote(storage, guest, at, id)).open_until == until
        assert (await kept(storage, guest)).open_until == until
    assert (await wrote(storage, guest, clock.now + HOUR, "SM4")).open_until == until + HOUR
    assert (await kept(storage, guest)).open_until == until + HOUR


async def test_where_there_are_no_windows_none_is_kept(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "1", clock.now)
    async with storage.transaction() as tx:
        await tx.turns.save([Kept(replace(guest.arrival, id="2"), guest.person.id)], clock.now)
        await tx.outbox.add([draft(storage, guest, "x", clock.now)])
        (delivery,) = await tx.outbox.claim("telegram", clock.now, 9)
    assert delivery.open_until is None
    assert (await kept(storage, guest)).open_until is None


async def test_what_leaves_knows_how_long_its_address_is_open(
    storage: Storage, clock: Clock
) -> None:
    guest = await resident(storage, "amal", clock.now, channel="whatsapp")
    await wrote(storage, guest, clock.now)
    until = clock.now + DAY
    row = draft(storage, guest, "x", clock.now, lane=Lane.REMINDER)
    await frozen(storage, clock.now)
    async with storage.transaction() as tx:
        await tx.outbox.add([row])
        (single,) = await tx.outbox.claim("whatsapp", clock.now, 9)
        await tx.outbox.put_off(single.id, clock.now + DAY)
    (bulk,) = await claim(storage, clock.now, channel="whatsapp")
    assert (single.open_until, bulk.open_until) == (until, until)
    assert single == row.on_its_way("whatsapp", "amal", until)


async def test_a_window_that_was_closed_stays_closed_until_they_write(
    storage: Storage, clock: Clock
) -> None:
    guest = await welcome(storage, "1", clock.now, "whatsapp")
    async with storage.transaction() as tx:
        await tx.people.open_window(guest.address.id, clock.now + DAY)
        await tx.people.close_window(guest.address.id, clock.now + DAY)
    assert (await kept(storage, guest)).open_until == LONG_AGO
    await wrote(storage, guest, clock.now)
    assert (await kept(storage, guest)).open_until == clock.now + DAY


async def test_a_window_that_was_opened_since_is_not_closed(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "1", clock.now, "whatsapp")
    await wrote(storage, guest, clock.now)
    async with storage.transaction() as tx:
        await tx.people.close_window(guest.address.id, clock.now + DAY - TICK)
    assert (await kept(storage, guest)).open_until == clock.now + DAY


async def test_when_somebody_wrote_last_is_forgotten_after_seven_days(
    storage: Storage, clock: Clock
) -> None:
    guest = await welcome(storage, "1", clock.now, "whatsapp")
    await wrote(storage, guest, clock.now)
    until = clock.now + DAY
    await storage.sweep(until + 7 * DAY - TICK)
    assert (await kept(storage, guest)).open_until == until
    await storage.sweep(until + 7 * DAY)
    # It is still known to be closed.
    assert (await kept(storage, guest)).open_until == LONG_AGO


@pytest.mark.parametrize("kind", [Kind.ANNOUNCEMENT, Kind.NOTICE])
async def test_who_told_the_platform_to_spare_them_gets_no_announcement(
    storage: Storage, clock: Clock, kind: Kind
) -> None:
    amal, zaid = [
        await resident(storage, name, clock.now, channel="whatsapp") for name in ("amal", "zaid")
    ]
    async with storage.transaction() as tx:
        await tx.people.mark(amal.address.id, marketing=False)
    made = await frozen(storage, clock.now, kind=kind)
    async with storage.transaction() as tx:
        await tx.people.mark(zaid.address.id, marketing=False)
    left = await claim(storage, clock.now, channel="whatsapp")
    told = [delivery.account for delivery in left]
    assert sorted(told) == ([] if kind is Kind.ANNOUNCEMENT else ["amal", "zaid"])
    async with storage.reading() as tx:
        faults = (await tx.recipients.counts(made.id)).by_fault
    assert faults == ({"stopped": 1} if kind is Kind.ANNOUNCEMENT else {})


async def test_the_address_that_they_wish_for_comes_first(storage: Storage, clock: Clock) -> None:
    guest = await resident(storage, "amal", clock.now)
    places = [guest.address.id]
    for channel in ("whatsapp", "web"):
        other = await welcome(storage, "amal", clock.now, channel)
        async with storage.transaction() as tx:
            await tx.people.join(guest.person.id, other.person.id, clock.now)
        places.append(other.address.id)
    for place in (*places, None):
        async with storage.transaction() as tx:
            await tx.people.prefer(guest.person.id, place)
            preferred = [a.id for a in await tx.people.addresses(guest.person.id) if a.preferred]
        assert preferred == ([] if place is None else [place])
        made = await frozen(storage, clock.now)
        expected = min(places[:2]) if place is None else place
        assert await recipients(storage, made.id) == [(guest.person.id, expected)]


async def test_an_address_that_rests_steps_behind_until_they_write(
    storage: Storage, clock: Clock
) -> None:
    guest = await resident(storage, "amal", clock.now, channel="whatsapp")
    other = await welcome(storage, "amal", clock.now, "web")
    async with storage.transaction() as tx:
        await tx.people.join(guest.person.id, other.person.id, clock.now)
        await tx.people.prefer(guest.person.id, guest.address.id)
        await tx.people.mark(guest.address.id, rests_until=clock.now + HOUR)

    async def goes_to() -> int:
        made = await frozen(storage, clock.now)
        ((_, address),) = await recipients(storage, made.id)
        return address

    assert await goes_to() == other.address.id
    clock.forward(HOUR)
    assert await goes_to() == guest.address.id
    async with storage.transaction() as tx:
        await tx.people.mark(guest.address.id, rests_until=clock.now + HOUR)
        await tx.people.open_window(guest.address.id, clock.now + DAY)
    assert await goes_to() == guest.address.id
