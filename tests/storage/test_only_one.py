"""One process at a time for a sender, however many machines there are."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from storage import Storage
from tests.postgres import ask_server
from tests.storage.community import welcome
from tests.storage.conftest import MASTER, Clock

DROP_HOLDERS = """
SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
"""


async def test_the_only_process_holds_every_name_at_once(storage: Storage) -> None:
    async with storage.only_one("telegram") as lost, storage.only_one("whatsapp"):
        assert not lost.is_set()


@pytest.mark.postgres
async def test_another_machine_takes_over_when_the_holder_is_gone(
    postgres_server: str, postgres_url: str, keyring: Path, clock: Clock
) -> None:
    taken = asyncio.Event()

    async def stand_by(other: Storage) -> None:
        async with other.only_one("telegram"):
            taken.set()

    async with (
        await Storage.open(postgres_url, keyring, MASTER, clock) as one,
        await Storage.open(postgres_url, keyring, MASTER, clock) as two,
        one.only_one("telegram") as lost,
        asyncio.TaskGroup() as group,
    ):
        group.create_task(stand_by(two))
        async with two.only_one("whatsapp"):
            assert not taken.is_set()
        await ask_server(postgres_server, DROP_HOLDERS)
        async with asyncio.timeout(2):
            await lost.wait()
            await taken.wait()


@pytest.mark.postgres
async def test_two_machines_may_start_at_once(
    postgres_url: str, keyring: Path, clock: Clock
) -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(Storage.open(postgres_url, keyring, MASTER, clock)) for _ in range(4)
        ]
    opened = [task.result() for task in tasks]
    guests = [await welcome(one, str(n), clock.now) for n, one in enumerate(opened)]
    for storage in opened:
        async with storage.reading() as tx:
            found, _ = await tx.turns.load([guest.arrival for guest in guests])
        assert [f.person for f in found] == [guest.person for guest in guests]
        await storage.close()
