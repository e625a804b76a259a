"""What waits in the outbox on its own, and not as one of many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dialogue.words import Lane
from storage.desk import Desk
from storage.engines.port import Row, Value
from storage.engines.times import epoch_ms
from storage.errors import Unreadable
from storage.post.deliveries import LANES, Delivery, Settlement, State, delivery_from
from storage.post.settlements import settle

# One lane at a time: so the index gives the rows in their order, however many are waiting. It is
# an index of queued rows that belong to no broadcast, and serves only who asks for exactly those.
# So does that of the earlier ones, which are its own: a card of a broadcast, say, goes before the
# copy of it that its reader is to get. What changes a message waits until that has left, in
# whichever lane it is.
WAITING = """
SELECT o.id, o.address, a.account, o.act, o.target, o.target_delivery, d.platform_id, o.message,
       o.attempts, o.ambiguous, o.due, o.not_after, o.slot, a.open_until
FROM outbox o JOIN addresses a ON a.id = o.address
LEFT JOIN outbox d ON d.id = o.target_delivery
WHERE o.channel = :channel AND o.state = 'queued' AND o.broadcast IS NULL
  AND o.lane = :lane AND o.due <= :now
  AND o.address NOT IN (SELECT value FROM each_id(:skip) AS given)
  AND COALESCE(d.state, 'sent') NOT IN ('queued', 'sending')
  AND NOT EXISTS (SELECT 1 FROM outbox s
                  WHERE s.channel = o.channel AND s.address = o.address AND s.state = 'sending')
  AND NOT EXISTS (SELECT 1 FROM outbox b
                  WHERE b.address = o.address AND b.lane = o.lane AND b.state = 'queued'
                    AND b.broadcast IS NULL AND b.id < o.id AND (b.due <= :now OR b.attempts > 0))
ORDER BY o.due, o.id LIMIT :limit skip_locked(o)
"""
SUPPRESS = """
UPDATE outbox SET state = 'suppressed', message = NULL, target = NULL, settled = :now
WHERE address = :address AND state = 'queued' AND broadcast IS NULL RETURNING id
"""
SUPPRESS_UNASKED = """
UPDATE outbox SET state = 'suppressed', message = NULL, target = NULL, settled = :now
WHERE address IN (SELECT id FROM addresses WHERE person = :person) AND state = 'queued'
  AND lane IN (SELECT value FROM each_id(:lanes) AS given) AND broadcast IS NULL RETURNING id
"""
# When the first of each lane is due: part of a statement.
DUE = """
    SELECT MIN(due) AS due FROM outbox
    WHERE channel = :channel AND state = 'queued' AND broadcast IS NULL AND lane = 0
    UNION ALL
    SELECT MIN(due) FROM outbox
    WHERE channel = :channel AND state = 'queued' AND broadcast IS NULL AND lane = 1
    UNION ALL
    SELECT MIN(due) FROM outbox
    WHERE channel = :channel AND state = 'queued' AND broadcast IS NULL AND lane = 2
    UNION ALL
    SELECT MIN(due) FROM outbox
    WHERE channel = :channel AND state = 'queued' AND broadcast IS NULL AND lane = 3
"""
REPLIES_WAITING = """
SELECT DISTINCT address FROM outbox
WHERE channel = :channel AND state = 'queued' AND broadcast IS NULL AND lane = 0
  AND (due <= :now OR attempts > 0)
"""


async def claim(
    desk: Desk, channel: str, lane: Lane, now: datetime, limit: int, skip: list[int]
) -> list[Delivery]:
    """Up to so many messages of this lane that are due; not taken yet.

    At most one for an address, and none for those to skip or with something on its way.
    """
    values: dict[str, Value] = {
        "channel": channel,
        "lane": LANES.index(lane),
        "now": epoch_ms(now),
        "skip": skip,
        "limit": limit,
    }
    rows = await desk.connection.fetch(WAITING, values)
    return await readable(desk, channel, lane, rows)


async def readable(desk: Desk, channel: str, lane: Lane, rows: Sequence[Row]) -> list[Delivery]:
    """The deliveries in these rows; a damaged one fails, lest it hold up all the others."""
    found: list[Delivery] = []
    damaged: list[Settlement] = []
    for row in rows:
        try:
            found.append(delivery_from(desk.vault, channel, lane, row))
        except (Unreadable, ValueError):
            damaged.append(Settlement(row[0], State.FAILED, reason="damaged"))
    if damaged:
        await settle(desk, damaged)
    return found


async def suppress(desk: Desk, address_id: int) -> int:
    """What waits for this address will not be sent; how many messages that were."""
    values = {"address": address_id, "now": epoch_ms(desk.clock())}
    return len(await desk.connection.fetch(SUPPRESS, values))


async def suppress_unasked(desk: Desk, values: dict[str, Value]) -> int:
    """As `Outbox.suppress_unasked`, for `person`, `lanes` and `now` in these values."""
    return len(await desk.connection.fetch(SUPPRESS_UNASKED, values))


async def replies_waiting(desk: Desk, channel: str, now: datetime) -> frozenset[int]:
    """As `Outbox.waiting`."""
    values = {"channel": channel, "now": epoch_ms(now)}
    return frozenset(row[0] for row in await desk.connection.fetch(REPLIES_WAITING, values))
