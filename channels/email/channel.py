"""Writing mails to people (the `Channel` named `email`); accounts are addresses of mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from channels import NO_SLIP, Gone, Limits, Slip, TargetGone
from channels.email.connection import Connection
from channels.email.posters import Posters
from channels.email.sheets import Desk, Sheet, addressed
from channels.email.threads import Threads
from channels.email.writing import mailed
from dialogue.words import Act, Message

CHANNEL = "email"
TEXT_UNITS = 100_000
"""No mail server minds; a mail that is cut in pieces would be read in any order."""


class EmailChannel:
    """One sender's mail."""

    name: str = CHANNEL

    def __init__(
        self,
        line: Connection,
        desk: Desk,
        per_second: int,
        now: Callable[[], datetime],
        posters: Posters | None = None,
    ) -> None:
        """Without `posters`, messages that would show one are words alone."""
        self._line = line
        self._posters = posters
        self._desk = desk
        self._now = now
        self.threads = Threads()
        """Which mail of theirs an answer belongs to."""
        self.limits = Limits(
            text_units=TEXT_UNITS,
            per_second=per_second,
            chat_burst=3,
            chat_seconds=2.0,
            at_once=1,  # one connection, which takes one mail at a time
            edits=False,
        )

    async def send(
        self, account: str, act: Act, target: str | None, message: Message, slip: Slip = NO_SLIP
    ) -> str:
        """Hand the mail over and return its Message-ID; what was sent stays as it is.

        Raises as `Channel.send` says.
        """
        if act is not Act.SEND:
            raise TargetGone("A mail can be neither changed nor taken back.")
        if not account.isascii():
            raise Gone("Few mail servers take such an address.")
        now = self._now()
        thread = self.threads.find(account, now)
        poster = None
        if message.photo is not None and self._posters is not None:
            poster = await self._posters.find(message.photo)
        sheet = Sheet(account, message, now, slip.delivery, thread, poster)
        message_id, raw = mailed(sheet, self._desk)
        sender = addressed(self._desk.sender).addr_spec
        await self._line.hand_over(sender, account, raw)
        return message_id
