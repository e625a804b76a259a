"""The sealed ways from questions back to whoever waits for their answers.

A way back is kept until the answer has arrived or retention ends, whichever is first. The message
that carries the answer is noted sealed, too: a row of the outbox leads to nobody's question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dialogue.stages import Seen
from storage.asking.pseudonyms import asker_key
from storage.desk import Desk
from storage.engines.port import Value
from storage.errors import Unreadable
from storage.outbox import State
from storage.sealing.vault import Field


@dataclass(frozen=True, slots=True)
class WayBack:
    """Who waits for the answer to a question.

    Of a question and those that follow it, a supporter is named once, and not if they asked in it.
    """

    question: int
    root: int
    """The question that it follows, or itself."""
    webinar: str | None
    person: int | None
    """Its asker, while they are known."""
    told: Seen
    """What they were told last."""
    supporters: tuple[int, ...]


FAMILY = """
SELECT q.id, q.webinar, COALESCE(q.merged_into, q.id), q.asker, q.told FROM (
    SELECT given.value AS id FROM each_id(:ids) AS given
    UNION
    SELECT f.id FROM each_id(:ids) AS given JOIN questions f ON f.merged_into = given.value
) AS family JOIN questions q ON q.id = family.id
ORDER BY CASE WHEN q.merged_into IS NULL THEN 0 ELSE 1 END, q.ordinal
"""
SUPPORTERS = """
SELECT question, supporter_key, supporter FROM supports
WHERE supporter IS NOT NULL AND question IN (SELECT value FROM each_id(:ids) AS given)
ORDER BY question, supporter_key
"""
NOTE_TOLD = """
UPDATE questions SET told = :seen WHERE id IN (SELECT value FROM each_id(:ids) AS given)
"""
WEBINAR_OF = "SELECT webinar FROM questions WHERE id = :id"
ASKER_SENT = """
UPDATE questions SET sent_in = :sealed
WHERE id = :id AND asker_key = :asker AND asker IS NOT NULL RETURNING id
"""
SUPPORTER_SENT = """
UPDATE supports SET sent_in = :sealed
WHERE question = :id AND supporter_key = :asker AND supporter IS NOT NULL
"""
SENT_TO_ASKERS = "SELECT id, sent_in FROM questions WHERE sent_in IS NOT NULL"
SENT_TO_SUPPORTERS = """
SELECT question, supporter_key, sent_in FROM supports WHERE sent_in IS NOT NULL
"""
OUTCOMES = """
SELECT id, state FROM outbox WHERE id IN (SELECT value FROM each_id(:ids) AS given)
"""
ON_THEIR_WAY = {State.QUEUED, State.SENDING}
ARRIVED = {State.SENT, State.DELIVERED, State.READ}
# What did not arrive may be said another way, while retention lets us.
ASKER_SETTLED = """
UPDATE questions SET sent_in = NULL, asker = CASE WHEN :arrived = 1 THEN NULL ELSE asker END
WHERE id = :id
"""
SUPPORTER_SETTLED = """
UPDATE supports SET sent_in = NULL,
    supporter = CASE WHEN :arrived = 1 THEN NULL ELSE supporter END
WHERE question = :id AND supporter_key = :asker
"""


def supporter_field(column: str, question_id: int, key: str) -> Field:
    """Where what is sealed of a supporter belongs."""
    return Field("supports", column, f"{question_id}:{key}")


async def ways_back(desk: Desk, question_ids: Sequence[int]) -> list[WayBack]:
    """The ways back from these and from all that follow them."""
    family = await desk.connection.fetch(FAMILY, {"ids": [*question_ids]})
    ids: list[int] = [row[0] for row in family]
    roots: dict[int, int] = {row[0]: row[2] for row in family}
    askers = {row[0]: opened(desk, row[3], Field("questions", "asker", row[0])) for row in family}
    known = {(roots[id], person) for id, person in askers.items()}
    supporters: dict[int, list[int]] = {}
    for id, key, sealed in await desk.connection.fetch(SUPPORTERS, {"ids": ids}):
        person = opened(desk, sealed, supporter_field("supporter", id, key))
        if person is not None and (roots[id], person) not in known:
            known.add((roots[id], person))
            supporters.setdefault(id, []).append(person)
    return [
        WayBack(
            question=id,
            root=root,
            webinar=webinar,
            person=askers[id],
            told=Seen(told or Seen.RECEIVED),
            supporters=tuple(supporters.get(id, ())),
        )
        for id, webinar, root, _, told in family
    ]


def opened(desk: Desk, sealed: bytes | None, field: Field) -> int | None:
    """The number that was sealed; None when it was erased, or its key was destroyed."""
    if sealed is None:
        return None
    try:
        return int(desk.vault.open(sealed, field))
    except Unreadable:
        return None


async def note_told(desk: Desk, question_ids: Sequence[int], seen: Seen) -> None:
    """As `Moderation.note_told`."""
    values: dict[str, Value] = {"ids": [*question_ids], "seen": seen}
    await desk.connection.run(NOTE_TOLD, values)


async def note_sent(desk: Desk, question_id: int, person_id: int, delivery_id: int) -> None:
    """As `Moderation.note_sent`."""
    rows = await desk.connection.fetch(WEBINAR_OF, {"id": question_id})
    if not rows:
        return
    webinar: str | None = rows[0][0]
    key = asker_key(desk.vault, person_id, webinar)

    def values(field: Field) -> dict[str, Value]:
        sealed = desk.vault.seal_for(webinar, str(delivery_id), field)
        return {"id": question_id, "asker": key, "sealed": sealed}

    asked = values(Field("questions", "sent_in", question_id))
    if not await desk.connection.fetch(ASKER_SENT, asked):
        supported = values(supporter_field("sent_in", question_id, key))
        await desk.connection.run(SUPPORTER_SENT, supported)


async def erase_arrived(desk: Desk) -> int:
    """As `Moderation.erase_ways`."""
    asked = [
        (opened(desk, sealed, Field("questions", "sent_in", id)), {"id": id})
        for id, sealed in await desk.connection.fetch(SENT_TO_ASKERS)
    ]
    supported = [
        (opened(desk, sealed, supporter_field("sent_in", id, key)), {"id": id, "asker": key})
        for id, key, sealed in await desk.connection.fetch(SENT_TO_SUPPORTERS)
    ]
    sent = [delivery for delivery, _ in (*asked, *supported) if delivery is not None]
    outcomes = {
        id: State(state) for id, state in await desk.connection.fetch(OUTCOMES, {"ids": sent})
    }
    erased = 0
    for statement, ways in ((ASKER_SETTLED, asked), (SUPPORTER_SETTLED, supported)):
        settled: list[dict[str, Value]] = [
            {**way, "arrived": int(outcomes.get(delivery or 0) in ARRIVED)}
            for delivery, way in ways
            if outcomes.get(delivery or 0) not in ON_THEIR_WAY
        ]
        await desk.connection.run_many(statement, settled)
        erased += sum(row["arrived"] == 1 for row in settled)
    return erased
