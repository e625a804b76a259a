"""Seconds as they would have passed on a machine that had nothing else to do."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from delivery.clock import wait_until_set

LOOK = 0.5
"""Seconds from one look at what the processes were kept waiting for to the next."""


def kept_waiting(*processes: int | str) -> float:
    """Seconds for which their threads together were ready to run, and others had the processor.

    0 for a process that is gone, and where the system does not count it:
    https://docs.kernel.org/scheduler/sched-stats.html
    """
    threads = (each for id in processes for each in Path(f"/proc/{id}/task").glob("*/schedstat"))
    return sum(nanoseconds(each) for each in threads) / 1e9


def nanoseconds(schedstat: Path) -> int:
    """The second of its numbers: how long this thread waited for a processor."""
    try:
        return int(schedstat.read_text().split()[1])
    except (OSError, IndexError):
        return 0


def postgres() -> list[int]:
    """Every process of PostgreSQL on this machine."""
    found: list[int] = []
    for comm in Path("/proc").glob("[0-9]*/comm"):
        try:
            if comm.read_text() == "postgres\n":
                found.append(int(comm.parent.name))
        except OSError:
            continue
    return found


class Allowance:
    """Seconds for these processes, and for this one, which plays the world around them.

    While one of them waits for the processor, none of them pass.
    """

    def __init__(self, seconds: float, *processes: int) -> None:
        self._seconds = seconds
        self._looked = time.monotonic()
        self._waited = {each: kept_waiting(each) for each in ("self", *processes)}
        self._spent = 0.0

    def spent(self) -> float:
        """How many have passed; threads that end between two looks count as if never kept."""
        for each, before in self._waited.items():
            self._waited[each] = now = kept_waiting(each)
            self._spent -= max(0.0, now - before)
        self._spent += (now := time.monotonic()) - self._looked
        self._looked = now
        return self._spent

    async def waits_for(self, event: asyncio.Event) -> None:
        """Returns once the event is set; raises TimeoutError when all have passed before."""
        while (left := self._seconds - self.spent()) > 0:
            await wait_until_set(event, min(left, LOOK))
            if event.is_set():
                return
        raise TimeoutError
