"""Answers that experts sent by mail: proposals, until a moderator takes or leaves them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from dialogue.stages import ANSWERABLE
from storage.desk import Desk
from storage.engines.port import Row, Value, Values
from storage.engines.times import hour_of
from storage.errors import Unreadable
from storage.sealing.vault import Field, Vault


@dataclass(frozen=True, slots=True)
class Proposal:
    """An answer to a question; nothing tells which of the experts sent it."""

    id: int
    question: int
    webinar: str
    text: str


# No index leads to them, so all that a mail names are looked for at once.
QUESTIONS = """
SELECT ordinal, id, webinar FROM questions
WHERE ordinal IN (SELECT value FROM each_id(:references) AS given)
  AND kind = 'question' AND webinar IS NOT NULL
  AND state IN (SELECT value FROM each_text(:stages) AS given)
"""
PUT = """
INSERT INTO proposals (id, question, key, text, hour)
VALUES (:id, :question, :key, :text, :hour)
ON CONFLICT (key) DO NOTHING RETURNING id
"""
REPLACE = "DELETE FROM proposals WHERE key = :key"
COLUMNS = "p.id, p.question, q.webinar, p.text"
# There are few proposals and many questions, so these are looked up for those: SQLite keeps to the
# order of a CROSS JOIN.
OF = f"""
SELECT {COLUMNS} FROM proposals p CROSS JOIN questions q
WHERE q.id = p.question AND q.webinar = :webinar
  AND q.state IN (SELECT value FROM each_text(:stages) AS given)
ORDER BY q.ordinal, p.id
"""  # noqa: S608 - a constant
COUNT = """
SELECT COUNT(*) FROM proposals p CROSS JOIN questions q
WHERE q.id = p.question AND q.webinar = :webinar
  AND q.state IN (SELECT value FROM each_text(:stages) AS given)
"""
GET = f"""
SELECT {COLUMNS} FROM proposals p JOIN questions q ON q.id = p.question
WHERE p.id = :id AND q.state IN (SELECT value FROM each_text(:stages) AS given)
"""  # noqa: S608 - a constant
DROP = "DELETE FROM proposals WHERE id = :id RETURNING id"
SPENT = """
DELETE FROM proposals WHERE NOT EXISTS (
    SELECT 1 FROM questions q WHERE q.id = proposals.question
      AND q.state IN (SELECT value FROM each_text(:stages) AS given)) RETURNING id
"""
ANSWERED = "SELECT DISTINCT question FROM proposals"
NO_KEYS = "DELETE FROM proposals WHERE key IN (SELECT value FROM each_text(:keys) AS given)"
STAGES = sorted(ANSWERABLE)


class Proposals:
    """The proposed answers in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection
        self._vault = desk.vault

    async def about(self, references: Collection[int]) -> Mapping[int, tuple[int, str]]:
        """The questions that these marks name, with their webinars, that may be answered."""
        if not references:
            return {}
        values: Values = {"references": [*references], "stages": [*STAGES]}
        rows = await self._connection.fetch(QUESTIONS, values)
        return {reference: (id, webinar) for reference, id, webinar in rows}

    async def put(
        self, question: int, webinar: str, account: str, text: str, now: datetime
    ) -> None:
        """This account answers it so; in place of what it answered before."""
        key = key_of(self._vault, question, account)
        id = self._desk.ids.person()
        sealed = self._vault.seal_for(webinar, text, Field("proposals", "text", id))
        values: dict[str, Value] = {
            "id": id,
            "question": question,
            "key": key,
            "text": sealed,
            "hour": hour_of(now),
        }
        await self._connection.run(REPLACE, {"key": key})
        await self._connection.fetch(PUT, values)

    async def of(self, webinar: str) -> list[Proposal]:
        """All to this webinar's questions that wait for a moderator."""
        values: Values = {"webinar": webinar, "stages": [*STAGES]}
        return self._read(await self._connection.fetch(OF, values))

    async def count(self, webinar: str) -> int:
        """How many those are."""
        values: Values = {"webinar": webinar, "stages": [*STAGES]}
        ((count,),) = await self._connection.fetch(COUNT, values)
        return count

    async def get(self, proposal_id: int) -> Proposal | None:
        """This one, while its question may be answered."""
        values: Values = {"id": proposal_id, "stages": [*STAGES]}
        return next(iter(self._read(await self._connection.fetch(GET, values))), None)

    async def drop(self, proposal_id: int) -> bool:
        """It was taken or left; False when somebody else was faster."""
        return bool(await self._connection.fetch(DROP, {"id": proposal_id}))

    def _read(self, rows: list[Row]) -> list[Proposal]:
        found: list[Proposal] = []
        for id, question, webinar, sealed in rows:
            try:
                text = self._vault.open(sealed, Field("proposals", "text", id))
            except Unreadable:
                continue
            found.append(Proposal(id, question, webinar, text))
        return found


async def clear_proposals(desk: Desk) -> int:
    """Erase those to questions that are gone, or to be answered no more; how many."""
    return len(await desk.connection.fetch(SPENT, {"stages": [*STAGES]}))


async def forget_proposals(desk: Desk, account: str) -> None:
    """Erase what came from there and nobody took."""
    rows = await desk.connection.fetch(ANSWERED)
    keys = [key_of(desk.vault, row[0], account) for row in rows]
    await desk.connection.run(NO_KEYS, {"keys": keys})


def key_of(vault: Vault, question: int, account: str) -> str:
    """By which the answer of this account to this question is known."""
    return vault.index("proposal", str(question), account)
