"""What lies on the moderators' table, for whoever looks on: a board, a count on the phone.

What came from somebody who is muted is not there, unless it was approved before that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from dialogue.stages import Stage
from storage.asking.handled import COLUMNS, Handled, handled_from
from storage.asking.picking import MUTED
from storage.asking.pseudonyms import SERIES
from storage.desk import Desk
from storage.engines.port import Value
from storage.engines.times import epoch_ms

UNMUTED = f"(q.state NOT IN ('received', 'in_review') OR NOT {MUTED})"
COUNTS = f"""
SELECT q.state, COUNT(*) FROM questions q
WHERE COALESCE(q.webinar, '') = :scope AND {UNMUTED} GROUP BY q.state
"""  # noqa: S608 - a constant
# One change may be that of several: who goes on from its number must have had them all.
CHANGED = f"""
SELECT {COLUMNS} FROM questions q LEFT JOIN strikes s ON s.key = q.asker_key
WHERE COALESCE(q.webinar, '') = :scope AND q.changed > :version AND {UNMUTED}
  AND q.changed <= COALESCE(
    (SELECT c.changed FROM questions c
     WHERE COALESCE(c.webinar, '') = :scope AND c.changed > :version
     ORDER BY c.changed LIMIT 1 OFFSET :limit - 1), q.changed)
ORDER BY q.changed, q.id
"""  # noqa: S608 - a constant
LISTED = f"""
SELECT {COLUMNS} FROM questions q LEFT JOIN strikes s ON s.key = q.asker_key
WHERE COALESCE(q.webinar, '') = :scope AND {UNMUTED}
  AND q.state IN (SELECT value FROM each_text(:stages) AS given)
ORDER BY q.changed DESC, q.id LIMIT :limit
"""  # noqa: S608 - a constant
IDS = f"""
SELECT q.id FROM questions q WHERE COALESCE(q.webinar, '') = :scope AND {UNMUTED}
"""  # noqa: S608 - a constant


async def counts(desk: Desk, webinar: str | None) -> Mapping[Stage, int]:
    """As `Moderation.counts`."""
    rows = await desk.connection.fetch(COUNTS, scoped(desk, webinar))
    return {Stage(state): count for state, count in rows}


async def changed_since(desk: Desk, webinar: str | None, version: int, limit: int) -> list[Handled]:
    """As `Moderation.changed_since`."""
    values = {**scoped(desk, webinar), "version": version, "limit": limit}
    return await handled_from(desk, await desk.connection.fetch(CHANGED, values))


async def listed(
    desk: Desk, webinar: str | None, stages: Collection[Stage], limit: int
) -> list[Handled]:
    """As `Moderation.listed`."""
    values: dict[str, Value] = {**scoped(desk, webinar), "stages": [*stages], "limit": limit}
    return await handled_from(desk, await desk.connection.fetch(LISTED, values))


async def ids(desk: Desk, webinar: str | None) -> frozenset[int]:
    """As `Moderation.ids`."""
    rows = await desk.connection.fetch(IDS, scoped(desk, webinar))
    return frozenset(row[0] for row in rows)


def scoped(desk: Desk, webinar: str | None) -> dict[str, Value]:
    """Which webinar, and what time it is, since a mute has an end."""
    return {"scope": webinar or SERIES, "now": epoch_ms(desk.clock())}
