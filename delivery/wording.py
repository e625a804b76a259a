"""What broadcasts say, as the post office is given it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from dialogue.words import Message
from storage import Transaction
from storage.broadcasting.broadcasts import Broadcast, Counts


class Words(Protocol):
    """Whoever turns a broadcast into sentences."""

    async def message(
        self,
        tx: Transaction,
        broadcast: Broadcast,
        language: str,
        zone: str | None,
        text_only: bool,
    ) -> Message:
        """What a recipient reads; asked again once the programme has changed."""
        ...

    def brought(self, message: Message, language: str) -> Message:
        """What a member of staff gets who is sent the picture of this message before all others."""
        ...

    def progress(
        self,
        broadcast: Broadcast,
        counts: Counts,
        rate: float | None,
        left: timedelta | None,
        language: str,
    ) -> Message:
        """How far it is: `rate` in messages a second, `left` until the end; None is unknown."""
        ...

    def frozen(
        self, broadcast: Broadcast, now: datetime, language: str, zone: str | None
    ) -> Message:
        """For how many people it is, exactly, and when it leaves."""
        ...

    def outgrown(self, broadcast: Broadcast, total: int, language: str) -> Message:
        """That it did not begin, since it would reach so many more than were confirmed."""
        ...

    def missed(self, broadcast: Broadcast, language: str, zone: str | None) -> Message:
        """That it did not begin, since nobody was there to send it at its time."""
        ...

    def report(self, broadcast: Broadcast, counts: Counts, language: str) -> Message:
        """What became of it."""
        ...
