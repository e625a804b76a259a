"""What a PostgreSQL connection understands: the portable SQL, and its failures in our words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import asyncpg

from storage.engines.port import Row, Values, expand, number_parameters
from storage.errors import Unavailable

Raw: TypeAlias = (
    "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
)

TOPIC = "tadamun"
"""The server's channel on which our processes tell one another what is new."""

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
TELL = f"SELECT pg_notify('{TOPIC}', :word)"


def explained(error: BaseException) -> BaseException:
    """The same failure in the words of this room; a mistake in a statement stays what it is."""
    return _unavailable(error) if isinstance(error, TRY_AGAIN) else error


def not_let_in(error: BaseException) -> BaseException:
    """A failure to connect: whatever the server has against us, it may let us in later."""
    return _unavailable(error) if isinstance(error, ANY) else error


def _unavailable(error: BaseException) -> BaseException:
    # A value of the wrong kind, or a wrong address, is an InterfaceError, too.
    if isinstance(error, ValueError):
        return error
    return Unavailable(f"The database cannot be used at the moment ({type(error).__name__}).")


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

    async def tell(self, word: str) -> None:
        await self.run(TELL, {"word": word})

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
