"""Questions that seem to ask the same as another one, as a worker has found them.

Nobody's words are here: two ids and a number. Whether they are put together is for people to say.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from dialogue.stages import Stage
from storage.asking.changing import mark_changed, next_change
from storage.asking.families import like_nothing
from storage.asking.pseudonyms import SERIES
from storage.asking.watching import UNMUTED
from storage.desk import Desk
from storage.engines.port import Value
from storage.engines.times import epoch_ms
from storage.errors import Unreadable
from storage.sealing.vault import Field


@dataclass(frozen=True, slots=True)
class Alike:
    """Another question of the same webinar that seems to ask the same."""

    id: int
    score: int
    """How alike they are, of 1000."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What a question says now."""

    id: int
    text: str | None
    """None once it is nobody's to compare: withdrawn, or its key was destroyed."""
    language: str
    version: int


# What was merged is found as the one that it follows.
OF = f"""
SELECT p.given, q.id, MAX(p.score) FROM (
    SELECT a.question AS given, a.other AS found, a.score FROM alike a
    WHERE a.question IN (SELECT value FROM each_id(:ids) AS first_ids)
    UNION ALL
    SELECT b.other AS given, b.question AS found, b.score FROM alike b
    WHERE b.other IN (SELECT value FROM each_id(:ids) AS second_ids)
) AS p
JOIN questions f ON f.id = p.found
JOIN questions q ON q.id = COALESCE(f.merged_into, f.id)
JOIN questions g ON g.id = p.given
WHERE q.id <> COALESCE(g.merged_into, g.id) AND q.kind = g.kind
  AND q.state NOT IN ('declined', 'withdrawn')
  AND COALESCE(q.webinar, '') = COALESCE(g.webinar, '') AND {UNMUTED}
GROUP BY p.given, q.id ORDER BY p.given, MAX(p.score) DESC, q.id
"""  # noqa: S608 - a constant
# Beside a column alone SQLite does not find COALESCE in an index: it would take on its affinity.
SCOPES = """
SELECT w.id FROM webinars w WHERE EXISTS (
    SELECT 1 FROM questions q WHERE COALESCE(q.webinar, '') = w.id || '' AND q.changed > :version)
ORDER BY w.id
"""
TO_SERIES = """
SELECT 1 FROM questions q WHERE COALESCE(q.webinar, '') = '' AND q.changed > :version LIMIT 1
"""
WORDINGS = """
SELECT q.id, q.text, q.language, q.changed, q.state FROM questions q
WHERE COALESCE(q.webinar, '') = :scope AND q.changed > :version
ORDER BY q.changed DESC, q.id DESC LIMIT :limit
"""
IDS = "SELECT id FROM questions WHERE COALESCE(webinar, '') = :scope"
PAIRS = """
SELECT a.question, a.other, a.score FROM alike a
WHERE a.question IN (SELECT value FROM each_id(:ids) AS first_ids)
UNION
SELECT b.question, b.other, b.score FROM alike b
WHERE b.other IN (SELECT value FROM each_id(:ids) AS second_ids)
"""
# One of the two may have gone while they were compared.
PUT = """
INSERT INTO alike (question, other, score)
SELECT a.id, b.id, CAST(:score AS BIGINT) FROM questions a JOIN questions b ON b.id = :other
WHERE a.id = :question AND a.state <> 'withdrawn' AND b.state <> 'withdrawn'
ON CONFLICT (question, other) DO UPDATE SET score = excluded.score
"""


class Alikes:
    """The pairs in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection

    async def of(self, question_ids: Collection[int]) -> Mapping[int, Sequence[Alike]]:
        """For each of these what it may be merged into, the likest first.

        A question without any is not there. What was merged is found as the one that it follows.
        What was declined or withdrawn is left out, and what came from somebody who is muted; and an
        idea is never put together with a question.
        """
        values: dict[str, Value] = {"ids": [*question_ids], "now": epoch_ms(self._desk.clock())}
        found: dict[int, list[Alike]] = {}
        for given, other, score in await self._connection.fetch(OF, values):
            found.setdefault(given, []).append(Alike(other, score))
        return found

    async def put(self, found: Mapping[int, Sequence[Alike]]) -> None:
        """These questions are like those and like no others; what is gone is passed over.

        Boards see anew what is like some now and was like none, or the other way round: while
        many ask the same at once, each of them is shown anew once and not with every other one.
        """
        new = _pairs(found)
        known = await self._known({id for pair in new for id in pair} | found.keys())
        old = {pair: score for pair, score in known.items() if not found.keys().isdisjoint(pair)}
        if new == old:
            return
        changed = await next_change(self._desk)
        await like_nothing(self._desk, [*found])
        await self._write(new)
        before = {id for pair in known for id in pair}
        after = {id for pair in (known.keys() - old.keys()) | new.keys() for id in pair}
        await mark_changed(self._desk, sorted(before ^ after), changed)

    async def also(self, found: Mapping[int, Sequence[Alike]]) -> None:
        """These questions are like those, too, beside what they are like already."""
        new = _pairs(found)
        known = await self._known({id for pair in new for id in pair})
        if new.items() <= known.items():
            return
        changed = await next_change(self._desk)
        await self._write(new)
        ids = {id for pair in new for id in pair} - {id for pair in known for id in pair}
        await mark_changed(self._desk, sorted(ids), changed)

    async def scopes(self, version: int) -> list[str | None]:
        """The webinars of whose questions some have changed since then; None is the series."""
        rows = await self._connection.fetch(SCOPES, {"version": version})
        series = await self._connection.fetch(TO_SERIES, {"version": version})
        return [*(row[0] for row in rows), *([None] if series else [])]

    async def wordings(self, webinar: str | None, version: int, limit: int) -> list[Wording]:
        """What has changed since then, the last change first, and no more than so many."""
        values: dict[str, Value] = {
            "scope": webinar or SERIES,
            "version": version,
            "limit": limit,
        }
        rows = await self._connection.fetch(WORDINGS, values)
        return [
            Wording(id, self._opened(id, text, state), language, changed)
            for id, text, language, changed, state in rows
        ]

    async def ids(self, webinar: str | None) -> frozenset[int]:
        """All questions of this webinar that there are."""
        rows = await self._connection.fetch(IDS, {"scope": webinar or SERIES})
        return frozenset(row[0] for row in rows)

    async def _known(self, ids: Collection[int]) -> dict[tuple[int, int], int]:
        rows = await self._connection.fetch(PAIRS, {"ids": sorted(ids)})
        return {(row[0], row[1]): row[2] for row in rows}

    async def _write(self, pairs: Mapping[tuple[int, int], int]) -> None:
        values = [{"question": a, "other": b, "score": score} for (a, b), score in pairs.items()]
        await self._connection.run_many(PUT, values)

    def _opened(self, id: int, sealed: bytes, state: str) -> str | None:
        if state == Stage.WITHDRAWN:
            return None
        try:
            return self._desk.vault.open(sealed, Field("questions", "text", id))
        except Unreadable:
            return None


def _pairs(found: Mapping[int, Sequence[Alike]]) -> dict[tuple[int, int], int]:
    return {
        (min(id, other.id), max(id, other.id)): other.score
        for id, others in found.items()
        for other in others
    }
