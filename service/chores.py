"""What is done from time to time, whatever people do: erasing what is to be erased."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from delivery import Clock
from storage import Storage, Unavailable
from storage.retention import Retention

log = logging.getLogger("tadamun")

SWEEP_EVERY = timedelta(hours=1)
SWEEP_AGAIN = timedelta(minutes=1)
SCRUB_AGAIN = timedelta(seconds=2)


async def sweep(storage: Storage, clock: Clock, retention: Retention) -> None:
    """Erase what has been kept long enough, every hour, in one process at a time."""
    while True:
        try:
            async with storage.only_one("sweep") as lost:
                while not lost.is_set():
                    await storage.sweep(clock.now(), retention)
                    await clock.wait(lost, SWEEP_EVERY.total_seconds())
        except Unavailable as error:
            log.error("ALERT: what is too old could not be erased: %s", error)
        await asyncio.sleep(SWEEP_AGAIN.total_seconds())


async def scrub(storage: Storage, erased: asyncio.Event) -> None:
    """After an erasure leave no byte of it in the files; several erasures share one scrub."""
    # The process before may have been stopped too early for it.
    erased.set()
    while True:
        await erased.wait()
        erased.clear()
        try:
            clean = not await storage.owes_scrub() or await storage.scrub()
        except Unavailable as error:
            log.error("ALERT: what was erased is still in the files: %s", error)
            clean = False
        if not clean:
            erased.set()
            await asyncio.sleep(SCRUB_AGAIN.total_seconds())
