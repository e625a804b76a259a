"""Of an announcement that is half out, what is still to leave is found without what has left."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from storage import Storage, Transaction
from storage.broadcasting import bulk, freezing, latest, running
from storage.engines.port import Value

MANY = 10_000
PEOPLE = """
INSERT INTO people (id, language, profile, announcements, reminders, text_only, all_future, notice,
                    hour)
SELECT value, 'ar', :sealed, 1, 1, 0, 0, 'v1', 0 FROM each_id(:ids) AS given
"""
ROWS = """
INSERT INTO outbox (id, address, channel, lane, act, state, attempts, ambiguous, due, broadcast,
                    person, settled, taken)
SELECT value, value, 'telegram', 2, 'send', CASE WHEN value % 5000 < 2500 THEN 'sent' ELSE 'queued'
       END, 1, 0, 0, 7, value, CASE WHEN value % 5000 < 2500 THEN value END,
       CASE WHEN value % 5000 < 2500 THEN value END
FROM each_id(:ids) AS given
"""
BROADCASTS = """
INSERT INTO broadcasts (id, kind, state, rule, content, made, starts_at, began)
SELECT value, 'announcement', 'running', '{}', :sealed, 0, 0, 0 FROM each_id(:ids) AS given
"""
ASKED: Mapping[str, Value] = {
    **{"id": 7, "person": 9, "since": MANY - 5, "now": 1, "limit": 20, "after": ""},
    **{"channels": ["telegram"], "channel": "telegram", "skip": [], "behind": [6]},
    **{"broadcast": 7, "webinar": "w", "approved": 0},
}
STATEMENTS = {
    "what runs, and what of it goes again": running.RUNNING,
    "what is claimed": bulk.WAITING,
    "what is claimed behind another": bulk.BEHIND,
    "whether any waits": freezing.OPEN,
    "what is cancelled": freezing.CANCEL,
    "the channels of those that wait": freezing.NEXT_CHANNEL,
    "whether a platform is still to tell": freezing.AWAITS_WORD,
    "what somebody got last": latest.LATEST,
}
# By its broadcast alone a row is found among all that have left; by its person among all people's.
WHOLE = re.compile(
    r"SCAN (?:o|outbox|people)\b|outbox_recipient \(broadcast=\?\)"
    r"|Seq Scan on (?:outbox|people)"
    r"|outbox_recipient on outbox[^\n]*\n\s+Index Cond: \((?:person|broadcast) = [^)]*\)\n"
)


async def plan(tx: Transaction, statement: str) -> str:
    """How the engine goes about it, in its own words."""
    fetch, engine = tx.desk.connection.fetch, type(tx.desk.connection).__name__
    explain = "EXPLAIN QUERY PLAN " if engine.startswith("Sqlite") else "EXPLAIN (COSTS OFF) "
    known = {name: value for name, value in ASKED.items() if f":{name}" in statement}
    rows = await fetch(explain + statement, known)
    return "".join(f"{row[-1]}\n" for row in rows)


async def fill(storage: Storage) -> None:
    """An announcement of which half has left; PostgreSQL counts by itself what is there."""
    many: dict[str, Value] = {"ids": [*range(1, MANY + 1)]}
    async with storage.transaction() as tx:
        await tx.desk.connection.run(PEOPLE, {**many, "sealed": bytes(80)})
        await tx.desk.connection.run(ROWS, many)
        few: dict[str, Value] = {"ids": [*range(1, 21)], "sealed": b""}
        await tx.desk.connection.run(BROADCASTS, few)
        if type(tx.desk.connection).__name__.startswith("Postgres"):
            await tx.desk.connection.run("ANALYZE")


@pytest.mark.timeout(240)
async def test_what_is_still_to_leave_is_found_without_what_has_left(
    storage: Storage,
) -> None:
    await fill(storage)
    async with storage.transaction() as tx:
        plans = {name: await plan(tx, statement) for name, statement in STATEMENTS.items()}
    assert {name: found for name, found in plans.items() if WHOLE.search(found)} == {}
