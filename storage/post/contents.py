"""What was laid down with a platform for fixed prompts and templates: nothing about a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from storage.desk import Desk
from storage.engines.times import hour_of

ContentKind = Literal["text", "quick-reply", "list-picker"]
Approval = Literal[
    "session", "unsubmitted", "received", "pending", "approved", "rejected", "paused", "disabled"
]
Category = Literal["utility", "marketing"]


@dataclass(frozen=True, slots=True)
class Content:
    """One prompt or template in one language, as the platform keeps it."""

    key: str
    """A hash of all that it says: other words are another content."""
    name: str
    kind: ContentKind
    language: str
    category: Category | None
    """Of a template; a fixed prompt has none."""
    sid: str
    """What the platform calls it."""
    state: Approval
    """`session` is never submitted; it goes to open windows alone."""
    reason: str | None = None
    """Why the platform refused it."""


PUT = """
INSERT INTO contents (key, name, kind, language, category, sid, state, reason, hour)
VALUES (:key, :name, :kind, :language, :category, :sid, :state, :reason, :hour)
ON CONFLICT (key) DO UPDATE
SET name = excluded.name, kind = excluded.kind, language = excluded.language,
    category = excluded.category, sid = excluded.sid, state = excluded.state,
    reason = excluded.reason, hour = excluded.hour
"""
ALL = """
SELECT key, name, kind, language, category, sid, state, reason FROM contents
ORDER BY name, language, key
"""
SET_STATE = """
UPDATE contents SET state = :state, reason = :reason, hour = :hour
WHERE key = :key RETURNING key
"""
REMOVE = "DELETE FROM contents WHERE key = :key RETURNING key"


class Contents:
    """The contents in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection

    async def put(self, content: Content) -> None:
        """Keep this one, in the place of what had its key."""
        values = {
            "key": content.key,
            "name": content.name,
            "kind": content.kind,
            "language": content.language,
            "category": content.category,
            "sid": content.sid,
            "state": content.state,
            "reason": content.reason,
            "hour": hour_of(self._desk.clock()),
        }
        await self._connection.run(PUT, values)

    async def get_all(self) -> Sequence[Content]:
        """All of them, by name and language."""
        return [Content(*row) for row in await self._connection.fetch(ALL)]

    async def set_state(self, key: str, state: Approval, reason: str | None = None) -> bool:
        """The platform has decided; False when there is no such content."""
        hour = hour_of(self._desk.clock())
        values = {"key": key, "state": state, "reason": reason, "hour": hour}
        return bool(await self._connection.fetch(SET_STATE, values))

    async def remove(self, key: str) -> bool:
        """Forget this one; False when there was none."""
        return bool(await self._connection.fetch(REMOVE, {"key": key}))
