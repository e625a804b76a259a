"""How SQLite finds what is asked for all the time: by an index, however much is kept beside it."""

from __future__ import annotations

import pytest

from storage import Storage, queue
from storage.broadcasting import bulk, finding, recalling
from storage.community import merging
from storage.engines.port import Values
from storage.post import singles, statuses

ASKED: Values = {"channel": "telegram", "lane": 0, "now": 1, "skip": [], "limit": 1}


@pytest.mark.parametrize(
    "statement",
    [singles.WAITING, queue.NEXT_DUE, singles.REPLIES_WAITING],
    ids=["waiting", "due", "replies"],
)
async def test_a_look_into_the_outbox_reads_what_waits_alone(
    sqlite: Storage, statement: str
) -> None:
    asked = {key: value for key, value in ASKED.items() if f":{key}" in statement}
    async with sqlite.reading() as tx:
        rows = await tx.desk.connection.fetch(f"EXPLAIN QUERY PLAN {statement}", asked)
    steps = [str(row[3]) for row in rows]
    assert any("USING INDEX outbox_queued" in step for step in steps)
    assert not any(step.startswith(("SCAN o", "SCAN outbox")) for step in steps)
    assert "SEARCH outbox" not in steps


async def test_what_goes_before_a_message_is_found_by_its_address(sqlite: Storage) -> None:
    async with sqlite.reading() as tx:
        rows = await tx.desk.connection.fetch(f"EXPLAIN QUERY PLAN {singles.WAITING}", ASKED)
    steps = [str(row[3]) for row in rows]
    assert "SEARCH s USING INDEX outbox_sending (channel=? AND address=?)" in steps
    assert "SEARCH b USING INDEX outbox_address (address=? AND lane=? AND rowid<?)" in steps


async def test_the_few_rows_that_go_ahead_are_found_by_their_ids(sqlite: Storage) -> None:
    named = ("broadcast", "webinar", "approved", "now", "since", "limit")
    asked: Values = {**dict.fromkeys(named, 1), "channel": "x", "skip": [], "ahead": [1]}
    async with sqlite.reading() as tx:
        rows = await tx.desk.connection.fetch(f"EXPLAIN QUERY PLAN {bulk.AHEAD}", asked)
    assert any(str(row[3]).startswith("SEARCH o USING INTEGER PRIMARY KEY") for row in rows)


@pytest.mark.parametrize("name", ["COUNT", "ADD_ROWS", "TARGETS"])
async def test_a_recall_finds_rows_by_whom_they_are_for(sqlite: Storage, name: str) -> None:
    statement: str = getattr(recalling, name)
    known: Values = {
        **dict.fromkeys(("about", "after", "upto", "since", "kept", "first", "lane", "due"), 1),
        **{"broadcast": 2, "recalls": [3], "ids": [4]},
    }
    asked = {key: value for key, value in known.items() if f":{key}" in statement}
    async with sqlite.reading() as tx:
        rows = await tx.desk.connection.fetch(f"EXPLAIN QUERY PLAN {statement}", asked)
    steps = [str(row[3]) for row in rows]
    tables = [step for step in steps if step.split()[1] in ("f", "x", "p", "a", "o", "d")]
    assert len(tables) == (2 if name == "TARGETS" else 4)
    assert all(step.startswith("SEARCH") for step in tables)


async def test_what_has_something_to_do_is_found_by_an_index(sqlite: Storage) -> None:
    async with sqlite.reading() as tx:
        rows = await tx.desk.connection.fetch(f"EXPLAIN QUERY PLAN {finding.DUE}", {"now": 1})
    assert not [str(row[3]) for row in rows if str(row[3]) == "SCAN broadcasts"]


async def test_what_a_platform_says_finds_its_row_and_what_is_in_doubt_by_an_index(
    sqlite: Storage,
) -> None:
    asked: Values = {
        **dict.fromkeys(("kept", "other", "channel", "before", "id", "now"), 1),
        **dict.fromkeys(("state", "platform_id", "reason", "fault", "tells", "again"), 1),
        **{"ids": [1], "held": []},
    }
    for statement in (statuses.FIND, statuses.NOTE, statuses.DOUBTFUL, merging.DOUBLE_ROWS):
        known = {key: value for key, value in asked.items() if f":{key}" in statement}
        async with sqlite.reading() as tx:
            rows = await tx.desk.connection.fetch(f"EXPLAIN QUERY PLAN {statement}", known)
        steps = [str(row[3]) for row in rows]
        assert not any(step.startswith(("SCAN o", "SCAN k", "SCAN outbox")) for step in steps)
        assert any(step.startswith("SEARCH o") for step in steps)
