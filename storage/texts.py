"""The interpreters' desk: questions and answers that are wanted in another language.

Only what an interpreter has approved is anybody else's to read. What was translated is wanted
again once its original is another one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from storage.answering import Part
from storage.changing import mark_changed, next_change
from storage.claims import LASTING, Claimed
from storage.desk import Desk
from storage.errors import Unreadable
from storage.port import Row, Value
from storage.questions import SERIES
from storage.roles import Role
from storage.times import epoch_ms
from storage.vault import Field

__all__ = ["Part", "Text", "Texts", "Translated"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text at the interpreters' desk."""

    id: int
    question: int
    webinar: str | None
    part: Part
    language: str
    """Into which it is to be put."""
    original: str
    original_language: str
    text: str | None
    """What an interpreter made of it; of an earlier original while it is wanted again."""
    draft: str | None
    """What a machine made of it, unread."""
    approved: bool


@dataclass(frozen=True, slots=True)
class Translated:
    """An approved translation."""

    question: int
    part: Part
    language: str
    text: str


WANT = """
INSERT INTO texts (id, question, part, language, state)
VALUES (:id, :question, :part, :language, 'wanted')
ON CONFLICT (question, part, language) DO NOTHING RETURNING id
"""
COLUMNS = """t.id, t.question, t.part, t.language, t.text, t.draft, t.state, q.webinar, q.text,
       q.language, q.answer, q.answered_language"""
"""Of `texts t` and `questions q`."""
GET = f"""
SELECT {COLUMNS} FROM texts t JOIN questions q ON q.id = t.question WHERE t.id = :id
"""  # noqa: S608 - a constant
# What is put first is needed first.
NEXT = """
SELECT t.id FROM texts t JOIN questions q ON q.id = t.question
WHERE t.state <> 'approved' AND COALESCE(q.webinar, '') = :scope
  AND t.language IN (SELECT value FROM each_text(:languages) AS given)
  AND q.state NOT IN ('withdrawn', 'declined', 'merged')
  AND (t.claimed_until IS NULL OR t.claimed_until <= :now OR t.claimed_by = :staff)
  AND t.id NOT IN (SELECT value FROM each_id(:skip) AS passed)
ORDER BY CASE q.state WHEN 'live' THEN 0 WHEN 'queued' THEN 1 WHEN 'answered' THEN 2
                      WHEN 'follow_up' THEN 2 ELSE 3 END, q.supports DESC, q.ordinal, t.id
LIMIT 1 skip_locked(t)
"""
CLAIM = """
UPDATE texts SET claimed_by = :staff, claimed_until = :until,
    state = CASE WHEN state = 'wanted' THEN 'claimed' ELSE state END
WHERE id = :id AND (claimed_until IS NULL OR claimed_until <= :now OR claimed_by = :staff)
RETURNING id
"""
RELEASE = """
UPDATE texts SET claimed_by = NULL, claimed_until = NULL,
    state = CASE WHEN state = 'claimed' THEN 'wanted' ELSE state END
WHERE id = :id AND claimed_by = :staff RETURNING id
"""
HOLDER = """
SELECT f.role FROM texts t LEFT JOIN staff f ON f.person = t.claimed_by AND f.state = 'active'
WHERE t.id = :id AND t.claimed_until > :now AND t.claimed_by <> :staff
"""
APPROVE = """
UPDATE texts SET text = :text, state = 'approved', draft = NULL, claimed_by = NULL,
    claimed_until = NULL
WHERE id = :id AND (claimed_until IS NULL OR claimed_until <= :now OR claimed_by = :staff)
RETURNING question
"""
DRAFT = "UPDATE texts SET draft = :draft WHERE id = :id AND state <> 'approved' RETURNING id"
UNDRAFTED = """
SELECT id FROM texts WHERE state <> 'approved' AND draft IS NULL ORDER BY id LIMIT :limit
"""
APPROVED = """
SELECT id, question, part, language, text FROM texts
WHERE state = 'approved' AND question IN (SELECT value FROM each_id(:ids) AS given)
ORDER BY question, part, language
"""
COUNT = """
SELECT COUNT(*) FROM texts t JOIN questions q ON q.id = t.question
WHERE t.state <> 'approved' AND COALESCE(q.webinar, '') = :scope
  AND t.language IN (SELECT value FROM each_text(:languages) AS given)
  AND q.state NOT IN ('withdrawn', 'declined', 'merged')
"""


class Texts:
    """The interpreters' desk in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection
        self._vault = desk.vault

    async def want(self, question_id: int, part: Part, language: str) -> int | None:
        """Have this put into the language; its id, None when it was wanted already."""
        values: dict[str, Value] = {
            "id": self._desk.ids.person(),
            "question": question_id,
            "part": part,
            "language": language,
        }
        rows = await self._connection.fetch(WANT, values)
        return rows[0][0] if rows else None

    async def next(
        self,
        webinar: str | None,
        staff_id: int,
        languages: Collection[str],
        now: datetime,
        skip: Collection[int] = (),
    ) -> Text | None:
        """The text that is needed first in one of these languages and nobody else has, claimed."""
        await next_change(self._desk)
        values: dict[str, Value] = {
            "scope": webinar or SERIES,
            "staff": staff_id,
            "languages": [*languages],
            "now": epoch_ms(now),
            "skip": [*skip],
        }
        rows = await self._connection.fetch(NEXT, values)
        if not rows:
            return None
        found = await self.claim(rows[0][0], staff_id, now)
        return found if isinstance(found, Text) else None

    async def claim(self, text_id: int, staff_id: int, now: datetime) -> Text | Claimed | None:
        """Take it for five minutes; or who else has it; None when it is gone."""
        values: dict[str, Value] = {
            "id": text_id,
            "staff": staff_id,
            "until": epoch_ms(now + LASTING),
            "now": epoch_ms(now),
        }
        if await self._connection.fetch(CLAIM, values):
            return await self.get(text_id)
        rows = await self._connection.fetch(HOLDER, values)
        return Claimed(Role(rows[0][0] or Role.INTERPRETER)) if rows else None

    async def release(self, text_id: int, staff_id: int) -> bool:
        """Give it back; False when this member of staff did not have it."""
        values = {"id": text_id, "staff": staff_id}
        return bool(await self._connection.fetch(RELEASE, values))

    async def get(self, text_id: int) -> Text | None:
        """This text as it is now."""
        rows = await self._connection.fetch(GET, {"id": text_id})
        return self._text_from(rows[0]) if rows else None

    async def approve(self, text_id: int, staff_id: int, text: str, now: datetime) -> bool:
        """This is what it says in its language; False when somebody else has it, or it is gone."""
        changed = await next_change(self._desk)
        known = await self.get(text_id)
        if known is None:
            return False
        sealed = self._vault.seal_for(known.webinar, text, Field("texts", "text", text_id))
        values: dict[str, Value] = {
            "id": text_id,
            "staff": staff_id,
            "text": sealed,
            "now": epoch_ms(now),
        }
        if not await self._connection.fetch(APPROVE, values):
            return False
        await mark_changed(self._desk, [known.question], changed)
        return True

    async def put_draft(self, text_id: int, draft: str) -> bool:
        """What a machine made of it; False when an interpreter was faster."""
        known = await self.get(text_id)
        if known is None:
            return False
        sealed = self._vault.seal_for(known.webinar, draft, Field("texts", "draft", text_id))
        return bool(await self._connection.fetch(DRAFT, {"id": text_id, "draft": sealed}))

    async def undrafted(self, limit: int) -> list[int]:
        """The ids of so many that no machine has seen and no interpreter has approved."""
        rows = await self._connection.fetch(UNDRAFTED, {"limit": limit})
        return [row[0] for row in rows]

    async def waiting(self, webinar: str | None, languages: Collection[str]) -> int:
        """How many are wanted in these languages."""
        values: dict[str, Value] = {"scope": webinar or SERIES, "languages": [*languages]}
        ((count,),) = await self._connection.fetch(COUNT, values)
        return count

    async def approved(self, question_ids: Sequence[int]) -> list[Translated]:
        """All approved translations of these questions and their answers."""
        rows = await self._connection.fetch(APPROVED, {"ids": [*question_ids]})
        found: list[Translated] = []
        for id, question, part, language, sealed in rows:
            try:
                text = self._vault.open(sealed, Field("texts", "text", id))
            except Unreadable:
                continue
            found.append(Translated(question, cast(Part, part), language, text))
        return found

    def _text_from(self, row: Row) -> Text:
        """The text in a row of COLUMNS."""
        (id, question, part, language, text, draft, state, webinar, asked, asked_in, answer,
         answered_in) = row  # fmt: skip

        def opened(table: str, column: str, row_id: int, sealed: bytes | None) -> str | None:
            return (
                None if sealed is None else self._vault.open(sealed, Field(table, column, row_id))
            )

        answered = part == "answer"
        column, sealed = ("answer", answer) if answered else ("text", asked)
        original = opened("questions", column, question, sealed)
        return Text(
            id=id,
            question=question,
            webinar=webinar,
            part=cast(Part, part),
            language=language,
            original=original or "",
            original_language=(answered_in if answered else None) or asked_in,
            text=opened("texts", "text", id, text),
            draft=opened("texts", "draft", id, draft),
            approved=state == "approved",
        )
