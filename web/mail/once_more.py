"""Mails that are fetched once more, since a button behind a link in a mail of ours says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from channels import LATER
from dialogue.incoming import Mailed, TryAgain
from handlers.mail.tickets import Ticket, Way
from web.mail.parts import AskingParts

REMEMBERED = 1000
"""Mails that were fetched and taken: who presses once more reads the same."""


class Away(Exception):
    """Nothing was taken: the same button may be pressed again."""


class OnceMore:
    """Fetches them, each once; all pages have the same one."""

    def __init__(self, parts: AskingParts) -> None:
        self._parts = parts
        # Each fetching is a log-in to the mailbox, for which everybody else waits.
        self._under_way: set[tuple[Way, str]] = set()
        self._taken: dict[tuple[Way, str], None] = {}

    async def take(self, way: Way, ticket: Ticket, decided: Callable[[Mailed], Mailed]) -> bool:
        """Whether the mail was there and is taken, as what was `decided` of it, now or before.

        Raises Away when that cannot be told.
        """
        which = (way, ticket.lies_at)
        if which in self._under_way:
            raise Away
        if which in self._taken:
            return True
        self._under_way.add(which)
        try:
            there = await self._fetch(ticket, decided)
        except (*LATER, TryAgain) as error:
            raise Away from error
        finally:
            self._under_way.discard(which)
        if there:
            self._note(which)
        return there

    async def _fetch(self, ticket: Ticket, decided: Callable[[Mailed], Mailed]) -> bool:
        mail = await self._parts.fetch(ticket)
        if mail is None or mail.mailed is None or mail.sender != ticket.account:
            return False
        await self._parts.take(replace(mail, mailed=decided(mail.mailed)))
        return True

    def _note(self, which: tuple[Way, str]) -> None:
        self._taken[which] = None
        if len(self._taken) > REMEMBERED:
            del self._taken[next(iter(self._taken))]
