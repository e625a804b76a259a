"""A sender's name, which one process at a time holds: only that one touches the outbox."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from delivery.clock import Clock
from storage import Storage, Unavailable

ASK_AGAIN = 0.5
"""Seconds until a database that cannot be used is asked again."""

log = logging.getLogger(__name__)


class Tenure:
    """The time during which this process has the name."""

    def __init__(
        self, channel: str, storage: Storage, clock: Clock, relieved: Callable[[], None]
    ) -> None:
        """`relieved` is told when another process may have it from now on."""
        self._channel = channel
        self._storage = storage
        self._clock = clock
        self._relieved = relieved
        self.held = asyncio.Event()
        """Set once it was had, and for good."""
        self.cut = False
        """Whether the database could not be asked for it when that was tried last."""

    async def run(self, stop: asyncio.Event) -> None:
        """Holds it, as soon as nobody else does, until it is lost or let go."""
        while not stop.is_set():
            try:
                async with self._storage.only_one(f"postman:{self._channel}") as lost:
                    self.cut = False
                    self.held.set()
                    await lost.wait()
            except Unavailable:
                self.cut = True
                await self._clock.wait(stop, ASK_AGAIN)
            else:
                log.warning("%s: the name is lost; standing by", self._channel)
                self._relieved()
