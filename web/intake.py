"""What comes in over the web chat, on its way to the receive loop, and the wait for an answer."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from channels import Unreachable
from channels.webbells import Bell
from channels.webchat import WebChat
from channels.webmemory import OwnWords
from dialogue.fold import clean
from dialogue.incoming import Incoming
from web.sent import Sent

_NAMED = re.compile(r"[A-Za-z0-9_-]{1,62}")


def start_of(query: Mapping[str, str]) -> str | None:
    """What a link to the chat leads to, as a deep link says it; None for a plain start.

    `?w=` names a webinar, `?i=` an invitation; both may be looked at as often as one likes.
    """
    # Whoever copies a link out of a message takes the marks along that keep it apart there.
    webinar, secret = clean(query.get("w", "")), query.get("i")
    if _NAMED.fullmatch(webinar):
        return f"w-{webinar}"
    if secret is None:
        return None
    # Nonsense is an invitation that cannot be used, like any other of that kind.
    secret = clean(secret)
    return f"i-{secret}" if _NAMED.fullmatch(secret) else "i-"


class Reception(Protocol):
    """Takes what came in; returns once it is safe. Raises TryAgain when it was not taken."""

    def take(self, incoming: Incoming) -> Awaitable[None]: ...


class Intake:
    """Hands in what visitors do; each method raises TryAgain when it could not be taken."""

    def __init__(
        self,
        reception: Reception,
        chat: WebChat,
        now: Callable[[], datetime],
        token: Callable[[], str],
        patience: float,
    ) -> None:
        """`patience` is for how many seconds an answer is waited for."""
        self._reception = reception
        self._chat = chat
        self._now = now
        self._token = token
        self._patience = patience

    async def greet(self, account: str, start: str | None, hint: str) -> None:
        """Have the bot greet, by what it says of `start_of` a link, and wait for that."""
        letters = await self._chat.after(account, 0)
        incoming = Incoming(
            channel=self._chat.name,
            sender=account,
            id=_incoming_id(account, self._token()),
            at=self._now(),
            text="/start",
            start=start,
            hint=hint,
        )
        with self._chat.bells.listen(account) as bell:
            await self._reception.take(incoming)
            await self._answered(account, letters[-1].number if letters else 0, bell)

    async def take(self, account: str, sent: Sent, hint: str, *, wait: bool) -> None:
        """Hand in what the page sent, once, and if wanted wait for what is said to it."""
        with self._chat.bells.listen(account) as bell:
            if not self._chat.was_taken(account, sent.id):
                await self._hand_in(account, sent, hint)
            if wait:
                await self._answered(account, sent.seen, bell)

    async def acknowledge(self, account: str, number: int) -> None:
        """The page holds all letters up to this number."""
        # Only what is kept for how long hangs on it: the next page says it again.
        with suppress(Unreachable):
            await self._chat.acknowledge(account, number)

    async def _hand_in(self, account: str, sent: Sent, hint: str) -> None:
        await self._reception.take(
            Incoming(
                channel=self._chat.name,
                sender=account,
                id=_incoming_id(account, sent.id),
                at=self._now(),
                text=sent.text,
                choice=sent.choice,
                media="photo" if sent.photo else None,
                photo=sent.photo,
                message=sent.message,
                on_photo=sent.on_photo,
                hint=hint,
            )
        )
        self._chat.note_taken(account, sent.id)
        if sent.text is not None and not sent.aside:
            self._chat.echo(account, OwnWords(sent.id, sent.seen, sent.text))
        await self.acknowledge(account, sent.seen)

    async def _answered(self, account: str, after: int, bell: Bell) -> None:
        """Wait, within reason, until there is a letter after this number."""
        clock = asyncio.get_running_loop().time
        patient_until = clock() + self._patience
        while not await self._chat.after(account, after):
            if not await bell.wait(patient_until - clock()) or bell.closed:
                return


def _incoming_id(account: str, identifier: str) -> str:
    # Bound to the account, so that nobody can use up the ids of another.
    return hashlib.sha256(f"{account} {identifier}".encode()).hexdigest()
