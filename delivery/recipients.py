"""The recipients of broadcasts: written down, taken back or sent to elsewhere, some at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from delivery.clock import Clock
from storage import Storage

CHUNK = 2_000
"""People who are passed, or rows that are cancelled, in one transaction: turns get in between."""
CHUNKS = 25
"""After so many, other broadcasts have their turn: a reminder does not wait for a million."""
SOME = 200
"""The same, where each costs a few statements."""


class Recipients:
    """Deals with a million without ever holding up a turn.

    `lost` is set once another process sees to broadcasts: that one goes on with what is left.
    """

    def __init__(self, storage: Storage, clock: Clock, channels: Collection[str]) -> None:
        """`channels` are those that somebody serves."""
        self._storage = storage
        self._clock = clock
        self._channels = channels

    async def write_down(self, broadcast_id: int, lost: asyncio.Event) -> bool:
        """Go on writing down those of one that is confirmed; whether all are in."""
        for _ in range(CHUNKS):
            async with self._storage.transaction() as tx:
                passed = await tx.recipients.freeze(broadcast_id, CHUNK, self._channels)
            if lost.is_set():
                return False
            if not passed:
                return True
        return False

    async def freeze(self, broadcast_id: int, lost: asyncio.Event) -> None:
        """Write down all, or bring what is written down up to date, and let it run."""
        passed = 1
        while passed and not lost.is_set():
            async with self._storage.transaction() as tx:
                passed = await tx.recipients.freeze(broadcast_id, CHUNK, self._channels)
                if not passed:
                    # In the commit with which it runs: what nobody serves would never let it end.
                    await tx.recipients.give_up(broadcast_id, self._channels)

    async def clear(self, broadcast_id: int, lost: asyncio.Event) -> None:
        """Go on deleting the rows of what was undone: one that is confirmed anew has none."""
        for _ in range(CHUNKS):
            async with self._storage.transaction() as tx:
                cleared = await tx.recipients.clear(broadcast_id, CHUNK)
            if not cleared or lost.is_set():
                break

    async def cancel(self, broadcast_id: int) -> bool:
        """Take back all that has not left; whether none is on its way, either."""
        cancelled = 1
        while cancelled:
            async with self._storage.transaction() as tx:
                cancelled = await tx.recipients.cancel_rows(broadcast_id, CHUNK)
        async with self._storage.reading() as tx:
            return not await tx.recipients.is_open(broadcast_id)

    async def reroute(self, broadcast_id: int) -> bool:
        """Whether somebody gets it on another address who blocked us before it was their turn."""
        if len(self._channels) < 2:
            return False
        async with self._storage.reading() as tx:
            missed = await tx.outbox.not_reached(broadcast_id)
        moved = False
        for first in range(0, len(missed), SOME):
            async with self._storage.transaction() as tx:
                for row in missed[first : first + SOME]:
                    now = self._clock.now()
                    moved |= await tx.outbox.reroute(row, now, self._channels) is not None
        return moved
