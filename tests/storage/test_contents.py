"""What is laid down with a platform, and whom it lets us write to first."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from storage import Storage
from storage.post.contents import Content
from tests.storage.conftest import Clock

DAY = timedelta(hours=24)
TICK = timedelta(milliseconds=1)
PROMPT = Content("k1", "main-menu", "list-picker", "ar", None, "HX1", "session")
TEMPLATE = Content("k2", "announcement", "quick-reply", "en", "marketing", "HX2", "pending")


async def test_a_content_is_kept_once_under_its_key(storage: Storage, clock: Clock) -> None:
    newer = replace(PROMPT, sid="HX3")
    async with storage.transaction() as tx:
        for content in (PROMPT, TEMPLATE, newer):
            await tx.contents.put(content)
    async with storage.reading() as tx:
        assert await tx.contents.get_all() == [TEMPLATE, newer]


async def test_what_the_platform_decides_is_noted(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        await tx.contents.put(TEMPLATE)
        assert await tx.contents.set_state("k2", "rejected", "INVALID_FORMAT")
        assert await tx.contents.get_all() == [
            replace(TEMPLATE, state="rejected", reason="INVALID_FORMAT")
        ]
        assert await tx.contents.set_state("k2", "approved")
        assert await tx.contents.get_all() == [replace(TEMPLATE, state="approved")]
        assert not await tx.contents.set_state("k3", "approved")
        assert await tx.contents.remove("k2")
        assert not await tx.contents.remove("k2")
        assert await tx.contents.get_all() == []


async def test_an_address_counts_once_and_for_a_day_from_the_last_time(
    storage: Storage, clock: Clock
) -> None:
    first = clock.now
    async with storage.transaction() as tx:
        for address, minutes in ((1, 0), (2, 1), (1, 2), (1, 1)):
            await tx.reach.note(address, first + timedelta(minutes=minutes))
    second, last = first + timedelta(minutes=1), first + timedelta(minutes=2)
    async with storage.reading() as tx:
        assert await tx.reach.count(first) == 2
        assert await tx.reach.count(second - TICK) == 2
        assert await tx.reach.count(second) == 1
        assert [await tx.reach.has(n, second) for n in (1, 2, 3)] == [True, False, False]
        assert await tx.reach.reached(0, first) == second
        assert await tx.reach.reached(1, first) == last
        assert await tx.reach.reached(2, first) is None
        assert await tx.reach.reached(0, second) == last
    await storage.sweep(last + DAY - TICK)
    async with storage.reading() as tx:
        assert await tx.reach.count(first) == 1
    await storage.sweep(last + DAY)
    async with storage.reading() as tx:
        assert await tx.reach.count(first) == 0
