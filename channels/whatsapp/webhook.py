"""Taking what Twilio brings: messages, and what became of ours."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import parse_qsl

from channels.whatsapp.forms import Form, TooLarge, form_in
from channels.whatsapp.reading import Unreadable, read
from channels.whatsapp.signing import Signed
from channels.whatsapp.statuses import PATH as STATUS_PATH
from channels.whatsapp.statuses import Report, delivery_in, is_news, report
from dialogue.incoming import Incoming, TryAgain

log = logging.getLogger(__name__)

PATH = "/whatsapp"
ANSWER = b'<?xml version="1.0" encoding="UTF-8"?><Response/>'
"""Says nothing: what the bot has to say goes by the API."""
ANSWER_TYPE = "text/xml; charset=utf-8"

WONDERS_AGAIN = timedelta(hours=1)

Read = Callable[[], Awaitable[bytes]]


class Take(Protocol):
    """Where a message goes; returns once it is kept, raises TryAgain when it is not."""

    def __call__(self, incoming: Incoming, /) -> Awaitable[None]: ...


class Poison(Protocol):
    """Where a request goes that cannot be read: its body, and what is wrong with it."""

    async def __call__(self, raw: str, reason: str, /) -> None: ...


class Told(Protocol):
    """Where goes what became of a delivery; raises TryAgain when it cannot be kept."""

    async def __call__(self, delivery: int, report: Report, /) -> None: ...


class Webhook:
    """Takes Twilio's requests; each answers with an HTTP status.

    403 for what Twilio has not signed, 413 for what is too large, 503 for what was not taken: it
    is in Twilio's log, from which it is fetched. What cannot be read is set aside, and taken.
    """

    def __init__(
        self,
        signed: Signed,
        *,
        clock: Callable[[], datetime],
        take: Take,
        poison: Poison,
        told: Told,
    ) -> None:
        self._signed = signed
        self._clock = clock
        self._take = take
        self._poison = poison
        self._told = told
        self._wondered: datetime | None = None

    async def message(self, signature: str | None, query: str, read_body: Read) -> int:
        """Take what somebody wrote."""

        async def take(form: Form) -> None:
            incoming = read(form, self._clock())
            if incoming is not None:
                await self._take(incoming)

        return await self._taken(PATH, signature, query, read_body, take)

    async def status(self, signature: str | None, query: str, read_body: Read) -> int:
        """Take what became of a delivery; the query names it."""

        async def take(form: Form) -> None:
            said, delivery = report(form), delivery_in(query)
            if said is not None and delivery is not None and is_news(query, said):
                await self._told(delivery, said)

        return await self._taken(STATUS_PATH, signature, query, read_body, take)

    async def _taken(
        self,
        path: str,
        signature: str | None,
        query: str,
        read_body: Read,
        take: Callable[[Form], Awaitable[None]],
    ) -> int:
        if not signature:
            return 403  # before a byte of the body is looked at
        body = await read_body()
        try:
            form = form_in(body)
            where = f"{path}?{query}" if query else path
            if form is None or not self._signed.genuine(where, form, signature):
                self._wonder()
                return 403
            await take(form)
        except TooLarge:
            return 413
        except TryAgain:
            return 503
        except Unreadable as error:
            return await self._set_aside(body, str(error))
        return 200

    def _wonder(self) -> None:
        """Says so now and then: without it nobody knew why all comes late, by the log alone."""
        now = self._clock()
        if self._wondered is None or now - self._wondered >= WONDERS_AGAIN:
            self._wondered = now
            log.warning(
                "a request bears no signature of ours: is web.public_url what Twilio calls, and"
                " is the auth token still the account's?"
            )

    async def _set_aside(self, body: bytes, reason: str) -> int:
        log.error("ALERT: a request of Twilio's cannot be read: %s", reason)
        try:
            await self._poison(body.decode("ascii", "backslashreplace"), reason)
        except TryAgain:
            return 503
        return 200


def account_in(raw: str) -> str | None:
    """Whose a request is that cannot be read, as far as can be told; None if not."""
    try:
        fields = dict(parse_qsl(raw, max_num_fields=1_000))
    except ValueError:
        return None
    account = fields.get("ExternalUserId") or fields.get("From")
    return account[:200] if account else None
