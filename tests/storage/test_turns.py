"""A group of turns, loaded and saved."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import timedelta

import pytest

from storage import Storage
from storage.community.people import Profile
from storage.turns import Arrival, Found, Kept
from tests.storage.community import draft, webinar, welcome
from tests.storage.conftest import Clock


async def test_a_group_is_found_in_the_order_asked(storage: Storage, clock: Clock) -> None:
    guests = [await welcome(storage, f"7700{n}", clock.now) for n in range(12)]
    stranger = Arrival("telegram", "nobody", "1")
    arrivals = [stranger, *(guest.arrival for guest in reversed(guests))]
    async with storage.transaction() as tx:
        found, version = await tx.turns.load(arrivals)
    assert version == 0
    assert found == [
        Found(False),
        *(Found(False, guest.address, guest.person) for guest in reversed(guests)),
    ]


async def test_what_a_turn_leaves_is_there_for_the_next(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "77001", clock.now)
    person = replace(guest.person, profile=Profile(nickname="آنا"))
    address = replace(guest.address, stopped=True)
    reply = draft(storage, guest, "مرحبًا", clock.now)
    async with storage.transaction() as tx:
        await tx.turns.save(
            [Kept(guest.arrival, person.id, person, address, '{"asked":"city"}', (reply,))],
            clock.now,
        )
    async with storage.transaction() as tx:
        ((found,), _) = await tx.turns.load([guest.arrival])
        assert found == Found(True, address, person, '{"asked":"city"}')
        (delivery,) = await tx.outbox.claim("telegram", clock.now, 10)
    assert delivery == replace(reply.on_its_way("telegram", "77001"))


async def test_a_state_that_did_not_change_stays(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "77001", clock.now)
    id = guest.person.id
    async with storage.transaction() as tx:
        await tx.turns.save([Kept(guest.arrival, id, state="talk")], clock.now)
    async with storage.transaction() as tx:
        second = replace(guest.arrival, id="2")
        await tx.turns.save([Kept(second, id)], clock.forward(timedelta(hours=2)))
        ((found,), _) = await tx.turns.load([replace(guest.arrival, id="3")])
    assert found.state == "talk"
    assert not found.seen


async def test_nothing_is_written_before_consent(storage: Storage, clock: Clock) -> None:
    stranger = Arrival("telegram", "77001", "1")
    async with storage.transaction() as tx:
        await tx.turns.save([Kept(stranger)], clock.now)
        ((found,), _) = await tx.turns.load([stranger])
    assert found == Found(False)


async def test_an_update_that_was_taken_in_between_undoes_the_whole_group(
    storage: Storage, clock: Clock
) -> None:
    one, two = [await welcome(storage, account, clock.now) for account in ("1", "2")]
    async with storage.transaction() as tx:
        await tx.turns.save([Kept(one.arrival, one.person.id, state="first")], clock.now)
    again = [
        Kept(two.arrival, two.person.id, state="lost"),
        Kept(one.arrival, one.person.id, state="twice"),
    ]
    with pytest.raises(Exception, match=r"(?i)unique"):
        async with storage.transaction() as tx:
            await tx.turns.save(again, clock.now)
    async with storage.transaction() as tx:
        found, _ = await tx.turns.load([one.arrival, two.arrival])
    assert [(f.seen, f.state) for f in found] == [(True, "first"), (False, None)]


async def test_an_error_that_is_swallowed_still_keeps_nothing(
    storage: Storage, clock: Clock
) -> None:
    guest = await welcome(storage, "77001", clock.now)
    kept = [Kept(guest.arrival, guest.person.id, state="x")]

    async def swallow() -> None:
        async with storage.transaction() as tx:
            await tx.turns.save(kept, clock.now)
            with contextlib.suppress(Exception):
                await tx.turns.save(kept, clock.now)

    with pytest.raises(Exception, match=r"(?i)unique"):
        await swallow()
    async with storage.transaction() as tx:
        ((found,), _) = await tx.turns.load([guest.arrival])
    assert not found.seen


async def test_the_programme_version_comes_with_the_group(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "77001", clock.now)
    async with storage.transaction() as tx:
        await tx.webinars.put(webinar("one"))
        await tx.webinars.put(webinar("two"))
    async with storage.transaction() as tx:
        _, version = await tx.turns.load([guest.arrival])
    assert version == 2
