"""One bot at one Bot API server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

from telegram import Bot, InputFile
from telegram.error import TelegramError

from channels import Refused, Unreachable, Unsure
from channels.telegram.answers import read_json, refusal
from channels.telegram.faults import FAULTS, meaning
from channels.telegram.quiet import quiet_loggers
from channels.telegram.request import AiohttpRequest, Timeouts

PUBLIC_SERVER = "https://api.telegram.org"

LISTENED_TO = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that we ask Telegram for."""

UPLOAD_SECONDS = 90.0
"""Until the answer to a request that carries a file."""

_PATH = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_./-]{0,200}")


class BotApi:
    """The line of one bot: its calls, and on a line of its own its long polls.

    Opened by its first call, closed by `close`. Raises ValueError for an address of a server or a
    proxy that is no http(s) address. Every method raises the errors of `channels` (a
    409 is a `SecondCopy`); none of them holds the token.
    """

    def __init__(
        self,
        token: str,
        server: str = PUBLIC_SERVER,
        *,
        proxy: str | None = None,
        timeouts: Timeouts | None = None,
        connections: int = 256,
    ) -> None:
        for address in (server, proxy or PUBLIC_SERVER):
            _check(address)
        quiet_loggers()  # the library logs the token as soon as a Bot is made
        base = f"{server.rstrip('/')}/bot"
        self._base = f"{base}{token}"
        self._files = f"{server.rstrip('/')}/file/bot{token}"
        self._line = AiohttpRequest(timeouts, connections=connections, proxy=proxy)
        self._polls = AiohttpRequest(timeouts, connections=2, proxy=proxy)
        self._bot = Bot(token, base_url=base, request=self._line, get_updates_request=self._polls)
        self.bot_id = token.partition(":")[0]

    async def call(self, method: str, fields: Mapping[str, Any]) -> Any:
        """The result of a method of the Bot API, as plain JSON."""
        try:
            if any([isinstance(value, InputFile) for value in fields.values()]):
                # The library knows how a file is sent; for all else it costs as much as the rest.
                return await self._bot.do_api_request(
                    _unwarned(method), api_kwargs=dict(fields), read_timeout=UPLOAD_SECONDS
                )
            return read_json(await self._post(self._line, method, fields))["result"]
        except TelegramError as failure:
            error = meaning(failure)
        except (ValueError, RecursionError, KeyError, TypeError):
            error = Unsure("The platform's answer cannot be read.")
        raise error  # outside, so that what was caught is not chained to it

    async def get_updates(self, offset: int, seconds: float) -> bytes:
        """The raw answer to a long poll of so many seconds; `offset` confirms what came before."""
        fields = {
            "offset": offset,
            "timeout": int(seconds),
            "limit": 100,
            "allowed_updates": LISTENED_TO,
        }
        wait = seconds + (self._polls.read_timeout or 0)
        try:
            return await self._post(self._polls, "getUpdates", fields, wait)
        except TelegramError as failure:
            error = meaning(failure)
        raise error

    async def _post(
        self,
        line: AiohttpRequest,
        method: str,
        fields: Mapping[str, Any],
        wait: float | None = None,
    ) -> bytes:
        status, body = await line.post_json(f"{self._base}/{method}", fields, wait)
        if 200 <= status < 300:
            return body
        raise refusal(status, body)

    async def download(self, file: str, most: int) -> File:
        """The file that a person sent, from this bot's own server and nowhere else.

        Raises Refused when it never can be had: it is gone, larger than `most` bytes, or kept
        where a server of one's own keeps its files. Else as `call`.
        """
        match await self.call("getFile", {"file_id": file}):
            case {"file_size": int() as size} if size > most:
                raise Refused("The file is too large.")
            case {"file_path": str() as path}:
                return File(path, await self._download(path, most))
            case _:
                raise Refused("The platform does not say where the file is.")

    async def _download(self, path: str, most: int) -> bytes:
        if not _PATH.fullmatch(path) or ".." in path:
            # A Bot API server in its local mode names a place on its own disk.
            raise Refused("The file is not on the platform's server.")
        try:
            status, content = await self._line.fetch(f"{self._files}/{path}", most)
        except TelegramError as failure:
            error = meaning(failure)
        else:
            if status == 200 and len(content) <= most:
                return content
            if status == 429 or status >= 500:
                raise Unreachable(f"The platform answered {status}.")
            raise Refused("The file is too large." if status == 200 else f"Answered {status}.")
        raise error

    async def set_webhook(self, url: str, secret: str, max_connections: int) -> None:
        """Has updates delivered to `url` from now on; nothing that waits is dropped."""
        await self.call(
            "setWebhook",
            {
                "url": url,
                "secret_token": secret,
                "max_connections": max_connections,
                "allowed_updates": LISTENED_TO,
            },
        )

    async def delete_webhook(self) -> None:
        """Has updates kept for polling; nothing that waits is dropped."""
        await self.call("deleteWebhook", {"drop_pending_updates": False})

    async def acknowledge(self, query: str) -> None:
        """Stops the waiting sign on a pressed button, if Telegram still lets us; never raises."""
        with suppress(*FAULTS):
            await self.call("answerCallbackQuery", {"callback_query_id": query})

    async def username(self) -> str:
        """The bot's @name, without the @."""
        match await self.call("getMe", {}):
            case {"username": str() as name}:
                return name
            case _:
                raise Unsure("The platform's answer cannot be read.")

    async def close(self) -> None:
        """Closes both lines."""
        await self._line.shutdown()
        await self._polls.shutdown()


def _check(address: str) -> None:
    scheme, colon, rest = address.partition("://")
    if scheme not in ("http", "https") or not colon or not rest.strip("/"):
        raise ValueError("An address begins with http:// or https:// and names a server.")


@dataclass(frozen=True, slots=True)
class File:
    """A file from the platform's server; `path` is where it lies there."""

    path: str
    content: bytes

    @property
    def is_photo(self) -> bool:
        """Whether its id may be sent as a photo again."""
        return self.path.startswith("photos/")


@cache
def _unwarned(method: str) -> str:
    """`send__message` for `sendMessage`: the library reads both as the same method.

    It warns on each call whose name is also one of its own methods, which we do not want: those
    parse the answer into objects, half of the cost of a send.
    """
    words = re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", method)
    return words.replace("_", "__", 1)
