"""A database that fails for a while: nothing half done, nobody lied to, and it heals."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from threading import Thread

import pytest

from storage import Storage, Unavailable
from storage.turns import Kept
from tests.postgres import ask_server
from tests.storage.community import Guest, draft, welcome
from tests.storage.conftest import MASTER, Clock

DROP = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"


async def pragma(storage: Storage, text: str) -> None:
    async with storage.transaction() as tx:
        await tx.desk.connection.run(f"PRAGMA {text}")


@asynccontextmanager
async def full_pages(storage: Storage, file: Path) -> AsyncGenerator[None]:
    """The database may not grow."""
    await pragma(storage, "max_page_count = 1")
    yield
    await pragma(storage, "max_page_count = 1073741823")


@asynccontextmanager
async def full_disk(storage: Storage, file: Path) -> AsyncGenerator[None]:
    """The log may not grow."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = file.with_name(file.name + "-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@asynccontextmanager
async def read_only(storage: Storage, file: Path) -> AsyncGenerator[None]:
    await pragma(storage, "query_only = ON")
    yield
    await pragma(storage, "query_only = OFF")


@asynccontextmanager
async def locked(storage: Storage, file: Path) -> AsyncGenerator[None]:
    """Some other program is writing."""
    await pragma(storage, "busy_timeout = 0")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


FAULTS = pytest.mark.parametrize("fault", [full_pages, full_disk, read_only, locked])


async def big_turn(storage: Storage, guest: Guest, id: str, clock: Clock) -> None:
    replies = tuple(draft(storage, guest, "x" * 4000, clock.now) for _ in range(20))
    kept = Kept(guest.arrival, guest.person.id, state=id, drafts=replies)
    async with storage.transaction() as tx:
        await tx.turns.save([kept], clock.now)


@FAULTS
async def test_a_fault_keeps_nothing_and_passes(
    sqlite: Storage, sqlite_file: Path, clock: Clock, fault: type
) -> None:
    guest = await welcome(sqlite, "1", clock.now)
    async with fault(sqlite, sqlite_file):
        for _ in range(3):
            with pytest.raises(Unavailable):
                await big_turn(sqlite, guest, "lost", clock)
        # What is there can be read all the same.
        async with sqlite.reading() as tx:
            ((found,), _) = await tx.turns.load([guest.arrival])
        assert (found.seen, found.state, found.person) == (False, None, guest.person)
    await big_turn(sqlite, guest, "kept", clock)
    async with sqlite.reading() as tx:
        ((found,), _) = await tx.turns.load([guest.arrival])
    assert (found.seen, found.state) == (True, "kept")


@pytest.mark.parametrize("fault", [full_disk, read_only, locked])
async def test_readiness_tells_of_the_fault(
    sqlite: Storage, sqlite_file: Path, clock: Clock, fault: type
) -> None:
    await welcome(sqlite, "1", clock.now)
    async with fault(sqlite, sqlite_file):
        assert not await sqlite.writable()
    assert await sqlite.writable()


async def test_a_scrub_that_finds_no_room_can_be_repeated(
    sqlite: Storage, sqlite_file: Path, clock: Clock
) -> None:
    guest = await welcome(sqlite, "1", clock.now)
    async with sqlite.transaction() as tx:
        await tx.people.forget(guest.person.id)
    async with full_disk(sqlite, sqlite_file):
        with pytest.raises(Unavailable):
            await sqlite.scrub()
    assert await sqlite.owes_scrub()
    assert await sqlite.scrub()
    assert not await sqlite.owes_scrub()


async def test_a_reader_cannot_write(storage: Storage) -> None:
    with pytest.raises(Unavailable):
        async with storage.reading() as tx:
            await tx.meta.put("x", "y")


async def test_an_error_of_the_caller_rolls_back(storage: Storage, clock: Clock) -> None:
    with pytest.raises(ZeroDivisionError):
        async with storage.transaction() as tx:
            await tx.meta.put("x", str(1 / len(await tx.erasures.take(1))))
    async with storage.transaction() as tx:
        assert await tx.meta.get("x") is None


async def test_a_cancelled_transaction_leaves_nothing_to_the_next(
    storage: Storage, clock: Clock
) -> None:
    for steps in range(12):
        ready = asyncio.Event()

        async def write(ready: asyncio.Event = ready) -> None:
            async with storage.transaction() as tx:
                ready.set()
                for _ in range(50):
                    await tx.meta.put("cancelled", "!")

        task = asyncio.create_task(write())
        await ready.wait()
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with storage.transaction() as tx:
            await tx.meta.put("next", str(steps))
        async with storage.reading() as tx:
            assert await tx.meta.get("cancelled") is None
            assert await tx.meta.get("next") == str(steps)


async def test_writers_are_served_in_the_order_they_came(sqlite: Storage) -> None:
    order: list[int] = []

    async def write(number: int) -> None:
        async with sqlite.transaction() as tx:
            await tx.meta.put("x", str(number))
            order.append(number)

    async with asyncio.TaskGroup() as group:
        for number in range(30):
            group.create_task(write(number))
    assert order == list(range(30))


@pytest.mark.postgres
async def test_a_server_that_drops_everybody_is_unavailable_and_comes_back(
    postgres_server: str, postgres_url: str, keyring: Path, clock: Clock
) -> None:
    async with await Storage.open(postgres_url, keyring, MASTER, clock) as storage:
        guest = await welcome(storage, "1", clock.now)

        async def interrupted() -> None:
            async with storage.transaction() as tx:
                await tx.people.mark(guest.address.id, stopped=True)
                await ask_server(postgres_server, DROP)
                await tx.people.mark(guest.address.id, reachable=False)

        with pytest.raises(Unavailable):
            await interrupted()
        assert await storage.writable()
        async with storage.reading() as tx:
            assert await tx.people.find("telegram", "1") == guest.address


@pytest.mark.postgres
async def test_a_line_that_breaks_once_all_is_read_spoils_nothing(
    postgres_server: str, postgres_url: str, keyring: Path, clock: Clock
) -> None:
    async with await Storage.open(postgres_url, keyring, MASTER, clock) as storage:
        async with storage.reading() as tx:
            assert await tx.meta.get("anything") is None
            # In another thread, which is waited for: nothing here notices before the end.
            cut = Thread(target=lambda: asyncio.run(ask_server(postgres_server, DROP)))
            cut.start()
            cut.join()
        async with storage.reading() as tx:
            assert await tx.meta.get("anything") is None
