"""Among ten thousand questions each is found by an index, on either engine."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from storage import Storage, Transaction
from storage.asking import (
    alike,
    claims,
    deciding,
    drafts,
    families,
    hush,
    picking,
    support,
    text_claims,
    texts,
    watching,
    ways_back,
)
from storage.asking import questions as asked
from storage.asking.picking import Order
from storage.community import leaving, voices
from storage.engines.port import Value
from tests.storage.conftest import Clock

MANY = 10_000
FILL = """
INSERT INTO questions (id, webinar, kind, text, anonymous, language, state, asker_key, ordinal,
                       hour, changed)
SELECT value, 'w' || (value % 10), 'question', :text, 1, 'ar',
       CASE value % 3 WHEN 0 THEN 'received' WHEN 1 THEN 'approved' ELSE 'answered' END,
       'k' || (value % 2000), value, 0, value
FROM each_id(:ids) AS given
"""
VOICES = """
INSERT INTO supports (question, supporter_key)
SELECT value, 'k' || (value * 7 % 2000) FROM each_id(:ids) AS given
"""
TEXTS = """
INSERT INTO texts (id, question, part, language, state)
SELECT value, value, 'question', 'en', CASE WHEN value % 50 = 0 THEN 'wanted' ELSE 'approved' END
FROM each_id(:ids) AS given
"""
PAIRS = """
INSERT INTO alike (question, other, score)
SELECT value, value * 13 % 10000, 500 FROM each_id(:ids) AS given
"""
ASKED: Mapping[str, Value] = {
    **dict.fromkeys(("id", "staff", "limit"), 3),
    **dict.fromkeys(("now", "until", "after", "root", "person", "kept", "other"), 1),
    **{"version": MANY - 10, "changed": MANY + 1, "judged": 0, "to": "queued", "reason": None},
    **{"scope": "w3", "stage": "approved", "voice": "k3", "asker": "k3", "key": "k3"},
    **{"languages": ["en"], "theirs": ["received"], "stages": ["received"], "seen": "received"},
    **{"ids": [3, 4], "skip": [5], "askers": ["k3", "k4"], "keys": ["k3"], "sealed": None},
    **{"kind": "mute", "flagged": 0, "fit": 0},
    "queues": 0,
}
STATEMENTS = {
    "the next new one": picking.PICK_NEW[Order.OLDEST],
    "the newest": picking.PICK_NEW[Order.NEWEST],
    "the next that is supported": picking.PICK_THERE[Order.SUPPORTED],
    "the next in fair order": picking.PICK_NEW[Order.FAIR],
    "a claim": claims.CLAIM,
    "who has it": claims.HOLDER,
    "holding it on": claims.HOLD,
    "a question to move": deciding.GET,
    "a move": deciding.MOVE,
    "a merge": deciding.MERGE,
    "a root": deciding.ROOT,
    "what has changed": watching.CHANGED,
    "the last at some stages": watching.LISTED,
    "the counts": watching.COUNTS,
    "a family": ways_back.FAMILY,
    "its supporters": ways_back.SUPPORTERS,
    "what was sent": ways_back.SENT_TO_ASKERS,
    "who was told": ways_back.NOTE_TOLD,
    "voices": families.RECOUNT,
    "followers": families.FREE,
    "what one may support": support.OFFERED,
    "what one supports": support.SUPPORTED,
    "whether one asked it": support.ASKED,
    "one's own": asked.OF_ASKER,
    "one's own to change": asked.OWN,
    "what leaves with somebody": leaving.NEVER_GIVEN_OF_ASKER,
    "what is theirs": voices.THEIRS,
    "who is hushed": hush.HUSHED,
    "what is said of an asker": hush.OF_ASKER,
    "the next text": texts.NEXT,
    "holding a text on": text_claims.HOLD,
    "who has texts": text_claims.HOLDERS,
    "what waits for interpreters": texts.LISTED,
    "how much waits for them": texts.COUNT,
    "what no machine has seen": drafts.UNDRAFTED,
    "translations": texts.APPROVED,
    "what is alike": alike.OF,
    "pairs": alike.PAIRS,
    "pairs that go": families.NO_LIKES[0],
    "pairs that go, too": families.NO_LIKES[1],
    "what was put in other words": alike.WORDINGS,
    "where something has changed": alike.SCOPES,
    "whether the series has changed": alike.TO_SERIES,
}
WHOLE = re.compile(
    r"SCAN (?:questions|supports|texts|alike|q|r|h|f|g|s|t|a|b)\b"
    r"(?! USING INDEX (?:questions|supports|texts|alike)_)"
    r"|Seq Scan on (?:questions|supports|texts|alike)"
)


async def plan(tx: Transaction, statement: str) -> str:
    """How the engine goes about it, in its own words."""
    fetch, engine = tx.desk.connection.fetch, type(tx.desk.connection).__name__
    explain = "EXPLAIN QUERY PLAN " if engine.startswith("Sqlite") else "EXPLAIN "
    rows = await fetch(explain + statement, ASKED)
    return "\n".join(str(row[-1]) for row in rows)


@pytest.mark.timeout(240)
async def test_nothing_reads_all_questions_to_find_a_few(storage: Storage, clock: Clock) -> None:
    values: dict[str, Value] = {"ids": [*range(1, MANY + 1)], "text": bytes(80)}
    async with storage.transaction() as tx:
        for fill in (FILL, VOICES, TEXTS, PAIRS):
            await tx.desk.connection.run(fill, values)
        await tx.desk.connection.run("ANALYZE")
    async with storage.transaction() as tx:
        plans = {name: await plan(tx, statement) for name, statement in STATEMENTS.items()}
    assert {name: found for name, found in plans.items() if WHOLE.search(found)} == {}
