"""Taking updates that Telegram delivers, and asking for the delivery."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable

from channels import Busy, Unreachable, Unsure
from channels.telegram.api import BotApi
from channels.telegram.backoff import LONGEST, Backoff
from channels.telegram.faults import FAULTS
from channels.telegram.updates import Reader
from dialogue.incoming import Incoming

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
LARGEST_BODY = 256 * 1024
"""Bytes; what reads a request may stop there."""


class Forged(Exception):
    """The request does not carry the secret that was agreed with Telegram."""


class TooLarge(Exception):
    """The body is larger than an update can be."""


class Webhook:
    """Tells Telegram's requests from others by their secret; without a secret takes none."""

    def __init__(self, secret: str | None, reader: Reader) -> None:
        self._secret = (secret or "").encode()
        self._reader = reader

    def verify(self, secret: str | None) -> None:
        """Raises Forged unless this is the secret; call it before reading the body."""
        given = (secret or "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._secret) or not self._secret:
            raise Forged("The request does not come from Telegram.")

    def read(self, secret: str | None, body: bytes) -> Incoming | None:
        """What a request says, None where it concerns nobody.

        `secret` is the value of `SECRET_HEADER`. Raises Forged, TooLarge, or Unreadable: then the
        body is for quarantine, and the request is answered as taken.
        """
        self.verify(secret)
        if len(body) > LARGEST_BODY:
            raise TooLarge("The body is larger than an update can be.")
        return self._reader.read_body(body)


class WebhookRegistration:
    """Asks Telegram to deliver to `url`, until it has agreed."""

    def __init__(
        self,
        api: BotApi,
        url: str,
        secret: str,
        *,
        chance: Callable[[], float],
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
        max_connections: int = 100,
    ) -> None:
        self._api = api
        self._url = url
        self._secret = secret
        self._max_connections = max_connections
        self._wait = wait
        self._backoff = Backoff(chance)
        self.connected = False
        """Whether Telegram has agreed."""

    async def run(self) -> None:
        """Returns once Telegram has agreed."""
        while not self.connected:
            try:
                await self._api.set_webhook(self._url, self._secret, self._max_connections)
            except FAULTS as error:
                await self._wait(self._after(error))
            else:
                self.connected = True

    def _after(self, error: Exception) -> float:
        """Says what is wrong in the log, and how long to wait."""
        match error:
            case Busy(seconds=seconds):
                return self._backoff.next(at_least=seconds)
            case Unreachable() | Unsure():
                log.warning("the webhook is not set yet: %s", error)
                return self._backoff.next()
            case _:
                log.error("ALERT: Telegram refuses the webhook: %s", error)
                return self._backoff.next(at_least=LONGEST)
