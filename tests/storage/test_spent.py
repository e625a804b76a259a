"""What is kept of a broadcast that is over, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage import Storage
from storage.broadcasting.broadcasts import Broadcast, Kind, Phase, Rule
from storage.outbox import State
from tests.storage.community import webinar
from tests.storage.conftest import Clock
from tests.storage.crowd import claim, frozen, phase, recipients, resident, settle

TICK = timedelta(milliseconds=1)
DAY = timedelta(days=1)


async def done(storage: Storage, clock: Clock, about: str | None = None) -> Broadcast:
    """One that is over, and reached one person."""
    await resident(storage, "amal", clock.now, all_future=True)
    made = await frozen(storage, clock.now, webinar=about)
    await settle(storage, await claim(storage, clock.now), State.SENT, "")
    async with storage.transaction() as tx:
        counts = await tx.recipients.counts(made.id)
        await tx.broadcasts.finish(made.id, counts, clock.now)
    return made


async def kept(storage: Storage, made: Broadcast, at: datetime) -> tuple[bool, int | None]:
    """Whether it still says something, and how many its counts tell of."""
    await storage.sweep(at)
    async with storage.reading() as tx:
        found = await tx.broadcasts.get(made.id)
    assert found is not None
    return bool(found.content), found.counts and found.counts.total


async def test_the_rows_go_after_seven_days_and_the_counts_stay(
    storage: Storage, clock: Clock
) -> None:
    made = await done(storage, clock)
    await storage.sweep(clock.now + 7 * DAY - TICK)
    assert len(await recipients(storage, made.id)) == 1
    assert await kept(storage, made, clock.now + 7 * DAY) == (True, 1)
    assert await recipients(storage, made.id) == []
    async with storage.reading() as tx:
        assert (await tx.recipients.counts(made.id)).by_state == {"sent": 1}


async def test_the_rows_of_one_that_is_not_over_stay(storage: Storage, clock: Clock) -> None:
    await resident(storage, "amal", clock.now, all_future=True)
    made = await frozen(storage, clock.now)
    await settle(storage, await claim(storage, clock.now), State.SENT, "")
    await storage.sweep(clock.now + 9 * DAY)
    assert len(await recipients(storage, made.id)) == 1


async def test_the_text_goes_after_thirty_days(storage: Storage, clock: Clock) -> None:
    made = await done(storage, clock)
    ended = clock.now.replace(microsecond=0)
    assert await kept(storage, made, ended + 30 * DAY - TICK) == (True, 1)
    assert await kept(storage, made, ended + 30 * DAY) == (False, 1)


async def test_the_text_about_a_webinar_goes_with_it(storage: Storage, clock: Clock) -> None:
    start = datetime(2026, 6, 1, 16, tzinfo=UTC)
    one = webinar("one", start)
    async with storage.transaction() as tx:
        await tx.webinars.put(one)
        await tx.reminders.replan(one, (60,), clock.now)
    made = await done(storage, clock, "one")
    end = start + timedelta(minutes=one.minutes)
    assert await kept(storage, made, end + 30 * DAY - TICK) == (True, 1)
    assert await kept(storage, made, end + 30 * DAY) == (False, 1)
    async with storage.reading() as tx:
        assert await tx.reminders.next_due() is None


async def test_a_draft_that_nobody_sends_goes_after_thirty_days(
    storage: Storage, clock: Clock
) -> None:
    async with storage.transaction() as tx:
        draft = await tx.broadcasts.put(Kind.ANNOUNCEMENT, Rule(), {"texts": {}}, clock.now)
        held = await tx.broadcasts.put(
            Kind.ANNOUNCEMENT,
            Rule(),
            {"texts": {}},
            clock.now,
            phase=Phase.HELD,
            starts_at=clock.now + 60 * DAY,
        )
    made = clock.now.replace(microsecond=0)
    await storage.sweep(made + 30 * DAY - TICK)
    async with storage.reading() as tx:
        assert await tx.broadcasts.get(draft.id) is not None
    await storage.sweep(made + 30 * DAY)
    async with storage.reading() as tx:
        assert await tx.broadcasts.get(draft.id) is None
        assert await tx.broadcasts.get(held.id) is not None


async def test_what_nobody_resumes_for_thirty_days_is_given_up(
    storage: Storage, clock: Clock
) -> None:
    await resident(storage, "amal", clock.now, all_future=True)
    made = await frozen(storage, clock.now)
    began = clock.now.replace(microsecond=0)
    async with storage.transaction() as tx:
        assert await tx.broadcasts.set_phase(made.id, Phase.PAUSED, {Phase.RUNNING}, clock.now)
    await storage.sweep(began + 30 * DAY - TICK)
    assert await phase(storage, made.id) is Phase.PAUSED
    await storage.sweep(began + 30 * DAY)
    assert await phase(storage, made.id) is Phase.CANCELLING
