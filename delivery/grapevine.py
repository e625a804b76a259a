"""What the processes on one database tell one another, as far as this one hears it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from delivery.clock import Clock
from storage import Storage, Unavailable

LISTEN_AGAIN = 0.5
"""Seconds."""


class Grapevine:
    """Hands on every word that a commit told; `missed` is called whenever some may have been."""

    def __init__(
        self,
        storage: Storage,
        clock: Clock,
        hear: Callable[[str], None],
        missed: Callable[[], None],
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._hear = hear
        self._missed = missed

    async def run(self) -> None:
        """Listens until cancelled; a line that broke is drawn anew."""
        while True:
            try:
                async with self._storage.listening(self._hear) as lost:
                    self._missed()
                    await lost.wait()
            except Unavailable:
                await self._clock.wait(asyncio.Event(), LISTEN_AGAIN)
