"""Reads broadcasts out of their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storage.broadcasting.broadcast import COLUMNS, Broadcast, Kind, broadcast_from
from storage.desk import Desk
from storage.engines.port import Row, Values

GET = f"SELECT {COLUMNS} FROM broadcasts WHERE id = :id"  # noqa: S608 - a constant
REMINDERS = """
SELECT c.broadcast, d.webinar, d.minutes FROM covers c JOIN reminders d ON d.id = c.reminder
WHERE c.broadcast IN (SELECT value FROM each_id(:ids) AS given) ORDER BY d.due, d.id
"""
DUE = f"""
SELECT {COLUMNS} FROM broadcasts
WHERE state IN ('freezing', 'running', 'paused', 'cancelling')
   OR (state = 'held' AND starts_at <= :now)
   OR (state IN ('held', 'waiting') AND confirmed IS NOT NULL AND frozen IS NULL)
   OR id IN (SELECT id FROM broadcasts WHERE stale = 1)
ORDER BY id
"""  # noqa: S608 - a constant
NEXT_DUE = "SELECT MIN(starts_at) FROM broadcasts WHERE state = 'held'"
RUNNING = f"SELECT {COLUMNS} FROM broadcasts WHERE state = 'running' ORDER BY id"  # noqa: S608
OF_STAFF = f"""
SELECT {COLUMNS} FROM broadcasts WHERE kind <> 'reminder' ORDER BY made DESC, id DESC LIMIT :limit
"""  # noqa: S608 - a constant
AGREED_SINCE = f"""
SELECT {COLUMNS} FROM broadcasts
WHERE made_by = :person AND agreed IS NOT NULL AND agreed > :since ORDER BY id
"""  # noqa: S608 - a constant
# Few are kept for longer than a week, so they need no index of their own.
WRITTEN = f"""
SELECT {COLUMNS} FROM broadcasts WHERE kind IN ('announcement', 'correction', 'retry')
ORDER BY CASE WHEN state IN ('draft', 'cancelled', 'done') THEN 1 ELSE 0 END, made DESC, id DESC
LIMIT :limit
"""  # noqa: S608 - a constant


async def find(desk: Desk, statement: str, values: Values) -> list[Broadcast]:
    """The broadcasts in the rows of COLUMNS that this statement gives."""
    rows = await desk.connection.fetch(statement, values)
    covered = await reminded_of(desk, [row for row in rows if row[1] == Kind.REMINDER])
    return [broadcast_from(desk.vault, row, tuple(covered.get(row[0], ()))) for row in rows]


async def get(desk: Desk, broadcast_id: int) -> Broadcast | None:
    """As `Broadcasts.get`."""
    found = await find(desk, GET, {"id": broadcast_id})
    return found[0] if found else None


async def reminded_of(desk: Desk, rows: Sequence[Row]) -> Mapping[int, list[tuple[str, int]]]:
    """By the id of each of these broadcasts the webinars, and the minutes before their start."""
    covered: dict[int, list[tuple[str, int]]] = {}
    if rows:
        ids = [row[0] for row in rows]
        for id, webinar, minutes in await desk.connection.fetch(REMINDERS, {"ids": ids}):
            covered.setdefault(id, []).append((webinar, minutes))
    return covered
