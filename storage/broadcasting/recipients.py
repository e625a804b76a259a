"""Whom a broadcast is for: counted beforehand, written down row by row, and what became of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from storage.broadcasting.broadcast import Counts, Kind
from storage.broadcasting.confirmed import clear_rows, count_recipients, note_frozen
from storage.broadcasting.finding import get
from storage.broadcasting.freezing import (
    awaits_word,
    cancel_rows,
    count_audience,
    count_rows,
    freeze,
    give_up,
    is_open,
)
from storage.broadcasting.preflight import Preflight, preflight
from storage.broadcasting.rules import Rule
from storage.desk import Desk
from storage.news import OUTBOX


class Recipients:
    """The recipients of broadcasts in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection

    async def audience(
        self,
        rule: Rule,
        about: int | None = None,
        kind: Kind = Kind.ANNOUNCEMENT,
        served: Collection[str] = (),
    ) -> Counts:
        """How many people it would be for now, by channel and language; `served` as in `preflight`.

        Of a RECALL: from how many it would take away what the one that it is about brought them.
        """
        return await count_audience(self._desk, rule, about, kind, served)

    async def preflight(
        self,
        rule: Rule,
        about: int | None,
        kind: Kind,
        now: datetime,
        served: Collection[str] = (),
    ) -> Preflight:
        """How the people whom it would be for could be written to if it left then.

        An address on a channel that is not `served` steps behind any other; () serves all. No
        RECALL: it writes to nobody.
        """
        return await preflight(self._desk, rule, about, kind, now, served)

    async def freeze(self, broadcast_id: int, limit: int, served: Collection[str] = ()) -> int:
        """Write down the recipients among the next `limit` people; returns how many were passed.

        0 when all are in: then it is RUNNING, or, where it is not begun, to be counted and noted
        (`note_frozen`). What was frozen at its confirmation is looked at again when it begins:
        each row is for the address that is preferred by then, and nobody has it who registered
        for what they were not to be registered for. Commit after each: nothing is done twice. Who
        has several addresses is written to on a channel that is `served`, as in `preflight`.
        """
        found = await get(self._desk, broadcast_id)
        passed = 0 if found is None else await freeze(self._desk, found, limit, served)
        if not passed:
            await self._connection.tell(OUTBOX)
        return passed

    async def count(self, broadcast_id: int) -> int:
        """How many are written down."""
        return await count_recipients(self._desk, broadcast_id)

    async def note_frozen(self, broadcast_id: int, number: int) -> bool:
        """So many are written down, and these are all; False when it was undone meanwhile."""
        return await note_frozen(self._desk, broadcast_id, number)

    async def clear(self, broadcast_id: int, limit: int) -> int:
        """Delete up to so many of the rows that make it `stale`; 0 when none is left."""
        return await clear_rows(self._desk, broadcast_id, limit)

    async def counts(self, broadcast_id: int) -> Counts:
        """What has become of its recipients so far, or had when it was over."""
        found = await get(self._desk, broadcast_id)
        if found is not None and found.counts is not None:
            return found.counts
        return await count_rows(self._desk, broadcast_id)

    async def is_open(self, broadcast_id: int) -> bool:
        """Whether any of its rows waits or is on its way."""
        return await is_open(self._desk, broadcast_id)

    async def awaits_word(
        self, broadcast_id: int, channels: Collection[str], since: datetime
    ) -> bool:
        """Whether one of these channels, which took some of it later than that, has not told yet
        whether it arrived."""
        return await awaits_word(self._desk, broadcast_id, channels, since)

    async def cancel_rows(self, broadcast_id: int, limit: int) -> int:
        """Up to so many of its rows will not be sent any more; how many those were."""
        return await cancel_rows(self._desk, broadcast_id, limit)

    async def give_up(self, broadcast_id: int, channels: Collection[str]) -> None:
        """Fail its rows for channels other than these: nobody serves them."""
        await give_up(self._desk, broadcast_id, channels)
