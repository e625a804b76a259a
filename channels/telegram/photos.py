"""Messages with a picture: by the id that Telegram knows it by, else by sending it along, once."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Protocol
from weakref import WeakValueDictionary

from telegram import InputFile

from channels.telegram.api import BotApi
from channels.telegram.faults import WrongPicture

REMEMBERED = 64
"""Pictures that Telegram did not take."""


class Pictures(Protocol):
    """The posters that messages name by their hash, and what this bot's Telegram calls them.

    The first two raise `channels.Unreachable` while they cannot tell; `keep` never fails a send.
    """

    async def file(self, hash: str, language: str) -> str | None:
        """The file id, if this bot has sent the picture before."""
        ...

    async def content(self, hash: str) -> bytes | None:
        """The picture; None if it is gone."""
        ...

    async def keep(self, hash: str, language: str, file: str) -> None:
        """From now on this is its file id, whatever it was."""
        ...


class Photos:
    """Sends pictures over one bot's line."""

    def __init__(self, api: BotApi, pictures: Pictures) -> None:
        self._api = api
        self._pictures = pictures
        self._refused: OrderedDict[str, None] = OrderedDict()
        self._uploads: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def send(self, hash: str, language: str, fields: Mapping[str, Any]) -> Any:
        """Telegram's answer to a `sendPhoto` with these fields; None if there is no such picture.

        None also when Telegram takes neither the picture nor its id. Raises as `BotApi.call`.
        """
        known = await self._pictures.file(hash, language)
        if known is not None and (sent := await self._try(fields, known)) is not None:
            return sent
        # Of those that a broadcast sends at once, the first one brings the picture for all.
        key = (hash, language)
        async with self._uploads.setdefault(key, asyncio.Lock()):
            by_now = await self._pictures.file(hash, language)
            if by_now not in (None, known):
                return await self._try(fields, by_now)
            return await self._upload(hash, language, fields)

    async def _upload(self, hash: str, language: str, fields: Mapping[str, Any]) -> Any:
        if hash in self._refused:
            return None
        content = await self._pictures.content(hash)
        if content is None:
            return None
        sent = await self._try(fields, InputFile(content, filename="poster"))
        if sent is None:
            self._note_refused(hash)
        match sent:
            case {"photo": [*_, {"file_id": str() as file}]}:
                await self._pictures.keep(hash, language, file)
            case _:
                pass
        return sent

    def _note_refused(self, hash: str) -> None:
        """Not to be brought again for each of thousands."""
        self._refused[hash] = None
        while len(self._refused) > REMEMBERED:
            self._refused.popitem(last=False)

    async def _try(self, fields: Mapping[str, Any], photo: str | InputFile | None) -> Any:
        try:
            return await self._api.call("sendPhoto", {**fields, "photo": photo})
        except WrongPicture:
            return None
