"""Posters in the web chat: where they are kept, how large they are shown, and handing them out."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Protocol

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from channels.webchat import Letter
from dialogue.pictures import Picture, picture
from storage import Storage
from web.mailboxes import reachable
from web.security import Cookies

_REMEMBERED = 256


class Posters(Protocol):
    """The posters that are kept. Raises `channels.Unreachable` while they cannot be used."""

    async def put(self, content: bytes) -> int:
        """The id of this poster, which is one that `dialogue.pictures` knows."""
        ...

    async def content(self, hash: str) -> bytes | None:
        """The poster that messages name so; None if there is none."""
        ...


class StoredPosters:
    """The posters of the storage."""

    def __init__(self, storage: Storage, now: Callable[[], datetime]) -> None:
        self._storage = storage
        self._now = now

    async def put(self, content: bytes) -> int:
        """As `Posters.put`."""
        with reachable():
            async with self._storage.transaction() as tx:
                return await tx.posters.put(content, self._now())

    async def content(self, hash: str) -> bytes | None:
        """As `Posters.content`."""
        with reachable():
            async with self._storage.reading() as tx:
                return await tx.posters.content(hash)


class Gallery:
    """What pages show of the posters."""

    def __init__(self, posters: Posters, cookies: Cookies) -> None:
        self._posters = posters
        self._cookies = cookies
        self._seen: OrderedDict[str, Picture] = OrderedDict()

    async def pictures(self, letters: Iterable[Letter]) -> Mapping[str, Picture]:
        """What the posters of these letters are, by hash; one that is gone is left out."""
        hashes = {letter.message.photo for letter in letters if letter.message.photo}
        found = {hash: await self._look(hash) for hash in hashes}
        return {hash: picture for hash, picture in found.items() if picture is not None}

    async def show(self, request: Request) -> Response:
        """The poster of this address, for whoever has been here; it never changes."""
        if self._cookies.visitor(request).new:
            raise HTTPException(404)
        return await self._picture(request, "private, max-age=31536000, immutable")

    async def hand_out(self, request: Request) -> Response:
        """The poster of this address, for a platform that fetches what it is to show.

        Nobody can guess the address: it is a hash made with a key, which only messages name.
        """
        return await self._picture(request, "no-store")

    async def _picture(self, request: Request, keep: str) -> Response:
        content = await self._posters.content(request.path_params["hash"])
        shown = picture(content) if content is not None else None
        if content is None or shown is None:
            raise HTTPException(404)
        return Response(content, headers={"Cache-Control": keep}, media_type=shown.type)

    async def _look(self, hash: str) -> Picture | None:
        if hash in self._seen:
            return self._seen[hash]
        content = await self._posters.content(hash)
        shown = picture(content) if content is not None else None
        if shown is not None:
            self._seen[hash] = shown
            if len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
        return shown
