"""The post office, as the receive loop sees it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from dialogue.words import Act, Message
from handlers.telling.outcome import Door
from storage.outbox import Delivery


class Office(Door, Protocol):
    """The post office, as far as the receive loop needs it."""

    def wake(self, deliveries: Sequence[Delivery] = ()) -> None:
        """What was queued is committed; these rows stand as `sending`."""
        ...

    def look(self) -> None:
        """Something was queued for people whose turn it was not."""
        ...

    def wake_broadcasts(self) -> None:
        """Some broadcast may have something to do."""
        ...

    def wake_erasing(self) -> None:
        """There may be messages to take away from a platform."""
        ...

    async def say(
        self, channel: str, account: str, act: Act, target: str | None, message: Message
    ) -> str:
        """Say something of which nothing is stored; returns when the platform has it."""
        ...
