"""Whoever is not registered any more, or not let in, gets nothing that was written down before."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from storage import Storage
from storage.broadcasting.broadcasts import Kind, Rule
from storage.outbox import State
from tests.storage.community import Guest, webinar
from tests.storage.conftest import Clock
from tests.storage.crowd import claim, freeze, frozen, register, resident, settle

START = datetime(2026, 4, 10, 16, tzinfo=UTC)
SOON = START - timedelta(minutes=10)
LATER = START + timedelta(minutes=10)


async def planned(storage: Storage, *starts: tuple[str, datetime], at: datetime) -> None:
    """Webinars that remind ten minutes before."""
    async with storage.transaction() as tx:
        for id, start in starts:
            one = webinar(id, start)
            await tx.webinars.put(one)
            await tx.reminders.replan(one, (10,), at)


async def spread(storage: Storage, at: datetime) -> None:
    """What is due is written down."""
    async with storage.transaction() as tx:
        made = await tx.reminders.spread(at)
    for id in made:
        await freeze(storage, id)


async def leave(storage: Storage, guest: Guest, webinar: str) -> None:
    async with storage.transaction() as tx:
        assert await tx.registrations.remove(guest.person.id, webinar)


async def heard(storage: Storage, at: datetime) -> list[tuple[str, list[str]]]:
    """Who is reminded of which webinars; all of it arrives."""
    told: list[tuple[str, list[str]]] = []
    while rows := await claim(storage, at):
        for row in rows:
            assert row.bulk is not None
            async with storage.reading() as tx:
                broadcast = await tx.broadcasts.get(row.bulk.broadcast)
            assert broadcast is not None
            told.append((row.account, [id for id, _ in broadcast.reminders]))
        await settle(storage, rows, State.SENT, "")
    return sorted(told)


async def test_who_left_one_of_two_webinars_is_reminded_of_the_other_alone(
    storage: Storage, clock: Clock
) -> None:
    nour = await resident(storage, "nour", clock.now)
    omar = await resident(storage, "omar", clock.now)
    await planned(storage, ("early", START), ("late", LATER), at=clock.now)
    for id in ("early", "late"):
        await register(storage, id, clock.now, nour, omar)
    clock.now = SOON
    await spread(storage, SOON)
    await leave(storage, nour, "late")
    clock.now = SOON + timedelta(minutes=1)
    await spread(storage, clock.now)
    assert await heard(storage, clock.now) == [("nour", ["early"]), ("omar", ["early", "late"])]
    clock.now = LATER - timedelta(minutes=10)
    await spread(storage, clock.now)
    assert await heard(storage, clock.now) == []


async def test_who_came_after_a_reminder_does_not_get_it_when_it_is_said_again(
    storage: Storage, clock: Clock
) -> None:
    nour = await resident(storage, "nour", clock.now)
    omar = await resident(storage, "omar", clock.now)
    await planned(storage, ("early", START), ("late", LATER), at=clock.now)
    for id in ("early", "late"):
        await register(storage, id, clock.now, nour)
    clock.now = SOON
    await spread(storage, SOON)
    clock.now = SOON + timedelta(minutes=1)
    await register(storage, "early", clock.now, omar)
    await leave(storage, nour, "late")
    await spread(storage, clock.now)
    assert await heard(storage, clock.now) == [("nour", ["early"])]


async def test_who_is_no_longer_approved_is_not_let_in_by_a_reminder_written_before(
    storage: Storage, clock: Clock
) -> None:
    nour = await resident(storage, "nour", clock.now)
    await planned(storage, ("early", START), at=clock.now)
    await register(storage, "early", clock.now, nour)
    clock.now = SOON
    await spread(storage, SOON)
    async with storage.transaction() as tx:
        assert await tx.registrations.approve(nour.person.id, "early", approved=False)
    assert await heard(storage, SOON) == []


async def test_who_left_and_waits_for_approval_anew_does_not_learn_the_new_way_in(
    storage: Storage, clock: Clock
) -> None:
    nour = await resident(storage, "nour", clock.now)
    async with storage.transaction() as tx:
        await tx.webinars.put(replace(webinar("early", START), approval=True))
        await tx.registrations.put(nour.person.id, "early", {}, clock.now)
        await tx.registrations.note_told(nour.person.id, "early")
    await frozen(storage, clock.now, Rule("told", "early"), kind=Kind.NOTICE)
    await leave(storage, nour, "early")
    async with storage.transaction() as tx:
        await tx.registrations.put(nour.person.id, "early", {}, clock.now, approved=False)
    assert await claim(storage, clock.now) == []


async def test_who_waits_for_approval_is_told_that_it_was_moved(
    storage: Storage, clock: Clock
) -> None:
    nour = await resident(storage, "nour", clock.now)
    async with storage.transaction() as tx:
        await tx.webinars.put(replace(webinar("early", START), approval=True))
        await tx.registrations.put(nour.person.id, "early", {}, clock.now, approved=False)
    await frozen(storage, clock.now, Rule("registered", "early"), kind=Kind.NOTICE)
    assert [row.account for row in await claim(storage, clock.now)] == ["nour"]
