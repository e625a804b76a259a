"""Questions in the hands of moderators, from their coming in to their answer.

Each change begins with its number (`next_change`), so of two at once the later one finds what the
earlier one has done. A question is anybody's to handle who may, unless another has claimed it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal

from dialogue.stages import ANSWERABLE, Stage, before
from storage.asking import answering, claims, watching, ways_back
from storage.asking.changing import latest_change, next_change
from storage.asking.claims import Claimed
from storage.asking.families import parts_of, recount
from storage.asking.handled import Handled, handled
from storage.asking.picking import Order, pick
from storage.asking.pseudonyms import SERIES
from storage.asking.questions import NEXT_ORDINAL
from storage.asking.ways_back import Seen, WayBack
from storage.desk import Desk
from storage.engines.port import Row, Value
from storage.engines.times import epoch_ms, hour_of
from storage.sealing.vault import Field

__all__ = ["Claimed", "Handled", "Moderation", "Order", "Seen", "Stage", "WayBack"]

NEXT_STAGES = (Stage.RECEIVED, Stage.APPROVED)
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
TYPE_IN = """
INSERT INTO questions (id, webinar, kind, text, anonymous, language, state, ordinal, hour, source,
                       changed)
VALUES (:id, :webinar, :kind, :text, 1, :language, 'approved', :ordinal, :hour, :source, :changed)
"""


class Moderation:
    """The moderating in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection
        self._vault = desk.vault

    async def next(
        self,
        webinar: str | None,
        staff_id: int,
        order: Order,
        now: datetime,
        skip: Collection[int] = (),
        stages: Collection[Stage] = NEXT_STAGES,
    ) -> Handled | None:
        """The next question of this webinar (None: of the series) that nobody else has, claimed.

        New ones come before those at later stages; one's own claims are still one's own. A review
        that nobody ended within five minutes is new again.
        """
        changed = await next_change(self._desk)
        found = await pick(self._desk, webinar, staff_id, order, now, skip, stages)
        if found is None:
            return None
        await claims.claim(self._desk, found, staff_id, changed, now)
        return await self.get(found)

    async def claim(
        self, question_id: int, staff_id: int, now: datetime
    ) -> Handled | Claimed | None:
        """Take this question; or who else has it; None when it is gone or withdrawn."""
        changed = await next_change(self._desk)
        if await claims.claim(self._desk, question_id, staff_id, changed, now):
            return await self.get(question_id)
        return await claims.holder(self._desk, question_id, staff_id, now)

    async def hold(self, question_id: int, staff_id: int, now: datetime) -> bool:
        """Have it for five minutes more; False when it was put down, or somebody else has it."""
        changed = await next_change(self._desk)
        return await claims.hold(self._desk, question_id, staff_id, changed, now)

    async def release(self, question_id: int, staff_id: int) -> bool:
        """Give it back as it was; False when this member of staff did not have it."""
        values: dict[str, Value] = {
            "changed": await next_change(self._desk),
            "id": question_id,
            "staff": staff_id,
        }
        return bool(await self._connection.fetch(claims.RELEASE, values))

    async def get(self, question_id: int) -> Handled | None:
        """This question as it stands now."""
        return next(iter(await handled(self._desk, [question_id])), None)

    async def parts(self, question_id: int) -> list[Handled]:
        """What was merged into this one, in its own words, the oldest first."""
        return await handled(self._desk, await parts_of(self._desk, question_id))

    async def holder(self, question_id: int, staff_id: int, now: datetime) -> Claimed | None:
        """Who else has this question in hand."""
        return await claims.holder(self._desk, question_id, staff_id, now)

    async def holders(self, question_ids: Collection[int], now: datetime) -> Mapping[int, Claimed]:
        """Of these, which are in somebody's hand, and in whose."""
        return await claims.holders(self._desk, question_ids, now)

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

    async def type_in(
        self,
        webinar: str | None,
        text: str,
        language: str,
        staff_id: int,
        now: datetime,
        source: Literal["session", "mail"] = "session",
    ) -> Handled:
        """Take down what was asked in the session: approved, and nobody's."""
        changed = await next_change(self._desk)
        ((ordinal,),) = await self._connection.fetch(NEXT_ORDINAL)
        id = self._desk.ids.person()
        values: dict[str, Value] = {
            "id": id,
            "webinar": webinar,
            "kind": "question",
            "text": self._vault.seal_for(webinar, text, Field("questions", "text", id)),
            "language": language,
            "ordinal": ordinal,
            "hour": hour_of(now),
            "source": source,
            "changed": changed,
        }
        await self._connection.run(TYPE_IN, values)
        (typed,) = await handled(self._desk, [id])
        return typed

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

    async def counts(self, webinar: str | None) -> Mapping[Stage, int]:
        """How many are at each stage; a stage without any is not there."""
        return await watching.counts(self._desk, webinar)

    async def changed_since(
        self, webinar: str | None, version: int, limit: int = 1000
    ) -> list[Handled]:
        """What has changed since this version (0: everything), in the order of the changes.

        Go on from the version of the last one until there is nothing; what one change did to
        several comes together, even where that is more than `limit`. What is gone is missing
        among `ids`.
        """
        return await watching.changed_since(self._desk, webinar, version, limit)

    async def listed(
        self, webinar: str | None, stages: Collection[Stage], limit: int
    ) -> list[Handled]:
        """Those at these stages, the last changed first."""
        return await watching.listed(self._desk, webinar, stages, limit)

    async def ids(self, webinar: str | None) -> frozenset[int]:
        """All questions that a board shows; what it has besides was erased, or is muted."""
        return await watching.ids(self._desk, webinar)

    async def version(self) -> int:
        """The number of the last change to any question."""
        return await latest_change(self._desk)

    async def askers(self, question_ids: Sequence[int]) -> list[WayBack]:
        """The ways back from these and from all that follow them, for receipts and answers only."""
        return await ways_back.ways_back(self._desk, question_ids)

    async def note_told(self, question_ids: Sequence[int], seen: Seen) -> None:
        """The askers of exactly these were told how far they have come."""
        await ways_back.note_told(self._desk, question_ids, seen)

    async def note_sent(self, question_id: int, person_id: int, delivery_id: int) -> None:
        """The answer to this one is on its way to this person, by this message.

        Once that has arrived the way back to them is erased (`erase_ways`).
        """
        await ways_back.note_sent(self._desk, question_id, person_id, delivery_id)

    async def erase_ways(self) -> int:
        """Erase the ways back to whom answers have arrived; how many they were."""
        return await ways_back.erase_arrived(self._desk)

    async def _theirs(self, question_id: int, staff_id: int, now: datetime) -> Row | None:
        values: dict[str, Value] = {"id": question_id, "staff": staff_id, "now": epoch_ms(now)}
        rows = await self._connection.fetch(GET, values)
        return rows[0] if rows else None

    def _sealed(self, row: Row, column: str, text: str) -> bytes:
        return self._vault.seal_for(row[1], text, Field("questions", column, row[0]))

    def _opened(self, row: Row, column: str, sealed: bytes) -> str:
        return self._vault.open(sealed, Field("questions", column, row[0]))
