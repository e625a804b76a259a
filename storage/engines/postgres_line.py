"""A connection of its own to the PostgreSQL server, for a name to hold or for news to hear.

Both are worth something only as long as the connection is whole. So both ends ask for a sign of
life: whoever is cut off knows it before another process can hold the name.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TypeAlias

import asyncpg

from storage.engines.postgres_connection import (
    ANY,
    TOPIC,
    PostgresConnection,
    explained,
    lock_number,
    not_let_in,
)

Own: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

CONNECT_SECONDS = 5.0
ASK_AGAIN = 0.2
"""Seconds. Asking again and again, since a statement that waits would keep erased rows alive."""
PULSE = 0.5
SILENCE = 1.0
"""Seconds until a server that does not answer counts as gone: less than it takes to notice us."""
# The server drops a holder whose machine is gone, so that another can take over within 2 s.
NOTICE_SOON = {
    "tcp_keepalives_idle": "1",
    "tcp_keepalives_interval": "1",
    "tcp_keepalives_count": "1",
}
TRY = "SELECT pg_try_advisory_lock(:number)"


@asynccontextmanager
async def only_one(url: str, name: str) -> AsyncGenerator[asyncio.Event]:
    """As `Database.only_one`."""
    async with connected(url) as (raw, lost):
        connection, number = PostgresConnection(raw), lock_number(f"only one: {name}")
        while not (await connection.fetch(TRY, {"number": number}))[0][0]:
            with suppress(TimeoutError):
                async with asyncio.timeout(ASK_AGAIN):
                    await lost.wait()
        async with beating(raw, lost):
            yield lost


@asynccontextmanager
async def listening(url: str, hear: Callable[[str], None]) -> AsyncGenerator[asyncio.Event]:
    """As `Database.listening`."""

    def heard(_connection: object, _process: int, _topic: str, word: object) -> None:
        hear(str(word))

    async with connected(url) as (raw, lost):
        try:
            await raw.add_listener(TOPIC, heard)
        except ANY as error:
            raise explained(error) from error
        async with beating(raw, lost):
            yield lost


@asynccontextmanager
async def connected(url: str) -> AsyncGenerator[tuple[Own, asyncio.Event]]:
    """A new connection, and the event of its end."""
    lost = asyncio.Event()

    def ended(_: object) -> None:
        lost.set()

    try:
        raw = await asyncpg.connect(url, timeout=CONNECT_SECONDS, server_settings=NOTICE_SOON)
    except ANY as error:
        raise not_let_in(error) from error
    try:
        raw.add_termination_listener(ended)
        yield raw, lost
    finally:
        raw.remove_termination_listener(ended)
        # Not `close`: it would wait for an answer that may never come.
        raw.terminate()


@asynccontextmanager
async def beating(raw: Own, lost: asyncio.Event) -> AsyncGenerator[None]:
    """Until the block ends, a server that gives no sign of life counts as lost."""
    # No TaskGroup: it would wrap what goes wrong in the block.
    pulse = asyncio.create_task(beat(raw, lost))
    try:
        yield
    finally:
        pulse.cancel()
        await asyncio.wait([pulse])


async def beat(raw: Own, lost: asyncio.Event) -> None:
    """Asks for a sign of life until there is none."""
    while not lost.is_set():
        await asyncio.sleep(PULSE)
        try:
            await raw.execute("SELECT 1", timeout=SILENCE)
        except ANY:
            lost.set()
