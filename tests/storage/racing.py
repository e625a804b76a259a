"""Four processes open one database at the same moment, fifty times; run as a program.

Prints how many of them got it, a line a race.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from storage import AlreadyRunning, Storage

RACES = 50
RUNNERS = 4


def now() -> datetime:
    """A moment."""
    return datetime(2026, 4, 3, 16, tzinfo=UTC)


async def run(folder: Path, start: int, told: int, end: int) -> None:
    """Wait for the start, open, tell whether it worked, and hold on until the end."""
    os.read(start, 1)
    url, keyring = f"sqlite:///{folder}/data/tadamun.db", folder / "keys" / "keyring.json"
    try:
        storage = await Storage.open(url, keyring, "a master key that is only for tests", now)
    except AlreadyRunning:
        os.write(told, b"0")
        return
    os.write(told, b"1")
    os.read(end, 1)
    await storage.close()


def race(folder: Path) -> int:
    """How many of the runners hold the database at once."""
    (waiting, start), (result, told), (held, end) = os.pipe(), os.pipe(), os.pipe()
    runners: list[int] = []
    for _ in range(RUNNERS):
        runner = os.fork()
        if runner == 0:
            asyncio.run(run(folder, waiting, told, held))
            os._exit(0)
        runners.append(runner)
    os.write(start, b"!" * RUNNERS)
    results = b""
    while len(results) < RUNNERS:
        results += os.read(result, RUNNERS)
    os.write(end, b"!" * RUNNERS)
    for runner in runners:
        os.waitpid(runner, 0)
    for pipe in (waiting, start, result, told, held, end):
        os.close(pipe)
    return results.count(b"1")


if __name__ == "__main__":
    for _ in range(RACES):
        sys.stdout.write(f"{race(Path(sys.argv[1]))}\n")
