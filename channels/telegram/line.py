"""One bot on Telegram, put together: its channel, how updates come in, and its profile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from channels.telegram.api import BotApi
from channels.telegram.backoff import Backoff
from channels.telegram.channel import Telegram
from channels.telegram.faults import FAULTS
from channels.telegram.photos import Pictures
from channels.telegram.polling import Poison, Polling, Take
from channels.telegram.profile import ProfileTexts, set_profile
from channels.telegram.updates import Reader, Unreadable
from channels.telegram.webhook import Forged, TooLarge, Webhook, WebhookRegistration
from dialogue.incoming import TryAgain

log = logging.getLogger(__name__)


class Notes(Protocol):
    """Where the mark of the profile that was set last is kept."""

    async def get(self) -> str | None: ...
    async def put(self, digest: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Access:
    """Which bot, at which server, and how updates come in."""

    token: str
    server: str
    proxy: str | None
    per_second: int
    webhook_url: str | None
    """Where Telegram brings updates; None asks for them instead."""
    webhook_secret: str | None

    @property
    def bot_id(self) -> str:
        """The bot's number, which is no secret."""
        return self.token.partition(":")[0]


class TelegramLine:
    """Everything about one bot that runs while the process does."""

    def __init__(
        self,
        access: Access,
        *,
        clock: Callable[[], datetime],
        chance: Callable[[], float],
        take: Take,
        poison: Poison,
        pictures: Pictures | None = None,
    ) -> None:
        self.api = BotApi(access.token, access.server, proxy=access.proxy)
        self.channel = Telegram(self.api, access.per_second, pictures)
        self.username: str | None = None
        """The bot's @name, once Telegram has told it."""
        self._chance = chance
        self._take = take
        self._poison = poison
        reader = Reader(self.api.bot_id, clock=clock, acknowledge=self.api.acknowledge)
        self._hook = Webhook(access.webhook_secret, reader)
        self._polling = Polling(self.api, reader, take=take, poison=poison, chance=chance)
        self._registration = None
        if access.webhook_url is not None:
            self._registration = WebhookRegistration(
                self.api, access.webhook_url, access.webhook_secret or "", chance=chance
            )

    @property
    def connected(self) -> bool:
        """Whether updates come in."""
        return (self._registration or self._polling).connected

    async def listen(self) -> None:
        """Take updates until `stop`; by webhook, return once Telegram has agreed to bring them."""
        await (self._registration or self._polling).run()

    def stop(self) -> None:
        """Ask for nothing more; what was fetched is still taken."""
        self._polling.stop()

    async def introduce(self, texts: ProfileTexts, notes: Notes) -> None:
        """Learn the bot's name and set its profile if it has changed; tries until it is done."""
        backoff = Backoff(self._chance)
        while True:
            try:
                self.username = await self.api.username()
                await notes.put(await set_profile(self.api, texts, await notes.get()))
            except (*FAULTS, TryAgain) as error:
                log.warning("the profile is not set yet: %s", type(error).__name__)
                await asyncio.sleep(backoff.next())
            else:
                return

    async def webhook(self, secret: str | None, read: Callable[[], Awaitable[bytes]]) -> int:
        """Take one request of Telegram's; returns the status to answer with.

        The body is read only when the secret is right.
        """
        body = b""
        try:
            self._hook.verify(secret)
            body = await read()
            incoming = self._hook.read(secret, body)
            if incoming is not None:
                await self._take(incoming)
        except Forged:
            return 403
        except TooLarge:
            return 413
        except TryAgain:
            return 503
        except Unreadable as error:
            return await self._set_aside(body, str(error))
        return 200

    async def _set_aside(self, body: bytes, reason: str) -> int:
        log.error("ALERT: an update from Telegram cannot be read: %s", reason)
        try:
            await self._poison(body.decode("utf-8", "backslashreplace"), reason)
        except TryAgain:
            return 503
        return 200

    async def close(self) -> None:
        """Close the connections."""
        await self.api.close()
