"""The PostgreSQL engine: the same port for a community that runs several machines."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, TypeAlias

import asyncpg

from storage.errors import OlderEngine, Unavailable
from storage.port import Connection, Row, Values, expand, number_parameters

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Raw: TypeAlias = (
    "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
)

WRITERS = 8
READERS = 4
OLDEST = 13
CONNECT_SECONDS = 5.0

TRY_AGAIN = (
    asyncpg.InsufficientResourcesError,
    asyncpg.InterfaceError,
    # What asyncpg says of a connection that broke while a statement was being written to it.
    asyncpg.InternalClientError,
    asyncpg.LockNotAvailableError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresConnectionError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.TransactionRollbackError,
    OSError,
    TimeoutError,
)
ANY = (asyncpg.PostgresError, *TRY_AGAIN)

SERIALISE = """
SELECT pg_advisory_xact_lock(value) FROM each_id(:keys) AS given
"""
HOLD = "SELECT pg_advisory_lock(:number)"
# The server drops a holder whose machine is gone, so that another can take over within 2 s.
NOTICE_SOON = {
    "tcp_keepalives_idle": "1",
    "tcp_keepalives_interval": "1",
    "tcp_keepalives_count": "1",
}
KNOWN = "SELECT COUNT(*) FROM versions WHERE version = :version"
NOTE_VERSION = "INSERT INTO versions (version, applied) VALUES (:version, :applied)"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"


def explained(error: BaseException) -> BaseException:
    """The same failure in the words of this room; a mistake in a statement stays what it is."""
    # A value of the wrong kind is an InterfaceError, too.
    if isinstance(error, TRY_AGAIN) and not isinstance(error, ValueError):
        return Unavailable(f"The database cannot be used at the moment ({type(error).__name__}).")
    return error


def each(found: re.Match[str]) -> str:
    kind = {"text": "text", "id": "bigint"}[found[1]]
    return f"unnest(:{found[2]}::{kind}[]) WITH ORDINALITY AS {found[3]}(value, key)"


@lru_cache(maxsize=512)
def written(sql: str) -> tuple[str, tuple[str, ...]]:
    """This statement as PostgreSQL takes it, and the order of its parameters."""
    return number_parameters(expand(sql, each, r"FOR UPDATE OF \1 SKIP LOCKED"))


def lock_number(key: str) -> int:
    """The number of the advisory lock for this key."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big", signed=True)


class PostgresConnection:
    """One transaction, or one reader."""

    def __init__(self, connection: Raw) -> None:
        self._connection = connection
        self.failed: BaseException | None = None

    async def fetch(self, sql: str, values: Values | None = None) -> list[Row]:
        text, names = written(sql)
        arguments = [(values or {})[name] for name in names]
        with self._noticing():
            return list[Any](await self._connection.fetch(text, *arguments))

    async def run(self, sql: str, values: Values | None = None) -> None:
        text, names = written(sql)
        arguments = [(values or {})[name] for name in names]
        with self._noticing():
            await self._connection.execute(text, *arguments)

    async def run_many(self, sql: str, rows: Sequence[Values]) -> None:
        if not rows:
            return
        text, names = written(sql)
        arguments = [[row[name] for name in names] for row in rows]
        with self._noticing():
            await self._connection.executemany(text, arguments)

    async def serialise(self, keys: Sequence[str]) -> None:
        # Everybody asks in the same order, so that no two wait for each other.
        await self.run(SERIALISE, {"keys": sorted({lock_number(key) for key in keys})})

    def _noticing(self) -> Noticing:
        return Noticing(self)


class Noticing:
    """Remembers that a statement failed: nothing of its transaction may then be committed."""

    def __init__(self, connection: PostgresConnection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        if self._connection.failed is not None:
            raise self._connection.failed

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ANY):
            self._connection.failed = explained(error)
            if self._connection.failed is not error:
                raise self._connection.failed from error


class PostgresDatabase:
    """Two pools: one that writes, one that cannot."""

    engine = "postgresql"

    def __init__(self, url: str, writers: Pool, readers: Pool) -> None:
        self._url = url
        self._writers = writers
        self._readers = readers

    @classmethod
    async def open(cls, url: str) -> PostgresDatabase:
        """Connect; raises Unavailable when nobody answers, OlderEngine when it is too old."""
        try:
            writers = await asyncpg.create_pool(
                url, min_size=1, max_size=WRITERS, timeout=CONNECT_SECONDS
            )
        except ANY as error:
            raise explained(error) from error
        try:
            async with writers.acquire() as connection:
                if connection.get_server_version().major < OLDEST:
                    raise OlderEngine(f"PostgreSQL must be version {OLDEST} or newer.")
            readers = await asyncpg.create_pool(
                url,
                min_size=1,
                max_size=READERS,
                timeout=CONNECT_SECONDS,
                server_settings={"default_transaction_read_only": "on"},
            )
        except BaseException as error:
            await writers.close()
            raise explained(error) from error
        return cls(url, writers, readers)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Connection]:
        async with held(self._writers) as raw:
            connection = PostgresConnection(raw)
            transaction = raw.transaction()
            try:
                await transaction.start()
            except ANY as error:
                raise explained(error) from error
            try:
                yield connection
                # COMMIT of a failed transaction is a silent ROLLBACK.
                if connection.failed is not None:
                    raise connection.failed
            except BaseException:
                # Of a connection that broke, the server undoes everything by itself.
                with contextlib.suppress(*ANY):
                    await transaction.rollback()
                raise
            try:
                await transaction.commit()
            except ANY as error:
                raise explained(error) from error

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[Connection]:
        async with held(self._readers) as raw:
            yield PostgresConnection(raw)

    async def script(self, sql: str, version: int, applied: int) -> None:
        async with self.transaction() as connection:
            # Another machine may be starting at the same time.
            await connection.serialise(["schema"])
            ((known,),) = await connection.fetch(KNOWN, {"version": version})
            if not known:
                await connection.run(sql)
                await connection.run(NOTE_VERSION, {"version": version, "applied": applied})

    @asynccontextmanager
    async def only_one(self, name: str) -> AsyncGenerator[asyncio.Event]:
        lost = asyncio.Event()

        def tell(_: object) -> None:
            lost.set()

        try:
            raw = await asyncpg.connect(
                self._url, timeout=CONNECT_SECONDS, server_settings=NOTICE_SOON
            )
        except ANY as error:
            raise explained(error) from error
        try:
            raw.add_termination_listener(tell)
            await PostgresConnection(raw).run(HOLD, {"number": lock_number(f"only one: {name}")})
            yield lost
        finally:
            raw.remove_termination_listener(tell)
            # Not `close`: it would wait for an answer that may never come.
            raw.terminate()

    async def scrub(self) -> bool:
        """Free the erased rows; PostgreSQL overwrites them as it fills their pages again."""
        async with held(self._writers) as raw:
            try:
                names = [row[0] for row in await raw.fetch(TABLES)]
                await raw.execute("VACUUM " + ", ".join(f'"{name}"' for name in names))
            except ANY as error:
                raise explained(error) from error
        return True

    async def close(self) -> None:
        for pool in (self._readers, self._writers):
            await pool.close()


@asynccontextmanager
async def held(pool: Pool) -> AsyncGenerator[Raw]:
    """A connection of the pool, given back at the end."""
    try:
        raw = await pool.acquire(timeout=CONNECT_SECONDS)
    except ANY as error:
        raise explained(error) from error
    try:
        yield raw
    finally:
        await pool.release(raw)
