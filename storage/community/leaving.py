"""What a person asked, supported and had in hand, when they are forgotten."""

from __future__ import annotations

from dialogue.stages import NEVER_GIVEN
from storage.asking.families import leave_alone, recount
from storage.asking.pseudonyms import asker_keys
from storage.desk import Desk
from storage.engines.port import Value

# What the experts have not been given goes; what they have stays, and leads to nobody.
NEVER_GIVEN_OF_ASKER = """
SELECT id, merged_into FROM questions
WHERE asker_key IN (SELECT value FROM each_text(:askers) AS given)
  AND state IN (SELECT value FROM each_text(:stages) AS given_stages)
"""
DELETE = "DELETE FROM questions WHERE id IN (SELECT value FROM each_id(:ids) AS given)"
UNLINK = """
UPDATE questions SET asker = NULL, asker_key = NULL, message = NULL, message_key = NULL,
    place_key = NULL, sent_in = NULL, told = NULL, changed = :changed
WHERE asker_key IN (SELECT value FROM each_text(:askers) AS given)
"""
SUPPORTED = """
SELECT DISTINCT COALESCE(q.merged_into, q.id) FROM supports s JOIN questions q ON q.id = s.question
WHERE s.supporter_key IN (SELECT value FROM each_text(:askers) AS given)
"""
NO_KEYS = (
    "DELETE FROM supports WHERE supporter_key IN (SELECT value FROM each_text(:askers) AS given)",
    "DELETE FROM strikes WHERE key IN (SELECT value FROM each_text(:askers) AS given)",
    "DELETE FROM awaited WHERE key IN (SELECT value FROM each_text(:askers) AS given)",
    # That somebody was looked up stays; whom, over what and why, goes.
    """UPDATE reveals SET question = NULL, asker_key = NULL, key = NULL, reason = NULL
    WHERE asker_key IN (SELECT value FROM each_text(:askers) AS given)""",
    # A block has another key, and outlives them.
    "DELETE FROM hushed WHERE key IN (SELECT value FROM each_text(:askers) AS given)",
)
UNCLAIM = (
    """UPDATE questions SET claimed_by = NULL, claimed_until = NULL, changed = :changed
    WHERE claimed_until IS NOT NULL AND claimed_by = :person""",
    """UPDATE texts SET claimed_by = NULL, claimed_until = NULL
    WHERE state <> 'approved' AND claimed_by = :person""",
)


async def leave_questions(desk: Desk, person_id: int, changed: int) -> None:
    """Nothing of theirs that nobody was given is left, and nothing leads to them."""
    connection, askers = desk.connection, await asker_keys(desk, person_id)
    values: dict[str, Value] = {"askers": askers, "changed": changed, "person": person_id}
    stages: list[str] = [*NEVER_GIVEN]
    found = await connection.fetch(NEVER_GIVEN_OF_ASKER, {"askers": askers, "stages": stages})
    gone: list[int] = [row[0] for row in found]
    counted = {row[1] for row in found if row[1] is not None}
    counted |= {row[0] for row in await connection.fetch(SUPPORTED, {"askers": askers})}
    await leave_alone(desk, gone, changed)
    await connection.run(DELETE, {"ids": gone})
    await connection.run(UNLINK, values)
    for statement in (*NO_KEYS, *UNCLAIM):
        await connection.run(statement, values)
    await recount(desk, sorted(counted.difference(gone)), changed)
