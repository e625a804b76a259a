"""The interpreters' desk: questions and answers that are wanted in another language.

Only what an interpreter has approved is anybody else's to read. What was translated is wanted
again once its original is another one. Whatever happens to a text shows its question anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import cast

from storage.asking import drafts, text_claims
from storage.asking.answering import Part
from storage.asking.changing import mark_changed, next_change
from storage.asking.claims import Claimed
from storage.asking.pseudonyms import SERIES
from storage.asking.translating import (
    COLUMNS,
    FROM,
    STANDING,
    Text,
    Translated,
    get_text,
    text_from,
)
from storage.desk import Desk
from storage.engines.port import Value
from storage.engines.times import epoch_ms
from storage.errors import Unreadable
from storage.sealing.vault import Field

__all__ = ["ANYWHERE", "Claimed", "Part", "Text", "Texts", "Translated"]

ANYWHERE = "*"
"""In place of a webinar: all of them, and the series."""

WANT = """
INSERT INTO texts (id, question, part, language, state)
VALUES (:id, :question, :part, :language, 'wanted')
ON CONFLICT (question, part, language) DO NOTHING RETURNING id
"""
WANTED = f"""
FROM texts t JOIN questions q ON q.id = t.question
WHERE t.state <> 'approved' AND (:scope = '*' OR COALESCE(q.webinar, '') = :scope)
  AND t.language IN (SELECT value FROM each_text(:languages) AS written)
  AND {FROM} IN (SELECT value FROM each_text(:languages) AS read)
  AND {STANDING}
"""  # noqa: S608 - constants
# What is put first is needed first.
FIRST = """
ORDER BY CASE q.state WHEN 'live' THEN 0 WHEN 'queued' THEN 1 WHEN 'answered' THEN 2
                      WHEN 'follow_up' THEN 2 ELSE 3 END, q.supports DESC, q.ordinal, t.id
"""
NEXT = f"""
SELECT t.id {WANTED}
  AND (t.claimed_until IS NULL OR t.claimed_until <= :now OR t.claimed_by = :staff)
  AND t.id NOT IN (SELECT value FROM each_id(:skip) AS passed)
{FIRST} LIMIT 1 skip_locked(t)
"""  # noqa: S608 - constants
LISTED = f"SELECT {COLUMNS} {WANTED} {FIRST} LIMIT :limit"
COUNT = f"SELECT COUNT(*) {WANTED}"
APPROVE = """
UPDATE texts SET text = :text, state = 'approved', draft = NULL, claimed_by = NULL,
    claimed_until = NULL
WHERE id = :id AND (claimed_until IS NULL OR claimed_until <= :now OR claimed_by = :staff)
RETURNING question
"""
APPROVED = """
SELECT id, question, part, language, text FROM texts
WHERE state = 'approved' AND question IN (SELECT value FROM each_id(:ids) AS given)
ORDER BY question, part, language
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
        """The text that is needed first between these languages and nobody else has, claimed.

        `webinar` None is the series; ANYWHERE is all there is.
        """
        await next_change(self._desk)
        values: dict[str, Value] = {
            **_wanted(webinar, languages),
            "staff": staff_id,
            "now": epoch_ms(now),
        }
        passed = [*skip]
        while rows := await self._connection.fetch(NEXT, {**values, "skip": passed}):
            try:
                found = await self.claim(rows[0][0], staff_id, now)
            except Unreadable:
                # One that the disk has spoilt keeps nobody from the others.
                passed.append(rows[0][0])
                continue
            return found if isinstance(found, Text) else None
        return None

    async def claim(self, text_id: int, staff_id: int, now: datetime) -> Text | Claimed | None:
        """Take it for five minutes; or who else has it; None when it is gone.

        One that is approved may be taken as well, to be put right.
        """
        return await text_claims.claim(self._desk, text_id, staff_id, now)

    async def hold(self, text_id: int, staff_id: int, now: datetime) -> bool:
        """Have it for five minutes more; False when it was put down, or somebody else has it."""
        return await text_claims.hold(self._desk, text_id, staff_id, now)

    async def release(self, text_id: int, staff_id: int) -> bool:
        """Give it back; False when this member of staff did not have it."""
        return await text_claims.release(self._desk, text_id, staff_id)

    async def holders(self, text_ids: Collection[int], now: datetime) -> Mapping[int, Claimed]:
        """Of these, which are in somebody's hand, and what whoever has them is."""
        return await text_claims.holders(self._desk, text_ids, now)

    async def get(self, text_id: int) -> Text | None:
        """This text as it is now; None once its original is nobody's to read."""
        return await get_text(self._desk, text_id)

    async def approve(
        self, text_id: int, staff_id: int, text: str, now: datetime, original: str | None = None
    ) -> bool:
        """This is what it says in its language.

        False when somebody else has it, it is gone, or says another thing than `original`.
        """
        changed = await next_change(self._desk)
        known = await self.get(text_id)
        if known is None or original not in (None, known.original):
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

    async def put_draft(self, text_id: int, draft: str, original: str | None = None) -> bool:
        """What a machine made of it; False when an interpreter was faster, else as `approve`."""
        return await drafts.put_draft(self._desk, text_id, draft, original)

    async def undrafted(self, limit: int, skip: Collection[int] = ()) -> list[int]:
        """The ids of so many that no machine has seen and no interpreter has approved."""
        return await drafts.undrafted(self._desk, limit, skip)

    async def waiting(self, webinar: str | None, languages: Collection[str]) -> int:
        """How many are wanted between these languages; `webinar` as for `next`."""
        ((count,),) = await self._connection.fetch(COUNT, _wanted(webinar, languages))
        return count

    async def listed(
        self, webinar: str | None, languages: Collection[str], limit: int
    ) -> list[Text]:
        """Those that are wanted between these languages, what is needed first before others."""
        values: dict[str, Value] = {**_wanted(webinar, languages), "limit": limit}
        found: list[Text] = []
        for row in await self._connection.fetch(LISTED, values):
            try:
                found.append(text_from(self._vault, row))
            except Unreadable:
                continue
        return found

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


def _wanted(webinar: str | None, languages: Iterable[str]) -> dict[str, Value]:
    return {"scope": webinar or SERIES, "languages": [*languages]}
