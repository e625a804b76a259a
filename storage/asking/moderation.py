"""Questions in the hands of moderators, from their coming in to their answer.

Each change begins with its number (`next_change`), so of two at once the later one finds what the
earlier one has done. A question is anybody's to handle who may, unless another has claimed it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal

from dialogue.stages import Stage
from storage.asking import claims, watching, ways_back
from storage.asking.changing import latest_change, next_change
from storage.asking.claims import Claimed
from storage.asking.deciding import Decisions
from storage.asking.families import parts_of
from storage.asking.handled import Handled, handled
from storage.asking.picking import Order, pick
from storage.asking.questions import NEXT_ORDINAL
from storage.asking.ways_back import Seen, WayBack
from storage.engines.port import Value
from storage.engines.times import hour_of
from storage.sealing.vault import Field

__all__ = ["Claimed", "Handled", "Moderation", "Order", "Seen", "Stage", "WayBack"]

NEXT_STAGES = (Stage.RECEIVED, Stage.APPROVED)
TYPE_IN = """
INSERT INTO questions (id, webinar, kind, text, anonymous, language, state, ordinal, hour, source,
                       changed)
VALUES (:id, :webinar, :kind, :text, 1, :language, 'approved', :ordinal, :hour, :source, :changed)
"""


class Moderation(Decisions):
    """The moderating in one transaction."""

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
        passed = [*skip]
        while True:
            found = await pick(self._desk, webinar, staff_id, order, now, passed, stages)
            if found is None:
                return None
            if await self.get(found) is not None:
                await claims.claim(self._desk, found, staff_id, changed, now)
                return await self.get(found)
            # One that the disk has spoilt keeps nobody from the others.
            passed.append(found)

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

    async def parts(self, question_id: int) -> list[Handled]:
        """What was merged into this one, in its own words, the oldest first."""
        return await handled(self._desk, await parts_of(self._desk, question_id))

    async def holder(self, question_id: int, staff_id: int, now: datetime) -> Claimed | None:
        """Who else has this question in hand."""
        return await claims.holder(self._desk, question_id, staff_id, now)

    async def holders(self, question_ids: Collection[int], now: datetime) -> Mapping[int, Claimed]:
        """Of these, which are in somebody's hand, and in whose."""
        return await claims.holders(self._desk, question_ids, now)

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
