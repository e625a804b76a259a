"""The open storage: transactions, readers, and the chores around them."""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path

from storage.community.forgetting import SCRUB
from storage.community.rising import forget_again
from storage.community.tombstones import Tombstones, bury
from storage.desk import Desk
from storage.engines.port import Database
from storage.engines.schema import known_steps, migrate
from storage.errors import Unavailable, Unreadable
from storage.ids import Ids, Randomness
from storage.opening import SQLITE, keep_apart, open_database, open_vault, sqlite_path
from storage.retention import Retention
from storage.sealing.vault import Field, Vault
from storage.sweep import Swept, sweep
from storage.transaction import Transaction


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

    def seal_link(self, purpose: str, words: str) -> str:
        """Words that only we can read, for an address on the web: letters, digits, `-` and `_`."""
        sealed = self._vault.seal(words, Field("link", purpose, 0))
        return base64.urlsafe_b64encode(sealed).decode("ascii").rstrip("=")

    def open_link(self, purpose: str, sealed: str) -> str | None:
        """What `seal_link` was given; None when it is anything else."""
        try:
            raw = base64.b64decode(sealed + "=" * (-len(sealed) % 4), b"-_", validate=True)
            return self._vault.open(raw, Field("link", purpose, 0))
        except (ValueError, Unreadable):
            return None

    async def writable(self) -> bool:
        """Whether a commit reaches the disk at this moment."""
        try:
            async with self.transaction() as tx:
                await tx.meta.put("written", self._clock().isoformat())
        except Unavailable:
            return False
        return True

    async def sound(self) -> None:
        """Returns once what is kept is known to be whole.

        Until then it can be read, and every commit waits. Raises Damaged, as each commit then
        does, or Unavailable.
        """
        await self.database.sound()

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
