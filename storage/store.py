"""The open storage: transactions, readers, and the chores around them."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from storage.desk import Desk
from storage.erasures import Erasures
from storage.errors import KeyringMissing, StorageError, Unavailable, Unreadable, WrongKey
from storage.forgetting import SCRUB, forget_again
from storage.ids import Ids, Randomness
from storage.keyring import Keyring
from storage.mailbox import Mailbox
from storage.meta import Meta
from storage.outbox import Outbox
from storage.people import People
from storage.port import Database
from storage.postgres import PostgresDatabase
from storage.quarantine import Quarantine
from storage.questions import Questions
from storage.registrations import Registrations
from storage.schema import known_steps, migrate
from storage.sqlite import SqliteDatabase
from storage.sweep import Retention, Swept, sweep
from storage.tombstones import Tombstones, bury
from storage.turns import Turns
from storage.vault import Field, Vault
from storage.webinars import Webinars

SQLITE = "sqlite:///"
POSTGRESQL = ("postgresql://", "postgres://")
CANARY = Field("meta", "canary", 0)

ANY_SEALED = """
SELECT EXISTS (SELECT 1 FROM people) OR EXISTS (SELECT 1 FROM questions)
    OR EXISTS (SELECT 1 FROM erasures) OR EXISTS (SELECT 1 FROM quarantine)
"""


class Transaction:
    """Everything that can be read and written, in one piece."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def tell(self, word: str) -> None:
        """Once this is committed, every process that listens hears a word of `storage.news`."""
        await self.desk.connection.tell(word)

    @cached_property
    def turns(self) -> Turns:
        return Turns(self.desk)

    @cached_property
    def people(self) -> People:
        return People(self.desk)

    @cached_property
    def webinars(self) -> Webinars:
        return Webinars(self.desk)

    @cached_property
    def outbox(self) -> Outbox:
        return Outbox(self.desk)

    @cached_property
    def mailbox(self) -> Mailbox:
        return Mailbox(self.desk)

    @cached_property
    def registrations(self) -> Registrations:
        return Registrations(self.desk)

    @cached_property
    def questions(self) -> Questions:
        return Questions(self.desk)

    @cached_property
    def erasures(self) -> Erasures:
        return Erasures(self.desk)

    @cached_property
    def quarantine(self) -> Quarantine:
        return Quarantine(self.desk)

    @cached_property
    def meta(self) -> Meta:
        return Meta(self.desk)


class Storage:
    """The community's memory; opened once, by the process that runs the bot."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        tombstones: Tombstones,
        ids: Ids,
        clock: Callable[[], datetime],
    ) -> None:
        self.database = database
        self._vault = vault
        self._tombstones = tombstones
        self._clock = clock
        self.ids = ids

    @classmethod
    async def open(
        cls,
        url: str,
        keyring: Path,
        master_key: str | None,
        clock: Callable[[], datetime],
        *,
        randomness: Randomness = os.urandom,
    ) -> Storage:
        """Open the database and bring it up to date, and the keyring, made for an empty database.

        Raises a StorageError whose sentence says why it cannot be.
        """
        if master_key is None and url.startswith(SQLITE):
            keep_apart(keyring, sqlite_path(url))
        database = await open_database(url)
        try:
            await migrate(database, known_steps(), clock())
            vault = await open_vault(database, keyring, master_key, randomness)
            tombstones = Tombstones(keyring.with_name("tombstones"))
            opened = cls(database, vault, tombstones, Ids(randomness), clock)
            await opened._keep_forgotten()
        except BaseException:
            await database.close()
            raise
        return opened

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Transaction]:
        """Read and write; committed at the end, and nothing of it kept when an error leaves it.

        Raises Unavailable when the database cannot take it now.
        """
        async with self._desk() as desk:
            yield Transaction(desk)

    @asynccontextmanager
    async def reading(self) -> AsyncGenerator[Transaction]:
        """Read beside the writers; writing fails."""
        async with self.database.reading() as connection:
            yield Transaction(Desk(connection, self._vault, self.ids, self._clock))

    def secret(self, purpose: str) -> bytes:
        """A secret of this community's for one purpose, the same after every restart."""
        return self._vault.index("secret", purpose).encode("ascii")

    async def writable(self) -> bool:
        """Whether a commit reaches the disk at this moment."""
        try:
            async with self.transaction() as tx:
                await tx.meta.put("written", self._clock().isoformat())
        except Unavailable:
            return False
        return True

    def only_one(self, name: str) -> AbstractAsyncContextManager[asyncio.Event]:
        """Wait to be the only process that holds this name, such as a sender's.

        The event is set when it is lost again: then leave at once, another may have it by now.
        On SQLite there is no other. Raises Unavailable when the server does not answer.
        """
        return self.database.only_one(name)

    def listening(self, hear: Callable[[str], None]) -> AbstractAsyncContextManager[asyncio.Event]:
        """Hear every word that a process told with a commit (`storage.news`), one's own too.

        The event is set when the line breaks. On SQLite there is nobody to hear. Raises
        Unavailable when the server does not answer.
        """
        return self.database.listening(hear)

    async def scrub(self) -> bool:
        """Make erasures final: tombstones on the disk, no byte left in the files.

        Nobody writes meanwhile (some 10 ms for each MB of an SQLite file), so let several
        erasures share one. False when a reader was in the way and it must be tried again.
        """
        async with self.reading() as tx:
            owed = await tx.meta.get(SCRUB)
        await bury(self.database, self._tombstones)
        done = await self.database.scrub()
        if done and owed:
            async with self.transaction() as tx:
                # Whoever was forgotten meanwhile left another note.
                if await tx.meta.get(SCRUB) == owed:
                    await tx.meta.put(SCRUB, "")
        return done

    async def owes_scrub(self) -> bool:
        """Whether somebody was erased, by this process or one before it, and not scrubbed off."""
        async with self.reading() as tx:
            return bool(await tx.meta.get(SCRUB))

    async def sweep(self, now: datetime, retention: Retention | None = None) -> Swept:
        """Erase what has been kept for as long as it may be, and the keys of webinars long over."""
        retention = retention or Retention()
        swept = await sweep(self._desk, now, retention)
        for webinar in swept.webinars:
            await asyncio.to_thread(self._vault.destroy_key, webinar)
        await asyncio.to_thread(self._tombstones.prune, now, retention.backups)
        if swept.people:
            await self.scrub()
        return swept

    async def __aenter__(self) -> Storage:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Let go of the database."""
        await self.database.close()

    async def _keep_forgotten(self) -> None:
        """Erase again, before anybody is served, whom a restored backup brought back."""
        await bury(self.database, self._tombstones)
        buried = self._tombstones.read()
        if not buried:
            return
        async with self._desk() as desk:
            risen = await forget_again(desk, buried)
        if risen:
            await self.scrub()

    @asynccontextmanager
    async def _desk(self) -> AsyncGenerator[Desk]:
        async with self.database.transaction() as connection:
            yield Desk(connection, self._vault, self.ids, self._clock)


async def open_database(url: str) -> Database:
    """The engine that this address asks for."""
    if url.startswith(SQLITE):
        return await SqliteDatabase.open(sqlite_path(url))
    if url.startswith(POSTGRESQL):
        return await PostgresDatabase.open(url)
    raise StorageError("storage.url must begin with sqlite:/// or postgresql://.")


def sqlite_path(url: str) -> Path:
    """`sqlite:///data/x.db` is a relative path, `sqlite:////srv/x.db` an absolute one."""
    return Path(unquote(url.removeprefix(SQLITE)))


def keep_apart(keyring: Path, database: Path) -> None:
    """Raises StorageError when the master key would lie beside what it protects."""
    if keyring.parent.resolve() == database.parent.resolve():
        raise StorageError(
            "Keep the keyring in another folder than the database, or set TADAMUN_MASTER_KEY."
        )


async def open_vault(
    database: Database, keyring: Path, master_key: str | None, randomness: Randomness
) -> Vault:
    """The vault with the keys that belong to this database."""
    async with database.reading() as connection:
        ((sealed,),) = await connection.fetch(ANY_SEALED)
    keys = await asyncio.to_thread(open_keyring, keyring, master_key, randomness, bool(sealed))
    vault = Vault(keys, randomness)
    async with database.transaction() as connection:
        meta = Meta(Desk(connection, vault, Ids(randomness), no_clock))
        kept = await meta.get("canary")
        if sealed and kept is not None:
            recognise(vault, kept)
        else:
            await meta.put("canary", vault.seal("canary", CANARY).hex())
    return vault


def open_keyring(
    path: Path, master_key: str | None, randomness: Randomness, sealed: bool
) -> Keyring:
    """The keyring in this file, or a new one while nothing is sealed yet."""
    if path.exists():
        return Keyring.load(path, master_key, randomness)
    if sealed:
        raise KeyringMissing()
    return Keyring.make(path, master_key, randomness)


def recognise(vault: Vault, canary: str) -> None:
    """Raises WrongKey when this vault cannot open what the database's own vault has sealed."""
    try:
        vault.open(bytes.fromhex(canary), CANARY)
    except Unreadable as error:
        raise WrongKey("The keyring does not belong to this database.") from error


def no_clock() -> datetime:
    raise AssertionError("Nothing here asks for the time.")
