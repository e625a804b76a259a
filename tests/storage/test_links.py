"""Codes that make one person of two: used once, soon over, and nothing is learnt by guessing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from storage import Storage, TakeAlone
from storage.community.links import LASTING, TRIES, TRIES_OF_ONE
from storage.turns import Kept
from tests.storage.community import Guest, welcome
from tests.storage.conftest import Clock

TICK = timedelta(milliseconds=1)
HOUR = timedelta(hours=1)


async def two(storage: Storage, clock: Clock) -> tuple[Guest, Guest]:
    """Somebody on Telegram, and the same human on WhatsApp, of whom nobody knows that yet."""
    return (
        await welcome(storage, "77001", clock.now),
        await welcome(storage, "whatsapp:+9647", clock.now, "whatsapp"),
    )


async def shown(storage: Storage, guest: Guest, clock: Clock) -> str:
    async with storage.transaction() as tx:
        return await tx.links.make(guest.person.id, clock.now)


async def typed(storage: Storage, guest: Guest, code: str, clock: Clock) -> int | None:
    """Whom this code made one with this guest."""
    async with storage.transaction() as tx:
        joined = await tx.links.redeem(code, guest.person.id, clock.now)
    return joined and joined.gone


async def together(storage: Storage, guests: list[Guest], code: str, clock: Clock) -> None:
    """Their turns are one group, and the last of them types a code."""
    async with storage.transaction() as tx:
        await tx.turns.load([guest.arrival for guest in guests])
        await tx.links.redeem(code, guests[-1].person.id, clock.now)


async def test_a_code_joins_who_was_shown_it_with_who_types_it(
    storage: Storage, clock: Clock
) -> None:
    here, there = await two(storage, clock)
    code = await shown(storage, here, clock)
    assert (len(code), code) == (8, code.upper())
    async with storage.transaction() as tx:
        typed_in = f" {code[:4].lower()}-{code[4:]} "
        joined = await tx.links.redeem(typed_in, there.person.id, clock.now)
    assert joined
    assert (joined.person.id, joined.gone) == (there.person.id, here.person.id)
    async with storage.reading() as tx:
        assert await tx.people.get(here.person.id) is None
        addresses = await tx.people.addresses(there.person.id)
    assert {(a.channel, a.linked) for a in addresses} == {("telegram", True), ("whatsapp", True)}


async def test_a_code_works_once(storage: Storage, clock: Clock) -> None:
    here, there = await two(storage, clock)
    third = await welcome(storage, "3", clock.now, "web")
    code = await shown(storage, here, clock)
    assert await typed(storage, there, code, clock) == here.person.id
    assert await typed(storage, third, code, clock) is None


async def test_a_code_is_over_after_a_quarter_of_an_hour(storage: Storage, clock: Clock) -> None:
    here, there = await two(storage, clock)
    code = await shown(storage, here, clock)
    clock.forward(LASTING)
    assert await typed(storage, there, code, clock) is None
    code = await shown(storage, here, clock)
    clock.forward(LASTING - TICK)
    assert await typed(storage, there, code, clock) == here.person.id


async def test_a_newer_code_makes_the_older_one_void(storage: Storage, clock: Clock) -> None:
    here, there = await two(storage, clock)
    older, newer = [await shown(storage, here, clock) for _ in range(2)]
    assert await typed(storage, there, older, clock) is None
    assert await typed(storage, there, newer, clock) == here.person.id


async def test_ones_own_code_is_like_a_wrong_one_and_stays_good(
    storage: Storage, clock: Clock
) -> None:
    here, there = await two(storage, clock)
    code = await shown(storage, here, clock)
    for _ in range(TRIES + 1):
        assert await typed(storage, here, code, clock) is None
    assert await typed(storage, there, code, clock) == here.person.id


async def test_after_too_many_misses_of_all_no_code_is_right_for_an_hour(
    storage: Storage, clock: Clock
) -> None:
    here, there = await two(storage, clock)
    guessers = [await welcome(storage, f"guesser {n}", clock.now) for n in range(3)]
    for n in range(TRIES):
        assert await typed(storage, guessers[n % 3], "BCDFGHJK", clock) is None
    code = await shown(storage, here, clock)
    assert await typed(storage, there, code, clock) is None
    clock.forward(HOUR)
    code = await shown(storage, here, clock)
    assert await typed(storage, there, code, clock) == here.person.id


async def test_looking_tells_whose_a_code_is_and_leaves_it_good(
    storage: Storage, clock: Clock
) -> None:
    here, there = await two(storage, clock)
    code = await shown(storage, here, clock)
    for guest, whose in ((there, here.person.id), (here, None), (there, here.person.id)):
        async with storage.transaction() as tx:
            assert await tx.links.look(code, guest.person.id, clock.now) == whose
    assert await typed(storage, there, code, clock) == here.person.id


async def test_a_look_at_a_wrong_code_is_a_miss_as_well(storage: Storage, clock: Clock) -> None:
    here, there = await two(storage, clock)
    for _ in range(TRIES_OF_ONE):
        async with storage.transaction() as tx:
            assert await tx.links.look("BCDFGHJK", there.person.id, clock.now) is None
    code = await shown(storage, here, clock)
    async with storage.transaction() as tx:
        assert await tx.links.look(code, there.person.id, clock.now) is None
    assert await typed(storage, there, code, clock) is None


async def test_one_who_guesses_locks_out_nobody_else(storage: Storage, clock: Clock) -> None:
    here, there = await two(storage, clock)
    guesser = await welcome(storage, "guesser", clock.now)
    for _ in range(3 * TRIES):
        assert await typed(storage, guesser, "BCDFGHJK", clock) is None
    code = await shown(storage, here, clock)
    assert await typed(storage, guesser, code, clock) is None
    assert TRIES_OF_ONE < TRIES
    assert await typed(storage, there, code, clock) == here.person.id


async def test_a_right_code_counts_as_no_miss(storage: Storage, clock: Clock) -> None:
    there = await welcome(storage, "kept", clock.now)
    for n in range(TRIES + 1):
        other = await welcome(storage, f"other {n}", clock.now, "web")
        code = await shown(storage, other, clock)
        assert await typed(storage, there, code, clock) == other.person.id


async def test_a_code_of_somebody_forgotten_joins_nobody(storage: Storage, clock: Clock) -> None:
    here, there = await two(storage, clock)
    code = await shown(storage, here, clock)
    async with storage.transaction() as tx:
        await tx.people.forget(here.person.id)
    assert await typed(storage, there, code, clock) is None


async def test_misses_are_still_counted_once_their_guesser_is_forgotten(
    storage: Storage, clock: Clock
) -> None:
    here, there = await two(storage, clock)
    for n in range(TRIES):
        guesser = await welcome(storage, f"guesser {n}", clock.now)
        assert await typed(storage, guesser, "BCDFGHJK", clock) is None
        async with storage.transaction() as tx:
            await tx.people.forget(guesser.person.id)
    assert await typed(storage, there, await shown(storage, here, clock), clock) is None


async def test_nobody_is_joined_while_a_turn_of_theirs_is_in_the_same_group(
    storage: Storage, clock: Clock
) -> None:
    here, there = await two(storage, clock)
    code = await shown(storage, here, clock)
    with pytest.raises(TakeAlone):
        await together(storage, [here, there], code, clock)
    async with storage.transaction() as tx:
        ((found,), _) = await tx.turns.load([there.arrival])
        assert found.person
        assert await tx.links.redeem(code, found.person.id, clock.now)
        await tx.turns.save([Kept(there.arrival, found.person.id, state="joined")], clock.now)
    async with storage.transaction() as tx:
        ((found,), _) = await tx.turns.load([here.arrival])
    assert (found.person and found.person.id, found.state) == (there.person.id, "joined")


async def test_two_turns_of_one_person_are_never_in_one_group(
    storage: Storage, clock: Clock
) -> None:
    here, there = await two(storage, clock)
    await typed(storage, there, await shown(storage, here, clock), clock)
    with pytest.raises(TakeAlone):
        await together(storage, [here, there], "", clock)
    for guest in (here, there):
        async with storage.transaction() as tx:
            ((found,), _) = await tx.turns.load([guest.arrival])
        assert found.address
        assert (found.address.channel, found.address.linked) == (guest.arrival.channel, True)


async def test_a_turn_from_the_other_account_sees_what_this_one_leaves(
    storage: Storage, clock: Clock
) -> None:
    here, there = await two(storage, clock)
    await typed(storage, there, await shown(storage, here, clock), clock)
    begun = asyncio.Event()

    async def state_here() -> str | None:
        async with storage.transaction() as tx:
            begun.set()
            ((found,), _) = await tx.turns.load([here.arrival])
        return found.state

    async with storage.transaction() as tx:
        await tx.turns.load([there.arrival])
        meanwhile = asyncio.create_task(state_here())
        if storage.database.engine != "sqlite":
            # There, one transaction does not even begin beside another.
            await begun.wait()
            for _ in range(200):
                # Long enough for the other to have looked, if anything let it.
                await tx.people.get(there.person.id)
        arrival = replace(there.arrival, id="2")
        await tx.turns.save([Kept(arrival, there.person.id, state="newer")], clock.now)
    assert await meanwhile == "newer"
