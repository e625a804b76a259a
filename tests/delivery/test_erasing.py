"""What is deleted on a platform after somebody had themselves forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from channels import Gone, TargetGone, Unreachable
from delivery import PostOffice
from dialogue.words import Act
from storage import Storage
from tests.delivery.hurry import NOON, PATIENCE, Hurry
from tests.delivery.post import ScriptedPlatform


class Emptying:
    """A post office that has messages to take away."""

    def __init__(self, storage: Storage) -> None:
        self._hurry = Hurry()
        self._storage = self._hurry.heeds(storage)
        self.platform = ScriptedPlatform(self._hurry.monotonic)
        self.office = PostOffice([self.platform], storage, self._hurry.clock())

    async def owes(self, account: str, *messages: str, channel: str = "scripted") -> None:
        async with self._storage.transaction() as tx:
            await tx.erasures.add(channel, account, messages, NOON)
        self.office.wake_erasing()

    async def jobs(self) -> int:
        async with self._storage.reading() as tx:
            return len(await tx.erasures.take(100))

    async def leaves(self, count: int) -> None:
        """Returns when only so many jobs are left."""
        async with asyncio.timeout(PATIENCE):
            lull = self._hurry.next_lull
            while await self.jobs() > count:
                await lull.wait()
                lull = self._hurry.next_lull


@pytest.fixture
async def emptying(storage: Storage) -> AsyncIterator[Emptying]:
    opened = Emptying(storage)
    running = asyncio.create_task(opened.office.run())
    yield opened
    await opened.office.stop()
    await running


async def test_all_messages_are_deleted_through_the_same_door(emptying: Emptying) -> None:
    await emptying.owes("leyla", "1", "2", "3", "4")
    await emptying.leaves(0)
    heard = emptying.platform.heard
    assert [(h.act, h.target) for h in heard] == [(Act.DELETE, str(n)) for n in range(1, 5)]
    assert heard[3].at - heard[0].at >= 0.9


async def test_what_is_not_there_any_more_needs_no_deleting(emptying: Emptying) -> None:
    emptying.platform.will("leyla", TargetGone("no"), TargetGone("no"))
    emptying.platform.will("omar", Gone())
    await emptying.owes("leyla", "1", "2")
    await emptying.owes("omar", "3", "4")
    await emptying.leaves(0)
    assert {h.target for h in emptying.platform.heard} == {"1", "2", "3"}


async def test_what_cannot_be_deleted_now_is_tried_again(emptying: Emptying) -> None:
    emptying.platform.will("leyla", Unreachable(), Unreachable())
    await emptying.owes("leyla", "1")
    await emptying.leaves(0)
    assert [h.target for h in emptying.platform.heard] == ["1", "1", "1"]


async def test_a_job_for_a_channel_that_nobody_serves_stays(emptying: Emptying) -> None:
    await emptying.owes("omar", "9", channel="elsewhere")
    await emptying.owes("leyla", "1")
    await emptying.leaves(1)
    assert [h.account for h in emptying.platform.heard] == ["leyla"]
