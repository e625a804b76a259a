"""How fast time passes for the post office of a test."""

from __future__ import annotations

import asyncio
import time

from delivery.clock import wait_until_set


class Tempo:
    """How fast time passes for the post office, which need not wait long for a platform's pace."""

    def __init__(self, haste: float) -> None:
        self._haste = haste
        self._since = time.monotonic()
        self._passed = 0.0

    def becomes(self, haste: float) -> None:
        """From now on so many seconds pass in each of ours."""
        self._passed, self._since = self.monotonic(), time.monotonic()
        self._haste = haste

    def monotonic(self) -> float:
        """Seconds that have passed."""
        return self._passed + (time.monotonic() - self._since) * self._haste

    async def wait(self, event: asyncio.Event, seconds: float | None) -> None:
        """Returns when the event is set, or when so many seconds have passed."""
        await wait_until_set(event, None if seconds is None else seconds / self._haste)
