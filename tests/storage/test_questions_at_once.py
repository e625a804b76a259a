"""Everybody does everything with the same few questions at once: nothing fails, and all is true
at the end."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from pathlib import Path

import pytest_asyncio

from dialogue.stages import Stage
from storage import Storage, Transaction
from storage.asking.moderation import Order
from tests.storage.community import Guest
from tests.storage.conftest import MASTER, Clock
from tests.storage.moderating import resident, with_webinars

PEOPLE, TASKS, ROUNDS = 8, 6, 25

TOLD = """
SELECT q.id, q.state, q.merged_into, q.supports, q.asker_key, r.state, r.merged_into
FROM questions q LEFT JOIN questions r ON r.id = q.merged_into
"""
MET = {"merged", "approved", "queued", "supported"}
"""What has to be there at the end, or all of it was about nothing."""
VOICES = """
SELECT COALESCE(q.merged_into, q.id), s.supporter_key
FROM supports s JOIN questions q ON q.id = s.question
"""


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


class Doing:
    """One task's share: a few acts a transaction, as a group of turns has them."""

    def __init__(self, storage: Storage, clock: Clock, people: Sequence[Guest], number: int):
        self._storage = storage
        self._clock = clock
        self._people = people
        self._chance = random.Random(number)
        self._staff = number

    async def some(self) -> None:
        """Does so much of it, and goes on from there the next time."""
        for _ in range(ROUNDS):
            acts = [self._chance.choice(self._acts()) for _ in range(self._chance.randint(1, 3))]
            async with self._storage.transaction() as tx:
                for act in acts:
                    await act(tx)

    def _acts(self) -> Sequence[Callable[[Transaction], Awaitable[object]]]:
        return (self._asks, self._asks, self._changes, self._supports, self._supports,
                self._moves, self._moves, self._merges, self._merges, self._hushes)  # fmt: skip

    async def _some(self, tx: Transaction) -> int:
        found = sorted(await tx.moderation.ids("one"))
        return self._chance.choice(found) if found else 0

    def _person(self) -> int:
        return self._chance.choice(self._people).person.id

    async def _asks(self, tx: Transaction) -> None:
        now, who = self._clock.now, self._person()
        await tx.questions.add(who, "one", "question", "?", True, "ar", None, now)

    async def _changes(self, tx: Transaction) -> None:
        who = self._person()
        for own in (await tx.questions.of(who))[:1]:
            if self._chance.random() < 0.5:
                await tx.questions.withdraw(who, own.id)
            else:
                await tx.questions.rewrite(who, own.id, "!", None)

    async def _supports(self, tx: Transaction) -> None:
        act = self._chance.choice([tx.support.add, tx.support.add, tx.support.withdraw])
        await act(await self._some(tx), self._person())

    async def _moves(self, tx: Transaction) -> None:
        now, staff = self._clock.now, self._staff
        found = await tx.moderation.next("one", staff, Order.FAIR, now)
        if found is not None:
            await tx.moderation.move(found.id, staff, Stage.APPROVED, now)
            to = self._chance.choice([Stage.IN_REVIEW, Stage.DECLINED, Stage.QUEUED])
            await tx.moderation.move(await self._some(tx), staff, to, now)

    async def _merges(self, tx: Transaction) -> None:
        now, staff = self._clock.now, self._staff
        found = await tx.moderation.next("one", staff, Order.OLDEST, now)
        if found is not None:
            await tx.moderation.merge(found.id, await self._some(tx), staff, now)

    async def _hushes(self, tx: Transaction) -> None:
        await tx.hush.strike(await self._some(tx))


async def test_whatever_happens_at_once_voices_and_families_are_right(
    storage: Storage, second: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    people = [await resident(storage, str(n), clock.now, "BG") for n in range(PEOPLE)]
    leaving = [await resident(storage, f"leaving {n}", clock.now) for n in range(3)]

    async def leave() -> None:
        for guest in leaving:
            await asyncio.sleep(0)
            async with second.transaction() as tx:
                await tx.people.forget(guest.person.id)

    doing = [
        Doing((storage, second)[number % 2], clock, whose, number)
        for number, whose in enumerate([[*people, *leaving], *[people] * (TASKS - 1)])
    ]
    seen: set[str] = set()
    # Who comes first is chance; one time in fifty no question is queued when all have done theirs.
    while not seen >= MET:
        async with asyncio.TaskGroup() as tasks:
            for each in doing:
                tasks.create_task(each.some())
            tasks.create_task(leave())
        seen = await all_is_true(storage)


async def all_is_true(storage: Storage) -> set[str]:
    """What is told of each question agrees with the others; where they stand."""
    async with storage.reading() as tx:
        rows = await tx.desk.connection.fetch(TOLD)
        voices: dict[int, set[str]] = {}
        for root, key in await tx.desk.connection.fetch(VOICES):
            voices.setdefault(root, set()).add(key)
    for _, _, merged, _, asker, _, _ in rows:
        if merged is not None and asker is not None:
            voices.setdefault(merged, set()).add(asker)
    for id, state, merged, supports, asker, root_state, root_merged in rows:
        assert (state == "merged") == (merged is not None)
        if merged is not None:
            assert root_state not in (None, "merged", "withdrawn")
            assert root_merged is None
        else:
            assert supports == len(voices.get(id, set()) - {asker})
    return {state for _, state, *_ in rows} | {"supported" for _, _, _, many, *_ in rows if many}
