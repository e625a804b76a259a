"""Two moderators at once: each question is handled by exactly one of them, whatever they press."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio

from storage import Storage
from storage.asking.moderation import Claimed, Handled, Order, Stage
from tests.storage.community import welcome
from tests.storage.conftest import MASTER, Clock
from tests.storage.moderating import ONE, TWO, with_webinars

ASKED = 1000


@pytest_asyncio.fixture
async def second(
    storage: Storage, url: str, keyring: Path, clock: Clock
) -> AsyncGenerator[Storage]:
    """What another process has of the same database; SQLite has one process only."""
    if url.startswith("sqlite"):
        yield storage
        return
    async with await Storage.open(url, keyring, MASTER, clock) as opened:
        yield opened


async def asked(storage: Storage, clock: Clock, count: int) -> list[int]:
    """So many questions of one evening."""
    await with_webinars(storage)
    guest = await welcome(storage, "1", clock.now)
    async with storage.transaction() as tx:
        return [
            (
                await tx.questions.add(
                    guest.person.id, "one", "question", str(n), True, "ar", None, clock.now
                )
            ).id
            for n in range(count)
        ]


async def moderated(storage: Storage, staff: int, clock: Clock) -> list[int]:
    """Everything that this moderator gets is approved by them, until there is nothing new."""
    done: list[int] = []
    while True:
        async with storage.transaction() as tx:
            found = await tx.moderation.next(
                "one", staff, Order.OLDEST, clock.now, stages=(Stage.RECEIVED,)
            )
        if found is None:
            return done
        async with storage.transaction() as tx:
            assert await tx.moderation.move(found.id, staff, Stage.APPROVED, clock.now)
        done.append(found.id)


@pytest.mark.timeout(240)
async def test_of_a_thousand_questions_each_is_handled_exactly_once(
    storage: Storage, second: Storage, clock: Clock
) -> None:
    ids = await asked(storage, clock, ASKED)
    async with asyncio.TaskGroup() as tasks:
        both = [
            tasks.create_task(moderated(whose, staff, clock))
            for whose, staff in ((storage, ONE), (second, TWO))
        ]
    handled = [id for task in both for id in task.result()]
    assert Counter(handled) == Counter(ids)
    # Neither waited until the other was done.
    assert min(len(task.result()) for task in both) > ASKED // 10
    async with storage.reading() as tx:
        assert await tx.moderation.counts("one") == {Stage.APPROVED: ASKED}


async def test_of_two_who_press_the_same_button_one_is_told_that_the_other_has_it(
    storage: Storage, second: Storage, clock: Clock
) -> None:
    ids = await asked(storage, clock, 60)

    async def pressed(whose: Storage, id: int, staff: int) -> Handled | Claimed | None:
        async with whose.transaction() as tx:
            return await tx.moderation.claim(id, staff, clock.now)

    for id in ids:
        found = await asyncio.gather(pressed(storage, id, ONE), pressed(second, id, TWO))
        assert sorted(type(each).__name__ for each in found) == ["Claimed", "Handled"]


async def test_of_two_who_decide_at_once_one_decides(
    storage: Storage, second: Storage, clock: Clock
) -> None:
    ids = await asked(storage, clock, 60)
    async with storage.transaction() as tx:
        for id in ids:
            await tx.moderation.claim(id, ONE, clock.now)
            await tx.moderation.move(id, ONE, Stage.APPROVED, clock.now)

    async def decided(whose: Storage, id: int, staff: int, to: Stage) -> Handled | None:
        async with whose.transaction() as tx:
            return await tx.moderation.move(id, staff, to, clock.now)

    for id in ids:
        found = await asyncio.gather(
            decided(storage, id, ONE, Stage.QUEUED), decided(second, id, TWO, Stage.DECLINED)
        )
        assert [each is None for each in found].count(True) == 1


async def test_numbers_of_changes_are_seen_in_their_order(
    storage: Storage, second: Storage, clock: Clock
) -> None:
    """Whoever goes on from the last number that they saw has missed nothing before it."""
    ids = await asked(storage, clock, 60)
    first = (await seen(storage, 0))[1]

    async def claim_all(whose: Storage, mine: list[int], staff: int) -> None:
        for id in mine:
            async with whose.transaction() as tx:
                await tx.moderation.claim(id, staff, clock.now)

    async def watch() -> list[int]:
        shown: list[int] = []
        version = first
        while len(shown) < len(ids):
            more, version = await seen(storage, version)
            shown += more
        return shown

    async with asyncio.TaskGroup() as tasks:
        watching = tasks.create_task(watch())
        tasks.create_task(claim_all(storage, ids[::2], ONE))
        tasks.create_task(claim_all(second, ids[1::2], TWO))
    assert sorted(watching.result()) == sorted(ids)


async def seen(storage: Storage, version: int) -> tuple[list[int], int]:
    """What has changed since, and the version to go on from."""
    async with storage.reading() as tx:
        found = await tx.moderation.changed_since("one", version)
    return [each.id for each in found], found[-1].version if found else version
