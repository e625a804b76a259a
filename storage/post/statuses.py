"""What a platform says, after it took a message, of what became of it.

It says so as often as it likes, in any order, and perhaps before its answer to the sending itself:
https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from dialogue.words import Lane
from storage.desk import Desk
from storage.engines.port import Row, Value
from storage.engines.times import epoch_ms, from_epoch_ms, moment
from storage.errors import Unreadable
from storage.post.deliveries import LANES, State
from storage.sealing.vault import Field

TELLS = {State.SENT: 1, State.FAILED: 2, State.DELIVERED: 3, State.READ: 4}
"""What tells the most stays: of a message that reached somebody nothing else is true."""
UNSENT = frozenset({State.QUEUED, State.SENDING})


@dataclass(frozen=True, slots=True)
class Status:
    """What the platform says of a delivery: SENT, FAILED, DELIVERED or READ."""

    delivery: int
    state: State
    platform_id: str | None = None
    """Which message it means: one delivery may have been sent more than once."""
    reason: str | None = None
    """Why it failed, as in a settlement."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A message of which nobody knows whether it arrived."""

    id: int
    address: int
    channel: str
    account: str
    """Empty where the disk has spoilt it: then the next claim fails it."""
    lane: Lane
    attempts: int
    ambiguous: int
    """How often that was so before."""
    taken: datetime
    """It was not sent earlier than this."""
    not_after: datetime | None
    broadcast: int | None


FIND = """
SELECT id, state, platform_id, attempts FROM outbox
WHERE id IN (SELECT value FROM each_id(:ids) AS given)
"""
NOTE = """
UPDATE outbox SET state = :state, platform_id = COALESCE(:platform_id, platform_id),
    reason = :reason, fault = CASE WHEN broadcast IS NULL THEN NULL ELSE :fault END,
    settled = COALESCE(settled, :now), target = NULL,
    message = CASE WHEN broadcast IS NULL AND :again = 1 THEN message END
WHERE id = :id AND :tells > CASE state WHEN 'sent' THEN 1 WHEN 'failed' THEN 2
    WHEN 'delivered' THEN 3 WHEN 'read' THEN 4 ELSE 0 END
"""
# An id of a delivery tells when its draft was made.
DOUBTFUL = """
SELECT o.id, o.address, a.account, o.lane, o.attempts, o.ambiguous,
       COALESCE(o.taken, o.id / 1048576), o.not_after, o.broadcast
FROM outbox o JOIN addresses a ON a.id = o.address
WHERE o.channel = :channel AND o.state = 'sending' AND o.lane <> 0
  AND COALESCE(o.taken, o.id / 1048576) < :before
  AND o.id NOT IN (SELECT value FROM each_id(:held) AS given)
ORDER BY o.id
"""


async def statuses(desk: Desk, said: Sequence[Status]) -> list[bool]:
    """As `Outbox.statuses`."""
    ids = list({each.delivery for each in said})
    rows = await desk.connection.fetch(FIND, {"ids": ids})
    known = {row[0]: known_from(desk, row) for row in rows}
    now, news, values = epoch_ms(desk.clock()), list[bool](), list[dict[str, Value]]()
    for status in said:
        before = known.get(status.delivery)
        after = None if before is None else before.after(status)
        news.append(after is not None)
        if after is not None:
            known[status.delivery] = after
            values.append(note_values(desk, status, after, now))
    await desk.connection.run_many(NOTE, values)
    return news


@dataclass(frozen=True, slots=True)
class Known:
    """How far a row has come."""

    state: State
    platform_id: str | None
    tried: bool

    def after(self, status: Status) -> Known | None:
        """How far it is then; None when that says nothing new."""
        state, told = status.state, status.platform_id
        if not self.tried or TELLS[state] <= TELLS.get(self.state, 0):
            return None
        if state in (State.SENT, State.FAILED) and self._means_another(state, told):
            return None
        keeps = self.platform_id is not None and self.state not in UNSENT
        return Known(state, self.platform_id if keeps else told or self.platform_id, True)

    def _means_another(self, state: State, told: str | None) -> bool:
        """Whether it is about a message in whose place another was sent, or will be."""
        if self.platform_id is None or told is None:
            return False
        if self.state in UNSENT:
            # What waits although it has an id was refused, and is to go once more.
            return self.platform_id == told
        return state is State.FAILED and self.platform_id != told


def known_from(desk: Desk, row: Row) -> Known:
    """How far the row of FIND has come; an id that the disk has spoilt is as none."""
    id, state, sealed, attempts = row
    opened: str | None = None
    if sealed:
        with suppress(Unreadable):
            opened = desk.vault.open(sealed, Field("outbox", "platform_id", id))
    return Known(State(state), opened, attempts > 0)


def note_values(desk: Desk, status: Status, after: Known, now: int) -> dict[str, Value]:
    """The parameters of NOTE."""
    id, seal = status.delivery, desk.vault.seal
    named, reason = after.platform_id, status.reason
    return {
        "id": id,
        "state": status.state,
        "platform_id": named and seal(named, Field("outbox", "platform_id", id)),
        "reason": reason and seal(reason, Field("outbox", "reason", id)),
        "fault": reason,
        # What may still be refused, or was, and is not made anew: `requeue` needs its words.
        "again": int(status.state in (State.SENT, State.FAILED)),
        "tells": TELLS[status.state],
        "now": now,
    }


async def doubtful(
    desk: Desk, channel: str, before: datetime, held: Collection[int]
) -> list[Doubt]:
    """As `Outbox.doubtful`."""
    values: dict[str, Value] = {
        "channel": channel,
        "before": epoch_ms(before),
        "held": [*held],
    }
    rows = await desk.connection.fetch(DOUBTFUL, values)
    return [doubt_from(desk, channel, row) for row in rows]


def doubt_from(desk: Desk, channel: str, row: Row) -> Doubt:
    """The doubt in a row of DOUBTFUL."""
    id, address, account, number, attempts, ambiguous, taken, not_after, broadcast = row
    opened, lane = "", LANES[int(number)]
    with suppress(Unreadable):
        opened = desk.vault.open(account, Field("addresses", "account", address))
    return Doubt(
        id=id,
        address=address,
        channel=channel,
        account=opened,
        lane=lane,
        attempts=attempts,
        ambiguous=ambiguous,
        taken=from_epoch_ms(taken),
        not_after=moment(not_after),
        broadcast=broadcast,
    )
