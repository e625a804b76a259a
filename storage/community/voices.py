"""Voices, mutes, strikes and reveals of two people, in the hands of one of them."""

from __future__ import annotations

from storage.asking.families import recount
from storage.asking.pseudonyms import ALL_WEBINARS, SERIES, asker_key
from storage.asking.ways_back import opened, supporter_field
from storage.desk import Desk
from storage.engines.port import Row, Value
from storage.sealing.vault import Field

VOICES = """
SELECT s.question, s.supporter_key, s.supporter, s.sent_in, q.webinar
FROM supports s JOIN questions q ON q.id = s.question
WHERE s.supporter_key IN (SELECT value FROM each_text(:keys) AS given)
"""
DROP = "DELETE FROM supports WHERE question = :question AND supporter_key = :key"
HAND_OVER = """
UPDATE supports SET supporter_key = :kept, supporter = :supporter, sent_in = :sent_in
WHERE question = :question AND supporter_key = :key
"""
# What either has against them, they have; the longer time is the one.
MUTE = """
INSERT INTO hushed (key, webinar, kind, until)
SELECT CAST(:kept AS TEXT), m.webinar, m.kind, m.until FROM hushed m WHERE m.key = :key
ON CONFLICT (key, kind) DO UPDATE SET until = CASE WHEN hushed.until > excluded.until
    THEN hushed.until ELSE excluded.until END
"""
UNMUTE = "DELETE FROM hushed WHERE key = :key"
STRIKES = """
INSERT INTO strikes (key, webinar, count)
SELECT CAST(:kept AS TEXT), m.webinar, m.count FROM strikes m WHERE m.key = :key
ON CONFLICT (key) DO UPDATE SET count = strikes.count + excluded.count
"""
NO_STRIKES = "DELETE FROM strikes WHERE key = :key"
# Who waited twice waits once.
AWAITED = """
UPDATE awaited SET key = :kept WHERE key = :key AND NOT EXISTS (
    SELECT 1 FROM awaited a WHERE a.key = :kept AND a.question = awaited.question)
"""
NO_AWAITED = "DELETE FROM awaited WHERE key = :key"
REVEALED = "UPDATE reveals SET asker_key = :kept WHERE asker_key = :key"
CLAIMS = (
    """UPDATE questions SET claimed_by = :kept
    WHERE claimed_until IS NOT NULL AND claimed_by = :other""",
    "UPDATE texts SET claimed_by = :kept WHERE state <> 'approved' AND claimed_by = :other",
)
THEIRS = """
SELECT COALESCE(merged_into, id) FROM questions
WHERE asker_key IN (SELECT value FROM each_text(:keys) AS given)
UNION
SELECT COALESCE(q.merged_into, q.id) FROM supports s JOIN questions q ON q.id = s.question
WHERE s.supporter_key IN (SELECT value FROM each_text(:keys) AS given)
"""


async def merge_voices(desk: Desk, kept: int, other: int, changed: int) -> None:
    """Of two voices for one question one is left, and none for one's own; after their questions."""
    scopes = [SERIES, *(row[0] for row in await desk.connection.fetch(ALL_WEBINARS))]
    keys = {
        asker_key(desk.vault, other, each): asker_key(desk.vault, kept, each) for each in scopes
    }
    mine = await desk.connection.fetch(VOICES, {"keys": [*keys.values()]})
    have = {row[0] for row in mine}
    for row in await desk.connection.fetch(VOICES, {"keys": [*keys]}):
        if row[0] in have:
            await desk.connection.run(DROP, {"question": row[0], "key": row[1]})
        else:
            await desk.connection.run(HAND_OVER, handed_over(desk, kept, keys[row[1]], row))
    pairs = [{"key": theirs, "kept": ours} for theirs, ours in keys.items()]
    gone = [{"key": theirs} for theirs in keys]
    for adds, removes in ((MUTE, UNMUTE), (STRIKES, NO_STRIKES), (AWAITED, NO_AWAITED)):
        await desk.connection.run_many(adds, pairs)
        await desk.connection.run_many(removes, gone)
    await desk.connection.run_many(REVEALED, pairs)
    for statement in CLAIMS:
        await desk.connection.run(statement, {"kept": kept, "other": other})
    rows = await desk.connection.fetch(THEIRS, {"keys": [*keys.values()]})
    await recount(desk, sorted(row[0] for row in rows), changed)


def handed_over(desk: Desk, kept: int, key: str, row: Row) -> dict[str, Value]:
    """The parameters of HAND_OVER for this row of VOICES; what was erased stays erased."""
    question, old, supporter, sent_in, webinar = row

    def sealed(column: str, value: int | None) -> bytes | None:
        if value is None:
            return None
        field: Field = supporter_field(column, question, key)
        return desk.vault.seal_for(webinar, str(value), field)

    known = opened(desk, supporter, supporter_field("supporter", question, old))
    delivery = opened(desk, sent_in, supporter_field("sent_in", question, old))
    return {
        "question": question,
        "key": old,
        "kept": key,
        "supporter": sealed("supporter", None if known is None else kept),
        "sent_in": sealed("sent_in", delivery),
    }
