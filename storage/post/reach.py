"""Whom we wrote to first: a platform allows so many different people within 24 hours."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.desk import Desk
from storage.engines.times import epoch_ms, from_epoch_ms

DAY = timedelta(hours=24)

# The last time is what counts: until a day after it the address is one of those reached.
NOTE = """
INSERT INTO reached (address, at) VALUES (:address, :at)
ON CONFLICT (address) DO UPDATE SET at = excluded.at WHERE reached.at < excluded.at
"""
COUNT = "SELECT COUNT(*) FROM reached WHERE at > :since"
HAS = "SELECT 1 FROM reached WHERE address = :address AND at > :since"
NTH = "SELECT at FROM reached WHERE at > :since ORDER BY at LIMIT 1 OFFSET :before"
# Whose window will be closed by then, and who was not written to today: that frees a place as well.
KEPT_BACK = """
SELECT COUNT(DISTINCT a.id) FROM reminders d
JOIN webinars w ON w.id = d.webinar AND w.version = d.version AND w.state = 'published'
JOIN registrations r ON r.webinar = d.webinar AND r.approved = 1
JOIN people p ON p.id = r.person AND p.reminders = 1
JOIN addresses a ON a.person = p.id AND a.reachable = 1 AND a.stopped = 0
WHERE d.state = 'planned' AND d.due > :now AND d.due <= :until AND a.open_until < d.due
  AND NOT EXISTS (SELECT 1 FROM reached x WHERE x.address = a.id AND x.at > :since)
"""


class Reach:
    """Whom we wrote to, in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._connection = desk.connection

    async def note(self, address_id: int, at: datetime) -> None:
        """This address is written to first, and not in answer."""
        await self._connection.run(NOTE, {"address": address_id, "at": epoch_ms(at)})

    async def count(self, since: datetime) -> int:
        """How many different addresses were written to later than that."""
        ((count,),) = await self._connection.fetch(COUNT, {"since": epoch_ms(since)})
        return count

    async def kept_back(self, now: datetime) -> int:
        """How many are to be reminded within a day who must be written to first for that.

        Announcements leave so much of the reach alone. Whoever has several accounts counts with
        each of those that have windows.
        """
        values = {
            "now": epoch_ms(now),
            "until": epoch_ms(now + DAY),
            "since": epoch_ms(now - DAY),
        }
        ((count,),) = await self._connection.fetch(KEPT_BACK, values)
        return count

    async def has(self, address_id: int, since: datetime) -> bool:
        """Whether this one was: writing to it once more costs nothing of the reach."""
        values = {"address": address_id, "since": epoch_ms(since)}
        return bool(await self._connection.fetch(HAS, values))

    async def reached(self, before: int, since: datetime) -> datetime | None:
        """When the one was that `before` others came before; None when there are no more."""
        rows = await self._connection.fetch(NTH, {"since": epoch_ms(since), "before": before})
        return from_epoch_ms(rows[0][0]) if rows else None
