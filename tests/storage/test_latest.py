"""What somebody was told last, and whose a code is that they typed."""

from __future__ import annotations

from datetime import timedelta

from storage import Storage
from storage.broadcasting.broadcasts import Kind
from storage.community.links import LASTING, TRIES_OF_ONE
from storage.outbox import State
from tests.storage.community import welcome
from tests.storage.conftest import Clock
from tests.storage.crowd import claim, frozen, resident, settle

HOUR = timedelta(hours=1)


async def latest(storage: Storage, clock: Clock, person: int) -> int | None:
    """The id of what they were told last, within the last hour."""
    async with storage.reading() as tx:
        found = await tx.broadcasts.latest_to(person, clock.now - HOUR)
    return found.id if found else None


async def test_what_left_last_is_what_they_were_told_last(storage: Storage, clock: Clock) -> None:
    guest = await resident(storage, "nour", clock.now)
    assert await latest(storage, clock, guest.person.id) is None
    first = await frozen(storage, clock.now)
    assert await latest(storage, clock, guest.person.id) is None, "nothing has left yet"
    gone = await claim(storage, clock.now)
    assert await latest(storage, clock, guest.person.id) == first.id
    await settle(storage, gone, State.SENT, "")
    clock.now += timedelta(minutes=5)
    second = await frozen(storage, clock.now)
    gone = await claim(storage, clock.now)
    assert await latest(storage, clock, guest.person.id) == second.id
    await settle(storage, gone, State.DELIVERED, "")
    await frozen(storage, clock.now, kind=Kind.RECALL, about=second.id)
    gone = await claim(storage, clock.now)
    assert await latest(storage, clock, guest.person.id) == second.id
    await settle(storage, gone, State.DELIVERED, "")


async def test_what_left_long_ago_or_for_others_is_not(storage: Storage, clock: Clock) -> None:
    guest = await resident(storage, "nour", clock.now)
    await frozen(storage, clock.now)
    await claim(storage, clock.now)
    other = await welcome(storage, "other", clock.now)
    assert await latest(storage, clock, other.person.id) is None
    clock.now += HOUR
    assert await latest(storage, clock, guest.person.id) is None


async def test_a_look_at_a_code_uses_nothing_up(storage: Storage, clock: Clock) -> None:
    shown = await welcome(storage, "shown", clock.now)
    typing = await welcome(storage, "typing", clock.now)
    async with storage.transaction() as tx:
        code = await tx.links.make(shown.person.id, clock.now)
        for typed in (code, f"{code[:4]}-{code[4:]}".lower(), code):
            assert await tx.links.look(typed, typing.person.id, clock.now) == shown.person.id
        assert await tx.links.look(code, shown.person.id, clock.now) is None, "their own"
        assert await tx.links.look(code, typing.person.id, clock.now + LASTING) is None
        joined = await tx.links.redeem(code, typing.person.id, clock.now)
        assert joined is not None
        assert joined.gone == shown.person.id
        assert await tx.links.look(code, typing.person.id, clock.now) is None


async def test_looks_that_miss_are_counted(storage: Storage, clock: Clock) -> None:
    shown = await welcome(storage, "shown", clock.now)
    typing = await welcome(storage, "typing", clock.now)
    async with storage.transaction() as tx:
        code = await tx.links.make(shown.person.id, clock.now)
        for _ in range(TRIES_OF_ONE):
            assert await tx.links.look("BBBBBBBB", typing.person.id, clock.now) is None
        assert await tx.links.look(code, typing.person.id, clock.now) is None
        later = clock.now + HOUR
        fresh = await tx.links.make(shown.person.id, later)
        assert await tx.links.look(fresh, typing.person.id, later) == shown.person.id
