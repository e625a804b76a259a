"""One account with two ids: found by either, and never by somebody who has its number now."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from dialogue.words import Act, Lane, Message
from storage import Storage, TakeAlone
from storage.community.people import Address
from storage.outbox import Draft
from storage.roles import Role
from storage.turns import Arrival, Found, Kept
from tests.storage.community import CONSENT, Guest, welcome
from tests.storage.conftest import Clock
from tests.storage.crowd import claim, frozen, register
from tests.storage.test_joining import with_webinars

PHONE = "whatsapp:+9647701234567"
ID = "whatsapp:IQ.1234"
OTHER_ID = "whatsapp:IQ.9999"
DAY = timedelta(days=1)


def arrival(account: str, alias: str | None = None, id: str = "SM1") -> Arrival:
    return Arrival("whatsapp", account, id, alias)


async def met(
    storage: Storage,
    clock: Clock,
    account: str,
    alias: str | None = None,
    opens_until: datetime | None = None,
) -> Guest:
    """Somebody whose first message came like this."""
    came = replace(arrival(account, alias, "SM0"), opens_until=opens_until)
    async with storage.transaction() as tx:
        assert (await tx.turns.load([came]))[0] == [Found(seen=False)]
        address, person = await tx.people.welcome(came, "ar", CONSENT, clock.now)
    return Guest(came, address, person)


async def known(storage: Storage, account: str, alias: str | None = None) -> Found:
    """What is known of whom a message that comes like this is from."""
    async with storage.transaction() as tx:
        ((one,), _) = await tx.turns.load([arrival(account, alias)])
    return one


async def serves(storage: Storage, clock: Clock, guest: Guest) -> None:
    """They are an organiser from now on."""
    async with storage.transaction() as tx:
        invitation = await tx.staff.invite(Role.ORGANISER, None, clock.now)
        await tx.staff.redeem(invitation.token, guest.person.id, clock.now)
        assert await tx.staff.activate(guest.person.id)


async def found(storage: Storage, account: str, alias: str | None = None) -> Address | None:
    """Whom a message that comes like this is from."""
    async with storage.transaction() as tx:
        ((one,), _) = await tx.turns.load([arrival(account, alias)])
    return one.address


async def keys(storage: Storage) -> int:
    async with storage.reading() as tx:
        ((count,),) = await tx.desk.connection.fetch("SELECT COUNT(*) FROM address_keys")
    return count


async def test_who_came_with_both_is_found_by_either_and_written_to_by_number(
    storage: Storage, clock: Clock
) -> None:
    guest = await met(storage, clock, ID, PHONE)
    assert guest.address.account == PHONE
    for account, alias in ((ID, PHONE), (ID, None), (PHONE, None)):
        assert await found(storage, account, alias) == guest.address
    assert await keys(storage) == 2


async def test_a_number_that_was_met_alone_learns_the_platforms_id(
    storage: Storage, clock: Clock
) -> None:
    guest = await met(storage, clock, PHONE)
    assert await found(storage, ID) is None
    assert await found(storage, ID, PHONE) == guest.address
    assert await found(storage, ID) == guest.address


async def test_a_number_alone_that_was_silent_for_long_is_somebody_elses_by_now(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage, "one")
    before = await met(storage, clock, PHONE, opens_until=clock.now + DAY)
    clock.forward(44 * DAY)
    assert await found(storage, PHONE) is not None
    clock.forward(3 * DAY)
    assert await found(storage, ID, PHONE) is None
    async with storage.reading() as tx:
        (gone,) = await tx.people.addresses(before.person.id)
    assert (gone.reachable, gone.account) == (False, "")
    now = await met(storage, clock, ID, PHONE)
    assert now.person.id != before.person.id


async def test_a_number_whose_id_is_not_told_leads_to_nobody_who_was_silent_for_long(
    storage: Storage, clock: Clock
) -> None:
    guest = await met(storage, clock, ID, PHONE, opens_until=clock.now + DAY)
    clock.forward(44 * DAY)
    assert await found_bare(storage) == guest.address
    clock.forward(3 * DAY)
    assert await found_bare(storage) is None
    async with storage.reading() as tx:
        (address,) = await tx.people.addresses(guest.person.id)
    assert (address.reachable, address.account) == (False, "")
    # It was they after all, as is known once the platform says who writes.
    again = await found(storage, ID, PHONE)
    assert again is not None
    assert (again.id, again.account) == (guest.address.id, PHONE)


async def test_of_a_number_of_which_no_other_id_is_known_nobody_is_let_go(
    storage: Storage, clock: Clock
) -> None:
    guest = await met(storage, clock, PHONE, opens_until=clock.now + DAY)
    clock.forward(100 * DAY)
    assert await found_bare(storage) == guest.address


async def found_bare(storage: Storage) -> Address | None:
    """Whom a message leads to that the log has kept."""
    async with storage.transaction() as tx:
        ((one,), _) = await tx.turns.load([replace(arrival(PHONE), bare=True)])
    return one.address


async def test_a_number_alone_that_was_heard_lately_is_the_same_person(
    storage: Storage, clock: Clock
) -> None:
    guest = await met(storage, clock, PHONE, opens_until=clock.now + DAY)
    clock.forward(44 * DAY)
    address = await found(storage, ID, PHONE)
    assert address is not None
    assert address.person == guest.person.id


async def test_no_role_comes_with_a_number_alone(storage: Storage, clock: Clock) -> None:
    guest = await met(storage, clock, PHONE)
    await serves(storage, clock, guest)
    assert (await known(storage, PHONE)).role is Role.ORGANISER
    learnt = await known(storage, ID, PHONE)
    assert (learnt.person, learnt.role) == (guest.person, None)
    assert (await known(storage, PHONE)).role is None


async def test_who_serves_and_has_another_account_keeps_the_role_and_loses_the_number(
    storage: Storage, clock: Clock
) -> None:
    guest = await met(storage, clock, PHONE)
    await serves(storage, clock, guest)
    there = await welcome(storage, "there", clock.now)
    async with storage.transaction() as tx:
        await tx.people.join(guest.person.id, there.person.id, clock.now)
    assert await found(storage, ID, PHONE) is None
    async with storage.transaction() as tx:
        ((still,), _) = await tx.turns.load([there.arrival])
    assert (still.person, still.role) == (guest.person, Role.ORGANISER)


@pytest.mark.parametrize("linked", [False, True])
async def test_no_role_comes_to_an_id_by_the_number_that_it_writes_from(
    storage: Storage, clock: Clock, *, linked: bool
) -> None:
    by_number, by_id = await met(storage, clock, PHONE), await met(storage, clock, ID)
    await serves(storage, clock, by_number)
    if linked:
        there = await welcome(storage, "there", clock.now)
        async with storage.transaction() as tx:
            await tx.people.join(by_number.person.id, there.person.id, clock.now)
    one = await known(storage, ID, PHONE)
    assert (one.person, one.role) == (by_id.person, None)
    assert (await known(storage, PHONE)).person == by_id.person


async def test_whoever_serves_by_their_id_keeps_the_role_when_they_show_their_number(
    storage: Storage, clock: Clock
) -> None:
    await met(storage, clock, PHONE)
    by_id = await met(storage, clock, ID)
    await serves(storage, clock, by_id)
    assert (await known(storage, ID, PHONE)).role is Role.ORGANISER


async def test_an_id_that_was_met_alone_learns_the_number_and_is_written_to_by_it(
    storage: Storage, clock: Clock
) -> None:
    guest = await met(storage, clock, ID)
    assert guest.address.account == ID
    by_number = replace(guest.address, account=PHONE)
    for account, alias in ((ID, PHONE), (PHONE, None), (ID, None)):
        assert await found(storage, account, alias) == by_number


async def test_who_has_the_number_of_somebody_else_now_is_a_stranger(
    storage: Storage, clock: Clock
) -> None:
    before = await met(storage, clock, ID, PHONE)
    waiting = Draft(
        storage.ids.delivery(clock.now), before.address.id, Act.SEND, Lane.REMINDER,
        Message("for the one before"), clock.now,
    )  # fmt: skip
    async with storage.transaction() as tx:
        await tx.outbox.add([waiting])
    assert await found(storage, OTHER_ID, PHONE) is None
    # Nothing goes to the number for whoever had it.
    async with storage.transaction() as tx:
        assert await tx.outbox.claim("whatsapp", clock.now, 9) == []
        (gone,) = await tx.people.addresses(before.person.id)
    assert (gone.reachable, gone.account) == (False, "")
    now = await met(storage, clock, OTHER_ID, PHONE)
    assert now.person.id != before.person.id
    assert await found(storage, PHONE) == now.address
    # And whoever had it is found by what is theirs, and written to there.
    for _ in range(2):
        assert await found(storage, ID) == replace(gone, account=ID)
    newer_phone = "whatsapp:+9647707654321"
    assert await found(storage, ID, newer_phone) == replace(gone, account=newer_phone)


async def test_nothing_is_deleted_on_the_platform_of_who_has_the_number_now(
    storage: Storage, clock: Clock
) -> None:
    before = await met(storage, clock, ID, PHONE)
    assert await found(storage, OTHER_ID, PHONE) is None
    async with storage.transaction() as tx:
        forgotten = await tx.people.forget(before.person.id)
        assert await tx.people.addresses(before.person.id) == []
    assert forgotten.addresses == ()


async def test_an_account_that_was_met_as_two_people_is_one(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage, "one")
    by_number, by_id = await met(storage, clock, PHONE), await met(storage, clock, ID)
    other = await welcome(storage, "other", clock.now, "whatsapp")
    await register(storage, "one", clock.now, by_number)
    reply = Draft(
        storage.ids.delivery(clock.now), by_number.address.id, Act.SEND, Lane.REPLY,
        Message("to the number"), clock.now,
    )  # fmt: skip
    async with storage.transaction() as tx:
        await tx.outbox.add([reply])
        await tx.people.mark(by_number.address.id, stopped=True)
        await tx.people.mark(by_number.address.id, stopped=False)
        await tx.reach.note(by_number.address.id, clock.now)
    await frozen(storage, clock.now)
    one = replace(by_id.address, account=PHONE)
    for account, alias in ((ID, PHONE), (PHONE, None), (ID, None)):
        assert await found(storage, account, alias) == one
    async with storage.transaction() as tx:
        assert [r.webinar for r in await tx.registrations.of(by_id.person.id)] == ["one"]
        assert await tx.people.get(by_number.person.id) is None
        assert await tx.people.addresses(by_id.person.id) == [one]
        assert await tx.reach.has(one.id, clock.now - timedelta(hours=1))
        (said,) = await tx.outbox.claim("whatsapp", clock.now, 9, [Lane.REPLY])
        assert (said.id, said.address, said.account) == (reply.id, one.id, PHONE)
        await tx.outbox.put_off(said.id, clock.now + timedelta(days=1))
    announced = await claim(storage, clock.now, channel="whatsapp")
    assert sorted(d.account for d in announced) == sorted([PHONE, other.arrival.account])


async def test_a_stop_stands_when_two_accounts_turn_out_to_be_one(
    storage: Storage, clock: Clock
) -> None:
    by_number, by_id = await met(storage, clock, PHONE), await met(storage, clock, ID)
    async with storage.transaction() as tx:
        await tx.people.mark(by_number.address.id, stopped=True)
    address = await found(storage, ID, PHONE)
    assert address == replace(by_id.address, account=PHONE, stopped=True)


async def test_a_number_that_two_know_goes_to_whom_the_platform_names(
    storage: Storage, clock: Clock
) -> None:
    before = await met(storage, clock, OTHER_ID, PHONE)
    now = await met(storage, clock, ID)
    assert await found(storage, ID, PHONE) == replace(now.address, account=PHONE)
    assert await found(storage, PHONE) == replace(now.address, account=PHONE)
    async with storage.reading() as tx:
        (gone,) = await tx.people.addresses(before.person.id)
    assert (gone.account, gone.reachable) == ("", False)


async def test_both_forms_of_one_account_are_not_in_one_group(
    storage: Storage, clock: Clock
) -> None:
    guest = await met(storage, clock, PHONE)
    both = [arrival(PHONE, id="SM7"), arrival(ID, PHONE, "SM8")]

    async def together() -> None:
        async with storage.transaction() as tx:
            await tx.turns.load(both)

    with pytest.raises(TakeAlone):
        await together()
    for one in both:
        assert await found(storage, one.account, one.alias) == guest.address


async def test_a_message_that_the_log_brings_under_the_number_is_taken_once(
    storage: Storage, clock: Clock
) -> None:
    guest = await met(storage, clock, ID, PHONE)
    async with storage.transaction() as tx:
        await tx.turns.save([Kept(arrival(ID, PHONE, "SM7"), guest.person.id)], clock.now)
    for came, seen in ((arrival(ID, PHONE, "SM7"), True), (arrival(PHONE, id="SM7"), True),
                       (arrival(PHONE, id="SM8"), False)):  # fmt: skip
        async with storage.transaction() as tx:
            ((known,), _) = await tx.turns.load([came])
        assert known.seen is seen
