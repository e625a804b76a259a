"""Recipients from the confirmation to the send: written down once, and written to as they wish."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from storage import Storage
from storage.broadcasting.broadcasts import Broadcast, Kind, Phase, Rule
from storage.outbox import State
from tests.storage.community import Guest, webinar
from tests.storage.conftest import Clock
from tests.storage.crowd import (
    also_on,
    claim,
    freeze,
    names,
    phase,
    recipients,
    register,
    resident,
    settle,
)

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
ALIVE = (Phase.HELD, Phase.WAITING)


async def confirmed(
    storage: Storage,
    now: datetime,
    rule: Rule | None = None,
    number: int = 10,
    *,
    to: Phase = Phase.HELD,
    starts_at: datetime | None = None,
) -> Broadcast:
    """An announcement that its author has just confirmed."""
    async with storage.transaction() as tx:
        made = await tx.broadcasts.put(
            Kind.ANNOUNCEMENT, rule or Rule(), {"texts": {"ar": "x"}}, now, made_by=7
        )
        await tx.broadcasts.set_phase(
            made.id, to, {Phase.DRAFT}, now, starts_at=starts_at or now, confirmed=number
        )
    return await read(storage, made)


async def written_down(
    storage: Storage, now: datetime, rule: Rule | None = None, *, to: Phase = Phase.HELD
) -> Broadcast:
    """One whose recipients are all in, and counted."""
    made = await confirmed(storage, now, rule, to=to)
    await freeze(storage, made.id)
    await note(storage, made)
    return await read(storage, made)


async def note(storage: Storage, made: Broadcast) -> bool:
    async with storage.transaction() as tx:
        number = await tx.recipients.count(made.id)
        return await tx.recipients.note_frozen(made.id, number)


async def read(storage: Storage, made: Broadcast) -> Broadcast:
    async with storage.reading() as tx:
        found = await tx.broadcasts.get(made.id)
    assert found is not None
    return found


async def undo(
    storage: Storage, made: Broadcast, now: datetime, expected: Collection[Phase] = ALIVE
) -> None:
    async with storage.transaction() as tx:
        assert await tx.broadcasts.set_phase(made.id, Phase.DRAFT, expected, now)


async def clear(storage: Storage, made: Broadcast, limit: int = 2) -> int:
    """All steps of it; how many rows went."""
    cleared, total = -1, 0
    while cleared:
        async with storage.transaction() as tx:
            cleared = await tx.recipients.clear(made.id, limit)
        total += cleared
    return total


async def begin(storage: Storage, made: Broadcast, now: datetime) -> None:
    """Its time has come, and all are looked at again."""
    async with storage.transaction() as tx:
        assert await tx.broadcasts.begin(made.id, now) is not None
    await freeze(storage, made.id)
    assert await phase(storage, made.id) is Phase.RUNNING


async def due(storage: Storage, at: datetime) -> list[int]:
    async with storage.reading() as tx:
        return [broadcast.id for broadcast in await tx.broadcasts.due(at)]


async def test_they_are_written_down_while_it_is_held_and_none_can_be_claimed(
    storage: Storage, clock: Clock
) -> None:
    guests = [await resident(storage, f"p{n}", clock.now) for n in range(5)]
    later = clock.now + DAY
    made = await confirmed(storage, clock.now, starts_at=later)
    assert await due(storage, clock.now) == [made.id]
    assert await freeze(storage, made.id) == 5
    assert await note(storage, made)
    assert (await read(storage, made)).frozen == 5
    assert await names(storage, made.id, guests) == [f"p{n}" for n in range(5)]
    assert await due(storage, clock.now) == []
    assert await claim(storage, clock.now) == []
    assert await phase(storage, made.id) is Phase.HELD
    clock.forward(DAY)
    await begin(storage, made, clock.now)
    assert len(await claim(storage, clock.now)) == 5


async def test_who_comes_after_the_confirmation_is_not_among_them(
    storage: Storage, clock: Clock
) -> None:
    await resident(storage, "early", clock.now)
    made = await written_down(storage, clock.now)
    await resident(storage, "late", clock.now)
    await begin(storage, made, clock.now)
    assert [delivery.account for delivery in await claim(storage, clock.now)] == ["early"]


async def test_a_draft_and_what_nobody_confirmed_are_written_down_for_nobody(
    storage: Storage, clock: Clock
) -> None:
    await resident(storage, "amal", clock.now)
    async with storage.transaction() as tx:
        draft = await tx.broadcasts.put(Kind.ANNOUNCEMENT, Rule(), {}, clock.now)
        notice = await tx.broadcasts.put(
            Kind.NOTICE, Rule(), {}, clock.now, phase=Phase.HELD, starts_at=clock.now + DAY
        )
    for each in (draft, notice):
        assert await freeze(storage, each.id) == 0
        assert not await note(storage, each)
        assert await recipients(storage, each.id) == []
    assert await due(storage, clock.now) == []


async def test_it_does_not_begin_before_all_are_in(storage: Storage, clock: Clock) -> None:
    await resident(storage, "amal", clock.now)
    made = await confirmed(storage, clock.now)
    async with storage.transaction() as tx:
        assert await tx.broadcasts.begin(made.id, clock.now) is None
    await freeze(storage, made.id)
    async with storage.transaction() as tx:
        assert await tx.broadcasts.begin(made.id, clock.now) is None
    await note(storage, made)
    await begin(storage, made, clock.now)


async def test_what_waits_for_a_second_person_is_written_down_too_and_once(
    storage: Storage, clock: Clock
) -> None:
    await resident(storage, "amal", clock.now)
    made = await written_down(storage, clock.now, to=Phase.WAITING)
    assert made.frozen == 1
    async with storage.transaction() as tx:
        await tx.broadcasts.set_phase(
            made.id, Phase.HELD, {Phase.WAITING}, clock.now, starts_at=clock.now, confirmed=1
        )
    assert (await read(storage, made)).frozen == 1
    await begin(storage, made, clock.now)
    assert len(await claim(storage, clock.now)) == 1


async def test_what_waits_for_somebody_else_because_its_author_left_keeps_its_recipients(
    storage: Storage, clock: Clock
) -> None:
    await resident(storage, "amal", clock.now)
    made = await written_down(storage, clock.now)
    async with storage.transaction() as tx:
        assert await tx.broadcasts.hold_back(7, clock.now) == 1
    now = await read(storage, made)
    assert (now.phase, now.frozen, now.stale) == (Phase.WAITING, 1, False)


@pytest.mark.parametrize("steps", [0, 1, 2, 3, 4])
async def test_undone_at_any_step_nothing_is_kept_and_it_can_be_confirmed_anew(
    storage: Storage, clock: Clock, steps: int
) -> None:
    guests = [await resident(storage, f"p{n}", clock.now) for n in range(5)]
    english = await resident(storage, "en", clock.now, language="en")
    made = await confirmed(storage, clock.now, Rule(languages=("ar",)))
    for _ in range(steps):
        async with storage.transaction() as tx:
            await tx.recipients.freeze(made.id, 2)
    if steps == 4:
        await note(storage, made)
    await undo(storage, made, clock.now)
    undone = await read(storage, made)
    assert (undone.confirmed, undone.frozen, undone.stale) == (None, None, steps > 0)
    # It is confirmed for others before anything of the first time was deleted.
    async with storage.transaction() as tx:
        rule = Rule(languages=("en",))
        assert await tx.broadcasts.change_content(made.id, {"texts": {"en": "y"}}, rule=rule)
        await tx.broadcasts.set_phase(
            made.id, Phase.HELD, {Phase.DRAFT}, clock.now, starts_at=clock.now, confirmed=1
        )
    if steps:
        assert await freeze(storage, made.id) == 0
        assert not await note(storage, made)
        assert await due(storage, clock.now) == [made.id]
    first = len(await recipients(storage, made.id))
    assert (first > 0) == (steps > 0)
    assert await clear(storage, made) == first
    await freeze(storage, made.id)
    assert await names(storage, made.id, [*guests, english]) == ["en"]
    assert await note(storage, made)
    await begin(storage, made, clock.now)
    assert [delivery.account for delivery in await claim(storage, clock.now)] == ["en"]


async def test_what_was_undone_is_not_deleted_once_it_has_begun(
    storage: Storage, clock: Clock
) -> None:
    await resident(storage, "amal", clock.now)
    made = await written_down(storage, clock.now)
    await begin(storage, made, clock.now)
    async with storage.transaction() as tx:
        assert not await tx.broadcasts.set_phase(made.id, Phase.DRAFT, ALIVE, clock.now)
    assert await clear(storage, made) == 0
    assert len(await recipients(storage, made.id)) == 1


@pytest.mark.parametrize(
    ("change", "fault"), [("block", "gone"), ("stop", "stopped"), ("switch", "stopped")]
)
async def test_whoever_wants_no_more_by_the_time_it_leaves_does_not_get_it(
    storage: Storage, clock: Clock, change: str, fault: str
) -> None:
    guests = [await resident(storage, name, clock.now) for name in "abc"]
    made = await written_down(storage, clock.now)
    await stops(storage, guests[0], change, clock.now)
    await begin(storage, made, clock.now)
    assert sorted(d.account for d in await claim(storage, clock.now)) == ["b", "c"]
    async with storage.reading() as tx:
        assert (await tx.recipients.counts(made.id)).by_fault == {fault: 1}


async def stops(storage: Storage, guest: Guest, change: str, now: datetime) -> None:
    async with storage.transaction() as tx:
        match change:
            case "block":
                await tx.people.mark(guest.address.id, reachable=False)
            case "stop":
                await tx.people.mark(guest.address.id, stopped=True)
            case _:
                await tx.people.update(replace(guest.person, announcements=False), now)


async def test_whoever_is_forgotten_while_it_is_held_has_no_row(
    storage: Storage, clock: Clock
) -> None:
    guests = [await resident(storage, name, clock.now) for name in "abc"]
    made = await written_down(storage, clock.now)
    async with storage.transaction() as tx:
        await tx.people.forget(guests[1].person.id)
    await begin(storage, made, clock.now)
    assert sorted(d.account for d in await claim(storage, clock.now)) == ["a", "c"]


async def test_it_is_read_in_the_language_of_the_day_it_leaves(
    storage: Storage, clock: Clock
) -> None:
    guest = await resident(storage, "amal", clock.now, language="ar")
    made = await written_down(storage, clock.now)
    async with storage.transaction() as tx:
        await tx.people.update(replace(guest.person, language="en"), clock.now)
    await begin(storage, made, clock.now)
    (delivery,) = await claim(storage, clock.now)
    assert delivery.message is not None
    assert delivery.message.language == "en"


async def test_it_goes_where_they_prefer_it_by_the_time_it_leaves(
    storage: Storage, clock: Clock
) -> None:
    visits = await resident(storage, "visits", clock.now, channel="web")
    blocks = await resident(storage, "blocks", clock.now)
    await resident(storage, "stays", clock.now)
    made = await written_down(storage, clock.now)
    await also_on(storage, visits, "telegram", clock.now)
    await also_on(storage, blocks, "web", clock.now)
    async with storage.transaction() as tx:
        await tx.people.mark(blocks.address.id, reachable=False)
    await begin(storage, made, clock.now)
    on_telegram = [delivery.account for delivery in await claim(storage, clock.now)]
    assert sorted(on_telegram) == ["stays", "visits"]
    on_the_web = await claim(storage, clock.now, channel="web")
    assert [delivery.account for delivery in on_the_web] == ["blocks"]


@pytest.mark.parametrize("rule", [Rule("not_registered", "one"), Rule(minus=("one",))])
async def test_whoever_has_registered_by_the_time_is_not_told_that_they_can(
    storage: Storage, clock: Clock, rule: Rule
) -> None:
    async with storage.transaction() as tx:
        await tx.webinars.put(webinar("one"))
    guests = [await resident(storage, name, clock.now) for name in "abc"]
    made = await written_down(storage, clock.now, rule)
    await register(storage, "one", clock.now, guests[2])
    await begin(storage, made, clock.now)
    assert sorted(d.account for d in await claim(storage, clock.now)) == ["a", "b"]
    async with storage.reading() as tx:
        assert (await tx.recipients.counts(made.id)).by_fault == {"joined": 1}


async def test_a_cut_while_they_are_looked_at_again_passes_nobody_over(
    storage: Storage, clock: Clock
) -> None:
    guests = [await resident(storage, f"p{n}", clock.now, channel="web") for n in range(6)]
    made = await written_down(storage, clock.now)
    for guest in guests:
        await also_on(storage, guest, "telegram", clock.now)
    async with storage.transaction() as tx:
        assert await tx.broadcasts.begin(made.id, clock.now) is not None
        assert await tx.recipients.freeze(made.id, 2) == 2

    async def cut_off() -> None:
        async with storage.transaction() as tx:
            await tx.recipients.freeze(made.id, 2)
            raise RuntimeError("the power is cut")

    with pytest.raises(RuntimeError):
        await cut_off()
    assert await claim(storage, clock.now) == []
    assert await freeze(storage, made.id, 2) == 4
    assert len(await claim(storage, clock.now)) == 6


async def test_what_one_author_lets_go_is_remembered_until_it_is_taken_back(
    storage: Storage, clock: Clock
) -> None:
    first = await confirmed(storage, clock.now)
    second = await confirmed(storage, clock.now)
    since = clock.now - MINUTE

    async def of(person: int, since: datetime) -> list[int]:
        async with storage.reading() as tx:
            return [each.id for each in await tx.broadcasts.agreed_since(person, since)]

    assert await of(7, since) == [first.id, second.id]
    assert await of(8, since) == []
    assert await of(7, clock.now + MINUTE) == []
    await undo(storage, first, clock.now)
    assert await of(7, since) == [second.id]


async def test_what_nobody_agrees_to_goes_after_thirty_days_with_its_recipients(
    storage: Storage, clock: Clock
) -> None:
    await resident(storage, "amal", clock.now, all_future=True)
    made = await written_down(storage, clock.now, to=Phase.WAITING)
    await storage.sweep(clock.now + 30 * DAY)
    swept = await read(storage, made)
    assert (swept.phase, swept.stale) == (Phase.DRAFT, True)
    assert await clear(storage, made) == 1
    await storage.sweep(clock.now + 30 * DAY)
    async with storage.reading() as tx:
        assert await tx.broadcasts.get(made.id) is None
    assert await recipients(storage, made.id) == []


async def test_of_an_announcement_that_is_over_the_words_go_and_the_counts_stay(
    storage: Storage, clock: Clock
) -> None:
    await resident(storage, "amal", clock.now, all_future=True)
    made = await written_down(storage, clock.now)
    await begin(storage, made, clock.now)
    await settle(storage, await claim(storage, clock.now), State.SENT, "")
    async with storage.transaction() as tx:
        counts = await tx.recipients.counts(made.id)
        await tx.broadcasts.finish(made.id, counts, clock.now)
    assert (await read(storage, made)).content
    await storage.sweep(clock.now + 30 * DAY)
    kept = await read(storage, made)
    assert kept.content == {}
    assert kept.counts is not None
    assert (kept.counts.by_state, kept.counts.total, kept.frozen) == ({"sent": 1}, 1, 1)
    async with storage.reading() as tx:
        ((left,),) = await tx.desk.connection.fetch(
            "SELECT length(content) FROM broadcasts WHERE id = :id", {"id": made.id}
        )
    assert left == 0
