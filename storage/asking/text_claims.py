"""Which interpreter has a text in hand, so that no two put the same one into words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from storage.asking.changing import mark_changed, next_change
from storage.asking.claims import LASTING, Claimed
from storage.asking.translating import Text, get_text
from storage.desk import Desk
from storage.engines.port import Value
from storage.engines.times import epoch_ms
from storage.roles import Role

CLAIM = """
UPDATE texts SET claimed_by = :staff, claimed_until = :until,
    state = CASE WHEN state = 'wanted' THEN 'claimed' ELSE state END
WHERE id = :id AND (claimed_until IS NULL OR claimed_until <= :now OR claimed_by = :staff)
RETURNING question
"""
HOLD = """
UPDATE texts SET claimed_until = :until
WHERE id = :id AND claimed_by = :staff RETURNING question
"""
RELEASE = """
UPDATE texts SET claimed_by = NULL, claimed_until = NULL,
    state = CASE WHEN state = 'claimed' THEN 'wanted' ELSE state END
WHERE id = :id AND claimed_by = :staff RETURNING question
"""
HOLDER = """
SELECT f.role FROM texts t LEFT JOIN staff f ON f.person = t.claimed_by AND f.state = 'active'
WHERE t.id = :id AND t.claimed_until > :now AND t.claimed_by <> :staff
"""
HOLDERS = """
SELECT t.id, f.role FROM texts t
LEFT JOIN staff f ON f.person = t.claimed_by AND f.state = 'active'
WHERE t.id IN (SELECT value FROM each_id(:ids) AS given) AND t.claimed_until > :now
"""


async def claim(desk: Desk, text_id: int, staff_id: int, now: datetime) -> Text | Claimed | None:
    """As `Texts.claim`."""
    changed = await next_change(desk)
    if await get_text(desk, text_id) is None:
        return None
    values: dict[str, Value] = {
        "id": text_id,
        "staff": staff_id,
        "until": epoch_ms(now + LASTING),
        "now": epoch_ms(now),
    }
    if rows := await desk.connection.fetch(CLAIM, values):
        await mark_changed(desk, [rows[0][0]], changed)
        return await get_text(desk, text_id)
    rows = await desk.connection.fetch(HOLDER, values)
    return Claimed(Role(rows[0][0] or Role.INTERPRETER)) if rows else None


async def hold(desk: Desk, text_id: int, staff_id: int, now: datetime) -> bool:
    """As `Texts.hold`."""
    changed = await next_change(desk)
    values: dict[str, Value] = {
        "id": text_id,
        "staff": staff_id,
        "until": epoch_ms(now + LASTING),
    }
    rows = await desk.connection.fetch(HOLD, values)
    await mark_changed(desk, [row[0] for row in rows], changed)
    return bool(rows)


async def release(desk: Desk, text_id: int, staff_id: int) -> bool:
    """As `Texts.release`."""
    changed = await next_change(desk)
    rows = await desk.connection.fetch(RELEASE, {"id": text_id, "staff": staff_id})
    await mark_changed(desk, [row[0] for row in rows], changed)
    return bool(rows)


async def holders(desk: Desk, text_ids: Collection[int], now: datetime) -> Mapping[int, Claimed]:
    """As `Texts.holders`."""
    values: dict[str, Value] = {"ids": [*text_ids], "now": epoch_ms(now)}
    rows = await desk.connection.fetch(HOLDERS, values)
    return {id: Claimed(Role(role or Role.INTERPRETER)) for id, role in rows}
