"""A message that the platform refused goes once more: as a template, or by another channel."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from storage.desk import Desk
from storage.engines.port import Value, Values
from storage.engines.times import epoch_ms
from storage.news import OUTBOX
from storage.sealing.vault import Field

# The id of the refused message stays, so that what is still said of it is known to be old. One
# attempt more: what the refused one's own sending writes does not count any more, either.
REQUEUE = """
UPDATE outbox SET state = 'queued', due = :due, settled = NULL, fault = NULL, reason = NULL,
    attempts = attempts + 1, detours = detours + 1,
    platform_id = COALESCE(:platform_id, platform_id)
WHERE id = :id AND state IN ('sending', 'sent', 'failed') AND detours % 8 < :most
  AND (broadcast IS NULL OR EXISTS (
    SELECT 1 FROM broadcasts b WHERE b.id = outbox.broadcast AND b.ended IS NULL))
  AND (broadcast IS NOT NULL OR message IS NOT NULL) RETURNING id
"""
# Whoever blocked us between the writing down and the sending: they were passed over unsent.
NOT_REACHED = """
SELECT o.id FROM outbox o
WHERE o.broadcast = :broadcast AND o.state = 'suppressed' AND o.fault = 'gone' AND o.detours < 8
  AND o.ambiguous = 0 AND EXISTS (
    SELECT 1 FROM addresses a WHERE a.person = o.person AND a.id <> o.address
      AND a.reachable = 1 AND a.stopped = 0)
"""
ELSEWHERE = """
SELECT a.id, a.channel FROM outbox o JOIN broadcasts b ON b.id = o.broadcast
JOIN addresses a ON a.person = o.person AND a.id <> o.address
WHERE o.id = :id AND o.detours < 8 AND o.ambiguous = 0 AND o.act = 'send'
  AND (o.state = 'failed' OR (o.state = 'suppressed' AND o.fault = 'gone'))
  AND (o.not_after IS NULL OR o.not_after > :now) AND b.state IN ('running', 'paused')
  AND a.reachable = 1 AND a.stopped = 0
  AND (a.marketing = 1 OR b.kind NOT IN ('announcement', 'correction', 'retry'))
  AND a.channel IN (SELECT value FROM each_text(:channels) AS given)
ORDER BY CASE WHEN a.rests_until > :now THEN 1 ELSE 0 END, a.preferred DESC,
         CASE WHEN a.channel = 'web' THEN 2 WHEN a.channel = 'email' THEN 1 ELSE 0 END,
         a.id LIMIT 1
"""
REROUTE = """
UPDATE outbox SET state = 'queued', address = :address, channel = :channel, settled = NULL,
    fault = NULL, reason = NULL, attempts = attempts + 1, detours = detours + 8
WHERE id = :id AND state IN ('failed', 'suppressed') AND detours < 8 RETURNING id
"""


async def hold_ends(desk: Desk) -> None:
    """No broadcast ends before this transaction does: whoever is put back into one is not lost."""
    await desk.connection.serialise(["ends"])


async def requeue(
    desk: Desk, delivery_id: int, due: datetime, platform_id: str | None, most: int
) -> bool:
    """As `Outbox.requeue`."""
    await hold_ends(desk)
    field = Field("outbox", "platform_id", delivery_id)
    values: dict[str, Value] = {
        "id": delivery_id,
        "due": epoch_ms(due),
        "most": most,
        "platform_id": platform_id and desk.vault.seal(platform_id, field),
    }
    done = bool(await desk.connection.fetch(REQUEUE, values))
    if done:
        await desk.connection.tell(OUTBOX)
    return done


async def reroute(
    desk: Desk, delivery_id: int, now: datetime, channels: Collection[str]
) -> str | None:
    """As `Outbox.reroute`."""
    await hold_ends(desk)
    asked: Values = {"id": delivery_id, "now": epoch_ms(now), "channels": [*channels]}
    rows = await desk.connection.fetch(ELSEWHERE, asked)
    if not rows:
        return None
    address, channel = rows[0]
    values: Values = {"id": delivery_id, "address": address, "channel": channel}
    if not await desk.connection.fetch(REROUTE, values):
        return None
    await desk.connection.tell(OUTBOX)
    return channel


async def not_reached(desk: Desk, broadcast_id: int) -> list[int]:
    """As `Outbox.not_reached`."""
    rows = await desk.connection.fetch(NOT_REACHED, {"broadcast": broadcast_id})
    return [id for (id,) in rows]
