"""What the bot says, from the moment it is queued until it is settled: one row per message."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime

from dialogue.words import Lane
from storage import queue
from storage.desk import Desk
from storage.engines.times import epoch_ms
from storage.errors import Unreadable
from storage.post import singles
from storage.post.deliveries import (
    LANES,
    PLATFORM_IDS_KEPT,
    Bulk,
    Delivery,
    Draft,
    Settlement,
    State,
)
from storage.post.detours import not_reached, requeue, reroute
from storage.post.places import Place, place, put_off
from storage.post.settlements import recover, settle
from storage.post.statuses import Doubt, Status, doubtful, statuses
from storage.sealing.vault import Field

__all__ = [
    "LANES",
    "PLATFORM_IDS_KEPT",
    "Bulk",
    "Delivery",
    "Doubt",
    "Draft",
    "Outbox",
    "Place",
    "Settlement",
    "State",
    "Status",
]

STATE = "SELECT state FROM outbox WHERE id = :id"
MESSAGES = """
SELECT id, platform_id FROM outbox
WHERE address = :address AND broadcast IS NULL AND platform_id IS NOT NULL AND settled >= :since
UNION ALL
SELECT o.id, o.platform_id FROM addresses a JOIN outbox o ON o.person = a.person
WHERE a.id = :address AND o.address = a.id AND o.platform_id IS NOT NULL AND o.settled >= :since
  AND o.broadcast IN (SELECT id FROM broadcasts)
ORDER BY 1
"""


class Outbox:
    """The outbox of one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection
        self._vault = desk.vault

    async def add(self, drafts: Sequence[Draft]) -> None:
        """Queue these; one whose address is gone is dropped."""
        await queue.add(self._desk, drafts)

    async def claim(
        self,
        channel: str,
        now: datetime,
        limit: int,
        lanes: Iterable[Lane] = LANES,
        skip_addresses: Collection[int] = (),
    ) -> list[Delivery]:
        """Up to `limit` messages that are due, now `sending`: by lane, then the longest due.

        At most one per address, and none for an address that has one on its way. What was tried
        before holds back the later messages of its lane to the same address.
        """
        return await queue.claim(self._desk, channel, now, limit, lanes, skip_addresses)

    async def settle(self, settlements: Sequence[Settlement]) -> None:
        """Note what became of these; the text of what is over is erased, unless told otherwise."""
        await settle(self._desk, settlements)

    async def suppress(self, address_id: int) -> int:
        """Nothing that waits for this address will be sent; how many that were."""
        return await queue.suppress(self._desk, address_id)

    async def suppress_unasked(self, person_id: int, lanes: Iterable[Lane]) -> int:
        """Nothing of these lanes that waits for this person will be sent; how many that were."""
        return await queue.suppress_unasked(self._desk, person_id, lanes)

    async def recover(
        self,
        channel: str,
        now: datetime,
        held: Collection[int] = (),
        before: datetime | None = None,
        keep: bool = False,
    ) -> list[Settlement]:
        """Settle what a process that ended left in `sending`: once more, then `unknown`.

        Deliveries that are `held` stay as they are, and those drafted since `before`; with `keep`
        also all but replies, of which the platform tells what became of them (`doubtful`).
        """
        return await recover(self._desk, channel, now, held, before, keep)

    async def doubtful(
        self, channel: str, before: datetime, held: Collection[int] = ()
    ) -> list[Doubt]:
        """What is `sending` since before that, and not `held`: nobody knows whether it arrived.

        Replies are not among it: they are sent again. What the platform says of one is noted by
        `status`; one that it knows nothing of is settled as QUEUED.
        """
        return await doubtful(self._desk, channel, before, held)

    async def status(
        self,
        delivery_id: int,
        state: State,
        platform_id: str | None = None,
        reason: str | None = None,
    ) -> bool:
        """The platform says so of this message; whether that was news.

        SENT, DELIVERED, READ or FAILED, as often as it likes and in any order: the row ends as
        what tells the most. FAILED counts until something says that it arrived, and only of the
        message that was sent last. What was `sending`, or is to be sent again since nobody knew
        whether it had arrived, is not sent again.
        """
        (news,) = await statuses(self._desk, [Status(delivery_id, state, platform_id, reason)])
        return news

    async def statuses(self, said: Sequence[Status]) -> list[bool]:
        """`status` for many, in the order in which they were said."""
        return await statuses(self._desk, said)

    async def requeue(
        self, delivery_id: int, due: datetime, platform_id: str | None = None, most: int = 1
    ) -> bool:
        """Send this once more, as the platform took it under that id and refused it afterwards.

        What is still said of the refused message does not count any more. False when that was
        done `most` times before, up to 7, or when the text is erased: only broadcasts' are made
        anew.
        """
        return await requeue(self._desk, delivery_id, due, platform_id, most)

    async def reroute(
        self, delivery_id: int, now: datetime, channels: Collection[str]
    ) -> str | None:
        """Send a row of a broadcast to another address of its person; to which channel.

        One that failed, or was never sent since the address had gone.

        Once, and on one of these channels. None when there is no such address, or when it perhaps
        arrived where it went first.
        """
        return await reroute(self._desk, delivery_id, now, channels)

    async def not_reached(self, broadcast_id: int) -> list[int]:
        """The rows of this broadcast that were never sent since the address had gone, of people
        who have another."""
        return await not_reached(self._desk, broadcast_id)

    async def next_due(self, channel: str) -> datetime | None:
        """When the first of the waiting messages is due; None when none waits."""
        return await queue.next_due(self._desk, channel)

    async def waiting(self, channel: str, now: datetime) -> frozenset[int]:
        """The addresses for which a reply waits that is due, or was tried before."""
        return await singles.replies_waiting(self._desk, channel, now)

    async def place(self, delivery_id: int) -> Place | None:
        """Where this one belongs; None once its row is gone."""
        return await place(self._desk, delivery_id)

    async def put_off(self, delivery_id: int, due: datetime) -> None:
        """What this transaction has claimed waits until then; the claim was no attempt."""
        await put_off(self._desk, delivery_id, due)

    async def state(self, delivery_id: int) -> State | None:
        """How far this one has come; None once its row is gone."""
        rows = await self._connection.fetch(STATE, {"id": delivery_id})
        return State(rows[0][0]) if rows else None

    async def messages(self, address_id: int, since: datetime) -> list[str]:
        """The platform's ids of what reached this address since then, oldest first.

        Without those that the disk has spoilt.
        """
        rows = await self._connection.fetch(
            MESSAGES, {"address": address_id, "since": epoch_ms(since)}
        )
        found: dict[str, None] = {}
        for id, sealed in rows:
            with suppress(Unreadable):
                found[self._vault.open(sealed, Field("outbox", "platform_id", id))] = None
        return [*found]
