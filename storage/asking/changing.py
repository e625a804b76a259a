"""The number that rises with every change to a question: what a board goes on from."""

from __future__ import annotations

from storage.desk import Desk
from storage.engines.port import Value

NEXT = """
INSERT INTO counters (name, value) VALUES ('questions-changed', 1)
ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value
"""
LATEST = "SELECT value FROM counters WHERE name = 'questions-changed'"
MARK = """
UPDATE questions SET changed = :changed WHERE id IN (SELECT value FROM each_id(:ids) AS given)
"""


async def next_change(desk: Desk) -> int:
    """The number of a change, taken before anything else of it.

    Until this transaction ends nobody else changes a question: so numbers are seen in their order,
    what is read after this is still so when it is acted upon, and no two wait for each other.
    """
    ((number,),) = await desk.connection.fetch(NEXT)
    return number


async def latest_change(desk: Desk) -> int:
    """The number of the last change."""
    rows = await desk.connection.fetch(LATEST)
    return rows[0][0] if rows else 0


async def mark_changed(desk: Desk, ids: list[int], changed: int) -> None:
    """Show these anew on whatever shows them."""
    values: dict[str, Value] = {"ids": ids, "changed": changed}
    await desk.connection.run(MARK, values)
