"""«Me too»: whose question somebody else's is as well. One voice each, and nobody knows whose."""

from __future__ import annotations

from dataclasses import dataclass

from storage.asking.changing import next_change
from storage.asking.families import recount
from storage.asking.pseudonyms import SERIES, asker_key, asker_keys
from storage.asking.ways_back import supporter_field
from storage.desk import Desk
from storage.engines.port import Value
from storage.sealing.vault import Field


@dataclass(frozen=True, slots=True)
class Offered:
    """Somebody else's approved question, which one may support."""

    id: int
    text: str
    language: str
    supports: int
    supported: bool
    """By whoever looks at it."""


@dataclass(frozen=True, slots=True)
class Supported:
    """A question that somebody supports, as it was put."""

    webinar: str | None
    text: str


# A button of a question that was merged since is one for the question that it follows.
OPEN = """
SELECT r.id, r.webinar FROM questions q JOIN questions r ON r.id = COALESCE(q.merged_into, q.id)
WHERE q.id = :id AND r.state = 'approved'
"""
ASKED = """
SELECT 1 FROM questions WHERE (id = :id OR merged_into = :id) AND asker_key = :voice
"""
ADD = """
INSERT INTO supports (question, supporter_key, supporter) VALUES (:id, :voice, :supporter)
ON CONFLICT (question, supporter_key) DO NOTHING RETURNING question
"""
# Their voice for this one may lie with one that follows it.
WITHDRAW = """
DELETE FROM supports WHERE supporter_key = :voice AND question IN (
    SELECT id FROM questions WHERE id = :id OR merged_into = :id) RETURNING question
"""
SUPPORTED = """
SELECT DISTINCT COALESCE(q.merged_into, q.id) FROM supports s JOIN questions q ON q.id = s.question
WHERE s.supporter_key = :voice
"""
OF_PERSON = """
SELECT q.id, q.webinar, q.text FROM supports s JOIN questions q ON q.id = s.question
WHERE s.supporter_key IN (SELECT value FROM each_text(:voices) AS given) ORDER BY q.ordinal
"""
OFFERED = """
SELECT q.id, q.text, q.language, q.supports FROM questions q
WHERE COALESCE(q.webinar, '') = :scope AND q.state = 'approved' AND q.kind = 'question'
  AND (q.asker_key IS NULL OR q.asker_key <> :voice)
ORDER BY q.supports DESC, q.ordinal LIMIT :limit OFFSET :after
"""


class Support:
    """The voices in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection

    async def add(self, question_id: int, person_id: int) -> bool:
        """This person wants to know, too; False when they asked it, supported it already, or it
        is not approved (any more)."""
        changed = await next_change(self._desk)
        found = await self._open(question_id, person_id)
        if found is None:
            return False
        root, webinar, voice = found
        values: dict[str, Value] = {"id": root, "voice": voice}
        if await self._connection.fetch(ASKED, values):
            return False
        if root in await self._supported(voice):
            return False
        field = supporter_field("supporter", root, voice)
        sealed = self._desk.vault.seal_for(webinar, str(person_id), field)
        await self._connection.fetch(ADD, {**values, "supporter": sealed})
        await recount(self._desk, [root], changed)
        return True

    async def withdraw(self, question_id: int, person_id: int) -> bool:
        """They do not any more; False when they did not, or it is not approved (any more)."""
        changed = await next_change(self._desk)
        found = await self._open(question_id, person_id)
        if found is None:
            return False
        root, _, voice = found
        if not await self._connection.fetch(WITHDRAW, {"id": root, "voice": voice}):
            return False
        await recount(self._desk, [root], changed)
        return True

    async def supported(self, person_id: int, webinar: str | None) -> frozenset[int]:
        """Which questions of this webinar they support."""
        return await self._supported(asker_key(self._desk.vault, person_id, webinar))

    async def of(self, person_id: int) -> list[Supported]:
        """All that this person supports, whichever webinar it is for."""
        voices = await asker_keys(self._desk, person_id)
        return [
            Supported(webinar, self._desk.vault.open(text, Field("questions", "text", id)))
            for id, webinar, text in await self._connection.fetch(OF_PERSON, {"voices": voices})
        ]

    async def offered(
        self, webinar: str | None, person_id: int, limit: int, after: int = 0
    ) -> list[Offered]:
        """The approved questions of others, the most supported first: so many, after so many."""
        voice = asker_key(self._desk.vault, person_id, webinar)
        values: dict[str, Value] = {
            "scope": webinar or SERIES,
            "voice": voice,
            "limit": limit,
            "after": after,
        }
        supported = await self._supported(voice)
        return [
            Offered(
                id, self._desk.vault.open(text, Field("questions", "text", id)), language, supports,
                id in supported,
            )
            for id, text, language, supports in await self._connection.fetch(OFFERED, values)
        ]  # fmt: skip

    async def _open(self, question_id: int, person_id: int) -> tuple[int, str | None, str] | None:
        rows = await self._connection.fetch(OPEN, {"id": question_id})
        if not rows:
            return None
        root, webinar = rows[0]
        return root, webinar, asker_key(self._desk.vault, person_id, webinar)

    async def _supported(self, voice: str) -> frozenset[int]:
        rows = await self._connection.fetch(SUPPORTED, {"voice": voice})
        return frozenset(row[0] for row in rows)
