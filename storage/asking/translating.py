"""A text at the interpreters' desk: its original, and what stands for it in another language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from storage.asking.answering import Part
from storage.desk import Desk
from storage.engines.port import Row
from storage.engines.times import moment
from storage.sealing.vault import Field, Vault


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
    claimed_until: datetime | None = None
    """So long somebody has it in hand, unless it is put down before."""


@dataclass(frozen=True, slots=True)
class Translated:
    """An approved translation."""

    question: int
    part: Part
    language: str
    text: str


COLUMNS = """t.id, t.question, t.part, t.language, t.text, t.draft, t.state, q.webinar, q.text,
       q.language, q.answer, q.answered_language, t.claimed_until"""
"""Of `texts t` and `questions q`."""
FROM = """CASE WHEN t.part = 'answer' THEN COALESCE(q.answered_language, q.language)
         ELSE q.language END"""
"""The language of the original."""
STANDING = f"""t.language <> {FROM} AND (
    (t.part = 'question' AND q.state IN ('approved', 'queued', 'live', 'follow_up', 'answered'))
    OR (t.part = 'answer' AND q.state = 'answered' AND q.answer IS NOT NULL))"""
"""Its original is what people are to read: nobody puts into words what may never be put."""
GET = f"""
SELECT {COLUMNS} FROM texts t JOIN questions q ON q.id = t.question
WHERE t.id = :id AND {STANDING}
"""  # noqa: S608 - constants


async def get_text(desk: Desk, text_id: int) -> Text | None:
    """As `Texts.get`."""
    rows = await desk.connection.fetch(GET, {"id": text_id})
    return text_from(desk.vault, rows[0]) if rows else None


def text_from(vault: Vault, row: Row) -> Text:
    """The text in a row of COLUMNS. Raises Unreadable once its webinar's key is destroyed."""
    (id, question, part, language, text, draft, state, webinar, asked, asked_in, answer,
     answered_in, claimed_until) = row  # fmt: skip

    def opened(table: str, column: str, row_id: int, sealed: bytes | None) -> str | None:
        return None if sealed is None else vault.open(sealed, Field(table, column, row_id))

    answered = part == "answer"
    column, sealed = ("answer", answer) if answered else ("text", asked)
    return Text(
        id=id,
        question=question,
        webinar=webinar,
        part=cast(Part, part),
        language=language,
        original=opened("questions", column, question, sealed) or "",
        original_language=(answered_in if answered else None) or asked_in,
        text=opened("texts", "text", id, text),
        draft=opened("texts", "draft", id, draft),
        approved=state == "approved",
        claimed_until=moment(claimed_until),
    )
