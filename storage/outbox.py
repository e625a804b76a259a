"""What the bot says, from the moment it is queued until it is settled: one row per message."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from dialogue.words import Act, Lane
from storage.broadcasting import bulk
from storage.desk import Desk
from storage.engines.port import Value
from storage.engines.times import epoch_ms, moment
from storage.news import OUTBOX
from storage.post import singles
from storage.post.deliveries import (
    LANES,
    PLATFORM_IDS_KEPT,
    Bulk,
    Delivery,
    Draft,
    Settlement,
    State,
    draft_values,
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

ADD = """
INSERT INTO outbox (id, address, channel, lane, act, target, target_delivery, slot, message, state,
                    attempts, ambiguous, due, not_after)
SELECT :id, a.id, a.channel, :lane, :act, :target, :target_delivery, :slot, :message, :state,
       :attempts, 0, :due, :not_after
FROM addresses a WHERE a.id = :address
"""
REPLACE_SLOT = """
UPDATE outbox SET state = 'cancelled', message = NULL, target = NULL, settled = :now
WHERE address = :address AND slot = :slot AND state = 'queued' AND broadcast IS NULL
"""
NOTE_LAST = "UPDATE addresses SET last_delivery = :id WHERE id = :address"

TAKE = """
UPDATE outbox SET state = 'sending', attempts = attempts + 1,
    taken = CASE WHEN ambiguous > 0 THEN COALESCE(taken, :now) ELSE :now END
WHERE id IN (SELECT value FROM each_id(:ids) AS given)
"""
NEXT_DUE = f"""
SELECT MIN(due) FROM ({singles.DUE} UNION ALL {bulk.DUE}) AS lanes
"""  # noqa: S608 - constants
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
        now = epoch_ms(self._desk.clock())
        replaced = [
            {"address": d.address, "slot": d.slot, "now": now} for d in drafts if d.slot is not None
        ]
        await self._connection.run_many(REPLACE_SLOT, replaced)
        rows = [draft_values(self._vault, draft) for draft in drafts]
        await self._connection.run_many(ADD, rows)
        # What waits for its time is not the last message of the chat yet; `claim` sees to it.
        said = [d for d in drafts if d.lane is Lane.REPLY and d.act in (Act.SEND, Act.EDIT)]
        await self._note_last({d.address: d.id for d in said})
        if any(d.state is State.QUEUED for d in drafts):
            await self._connection.tell(OUTBOX)

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
        taken: list[Delivery] = []
        skip = list(skip_addresses)
        broadcasts: dict[Lane, list[bulk.Running]] | None = None
        for lane in sorted(lanes, key=LANES.index):
            if len(taken) >= limit:
                break
            found = await singles.claim(self._desk, channel, lane, now, limit - len(taken), skip)
            taken += found
            skip += [delivery.address for delivery in found]
            if lane is Lane.REPLY or len(taken) >= limit:
                continue
            if broadcasts is None:
                broadcasts = await bulk.running(self._desk)
            running, more = broadcasts.get(lane, []), limit - len(taken)
            found = await bulk.claim(self._desk, channel, running, now, more, skip)
            taken += found
            skip += [delivery.address for delivery in found]
        if taken:
            ids = [delivery.id for delivery in taken]
            await self._connection.run(TAKE, {"ids": ids, "now": epoch_ms(now)})
        late = [d for d in taken if d.lane is not Lane.REPLY and d.act is Act.SEND]
        await self._note_last({d.address: d.id for d in late})
        return taken

    async def settle(self, settlements: Sequence[Settlement]) -> None:
        """Note what became of these; the text of what is over is erased, unless told otherwise."""
        await settle(self._desk, settlements)

    async def suppress(self, address_id: int) -> int:
        """Nothing that waits for this address will be sent; how many that were."""
        suppressed = await singles.suppress(self._desk, address_id)
        return suppressed + await bulk.suppress(self._desk, address_id)

    async def suppress_unasked(self, person_id: int, lanes: Iterable[Lane]) -> int:
        """Nothing of these lanes that waits for this person will be sent; how many that were."""
        values: dict[str, Value] = {
            "person": person_id,
            "lanes": [LANES.index(lane) for lane in lanes],
            "now": epoch_ms(self._desk.clock()),
        }
        suppressed = await singles.suppress_unasked(self._desk, values)
        return suppressed + await bulk.suppress_unasked(self._desk, values)

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
        ((due,),) = await self._connection.fetch(NEXT_DUE, {"channel": channel})
        return moment(due)

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
        """The platform's ids of what reached this address since then, oldest first."""
        rows = await self._connection.fetch(
            MESSAGES, {"address": address_id, "since": epoch_ms(since)}
        )
        opened = [
            self._vault.open(sealed, Field("outbox", "platform_id", id)) for id, sealed in rows
        ]
        return list(dict.fromkeys(opened))

    async def _note_last(self, last: dict[int, int]) -> None:
        rows = [{"address": address, "id": id} for address, id in last.items()]
        await self._connection.run_many(NOTE_LAST, rows)
