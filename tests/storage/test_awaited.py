"""Answers that wait for a translation: who waits, until when, and that nobody waits for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage import Storage
from storage.asking.awaited import Reached, Wait
from tests.storage.community import webinar
from tests.storage.conftest import Clock
from tests.storage.moderating import approved, resident, with_webinars

HOUR = timedelta(hours=1)


async def test_whoever_waits_does_so_until_the_time_is_over(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    anna, bob = [await resident(storage, n, clock.now) for n in "12"]
    question = await approved(storage, anna, "?", clock.now)
    due = clock.now + HOUR
    async with storage.transaction() as tx:
        await tx.awaited.put(question, "one", anna.person.id, due)
        assert await tx.awaited.get(question, "one", anna.person.id) is Wait.YES
        assert await tx.awaited.get(question, "one", bob.person.id) is Wait.NO
        assert await tx.awaited.anybody(question)
        assert await tx.awaited.overdue(due - timedelta(seconds=1), 9) == []
        assert not await tx.awaited.give_up(question, "one", anna.person.id, clock.now)
        assert await tx.awaited.overdue(due, 9) == [question]
        assert await tx.awaited.give_up(question, "one", anna.person.id, due)
        assert not await tx.awaited.give_up(question, "one", anna.person.id, due)
        assert await tx.awaited.get(question, "one", anna.person.id) is Wait.IN_VAIN
        assert not await tx.awaited.anybody(question)
        assert await tx.awaited.overdue(due + HOUR, 9) == []


async def test_another_answer_has_everybody_begin_anew(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    anna = await resident(storage, "1", clock.now)
    question = await approved(storage, anna, "?", clock.now)
    async with storage.transaction() as tx:
        await tx.awaited.put(question, "one", anna.person.id, clock.now)
        await tx.awaited.put_for_all(question, Reached((7,), ("en",)), clock.now + HOUR)
        assert await tx.awaited.of_all(question) == (Reached((7,), ("en",)), clock.now + HOUR)
        await tx.awaited.lapse(question, clock.now)
        assert await tx.awaited.get(question, "one", anna.person.id) is Wait.IN_VAIN
        await tx.awaited.lapse(question, clock.now + HOUR)
        assert await tx.awaited.of_all(question) is None
        await tx.awaited.put(question, "one", anna.person.id, clock.now + HOUR)
        assert await tx.awaited.get(question, "one", anna.person.id) is Wait.YES
        await tx.awaited.drop(question, "one", anna.person.id)
        assert await tx.awaited.get(question, "one", anna.person.id) is Wait.NO
        await tx.awaited.clear(question)
        assert await tx.awaited.overdue(clock.now + 9 * HOUR, 9) == []


async def test_of_two_who_become_one_whoever_waits_goes_on_waiting(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    kept, other, asker = [await resident(storage, n, clock.now) for n in "123"]
    both, theirs = [await approved(storage, asker, "?", clock.now) for _ in range(2)]
    async with storage.transaction() as tx:
        for question, who in ((both, kept), (both, other), (theirs, other)):
            await tx.awaited.put(question, "one", who.person.id, clock.now + HOUR)
        assert await tx.people.join(kept.person.id, other.person.id, clock.now) is not None
    async with storage.reading() as tx:
        for question in (both, theirs):
            assert await tx.awaited.get(question, "one", kept.person.id) is Wait.YES
            assert await tx.awaited.get(question, "one", other.person.id) is Wait.NO


async def test_nothing_is_left_of_whoever_is_forgotten(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    anna, bob = [await resident(storage, n, clock.now) for n in "12"]
    question = await approved(storage, anna, "?", clock.now)
    async with storage.transaction() as tx:
        await tx.awaited.put(question, "one", bob.person.id, clock.now + HOUR)
        await tx.people.forget(bob.person.id)
        assert not await tx.awaited.anybody(question)


async def test_it_is_swept_with_the_question(storage: Storage, clock: Clock) -> None:
    start = datetime(2026, 4, 10, 16, tzinfo=UTC)
    async with storage.transaction() as tx:
        await tx.webinars.put(webinar("one", start))
    anna = await resident(storage, "1", clock.now)
    question = await approved(storage, anna, "?", clock.now)
    async with storage.transaction() as tx:
        await tx.awaited.put(question, "one", anna.person.id, clock.now + HOUR)
    clock.forward(start + timedelta(days=40) - clock.now)
    await storage.sweep(clock.now)
    async with storage.reading() as tx:
        assert not await tx.awaited.anybody(question)
