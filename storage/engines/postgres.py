"""The PostgreSQL engine: the same port for a community that runs several machines."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeAlias

import asyncpg

from storage.engines import postgres_line
from storage.engines.port import Connection
from storage.engines.postgres_connection import ANY, PostgresConnection, Raw, explained, not_let_in
from storage.engines.postgres_line import CONNECT_SECONDS
from storage.errors import OlderEngine, StorageError

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"

WRITERS = 8
READERS = 4
OLDEST = 13
REFUSED = (
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
)

KNOWN = "SELECT COUNT(*) FROM versions WHERE version = :version"
NOTE_VERSION = "INSERT INTO versions (version, applied) VALUES (:version, :applied)"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"


class PostgresDatabase:
    """Two pools: one that writes, one that cannot."""

    engine = "postgresql"

    def __init__(self, url: str, writers: Pool, readers: Pool) -> None:
        self._url = url
        self._writers = writers
        self._readers = readers

    @classmethod
    async def open(cls, url: str) -> PostgresDatabase:
        """Connect; raises Unavailable when nobody answers, OlderEngine when it is too old.

        Raises StorageError when the server has no such database, or none for us.
        """
        try:
            writers = await asyncpg.create_pool(
                url, min_size=1, max_size=WRITERS, timeout=CONNECT_SECONDS
            )
        except REFUSED as error:
            raise StorageError(f"PostgreSQL refuses the database: {error}.") from error
        except ANY as error:
            raise not_let_in(error) from error
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
            raise not_let_in(error) from error
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

    def only_one(self, name: str) -> AbstractAsyncContextManager[asyncio.Event]:
        return postgres_line.only_one(self._url, name)

    def listening(self, hear: Callable[[str], None]) -> AbstractAsyncContextManager[asyncio.Event]:
        return postgres_line.listening(self._url, hear)

    async def scrub(self) -> bool:
        """Free the erased rows; PostgreSQL overwrites them as it fills their pages again."""
        async with held(self._writers) as raw:
            try:
                names = [row[0] for row in await raw.fetch(TABLES)]
                await raw.execute("VACUUM " + ", ".join(f'"{name}"' for name in names))
            except ANY as error:
                raise explained(error) from error
        return True

    async def sound(self) -> None:
        """The server sees to its own files."""

    async def close(self) -> None:
        for pool in (self._readers, self._writers):
            await pool.close()


@asynccontextmanager
async def held(pool: Pool) -> AsyncGenerator[Raw]:
    """A connection of the pool, given back at the end."""
    try:
        raw = await pool.acquire(timeout=CONNECT_SECONDS)
    except ANY as error:
        raise not_let_in(error) from error
    try:
        yield raw
    finally:
        # What was done with it is done, even if it breaks only now; the pool takes another then.
        with contextlib.suppress(*ANY):
            await pool.release(raw)
