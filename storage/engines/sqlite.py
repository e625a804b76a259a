"""The SQLite engine: one writer, a few readers, every commit on the disk before it counts."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiosqlite

from storage.engines.examination import Examination
from storage.engines.lock import ProcessLock
from storage.engines.port import Connection
from storage.engines.sqlite_connection import SqliteConnection, explained
from storage.errors import Damaged, StorageError, Unavailable

READERS = 2

EVERY_CONNECTION = (
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    # Sorting must not leave anybody's row in a temporary file.
    "PRAGMA temp_store = MEMORY",
)
WRITER = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    # 4 MB: with 2, its default, a turn read ten pages anew that the turns before it had read; 8
    # save another 1 % of its time, and are too much of the memory of a small machine.
    "PRAGMA cache_size = -4000",
)
READER = ("PRAGMA query_only = ON",)


class SqliteDatabase:
    """An open SQLite file that no other process uses."""

    engine = "sqlite"

    def __init__(
        self, lock: ProcessLock, writer: aiosqlite.Connection, examination: Examination
    ) -> None:
        self._lock = lock
        self._writer = writer
        self._examination = examination
        self._writing = asyncio.Lock()  # its waiters are served first come, first served
        self._readers: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        self._open: list[aiosqlite.Connection] = [writer]

    @classmethod
    async def open(cls, path: Path, *, busy_seconds: float = 1.0) -> SqliteDatabase:
        """Open the file, made if missing, for this process alone.

        Whether it is whole is found out while it is read already; nothing is written to it before.
        Raises AlreadyRunning, Damaged (what can be seen at once) or Unavailable.
        """
        # At DEBUG it would write every statement's values into the log.
        logging.getLogger("aiosqlite").setLevel(logging.INFO)
        try:
            lock = await asyncio.to_thread(prepare, path)
        except OSError as error:
            raise Unavailable(f"The database cannot be opened ({error.strerror}).") from error
        opened: list[aiosqlite.Connection] = []
        try:
            for pragmas in (WRITER, *[READER] * READERS):
                opened.append(await connected(path, pragmas, busy_seconds))
            await write_ahead(opened[0])
            examination = Examination(path, busy_seconds)
        except BaseException:
            for connection in opened:
                await connection.close()
            lock.release()
            raise
        database = cls(lock, opened[0], examination)
        for reader in opened[1:]:
            database._open.append(reader)
            database._readers.put_nowait(reader)
        return database

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Connection]:
        async with self._writing:
            connection = SqliteConnection(self._writer)
            try:
                yield connection
                await self._commit(connection)
            except BaseException:
                # Always asked for: a cancelled statement may begin the transaction only now. Where
                # SQLite has rolled back by itself (a full disk), this does nothing.
                await self._writer.rollback()
                raise

    async def _commit(self, connection: SqliteConnection) -> None:
        if connection.failed is not None:
            raise connection.failed
        if not self._writer.in_transaction:
            return
        # What is known to be damaged must not be made worse, nor anything be promised on it.
        await self._examination.passed()
        try:
            await self._writer.commit()
        except sqlite3.Error as error:
            raise explained(error) from error

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[Connection]:
        reader = await self._readers.get()
        try:
            yield SqliteConnection(reader)
        finally:
            self._readers.put_nowait(reader)

    async def script(self, sql: str, version: int, applied: int) -> None:
        own = sql.replace("BIGINT PRIMARY KEY", "INTEGER PRIMARY KEY").replace("BYTEA", "BLOB")
        noted = f"INSERT INTO versions (version, applied) VALUES ({int(version)}, {int(applied)});"  # noqa: S608 - two integers, and a script takes no parameters
        async with self._writing:
            await self._examination.passed()
            try:
                await self._writer.executescript(f"BEGIN IMMEDIATE; {own}; {noted} COMMIT;")
            except sqlite3.Error as error:
                await self._writer.rollback()
                raise explained(error) from error

    @asynccontextmanager
    async def only_one(self, name: str) -> AsyncGenerator[asyncio.Event]:
        # No other process has the file, and this one starts each of its tasks once.
        yield asyncio.Event()

    @asynccontextmanager
    async def listening(self, hear: Callable[[str], None]) -> AsyncGenerator[asyncio.Event]:
        # Whoever writes is in this process and tells by itself.
        yield asyncio.Event()

    async def scrub(self) -> bool:
        # secure_delete blanks a row where it lies, but not the copies that page splits left in
        # other pages' gaps, nor row ids that still divide a tree: only a rebuilt file has neither.
        # The older pages in the -wal go last; a reader in the middle of a statement would keep
        # them there, so everybody waits.
        async with self._writing:
            await self._examination.passed()
            held = [await self._readers.get() for _ in range(READERS)]
            try:
                await self._writer.execute_fetchall("VACUUM")
                rows = list(await self._writer.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)"))
            except sqlite3.Error as error:
                raise explained(error) from error
            finally:
                for reader in held:
                    self._readers.put_nowait(reader)
        return not rows[0][0]

    async def sound(self) -> None:
        await self._examination.passed()

    async def close(self) -> None:
        await self._examination.stop()
        async with self._writing:
            for connection in reversed(self._open):
                await connection.close()
            self._open.clear()
            self._lock.release()


def prepare(path: Path) -> ProcessLock:
    """Make the folder and the file for the owner's eyes only, and take the lock beside it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = ProcessLock.take(path.with_name(path.name + ".lock"))
    try:
        # SQLite would make the file with the umask's mode; -wal and -shm take it from here.
        os.close(os.open(path, os.O_CREAT | os.O_RDONLY | os.O_CLOEXEC, 0o600))
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except BaseException:
        lock.release()
        raise
    return lock


async def connected(
    path: Path, pragmas: tuple[str, ...], busy_seconds: float
) -> aiosqlite.Connection:
    """One connection, set up; it begins a transaction at its first writing statement."""
    try:
        connection = await aiosqlite.connect(
            path, timeout=busy_seconds, isolation_level="IMMEDIATE", cached_statements=256
        )
    except sqlite3.Error as error:
        raise explained(error) from error
    try:
        for pragma in (*EVERY_CONNECTION, *pragmas):
            await connection.execute_fetchall(pragma)
    except sqlite3.Error as error:
        await connection.close()
        raise explained(error) from error
    except UnicodeDecodeError as error:
        # SQLite's error names what is malformed, and that name is no word any more.
        await connection.close()
        raise Damaged() from error
    return connection


async def write_ahead(writer: aiosqlite.Connection) -> None:
    """Raises StorageError when the file cannot be read, or has no write-ahead log."""
    try:
        mode = list(await writer.execute_fetchall("PRAGMA journal_mode"))
    except sqlite3.Error as error:
        raise explained(error) from error
    if mode[0][0] != "wal":
        raise StorageError("The database's folder does not allow a write-ahead log.")
