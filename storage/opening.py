"""What is opened at the start, the database and the vault that belongs to it, or why it is not."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

from storage.desk import Desk
from storage.engines.port import Database
from storage.engines.sqlite import SqliteDatabase
from storage.errors import KeyringMissing, StorageError, Unreadable, WrongKey
from storage.ids import Ids, Randomness
from storage.meta import Meta
from storage.sealing.keyring import Keyring
from storage.sealing.vault import Field, Vault

SQLITE = "sqlite:///"
POSTGRESQL = ("postgresql://", "postgres://")
CANARY = Field("meta", "canary", 0)

ANY_SEALED = """
SELECT EXISTS (SELECT 1 FROM people) OR EXISTS (SELECT 1 FROM questions)
    OR EXISTS (SELECT 1 FROM erasures) OR EXISTS (SELECT 1 FROM quarantine)
"""


async def open_database(url: str) -> Database:
    """The engine that this address asks for."""
    if url.startswith(SQLITE):
        return await SqliteDatabase.open(sqlite_path(url))
    if url.startswith(POSTGRESQL):
        # Not at the top: its driver takes 3 MB, which whoever keeps an SQLite file never needs.
        from storage.engines.postgres import PostgresDatabase

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
