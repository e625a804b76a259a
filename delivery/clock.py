"""Time and chance, as the post office is given them."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime


async def wait_until_set(event: asyncio.Event, seconds: float | None) -> None:
    """Returns when the event is set, or after so many seconds; None waits without end."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """The calendar's time, a steady count of seconds, a way to wait, and chance in [0, 1)."""

    now: Callable[[], datetime] = _utc_now
    monotonic: Callable[[], float] = time.monotonic
    wait: Callable[[asyncio.Event, float | None], Awaitable[None]] = wait_until_set
    chance: Callable[[], float] = random.random
