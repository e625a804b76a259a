"""One bot at one Bot API server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from telegram import Bot
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, TelegramError

from channels import Unsure
from channels.telegram.faults import meaning
from channels.telegram.quiet import quiet_loggers
from channels.telegram.request import AiohttpRequest, NotTaken, Timeouts

PUBLIC_SERVER = "https://api.telegram.org"

LISTENED_TO = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that we ask Telegram for."""

_ANSWERS = {400: BadRequest, 401: InvalidToken, 403: Forbidden, 404: InvalidToken, 409: Conflict}


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
        self._line = AiohttpRequest(timeouts, connections=connections, proxy=proxy)
        self._polls = AiohttpRequest(timeouts, connections=2, proxy=proxy)
        self._bot = Bot(token, base_url=base, request=self._line, get_updates_request=self._polls)
        self._polls_url = f"{base}{token}/getUpdates"
        self.bot_id = token.partition(":")[0]

    async def call(self, method: str, fields: Mapping[str, Any]) -> Any:
        """The result of a method of the Bot API, as plain JSON."""
        try:
            return await self._bot.do_api_request(_unwarned(method), api_kwargs=dict(fields))
        except TelegramError as failure:
            error = meaning(failure)
        except KeyError:
            error = Unsure("The platform's answer cannot be read.")
        raise error  # outside, so that what the library caught is not chained to it

    async def get_updates(self, offset: int, seconds: float) -> bytes:
        """The raw answer to a long poll of so many seconds; `offset` confirms what came before."""
        fields = {
            "offset": offset,
            "timeout": int(seconds),
            "limit": 100,
            "allowed_updates": LISTENED_TO,
        }
        try:
            status, body = await self._polls.post_json(
                self._polls_url, fields, seconds + (self._polls.read_timeout or 0)
            )
            if 200 <= status < 300:
                return body
            failure = _ANSWERS.get(status, NotTaken)(f"The platform answered {status}.")
        except TelegramError as raised:
            failure = raised
        raise meaning(failure)

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
        try:
            await self._bot.do_api_request(
                _unwarned("answerCallbackQuery"), api_kwargs={"callback_query_id": query}
            )
        except (TelegramError, KeyError):
            return

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


@cache
def _unwarned(method: str) -> str:
    """`send__message` for `sendMessage`: the library reads both as the same method.

    It warns on each call whose name is also one of its own methods, which we do not want: those
    parse the answer into objects, half of the cost of a send.
    """
    words = re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", method)
    return words.replace("_", "__", 1)
