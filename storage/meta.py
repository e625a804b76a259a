"""A few facts about the bot itself: the polling offset, what was set on a platform …"""

from __future__ import annotations

from storage.desk import Desk

GET = "SELECT value FROM meta WHERE name = :name"
PUT = """
INSERT INTO meta (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""


class Meta:
    """The facts in one transaction; nothing about a person belongs here, they are not sealed."""

    def __init__(self, desk: Desk) -> None:
        self._connection = desk.connection

    async def get(self, name: str) -> str | None:
        """The value kept under this name."""
        rows = await self._connection.fetch(GET, {"name": name})
        return rows[0][0] if rows else None

    async def put(self, name: str, value: str) -> None:
        """Keep this value under this name."""
        await self._connection.run(PUT, {"name": name, "value": value})
