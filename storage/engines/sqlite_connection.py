"""What an SQLite connection understands: the portable SQL, and its failures in our words."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import aiosqlite

from storage.engines.port import Row, Value, Values, expand
from storage.errors import Damaged, Unavailable

TRY_AGAIN = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_READONLY,
}


def explained(error: sqlite3.Error) -> Exception:
    """The same failure in the words of this room; a mistake in a statement stays what it is."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in TRY_AGAIN:
        return Unavailable(f"The database cannot be used at the moment ({error}).")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return Damaged()
    return error


def each(found: re.Match[str]) -> str:
    return f"json_each(:{found[2]}) AS {found[3]}"


@lru_cache(maxsize=512)
def written(sql: str) -> str:
    """This statement as SQLite takes it."""
    return expand(sql, each, "")


def bound(values: Values) -> dict[str, Value]:
    """These values as SQLite takes them: lists travel as JSON."""
    return {
        name: json.dumps(value) if isinstance(value, list) else value
        for name, value in values.items()
    }


class SqliteConnection:
    """One transaction on the writer, or one reader."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self.failed: Exception | None = None

    async def fetch(self, sql: str, values: Values | None = None) -> list[Row]:
        self._refuse_after_failure()
        try:
            found: Iterable[Any] = await self._connection.execute_fetchall(
                written(sql), bound(values or {})
            )
        except sqlite3.Error as error:
            raise self._fail(error) from error
        return list(found)

    async def run(self, sql: str, values: Values | None = None) -> None:
        await self.fetch(sql, values)

    async def run_many(self, sql: str, rows: Sequence[Values]) -> None:
        if not rows:
            return
        self._refuse_after_failure()
        try:
            await self._connection.executemany(written(sql), rows)
        except sqlite3.Error as error:
            raise self._fail(error) from error

    async def serialise(self, keys: Sequence[str]) -> None:
        """There is one writer, and this is it."""

    async def tell(self, word: str) -> None:
        """There is no other process to hear it."""

    def _fail(self, error: sqlite3.Error) -> Exception:
        self.failed = explained(error)
        return self.failed

    def _refuse_after_failure(self) -> None:
        # A full disk may have rolled back all that came before; going on would keep one half.
        if self.failed is not None:
            raise self.failed
