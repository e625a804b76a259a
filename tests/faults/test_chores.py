"""What is done from time to time, also when the database is away as the process begins."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from delivery.clock import wait_until_set
from service import chores
from storage import Storage, Unavailable
from tests.postgres import ask_server
from tests.storage.community import welcome

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"

pytestmark = pytest.mark.postgres


async def goes_away(server: str, name: str) -> None:
    """The server lets nobody into this database any more."""
    await ask_server(server, f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    await ask_server(server, CUT.format(name=name))


async def comes_back(server: str, name: str) -> None:
    """It lets everybody in."""
    await ask_server(server, f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


@asynccontextmanager
async def at_work(chore: Awaitable[None]) -> AsyncGenerator[asyncio.Future[None]]:
    """The chore goes on meanwhile."""
    task = asyncio.ensure_future(chore)
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    """Returns once this holds."""
    pause = asyncio.Event()
    async with asyncio.timeout(60):
        while not await holds():
            await wait_until_set(pause, 0.01)


async def test_what_is_still_to_be_scrubbed_off_waits_for_the_database(
    postgres_server: str, postgres_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keyring = tmp_path / "keys" / "keyring.json"
    async with await Storage.open(postgres_url, keyring, None, lambda: NOW) as storage:
        guest = await welcome(storage, "1", NOW)
        async with storage.transaction() as tx:
            await tx.people.forget(guest.person.id)
        assert await storage.owes_scrub()

        async def is_told() -> bool:
            return "ALERT: what was erased is still in the files" in caplog.text

        async def is_scrubbed() -> bool:
            with suppress(Unavailable):
                return not await storage.owes_scrub()
            return False

        name = postgres_url.rpartition("/")[2]
        await goes_away(postgres_server, name)
        async with at_work(chores.scrub(storage, asyncio.Event())) as chore:
            await until(is_told)
            await comes_back(postgres_server, name)
            await until(is_scrubbed)
            assert not chore.done()
