"""Brings a broadcast from one phase into another, where it is in the one that was expected."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from storage.broadcasting.broadcast import Counts, Phase, counts_json
from storage.broadcasting.freezing import SOMEBODY_WAITS, SPREAD
from storage.desk import Desk
from storage.engines.port import Value, Values
from storage.engines.times import epoch_ms
from storage.news import BROADCASTS, OUTBOX
from storage.post.detours import hold_ends

OVER = (Phase.CANCELLED, Phase.DONE)
UNDONE = (Phase.CANCELLED, Phase.DRAFT)

# What is a draft again, or dropped, was confirmed by nobody and written down for nobody.
SET_PHASE = """
UPDATE broadcasts SET state = :state, starts_at = COALESCE(:starts_at, starts_at),
    confirmed = CASE WHEN :undone = 1 THEN NULL ELSE COALESCE(:confirmed, confirmed) END,
    agreed = CASE WHEN :undone = 1 THEN NULL ELSE COALESCE(:agreed, agreed) END,
    frozen = CASE WHEN :undone = 1 THEN NULL ELSE frozen END,
    stale = CASE WHEN :undone = 1 AND frozen_to IS NOT NULL THEN 1 ELSE stale END,
    not_after = CASE WHEN :undone = 1 AND confirmed IS NOT NULL THEN NULL
        ELSE COALESCE(:not_after, not_after) END,
    ended = COALESCE(:ended, ended)
WHERE id = :id AND state IN (SELECT value FROM each_text(:expected) AS given) RETURNING id
"""
HOLD_BACK = """
UPDATE broadcasts SET
    state = CASE WHEN kind IN ('announcement', 'correction', 'retry') THEN 'waiting'
            ELSE 'cancelled' END,
    ended = CASE WHEN kind IN ('announcement', 'correction', 'retry') THEN ended ELSE :now END
WHERE made_by = :person AND state = 'held' AND (kind <> 'notice' OR change IS NOT NULL)
RETURNING state
"""
FINISH = f"""
UPDATE broadcasts SET counts = :counts, ended = :now,
    state = CASE WHEN state = 'cancelling' THEN 'cancelled' ELSE 'done' END
WHERE id = :id AND state IN ('running', 'cancelling') AND NOT {SOMEBODY_WAITS} RETURNING state
"""  # noqa: S608 - a constant


async def set_phase(
    desk: Desk,
    broadcast_id: int,
    phase: Phase,
    expected: Collection[Phase],
    now: datetime,
    *,
    starts_at: datetime | None,
    confirmed: int | None,
    not_after: datetime | None,
) -> bool:
    """As `Broadcasts.set_phase`."""
    values: dict[str, Value] = {
        "id": broadcast_id,
        "state": phase,
        "expected": [*expected],
        "starts_at": None if starts_at is None else epoch_ms(starts_at),
        "confirmed": confirmed,
        "not_after": None if not_after is None else epoch_ms(not_after),
        "agreed": None if confirmed is None else epoch_ms(now),
        "undone": int(phase in UNDONE),
        "ended": epoch_ms(now) if phase in OVER else None,
    }
    changed = bool(await desk.connection.fetch(SET_PHASE, values))
    if changed:
        await desk.connection.tell(BROADCASTS)
        if phase is Phase.RUNNING:
            await desk.connection.tell(OUTBOX)
    return changed


async def hold_back(desk: Desk, person_id: int, now: datetime) -> int:
    """As `Broadcasts.hold_back`."""
    values: Values = {"person": person_id, "now": epoch_ms(now)}
    rows = await desk.connection.fetch(HOLD_BACK, values)
    return sum(row[0] == Phase.WAITING for row in rows)


async def finish(desk: Desk, broadcast_id: int, counts: Counts, now: datetime) -> Phase | None:
    """As `Broadcasts.finish`."""
    await hold_ends(desk)
    values: Values = {
        "id": broadcast_id,
        "counts": counts_json(counts),
        "now": epoch_ms(now),
    }
    rows = await desk.connection.fetch(FINISH, values)
    await desk.connection.run(SPREAD)
    return Phase(rows[0][0]) if rows else None
