"""Who of the staff has a question in hand, so that no two handle the same one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.desk import Desk
from storage.engines.port import Value
from storage.engines.times import epoch_ms
from storage.roles import Role

LASTING = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Claimed:
    """Somebody else has it; nobody is told who, only what they are."""

    role: Role


CLAIM = """
UPDATE questions SET claimed_by = :staff, claimed_until = :until, changed = :changed,
    state = CASE WHEN state = 'received' THEN 'in_review' ELSE state END
WHERE id = :id AND state <> 'withdrawn'
  AND (claimed_until IS NULL OR claimed_until <= :now OR claimed_by = :staff) RETURNING id
"""
# What was put down, or taken by somebody else, is not theirs to hold any more.
HOLD = """
UPDATE questions SET claimed_until = :until, changed = :changed
WHERE id = :id AND claimed_by = :staff RETURNING id
"""
# A review that ends with nothing leaves it where it was.
RELEASE = """
UPDATE questions SET claimed_by = NULL, claimed_until = NULL, changed = :changed,
    state = CASE WHEN state <> 'in_review' THEN state
                 WHEN answer IS NOT NULL THEN 'answered'
                 WHEN reason IS NOT NULL THEN 'declined'
                 ELSE 'received' END
WHERE id = :id AND claimed_by = :staff RETURNING id
"""
HOLDER = """
SELECT f.role FROM questions q LEFT JOIN staff f ON f.person = q.claimed_by AND f.state = 'active'
WHERE q.id = :id AND q.claimed_until > :now AND q.claimed_by <> :staff
"""
HOLDERS = """
SELECT q.id, f.role FROM questions q
LEFT JOIN staff f ON f.person = q.claimed_by AND f.state = 'active'
WHERE q.id IN (SELECT value FROM each_id(:ids) AS given) AND q.claimed_until > :now
"""
LAPSE = """
UPDATE questions SET claimed_by = NULL, claimed_until = NULL
WHERE claimed_until <= :before RETURNING 1
"""


async def claim(desk: Desk, question_id: int, staff_id: int, changed: int, now: datetime) -> bool:
    """Take it for five minutes; False when somebody else has it, or it was withdrawn."""
    values: dict[str, Value] = {
        "id": question_id,
        "staff": staff_id,
        "until": epoch_ms(now + LASTING),
        "now": epoch_ms(now),
        "changed": changed,
    }
    return bool(await desk.connection.fetch(CLAIM, values))


async def hold(desk: Desk, question_id: int, staff_id: int, changed: int, now: datetime) -> bool:
    """Keep it for five minutes more; False for whoever does not have it."""
    values: dict[str, Value] = {
        "id": question_id,
        "staff": staff_id,
        "until": epoch_ms(now + LASTING),
        "changed": changed,
    }
    return bool(await desk.connection.fetch(HOLD, values))


async def holder(desk: Desk, question_id: int, staff_id: int, now: datetime) -> Claimed | None:
    """Who else has it."""
    values: dict[str, Value] = {"id": question_id, "staff": staff_id, "now": epoch_ms(now)}
    rows = await desk.connection.fetch(HOLDER, values)
    # Whose role has ended meanwhile was a moderator to all who ask.
    return Claimed(Role(rows[0][0] or Role.MODERATOR)) if rows else None


async def holders(
    desk: Desk, question_ids: Collection[int], now: datetime
) -> Mapping[int, Claimed]:
    """Of these, which somebody has in hand, and what whoever has it is."""
    values: dict[str, Value] = {"ids": [*question_ids], "now": epoch_ms(now)}
    rows = await desk.connection.fetch(HOLDERS, values)
    return {id: Claimed(Role(role or Role.MODERATOR)) for id, role in rows}
