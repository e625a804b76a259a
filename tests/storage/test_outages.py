"""Planned cuts of the network."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage import Storage
from tests.storage.conftest import Clock

TICK = timedelta(milliseconds=1)
HOUR = timedelta(hours=1)


async def test_cuts_are_listed_by_their_beginning_until_they_are_over(
    storage: Storage, clock: Clock
) -> None:
    now = clock.now
    async with storage.transaction() as tx:
        later = await tx.outages.add(now + 24 * HOUR, now + 28 * HOUR)
        sooner = await tx.outages.add(now - HOUR, now + HOUR)
        assert (sooner.starts_at, sooner.ends_at) == (now - HOUR, now + HOUR)
    async with storage.reading() as tx:
        assert await tx.outages.coming(now) == [sooner, later]
        assert await tx.outages.coming(now + HOUR - TICK) == [sooner, later]
        assert await tx.outages.coming(now + HOUR) == [later]


async def test_a_cut_can_be_called_off(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        cut = await tx.outages.add(clock.now, clock.now + HOUR)
        assert await tx.outages.remove(cut.id)
        assert not await tx.outages.remove(cut.id)
        assert await tx.outages.coming(clock.now) == []


async def test_a_cut_that_ends_before_it_begins_is_refused(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        for end in (clock.now, clock.now - HOUR):
            with pytest.raises(ValueError, match="ends after it begins"):
                await tx.outages.add(clock.now, end)
        assert await tx.outages.coming(clock.now - 2 * HOUR) == []
