"""What two people had, in the hands of one of them."""

from __future__ import annotations

import json

from storage.asking.changing import next_change
from storage.asking.pseudonyms import asker_key, asker_keys, message_key
from storage.community.codes import hand_over_code
from storage.community.voices import merge_voices
from storage.desk import Desk
from storage.engines.port import Row, Value, Values
from storage.engines.times import epoch_ms
from storage.errors import Unreadable
from storage.roles import Role
from storage.sealing.vault import Field

REGISTRATIONS = """
SELECT r.id, r.webinar, r.extra, q.id, q.extra FROM registrations r
LEFT JOIN registrations q ON q.person = :kept AND q.webinar = r.webinar
WHERE r.person = :other
"""
# What either was given or agreed to, they were; and what came before either, came before them.
BOTH_REGISTERED = """
UPDATE registrations SET
    approved = (SELECT MAX(x.approved) FROM registrations x WHERE x.id IN (:id, :double)),
    told = (SELECT MAX(x.told) FROM registrations x WHERE x.id IN (:id, :double)),
    hour = (SELECT MIN(x.hour) FROM registrations x WHERE x.id IN (:id, :double)),
    not_before = (SELECT CASE WHEN COUNT(x.not_before) = COUNT(*) THEN MIN(x.not_before) END
                  FROM registrations x WHERE x.id IN (:id, :double))
WHERE id = :id
"""
UNREGISTER = "DELETE FROM registrations WHERE id = :double"
REGISTER = "UPDATE registrations SET person = :kept WHERE person = :other"

QUESTIONS = """
SELECT id, webinar, message FROM questions
WHERE asker_key IN (SELECT value FROM each_text(:askers) AS given)
"""
# A way back that was erased stays erased.
REKEY = """
UPDATE questions SET asker = CASE WHEN asker IS NULL THEN asker ELSE :asker END,
    asker_key = :asker_key, message = :message, message_key = :message_key
WHERE id = :id
"""

# Of the same broadcast: the row that got further stays theirs.
DOUBLE_ROWS = """
SELECT k.id, k.state, k.attempts, o.id, o.state, o.attempts
FROM outbox o JOIN outbox k ON k.broadcast = o.broadcast AND k.person = :kept
WHERE o.person = :other AND o.broadcast IN (SELECT id FROM broadcasts)
"""
PERHAPS_THERE = frozenset({"sending", "sent", "delivered", "read", "unknown"})
NEVER_LEFT = "DELETE FROM outbox WHERE id = :id AND state = 'queued' AND attempts = 0"
# What left stays with its address, so that it is still known to be there.
ON_ITS_OWN = """
UPDATE outbox SET broadcast = NULL, person = NULL, fault = NULL,
    settled = CASE WHEN state = 'queued' THEN :now ELSE settled END,
    state = CASE WHEN state = 'queued' THEN 'suppressed' ELSE state END
WHERE id = :id
"""
ROWS = """
UPDATE outbox SET person = :kept
WHERE person = :other AND broadcast IN (SELECT id FROM broadcasts)
"""

STAFF = "SELECT person, role, state FROM staff WHERE person IN (:kept, :other)"
LEAVE_STAFF = "DELETE FROM staff WHERE person = :person"
JOIN_STAFF = "UPDATE staff SET person = :kept WHERE person = :other"

TALK = "SELECT state FROM talks WHERE person = :other AND state IS NOT NULL"
KEEP_TALK = """
INSERT INTO talks (person, state, hour)
SELECT :kept, :state, t.hour FROM talks t WHERE t.person = :other
ON CONFLICT (person) DO UPDATE SET state = COALESCE(talks.state, excluded.state)
"""
END_TALK = "DELETE FROM talks WHERE person = :other"


async def merge_registrations(desk: Desk, kept: int, other: int) -> None:
    """All places in webinars are theirs; of two in the same one, that with answers."""
    values = {"kept": kept, "other": other}
    for id, webinar, extra, double, extra_there in await desk.connection.fetch(
        REGISTRATIONS, values
    ):
        if double is None:
            continue
        stays, goes = double, id
        if answered(desk, id, extra) and not answered(desk, double, extra_there):
            stays, goes = id, double
        both = {"id": stays, "double": goes, "webinar": webinar}
        await desk.connection.run(BOTH_REGISTERED, both)
        await desk.connection.run(UNREGISTER, both)
    await desk.connection.run(REGISTER, values)


def answered(desk: Desk, id: int, extra: bytes) -> bool:
    """Whether anything was answered to the webinar's own questions."""
    answers = json.loads(desk.vault.open(extra, Field("registrations", "extra", id)))
    return any(answer not in (None, "", []) for answer in answers.values())


async def merge_questions(desk: Desk, kept: int, other: int) -> None:
    """What the other asked, they did; and still nobody can put two webinars' together."""
    changed, askers = await next_change(desk), await asker_keys(desk, other)
    for row in await desk.connection.fetch(QUESTIONS, {"askers": askers}):
        await desk.connection.run(REKEY, rekeyed(desk, kept, row))
    await merge_voices(desk, kept, other, changed)


def rekeyed(desk: Desk, kept: int, row: Row) -> dict[str, Value]:
    """The parameters of REKEY for this row of QUESTIONS."""
    id, webinar, sealed = row

    def seal(column: str, value: str) -> bytes:
        return desk.vault.seal_for(webinar, value, Field("questions", column, id))

    message = None
    if sealed is not None:
        try:
            message = desk.vault.open(sealed, Field("questions", "message", id))
        except Unreadable:
            message = None
    return {
        "id": id,
        "asker": seal("asker", str(kept)),
        "asker_key": asker_key(desk.vault, kept, webinar),
        "message": None if message is None else seal("message", message),
        "message_key": message and message_key(desk.vault, kept, message),
    }


async def merge_deliveries(desk: Desk, kept: int, other: int) -> None:
    """What broadcasts have for the other is theirs, and nothing comes twice."""
    values, now = {"kept": kept, "other": other}, epoch_ms(desk.clock())
    for row in await desk.connection.fetch(DOUBLE_ROWS, values):
        mine, theirs = (further(*row[1:3]), row[0]), (further(*row[4:6]), row[3])
        goes = theirs[1] if mine[0] >= theirs[0] else mine[1]
        await desk.connection.run(NEVER_LEFT, {"id": goes})
        await desk.connection.run(ON_ITS_OWN, {"id": goes, "now": now})
    await desk.connection.run(ROWS, values)


def further(state: str, attempts: int) -> tuple[int, int]:
    """How far a row has come: what has perhaps arrived stands before what still may, and that
    before what never will."""
    return 2 if state in PERHAPS_THERE else int(state == "queued"), attempts


async def merge_roles(desk: Desk, kept: int, other: int) -> None:
    """Powers that have begun stand before those that have not, and then the higher ones."""
    values: Values = {"kept": kept, "other": other}
    rows = await desk.connection.fetch(STAFF, values)
    rows = sorted(rows, key=lambda row: (row[2] != "active", [*Role].index(Role(row[1]))))
    if rows:
        await hand_over_code(desk, kept, other, rows[0][0])
    if len(rows) == 2:
        await desk.connection.run(LEAVE_STAFF, {"person": rows[1][0]})
    await desk.connection.run(JOIN_STAFF, values)


async def merge_talks(desk: Desk, kept: int, other: int) -> None:
    """Their own conversation goes on; where they have none, the other's does."""
    rows = await desk.connection.fetch(TALK, {"other": other})
    if rows:
        opened = desk.vault.open(rows[0][0], Field("talks", "state", other))
        sealed = desk.vault.seal(opened, Field("talks", "state", kept))
        values: dict[str, Value] = {"kept": kept, "other": other, "state": sealed}
        await desk.connection.run(KEEP_TALK, values)
    await desk.connection.run(END_TALK, {"other": other})
