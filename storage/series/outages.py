"""Planned cuts of the network, such as those on the mornings of exams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.desk import Desk
from storage.engines.port import Row
from storage.engines.times import epoch_ms, from_epoch_ms


@dataclass(frozen=True, slots=True)
class Outage:
    """From `starts_at` until just before `ends_at` people cannot be reached; both in UTC."""

    id: int
    starts_at: datetime
    ends_at: datetime


ADD = "INSERT INTO outages (id, starts_at, ends_at) VALUES (:id, :starts_at, :ends_at)"
REMOVE = "DELETE FROM outages WHERE id = :id RETURNING id"
COMING = """
SELECT id, starts_at, ends_at FROM outages WHERE ends_at > :now ORDER BY starts_at, id
"""


class Outages:
    """The cuts in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection

    async def add(self, starts_at: datetime, ends_at: datetime) -> Outage:
        """Note a cut; raises ValueError when it ends before it begins."""
        if ends_at <= starts_at:
            raise ValueError("a cut ends after it begins")
        outage = Outage(self._desk.ids.person(), starts_at, ends_at)
        values = {"id": outage.id, "starts_at": epoch_ms(starts_at), "ends_at": epoch_ms(ends_at)}
        await self._connection.run(ADD, values)
        return outage

    async def remove(self, outage_id: int) -> bool:
        """There will be no such cut; False when none was noted."""
        return bool(await self._connection.fetch(REMOVE, {"id": outage_id}))

    async def coming(self, now: datetime) -> list[Outage]:
        """Those that are not over, by their beginning."""
        rows = await self._connection.fetch(COMING, {"now": epoch_ms(now)})
        return [outage_from(row) for row in rows]


def outage_from(row: Row) -> Outage:
    return Outage(row[0], from_epoch_ms(row[1]), from_epoch_ms(row[2]))
