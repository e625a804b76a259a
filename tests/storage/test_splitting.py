"""An account as a person of its own again."""

from __future__ import annotations

from dataclasses import replace

from storage import Storage
from storage.outbox import Settlement, State
from storage.turns import Kept
from tests.storage.community import Guest, draft
from tests.storage.conftest import Clock
from tests.storage.crowd import claim, frozen, recipients, register
from tests.storage.test_joining import WHATSAPP, join, two, with_webinars


async def joined(storage: Storage, clock: Clock) -> tuple[Guest, Guest]:
    """Somebody on WhatsApp and Telegram, by their accounts."""
    kept, other = await two(storage, clock)
    await join(storage, kept, other, clock)
    return kept, replace(other, person=kept.person)


async def split(storage: Storage, guest: Guest, clock: Clock) -> Guest:
    """This account is somebody else's from now on."""
    async with storage.transaction() as tx:
        person = await tx.people.split(guest.address.id, clock.now)
    assert person
    return replace(guest, person=person)


async def test_it_has_the_language_and_the_consent_and_nothing_else(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage, "one")
    kept, other = await joined(storage, clock)
    await register(storage, "one", clock.now, kept)
    async with storage.transaction() as tx:
        await tx.people.update(replace(kept.person, language="en"), clock.now)
        await tx.people.prefer(kept.person.id, other.address.id)
        await tx.turns.save([Kept(kept.arrival, kept.person.id, state="open")], clock.now)
        consents = await tx.people.consents(kept.person.id)
    alone = await split(storage, other, clock)
    async with storage.transaction() as tx:
        assert await tx.people.get(alone.person.id) == alone.person
        assert (alone.person.language, alone.person.notice) == ("en", kept.person.notice)
        assert alone.person.profile.nickname is None
        assert sorted(c.channel or "" for c in await tx.people.consents(alone.person.id)) == sorted(
            c.channel or "" for c in consents
        )
        assert await tx.people.consents(kept.person.id) == consents
        assert await tx.registrations.of(alone.person.id) == []
        assert [r.webinar for r in await tx.registrations.of(kept.person.id)] == ["one"]
        found, _ = await tx.turns.load([replace(g.arrival, id="9") for g in (kept, other)])
    # Neither is preferred to others any more, or has any.
    assert [f.address for f in found] == [
        kept.address,
        replace(other.address, person=alone.person.id),
    ]
    assert [f.state for f in found] == ["open", None]


async def test_the_only_address_of_somebody_is_theirs(storage: Storage, clock: Clock) -> None:
    kept, other = await joined(storage, clock)
    await split(storage, other, clock)
    async with storage.transaction() as tx:
        for address in (kept.address.id, other.address.id, 12345):
            assert await tx.people.split(address, clock.now) is None


async def test_what_waits_for_them_goes_to_an_address_that_is_still_theirs(
    storage: Storage, clock: Clock
) -> None:
    kept, other = await joined(storage, clock)
    async with storage.transaction() as tx:
        await tx.people.prefer(kept.person.id, other.address.id)
    made = await frozen(storage, clock.now)
    assert await recipients(storage, made.id) == [(kept.person.id, other.address.id)]
    await split(storage, other, clock)
    assert await recipients(storage, made.id) == [(kept.person.id, kept.address.id)]
    assert await claim(storage, clock.now) == []
    assert [d.account for d in await claim(storage, clock.now, channel=WHATSAPP)] == [
        kept.arrival.account
    ]


async def test_what_perhaps_arrived_does_not_go_to_another_address(
    storage: Storage, clock: Clock
) -> None:
    kept, other = await joined(storage, clock)
    async with storage.transaction() as tx:
        await tx.people.prefer(kept.person.id, other.address.id)
    made = await frozen(storage, clock.now)
    (left,) = await claim(storage, clock.now)
    async with storage.transaction() as tx:
        doubt = Settlement(left.id, State.QUEUED, due=clock.now, ambiguous=True)
        await tx.outbox.settle([doubt])
    alone = await split(storage, other, clock)
    assert await recipients(storage, made.id) == [(alone.person.id, other.address.id)]
    assert await claim(storage, clock.now, channel=WHATSAPP) == []


async def test_what_has_left_is_with_whom_it_reached(storage: Storage, clock: Clock) -> None:
    kept, other = await joined(storage, clock)
    async with storage.transaction() as tx:
        await tx.people.prefer(kept.person.id, other.address.id)
    made = await frozen(storage, clock.now)
    (left,) = await claim(storage, clock.now)
    reply = draft(storage, other, "still to come", clock.now)
    async with storage.transaction() as tx:
        await tx.outbox.add([reply])
    alone = await split(storage, other, clock)
    async with storage.transaction() as tx:
        await tx.outbox.status(left.id, State.DELIVERED, "55")
        assert (await tx.recipients.counts(made.id)).by_state == {"delivered": 1}
        assert [d.id for d in await tx.outbox.claim("telegram", clock.now, 9)] == [reply.id]
        forgotten = await tx.people.forget(alone.person.id)
        assert await tx.people.get(kept.person.id) is not None
    assert forgotten.addresses == (("telegram", other.arrival.account, ("55",)),)


async def test_who_was_split_can_be_joined_again(storage: Storage, clock: Clock) -> None:
    kept, other = await joined(storage, clock)
    alone = await split(storage, other, clock)
    await join(storage, kept, alone, clock)
    async with storage.reading() as tx:
        addresses = await tx.people.addresses(kept.person.id)
    assert [(a.id, a.linked) for a in addresses] == sorted(
        (guest.address.id, True) for guest in (kept, other)
    )
