"""Posters between the storage, which keeps them, and Telegram, which has its names for them."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Generator, Sequence
from contextlib import contextmanager

from channels import Refused, Unreachable
from channels.telegram import FAULTS, File
from delivery import Clock
from delivery.retries import back_off
from dialogue.pictures import LARGEST
from storage import Storage, Unavailable
from storage.series.posters import Poster

LOOK_EVERY = 60.0
"""Seconds; so that what another process wanted and did not live to fetch is fetched, too."""
REMEMBERED = 256
"""File ids in memory: a broadcast needs as many as it has languages."""

log = logging.getLogger("tadamun.posters")


class StoredPictures:
    """The posters as one bot's channel asks for them (`channels.telegram.Pictures`)."""

    def __init__(self, storage: Storage, sender: str) -> None:
        """`sender` is the bot's id: no other bot may use its file ids."""
        self._storage = storage
        self._sender = sender
        self._files: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def file(self, hash: str, language: str) -> str | None:
        """The file id; asked of the database once, so that a broadcast need not wait for it."""
        known = self._files.get((hash, language))
        if known is not None:
            return known
        with _reachable():
            async with self._storage.reading() as tx:
                file = await tx.posters.file(hash, language, self._sender)
        if file is not None:
            self._remember(hash, language, file)
        return file

    async def content(self, hash: str) -> bytes | None:
        """The picture."""
        return await content_of(self._storage, hash)

    async def keep(self, hash: str, language: str, file: str) -> None:
        """Remember the file id, and store it if the database can be used."""
        self._remember(hash, language, file)
        try:
            async with self._storage.transaction() as tx:
                await tx.posters.keep_file(hash, language, self._sender, file)
        except Unavailable:
            log.warning("a picture will be sent along once more: its id could not be stored")

    def _remember(self, hash: str, language: str, file: str) -> None:
        self._files[hash, language] = file
        self._files.move_to_end((hash, language))
        while len(self._files) > REMEMBERED:
            self._files.popitem(last=False)


class PosterFetching:
    """Fetches the pictures that organisers sent on Telegram, until they are kept or refused."""

    def __init__(
        self,
        storage: Storage,
        download: Callable[[str, int], Awaitable[File]],
        sender: str,
        languages: Sequence[str],
        clock: Clock,
        wanted: asyncio.Event,
    ) -> None:
        """`sender` is the bot's id; `wanted` is set when there may be something to fetch."""
        self._storage = storage
        self._download = download
        self._sender = sender
        self._languages = languages
        self._clock = clock
        self._wanted = wanted

    async def run(self) -> None:
        """Fetch whatever is wanted, until cancelled; what fails for now is tried again."""
        attempts = 0
        while True:
            self._wanted.clear()
            try:
                async with self._storage.reading() as tx:
                    wanted = await tx.posters.wanted()
                done = all([await self._settle(poster) for poster in wanted])
            except Unavailable:
                done = False
            attempts = 0 if done else attempts + 1
            pause = LOOK_EVERY if done else back_off(attempts, self._clock.chance())
            await self._clock.wait(self._wanted, pause)

    async def _settle(self, poster: Poster) -> bool:
        """Whether it is known what becomes of this poster."""
        try:
            file = await self._download(poster.source or "", LARGEST)
        except Refused as refused:
            log.warning("a picture could not be had: %s", refused)
            async with self._storage.transaction() as tx:
                await tx.posters.refuse(poster.id)
            return True
        except FAULTS as error:
            log.warning("a picture cannot be fetched now: %s", type(error).__name__)
            return False
        await self._keep(poster, file)
        return True

    async def _keep(self, poster: Poster, file: File) -> None:
        async with self._storage.transaction() as tx:
            if not await tx.posters.keep(poster.id, file.content) or not file.is_photo:
                return
            kept = await tx.posters.get(poster.id)
            if kept is None or kept.hash is None or poster.source is None:
                return
            # What came as a photo may be sent as one by the id that it came with.
            for language in self._languages:
                if await tx.posters.file(kept.hash, language, self._sender) is None:
                    await tx.posters.keep_file(kept.hash, language, self._sender, poster.source)


async def content_of(storage: Storage, hash: str) -> bytes | None:
    """The picture, if it is kept; raises Unreachable while that cannot be read."""
    with _reachable():
        async with storage.reading() as tx:
            return await tx.posters.content(hash)


@contextmanager
def _reachable() -> Generator[None]:
    try:
        yield
    except Unavailable as error:
        raise Unreachable("The posters cannot be read now.") from error
