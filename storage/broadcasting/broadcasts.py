"""Broadcasts: one message to many, from the draft to the last count."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from storage.broadcasting.beginning import begin
from storage.broadcasting.broadcast import (
    FAULTS,
    Broadcast,
    Counts,
    Kind,
    Phase,
    has_outgrown,
    sealed,
)
from storage.broadcasting.finding import (
    AGREED_SINCE,
    DUE,
    NEXT_DUE,
    OF_STAFF,
    RUNNING,
    WRITTEN,
    find,
    get,
)
from storage.broadcasting.latest import latest_to
from storage.broadcasting.phases import finish, hold_back, set_phase
from storage.broadcasting.preflight import Preflight
from storage.broadcasting.recalling import recalls_of
from storage.broadcasting.rules import Rule, Who
from storage.desk import Desk
from storage.engines.port import Value, Values
from storage.engines.times import epoch_ms, from_epoch_ms
from storage.news import BROADCASTS

__all__ = [
    "FAULTS", "Broadcast", "Broadcasts", "Counts", "Kind", "Phase", "Preflight", "Rule", "Who",
    "has_outgrown",
]  # fmt: skip

ADD = """
INSERT INTO broadcasts (id, kind, state, webinar, rule, content, change, about, made_by, made,
                        starts_at, not_after)
VALUES (:id, :kind, :state, :webinar, :rule, :content, :change, :about, :made_by, :made,
        :starts_at, :not_after)
"""
CHANGE_CONTENT = """
UPDATE broadcasts SET content = :content, rule = COALESCE(:rule, rule),
    webinar = COALESCE(:webinar, webinar)
WHERE id = :id AND state = 'draft' RETURNING id
"""
NOTE_PROGRESS = "UPDATE broadcasts SET progress = :delivery WHERE id = :id"


class Broadcasts:
    """The broadcasts in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection

    async def put(
        self,
        kind: Kind,
        rule: Rule,
        content: Mapping[str, Any],
        now: datetime,
        *,
        made_by: int | None = None,
        webinar: str | None = None,
        change: Mapping[str, Any] | None = None,
        about: int | None = None,
        phase: Phase = Phase.DRAFT,
        starts_at: datetime | None = None,
        not_after: datetime | None = None,
    ) -> Broadcast:
        """A new broadcast, a draft unless told otherwise; HELD begins by itself at `starts_at`."""
        id = self._desk.ids.delivery(now)
        values: dict[str, Value] = {
            "id": id,
            "kind": kind,
            "state": phase,
            "webinar": webinar,
            "rule": rule.to_json(),
            "content": sealed(self._desk.vault, id, content),
            "change": None if change is None else json.dumps(dict(change)),
            "about": about,
            "made_by": made_by,
            "made": epoch_ms(now),
            "starts_at": epoch_ms(starts_at or now),
            "not_after": None if not_after is None else epoch_ms(not_after),
        }
        await self._connection.run(ADD, values)
        await self._connection.tell(BROADCASTS)
        found = await self.get(id)
        assert found is not None  # noqa: S101 - it was put there just now
        return found

    async def get(self, broadcast_id: int) -> Broadcast | None:
        """The broadcast with this id."""
        return await get(self._desk, broadcast_id)

    async def change_content(
        self,
        broadcast_id: int,
        content: Mapping[str, Any],
        *,
        rule: Rule | None = None,
        webinar: str | None = None,
    ) -> bool:
        """A draft says this now; None leaves rule or webinar. False when it is no draft."""
        values: dict[str, Value] = {
            "id": broadcast_id,
            "content": sealed(self._desk.vault, broadcast_id, content),
            "rule": None if rule is None else rule.to_json(),
            "webinar": webinar,
        }
        return bool(await self._connection.fetch(CHANGE_CONTENT, values))

    async def set_phase(
        self,
        broadcast_id: int,
        phase: Phase,
        expected: Collection[Phase],
        now: datetime,
        starts_at: datetime | None = None,
        confirmed: int | None = None,
        not_after: datetime | None = None,
    ) -> bool:
        """Bring it into this phase, if it is in one of those expected; of several, one succeeds.

        `confirmed` is for how many people somebody has agreed to it: they are written down from
        then on (`Recipients.freeze`), while it is HELD or WAITING, and nobody gets it later than
        `not_after`. DRAFT and CANCELLED undo that (`Recipients.clear`).

        Pausing and resuming count from the commit on. What has begun is stopped by CANCELLING.
        """
        return await set_phase(
            self._desk,
            broadcast_id,
            phase,
            expected,
            now,
            starts_at=starts_at,
            confirmed=confirmed,
            not_after=not_after,
        )

    async def hold_back(self, person_id: int, now: datetime) -> int:
        """What this person was about to send waits for somebody else; how many those are.

        What they were about to change, or to take back, stays as it is.
        """
        return await hold_back(self._desk, person_id, now)

    async def recalls(self, about: int) -> list[Broadcast]:
        """What takes this one back, or has done so, the latest first; what was undone is not."""
        return await recalls_of(self._desk, about)

    async def due(self, now: datetime) -> list[Broadcast]:
        """Those with something to do: HELD whose time has come, FREEZING … CANCELLING, PAUSED.

        Also what was confirmed and is not `frozen` yet, and whatever is `stale`.
        """
        return await find(self._desk, DUE, {"now": epoch_ms(now)})

    async def next_due(self) -> datetime | None:
        """When the next one that is HELD begins."""
        ((due,),) = await self._connection.fetch(NEXT_DUE)
        return None if due is None else from_epoch_ms(due)

    async def running(self) -> list[Broadcast]:
        """Those whose rows may leave."""
        return await find(self._desk, RUNNING, {})

    async def of_staff(self, limit: int) -> list[Broadcast]:
        """What members of staff have made, whoever they were, the latest first."""
        return await find(self._desk, OF_STAFF, {"limit": limit})

    async def written(self, limit: int) -> list[Broadcast]:
        """What organisers wrote: first what is still to leave or leaves now, each latest first."""
        return await find(self._desk, WRITTEN, {"limit": limit})

    async def agreed_since(self, person_id: int, since: datetime) -> list[Broadcast]:
        """What this person let go later than that, and did not take back before it began."""
        values: Values = {"person": person_id, "since": epoch_ms(since)}
        return await find(self._desk, AGREED_SINCE, values)

    async def latest_to(self, person_id: int, since: datetime) -> Broadcast | None:
        """What last left for this person after this time; None also once its words were erased."""
        return await latest_to(self._desk, person_id, since)

    async def begin(
        self, broadcast_id: int, now: datetime, default_offsets: Sequence[int] = ()
    ) -> Broadcast | None:
        """From now on it cannot be taken back; None when its time has not come, or it was.

        What was confirmed must be `frozen` before.

        Its `change` is carried out with it, and the reminders of the webinar are planned anew,
        with these offsets where neither the webinar nor its series has any.
        """
        return await begin(self._desk, broadcast_id, now, default_offsets)

    async def finish(self, broadcast_id: int, counts: Counts, now: datetime) -> Phase | None:
        """It is DONE, or CANCELLED, with these counts.

        None when it was over before, or while anybody waits for it: a platform may tell at any
        moment that it did not bring what it had taken.
        """
        return await finish(self._desk, broadcast_id, counts, now)

    async def note_progress(self, broadcast_id: int, delivery_id: int) -> None:
        """This delivery shows how far it is."""
        values = {"id": broadcast_id, "delivery": delivery_id}
        await self._connection.run(NOTE_PROGRESS, values)
