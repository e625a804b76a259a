"""Opening the storage, and the little that the process itself keeps there."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

from delivery import Clock
from dialogue.incoming import TryAgain
from settings import Settings
from storage import Storage, Unavailable


@asynccontextmanager
async def open_storage(settings: Settings, clock: Clock) -> AsyncGenerator[Storage]:
    """The community's memory, closed again at the end; raises StorageError."""
    master_key = settings.master_key
    storage = await Storage.open(
        settings.storage.url.get_secret_value(),
        settings.keyring,
        master_key.get_secret_value() if master_key else None,
        clock.now,
    )
    try:
        yield storage
    finally:
        await storage.close()


class ProfileDigest:
    """The mark of the bot profile that was set last."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def get(self) -> str | None:
        """The mark, if one was ever set; raises TryAgain."""
        with taken_later():
            async with self._storage.reading() as tx:
                return await tx.meta.get("telegram-profile")

    async def put(self, digest: str) -> None:
        """Keep the mark; raises TryAgain."""
        with taken_later():
            async with self._storage.transaction() as tx:
                await tx.meta.put("telegram-profile", digest)


@contextmanager
def taken_later() -> Generator[None]:
    """A database that cannot be used now becomes a wish to try again."""
    try:
        yield
    except Unavailable as error:
        raise TryAgain("The database cannot be used.") from error
