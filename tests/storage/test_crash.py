"""kill -9 at any moment: what was said to be committed is there, and nothing is half there."""

from __future__ import annotations

import asyncio
import random
import sys
from pathlib import Path

import pytest

from storage import Storage
from storage.community.people import Arrival
from tests.storage.conftest import MASTER, Clock

ROUNDS = 6


async def killed(url: str, keyring: Path, round: int, after: int) -> int:
    """Let the other process take turns, kill it in the middle, return its last committed turn."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.storage.crashing", url, str(keyring), MASTER, str(round),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    for _ in range(after):
        assert await process.stdout.readline()
    process.kill()
    rest = (await process.stdout.read()).splitlines(keepends=True)
    await process.wait()
    return after + len([line for line in rest if line.endswith(b"\n")]) - 1


@pytest.mark.timeout(240)
async def test_a_kill_loses_no_committed_turn_and_leaves_no_half_one(
    url: str, keyring: Path, clock: Clock
) -> None:
    chance = random.Random(7)
    for round in range(ROUNDS):
        last = await killed(url, keyring, round, chance.randrange(1, 60))
        async with await Storage.open(url, keyring, MASTER, clock) as storage:
            arrivals = [Arrival("telegram", f"{round}-{n}", "1") for n in range(last + 3)]
            async with storage.transaction() as tx:
                found, _ = await tx.turns.load(arrivals)
                taken = [f.state for f in found if f.seen]
                counted = await tx.desk.connection.fetch(
                    "SELECT (SELECT COUNT(*) FROM people), (SELECT COUNT(*) FROM talks),"
                    " (SELECT COUNT(*) FROM seen), (SELECT COUNT(*) FROM outbox)"
                )
        # The one after the last may have been committed before it could be said.
        assert taken in ([str(n) for n in range(last + 1)], [str(n) for n in range(last + 2)])
        assert len(set(counted[0])) == 1
