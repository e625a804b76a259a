"""What moderators decide about a question: where it goes, in which words, and with which one.

Each change begins with its number (`next_change`), so of two at once the later one finds what the
earlier one has done.
"""

from __future__ import annotations

from datetime import datetime

from dialogue.stages import ANSWERABLE, Stage, before
from storage.asking import answering, claims
from storage.asking.changing import next_change
from storage.asking.families import recount
from storage.asking.handled import Handled, handled
from storage.asking.pseudonyms import SERIES
from storage.desk import Desk
from storage.engines.port import Row, Value
from storage.engines.times import epoch_ms
from storage.sealing.vault import Field

EDITABLE = (Stage.IN_REVIEW, Stage.APPROVED, Stage.QUEUED, Stage.LIVE, Stage.FOLLOW_UP)

GET = """
SELECT id, webinar, state, text, original, merged_into, changed, language FROM questions
WHERE id = :id AND (claimed_until IS NULL OR claimed_until <= :now OR claimed_by = :staff)
"""
MOVE = """
UPDATE questions SET state = :to, claimed_by = :staff, claimed_until = :until, changed = :changed,
    merged_into = NULL,
    queued = CASE WHEN :queues = 1 AND state <> 'live' THEN :changed ELSE queued END,
    flagged = CASE WHEN :fit = 1 THEN 0 ELSE flagged END,
    reason = CASE WHEN :judged = 1 THEN :reason ELSE reason END,
    answer = CASE WHEN :judged = 1 THEN NULL ELSE answer END
WHERE id = :id
"""
# A moderator's words need no other moderator to look twice.
EDIT = """
UPDATE questions SET text = :text, original = :original, changed = :changed, flagged = 0,
    language = COALESCE(:language, language)
WHERE id = :id
"""
MERGE = """
UPDATE questions SET state = 'merged', merged_into = :root, changed = :changed,
    claimed_by = NULL, claimed_until = NULL
WHERE id = :id OR merged_into = :id
"""
ROOT = """
SELECT r.id, COALESCE(r.webinar, ''), r.state FROM questions q
JOIN questions r ON r.id = COALESCE(q.merged_into, q.id) WHERE q.id = :id
"""


class Decisions:
    """Those of one transaction, about what nobody else has in hand."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection
        self._vault = desk.vault

    async def get(self, question_id: int) -> Handled | None:
        """This question as it stands now."""
        return next(iter(await handled(self._desk, [question_id])), None)

    async def move(
        self,
        question_id: int,
        staff_id: int,
        to: Stage,
        now: datetime,
        reason: str | None = None,
        version: int | None = None,
    ) -> Handled | None:
        """Bring it to this stage, as whoever has it; a review stays theirs, else it is free again.

        None when it may not come there from where it is, when somebody else has it, or when it
        has changed since this `version`. A merged question that is taken into review is on its own
        again. Raises ValueError for a stage that `merge` or its asker alone brings it to.
        """
        if to in (Stage.MERGED, Stage.WITHDRAWN, Stage.RECEIVED):
            raise ValueError(to)
        changed = await next_change(self._desk)
        row = await self._theirs(question_id, staff_id, now)
        if row is None or Stage(row[2]) not in before(to) or version not in (None, row[6]):
            return None
        reviewed = to is Stage.IN_REVIEW
        values: dict[str, Value] = {
            "id": question_id,
            "to": to,
            "staff": staff_id if reviewed else None,
            "until": epoch_ms(now + claims.LASTING) if reviewed else None,
            "changed": changed,
            "queues": int(to is Stage.QUEUED),
            "fit": int(to is Stage.APPROVED),
            "judged": int(to in (Stage.APPROVED, Stage.DECLINED)),
            "reason": None if reason is None else self._sealed(row, "reason", reason),
        }
        await self._connection.run(MOVE, values)
        if row[5] is not None:
            await recount(self._desk, [row[5], question_id], changed)
        return await self.get(question_id)

    async def edit(
        self,
        question_id: int,
        staff_id: int,
        text: str,
        now: datetime,
        language: str | None = None,
    ) -> Handled | None:
        """Put it in other words, in this language (None: as before); the asker's own are kept.

        None as for `move`. What was translated is to be translated anew.
        """
        changed = await next_change(self._desk)
        row = await self._theirs(question_id, staff_id, now)
        if row is None or row[2] not in EDITABLE:
            return None
        first = (
            self._opened(row, "text", row[3])
            if row[4] is None
            else self._opened(row, "original", row[4])
        )
        values: dict[str, Value] = {
            "id": question_id,
            "text": self._sealed(row, "text", text),
            "original": None if first == text else self._sealed(row, "original", first),
            "changed": changed,
            "language": language,
        }
        await self._connection.run(EDIT, values)
        await answering.want_anew(self._desk, question_id, "question")
        return await self.get(question_id)

    async def merge(
        self, question_id: int, into: int, staff_id: int, now: datetime
    ) -> Handled | None:
        """Have it follow the other question, with all that follow it; its voices count there.

        The question that it follows now; None when this one may not be merged from where it is,
        when somebody else has it, or the other one is it, follows it, was withdrawn, or is for
        another webinar.
        """
        changed = await next_change(self._desk)
        row = await self._theirs(question_id, staff_id, now)
        found = await self._connection.fetch(ROOT, {"id": into})
        if row is None or not found or Stage(row[2]) not in before(Stage.MERGED):
            return None
        root, scope, state = found[0]
        if root == question_id or scope != (row[1] or SERIES) or state == Stage.WITHDRAWN:
            return None
        values: dict[str, Value] = {"id": question_id, "root": root, "changed": changed}
        await self._connection.run(MERGE, values)
        await recount(self._desk, [question_id, root], changed)
        return await self.get(root)

    async def answer(
        self,
        question_id: int,
        staff_id: int,
        text: str,
        language: str,
        public: bool,
        now: datetime,
    ) -> Handled | None:
        """Answer it in this language, or answer it anew; None as for `move`."""
        changed = await next_change(self._desk)
        row = await self._theirs(question_id, staff_id, now)
        if row is None or row[2] not in ANSWERABLE:
            return None
        sealed = self._sealed(row, "answer", text)
        await answering.put(self._desk, question_id, sealed, language, public, changed)
        return await self.get(question_id)

    async def _theirs(self, question_id: int, staff_id: int, now: datetime) -> Row | None:
        values: dict[str, Value] = {"id": question_id, "staff": staff_id, "now": epoch_ms(now)}
        rows = await self._connection.fetch(GET, values)
        return rows[0] if rows else None

    def _sealed(self, row: Row, column: str, text: str) -> bytes:
        return self._vault.seal_for(row[1], text, Field("questions", column, row[0]))

    def _opened(self, row: Row, column: str, sealed: bytes) -> str:
        return self._vault.open(sealed, Field("questions", column, row[0]))
