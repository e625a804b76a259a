"""A question and those that were merged into it: they go the same way, and their voices are one.

Nobody follows somebody who follows another: what is merged into a merged question is merged into
the one that this follows.
"""

from __future__ import annotations

from storage.desk import Desk
from storage.engines.port import Value

FREE = """
UPDATE questions SET state = 'received', merged_into = NULL, changed = :changed
WHERE merged_into IN (SELECT value FROM each_id(:ids) AS given)
"""
# A voice is a person: whoever asked the same, or supported any of these, and did not ask this one.
RECOUNT = """
UPDATE questions SET changed = :changed, supports = (
    SELECT COUNT(*) FROM (
        SELECT v.supporter_key AS voice FROM supports v JOIN questions f ON f.id = v.question
        WHERE f.id = :id OR f.merged_into = :id
        UNION
        SELECT f.asker_key AS voice FROM questions f
        WHERE f.merged_into = :id AND f.asker_key IS NOT NULL
    ) AS voices
    WHERE voice <> COALESCE((SELECT a.asker_key FROM questions a WHERE a.id = :id), ''))
WHERE id = :id
"""
NO_VOICES = """
DELETE FROM supports WHERE question IN (SELECT value FROM each_id(:ids) AS given)
"""
# Other words may ask something else; erased ones are like nothing.
NO_LIKES = (
    "DELETE FROM alike WHERE question IN (SELECT value FROM each_id(:ids) AS given)",
    "DELETE FROM alike WHERE other IN (SELECT value FROM each_id(:ids) AS given)",
)
NO_TEXTS = "DELETE FROM texts WHERE question IN (SELECT value FROM each_id(:ids) AS given)"
NO_PROPOSALS = "DELETE FROM proposals WHERE question IN (SELECT value FROM each_id(:ids) AS given)"


PARTS = "SELECT id FROM questions WHERE merged_into = :id ORDER BY ordinal"


async def parts_of(desk: Desk, question_id: int) -> list[int]:
    """The questions that follow this one, the oldest first."""
    rows = await desk.connection.fetch(PARTS, {"id": question_id})
    return [row[0] for row in rows]


async def leave_alone(desk: Desk, ids: list[int], changed: int) -> None:
    """These are to be others, or nothing: what followed them is new again, on its own."""
    values: dict[str, Value] = {"ids": ids, "changed": changed}
    await desk.connection.run(FREE, values)
    await desk.connection.run(NO_VOICES, {"ids": ids})
    await desk.connection.run(NO_TEXTS, {"ids": ids})
    await desk.connection.run(NO_PROPOSALS, {"ids": ids})
    await like_nothing(desk, ids)


async def like_nothing(desk: Desk, ids: list[int]) -> None:
    """What seemed to ask the same as these does so no more."""
    for statement in NO_LIKES:
        await desk.connection.run(statement, {"ids": ids})


async def recount(desk: Desk, ids: list[int], changed: int) -> None:
    """Count the voices for each of these anew."""
    rows = [{"id": id, "changed": changed} for id in ids]
    await desk.connection.run_many(RECOUNT, rows)
