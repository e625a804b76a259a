"""Makes the messages of broadcasts at the last moment, each once for all who read the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from delivery.wording import Words
from dialogue.words import Message
from storage import Transaction, Unavailable
from storage.broadcasting.broadcasts import Broadcast, Kind
from storage.outbox import Bulk, Delivery

REMEMBERED = 2_000
"""Messages."""


class Unspeakable(Exception):
    """The message of this broadcast cannot be made."""

    def __init__(self, broadcast: int) -> None:
        super().__init__("The message of a broadcast cannot be made.")
        self.broadcast = broadcast


class Composing:
    """Remembers what was made until the programme changes."""

    def __init__(self, words: Words | None) -> None:
        self._words = words
        self._programme = -1
        self._broadcasts: dict[int, Broadcast] = {}
        self._messages: dict[Bulk, Message] = {}

    async def made(self, tx: Transaction, deliveries: Sequence[Delivery]) -> list[Delivery]:
        """These deliveries, each with its message; raises Unspeakable, and whoever claimed them
        then must not keep them."""
        return [
            each if each.bulk is None else replace(each, message=await self._message(tx, each.bulk))
            for each in deliveries
        ]

    async def _message(self, tx: Transaction, bulk: Bulk) -> Message:
        if bulk.programme != self._programme or len(self._messages) >= REMEMBERED:
            self._programme = bulk.programme
            self._broadcasts.clear()
            self._messages.clear()
        message = self._messages.get(bulk)
        if message is None:
            message = self._messages[bulk] = await self._composed(tx, bulk)
        return message

    async def _composed(self, tx: Transaction, bulk: Bulk) -> Message:
        broadcast = self._broadcasts.get(bulk.broadcast) or await tx.broadcasts.get(bulk.broadcast)
        if broadcast is None or self._words is None:
            raise Unspeakable(bulk.broadcast)
        if not broadcast.content and broadcast.kind is not Kind.REMINDER:
            # It cannot be read any more; what a reminder says is never kept.
            raise Unspeakable(broadcast.id)
        self._broadcasts[broadcast.id] = broadcast
        try:
            return await self._words.message(
                tx, broadcast, bulk.language, bulk.zone, bulk.text_only
            )
        except Unavailable:
            raise
        except Exception as error:
            raise Unspeakable(broadcast.id) from error
