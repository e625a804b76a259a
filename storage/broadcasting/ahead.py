"""Rows that go ahead of the others of a broadcast, so that a platform has its picture by then."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from storage.desk import Desk
from storage.engines.port import Value
from storage.engines.times import epoch_ms
from storage.news import OUTBOX

HOLD = """
UPDATE broadcasts SET ahead_on = :channel, ahead = :rows
WHERE id = :id AND state IN ('freezing', 'running', 'paused') RETURNING id
"""
RELEASE = """
UPDATE broadcasts SET ahead_on = NULL, ahead = NULL WHERE id = :id AND ahead_on IS NOT NULL
RETURNING id
"""
READ_IN = """
SELECT DISTINCT p.language FROM outbox o JOIN people p ON p.id = o.person
WHERE o.broadcast = :id AND o.channel = :channel AND o.state = 'queued' AND p.text_only = 0
ORDER BY p.language
"""
FIRST = """
SELECT o.id FROM outbox o JOIN people p ON p.id = o.person
WHERE o.broadcast = :id AND o.channel = :channel AND o.state = 'queued' AND o.due <= :now
  AND p.language = :language AND p.text_only = 0 AND o.id > :after
ORDER BY o.due, o.id LIMIT 1
"""


class Ahead:
    """Who gets the picture of a broadcast first, in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._connection = desk.connection

    async def hold(self, broadcast_id: int, channel: str, rows: Collection[int] = ()) -> bool:
        """On this channel none of its rows may leave but these; False once it is over."""
        values: dict[str, Value] = {
            "id": broadcast_id,
            "channel": channel,
            "rows": json.dumps([*rows]),
        }
        held = bool(await self._connection.fetch(HOLD, values))
        if rows:
            await self._connection.tell(OUTBOX)
        return held

    async def release(self, broadcast_id: int) -> None:
        """All of its rows may leave."""
        if await self._connection.fetch(RELEASE, {"id": broadcast_id}):
            await self._connection.tell(OUTBOX)

    async def languages(self, broadcast_id: int, channel: str) -> list[str]:
        """In which languages those read it there who are still to get it with its picture."""
        rows = await self._connection.fetch(READ_IN, {"id": broadcast_id, "channel": channel})
        return [language for (language,) in rows]

    async def first(
        self, broadcast_id: int, channel: str, language: str, after: int, now: datetime
    ) -> int | None:
        """The first row behind `after` of somebody who reads this language; None is nobody."""
        values: dict[str, Value] = {
            "id": broadcast_id,
            "channel": channel,
            "language": language,
            "after": after,
            "now": epoch_ms(now),
        }
        rows = await self._connection.fetch(FIRST, values)
        return rows[0][0] if rows else None
