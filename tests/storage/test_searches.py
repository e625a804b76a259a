"""What is looked for again and again, among very many rows, is found by its index."""

from __future__ import annotations

import pytest

from storage import Storage, retention, sweep
from storage.asking import alike, awaited, proposals
from storage.broadcasting import ahead
from storage.community import proofs, registrations
from storage.engines.port import Value

LISTS = ("webinars", "skip", "stages")
FOUND = {
    "letters that are to go": (retention.LETTERS, "INDEX mailbox_hour (hour<?)"),
    "letters that were read": (
        retention.READ_LETTERS,
        "INDEX mailbox_acknowledged (acknowledged<?)",
    ),
    "who was silent, of some": (sweep.SILENT, "SEARCH p USING INTEGER PRIMARY KEY (rowid>? AND"),
    "who leaves with a webinar, of some": (sweep.LEAVING, "(webinar=? AND person>? AND person<?)"),
    "whom an organiser is to agree to": (registrations.WAITING, "INDEX registrations_waiting"),
    "how many those are": (registrations.COUNT_WAITING, "INDEX registrations_waiting"),
    "a page of those registered": (registrations.LISTED, "INDEX registrations_hour"),
    "where questions have changed": (alike.SCOPES, "SEARCH q USING INDEX questions_changed"),
    "what experts proposed": (proposals.OF, "SEARCH q USING INTEGER PRIMARY KEY"),
    "how much they proposed": (proposals.COUNT, "SEARCH q USING INTEGER PRIMARY KEY"),
    "who has waited for long enough": (awaited.OVERDUE, "INDEX awaited_due (due<?)"),
    "addresses that are to be proved": (proofs.WAITING, "INDEX proofs_waiting (state=?)"),
    "proofs that were being sent": (proofs.RECOVER, "INDEX proofs_waiting (state=?)"),
    "who gets a picture first": (ahead.FIRST, "INDEX outbox_bulk (broadcast=? AND channel=?"),
}
SORTED = "TEMP B-TREE FOR ORDER BY"


@pytest.mark.parametrize("name", FOUND)
async def test_it_is_found_by_its_index(sqlite: Storage, name: str) -> None:
    statement, how = FOUND[name]
    known = (
        *("before", "after", "upto", "all_future", "webinar", "limit", "version", "now"),
        *("since", "id", "channel", "language"),
    )
    values: dict[str, Value] = {each: 1 for each in known if f":{each}" in statement}
    values |= {each: ["x"] for each in LISTS if f":{each}" in statement}
    async with sqlite.reading() as tx:
        rows = await tx.desk.connection.fetch(f"EXPLAIN QUERY PLAN {statement}", values)
    steps = [str(row[3]) for row in rows]
    assert any(how in step for step in steps), steps
    if name in ("a page of those registered", "who gets a picture first"):
        assert not any(SORTED in step for step in steps), steps
