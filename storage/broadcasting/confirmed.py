"""Recipients who were written down when an announcement was confirmed, until it leaves or does not.

Nobody gets what is not running. What changed for them in the meantime is seen to when it begins,
and, of stops, blocks and preferences, at each claim.
"""

from __future__ import annotations

from collections.abc import Collection

from storage.broadcasting.broadcast import ANNOUNCING, Broadcast
from storage.broadcasting.rules import Rule
from storage.desk import Desk
from storage.engines.port import Value
from storage.post.preference import preference_values, rank, takes_it

COUNT = "SELECT COUNT(*) FROM outbox WHERE broadcast = :id"
NOTE = """
UPDATE broadcasts SET frozen = :number
WHERE id = :id AND state IN ('held', 'waiting') AND confirmed IS NOT NULL AND stale = 0
  AND frozen IS NULL RETURNING id
"""
# Taken first: whoever else clears or freezes the same broadcast waits until this is committed.
IS_STALE = "UPDATE broadcasts SET stale = 1 WHERE id = :id AND stale = 1 RETURNING id"
CLEAR = """
DELETE FROM outbox WHERE id IN (
    SELECT id FROM outbox WHERE broadcast = :id ORDER BY person LIMIT :limit) RETURNING id
"""
CLEARED = "UPDATE broadcasts SET stale = 0, frozen_to = NULL WHERE id = :id"

NEXT_STEP = """
SELECT MAX(person), COUNT(*) FROM (
    SELECT person FROM outbox WHERE broadcast = :broadcast AND person > :after
    ORDER BY person LIMIT :limit) AS step
"""
STEP = """broadcast = :broadcast AND person > :after AND person <= :upto AND state = 'queued'"""
PREFERRED = f"""
FROM addresses b WHERE b.person = outbox.person AND {takes_it("b")}
ORDER BY {rank("b")}, b.id LIMIT 1
"""
# Few people have a second address that is open: the others are passed without sorting any.
READDRESS = f"""
UPDATE outbox SET (address, channel) = (SELECT b.id, b.channel {PREFERRED})
WHERE {STEP}
  AND EXISTS (SELECT 1 FROM addresses c WHERE c.person = outbox.person AND c.id <> outbox.address
              AND {takes_it("c")})
  AND address <> (SELECT b.id {PREFERRED})
"""  # noqa: S608 - a constant
LEAVE_OUT = f"""
UPDATE outbox SET state = 'suppressed', settled = :now, fault = 'joined'
WHERE {STEP} AND EXISTS (
    SELECT 1 FROM registrations m WHERE m.person = outbox.person
      AND m.webinar IN (SELECT value FROM each_text(:webinars) AS given))
"""  # noqa: S608 - a constant


async def look_again(
    desk: Desk, broadcast: Broadcast, after: int, limit: int, served: Collection[str]
) -> tuple[int | None, int]:
    """Bring the rows of the next so many people up to date: the last of them, and how many."""
    step: dict[str, Value] = {"broadcast": broadcast.id, "after": after, "limit": limit}
    ((upto, passed),) = await desk.connection.fetch(NEXT_STEP, step)
    if upto is None:
        return None, 0
    announcing = broadcast.kind in ANNOUNCING
    values: dict[str, Value] = {
        **preference_values(announcing, desk.clock(), served),
        "broadcast": broadcast.id,
        "after": after,
        "upto": upto,
    }
    await desk.connection.run(READDRESS, values)
    if webinars := not_registered_for(broadcast.rule):
        await desk.connection.run(LEAVE_OUT, {**values, "webinars": [*webinars]})
    return upto, passed


def not_registered_for(rule: Rule) -> tuple[str, ...]:
    """The webinars of which nobody is registered whom the rule means."""
    own = (rule.webinar,) if rule.who == "not_registered" and rule.webinar else ()
    return (*own, *rule.minus)


async def count_recipients(desk: Desk, broadcast_id: int) -> int:
    """As `Recipients.count`."""
    ((number,),) = await desk.connection.fetch(COUNT, {"id": broadcast_id})
    return number


async def note_frozen(desk: Desk, broadcast_id: int, number: int) -> bool:
    """As `Recipients.note_frozen`."""
    values: dict[str, Value] = {"id": broadcast_id, "number": number}
    return bool(await desk.connection.fetch(NOTE, values))


async def clear_rows(desk: Desk, broadcast_id: int, limit: int) -> int:
    """As `Recipients.clear`."""
    if not await desk.connection.fetch(IS_STALE, {"id": broadcast_id}):
        return 0
    gone = await desk.connection.fetch(CLEAR, {"id": broadcast_id, "limit": limit})
    if not gone:
        await desk.connection.run(CLEARED, {"id": broadcast_id})
    return len(gone)
