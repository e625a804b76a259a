"""kill -9 while the recipients are being written down: everybody is in once all the same."""

from __future__ import annotations

import asyncio
import random
import sys
from pathlib import Path

import pytest

from storage import Storage
from storage.broadcasting.broadcasts import Kind, Phase, Rule
from storage.outbox import Settlement, State
from tests.storage.conftest import MASTER, Clock
from tests.storage.crowd import announced, claim, freeze, frozen, names, phase, resident
from tests.storage.freezing import now

# Up to forty processes one after the other, each of which takes seconds to start on a busy machine.
pytestmark = pytest.mark.timeout(480)


def kills(url: str) -> int:
    """How often it is killed on this engine."""
    return 20 if url.startswith("sqlite") else 5


def crowd(url: str) -> int:
    """So many people that all these kills come before the last of them: six steps of two each."""
    return 16 * kills(url)


async def killed(url: str, keyring: Path, broadcast: int, after: int) -> None:
    """Let another process go on with it, and kill it after so many steps, in the next one."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.storage.freezing", url, str(keyring), MASTER, str(broadcast),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    # However late the kill comes, no other step is taken.
    process.stdin.write(b"\n" * (after + 1))
    for _ in range(after):
        assert await process.stdout.readline()
    process.kill()
    process.stdin.close()
    await process.stdout.read()
    await process.wait()


async def test_kills_in_mid_freezing_leave_nobody_out_and_nobody_in_twice(
    url: str, keyring: Path, clock: Clock
) -> None:
    people = crowd(url)
    chance = random.Random(8)
    async with await Storage.open(url, keyring, MASTER, clock) as storage:
        guests = [await resident(storage, f"p{n}", clock.now) for n in range(people)]
        made = await announced(storage, clock.now)
        async with storage.transaction() as tx:
            await tx.broadcasts.begin(made.id, clock.now)
    for _ in range(kills(url)):
        await killed(url, keyring, made.id, chance.randrange(1, 6))
    async with await Storage.open(url, keyring, MASTER, clock) as storage:
        assert await phase(storage, made.id) is Phase.FREEZING
        assert 0 < await freeze(storage, made.id) < people
        assert await phase(storage, made.id) is Phase.RUNNING
        assert await names(storage, made.id, guests) == sorted(f"p{n}" for n in range(people))


async def test_kills_between_the_confirmation_and_the_start_leave_nobody_out_or_in_twice(
    url: str, keyring: Path, clock: Clock
) -> None:
    people = crowd(url)
    chance = random.Random(10)
    async with await Storage.open(url, keyring, MASTER, clock) as storage:
        guests = [await resident(storage, f"p{n}", clock.now) for n in range(people)]
        made = await announced(storage, clock.now)
        async with storage.transaction() as tx:
            held = {Phase.HELD}
            await tx.broadcasts.set_phase(made.id, Phase.HELD, held, clock.now, confirmed=people)
    for _ in range(kills(url)):
        await killed(url, keyring, made.id, chance.randrange(1, 6))
    async with await Storage.open(url, keyring, MASTER, clock) as storage:
        assert 0 < await freeze(storage, made.id) < people
        async with storage.transaction() as tx:
            assert await tx.recipients.count(made.id) == people
            assert await tx.recipients.note_frozen(made.id, people)
            assert await tx.broadcasts.begin(made.id, clock.now)
    for _ in range(kills(url)):
        await killed(url, keyring, made.id, chance.randrange(1, 6))
    async with await Storage.open(url, keyring, MASTER, clock) as storage:
        assert await phase(storage, made.id) is Phase.FREEZING
        assert 0 < await freeze(storage, made.id) < people
        assert await phase(storage, made.id) is Phase.RUNNING
        everybody = sorted(f"p{n}" for n in range(people))
        assert await names(storage, made.id, guests) == everybody
        assert sorted(d.account for d in await claim(storage, clock.now, people)) == everybody


async def test_kills_in_mid_recall_leave_no_message_and_delete_none_twice(
    url: str, keyring: Path, clock: Clock
) -> None:
    people = crowd(url)
    # Whoever is killed lives by the machine's clock, and what is older than two days stays.
    chance, clock.now = random.Random(9), now()
    async with await Storage.open(url, keyring, MASTER, clock) as storage:
        guests = [await resident(storage, f"p{n}", clock.now) for n in range(people)]
        made = await frozen(storage, clock.now, limit=people)
        sent = await claim(storage, clock.now, people)
        async with storage.transaction() as tx:
            await tx.outbox.settle([Settlement(d.id, State.SENT, d.account) for d in sent])
        recall = await announced(
            storage, clock.now, Rule("reached"), kind=Kind.RECALL, about=made.id
        )
        async with storage.transaction() as tx:
            await tx.broadcasts.begin(recall.id, clock.now)
    for _ in range(kills(url)):
        await killed(url, keyring, recall.id, chance.randrange(1, 6))
    async with await Storage.open(url, keyring, MASTER, clock) as storage:
        assert 0 < await freeze(storage, recall.id) < people
        everybody = sorted(f"p{n}" for n in range(people))
        assert await names(storage, recall.id, guests) == everybody
        assert sorted(str(d.target) for d in await claim(storage, clock.now, people)) == everybody
