"""Who registered for which webinar, and what they answered to its extra questions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from storage.desk import Desk
from storage.port import Row
from storage.times import hour_of
from storage.vault import Field, Vault

Extra: TypeAlias = Mapping[str, str | list[str] | None]


@dataclass(frozen=True, slots=True)
class Registration:
    """One person's place in one webinar; `extra` by the keys of the webinar's questions."""

    id: int
    person: int
    webinar: str
    extra: Extra = field(default_factory=dict[str, "str | list[str] | None"])


OF_PERSON = """
SELECT r.id, r.person, r.webinar, r.extra FROM registrations r
LEFT JOIN webinars w ON w.id = r.webinar
WHERE r.person = :person ORDER BY w.starts_at, r.webinar
"""
FIND = "SELECT id FROM registrations WHERE person = :person AND webinar = :webinar"
ADD = """
INSERT INTO registrations (id, person, webinar, extra, hour)
VALUES (:id, :person, :webinar, :extra, :hour)
"""
CHANGE = "UPDATE registrations SET extra = :extra WHERE id = :id"
REMOVE = "DELETE FROM registrations WHERE person = :person AND webinar = :webinar RETURNING id"
COUNT = "SELECT COUNT(*) FROM registrations WHERE webinar = :webinar"


class Registrations:
    """The registrations in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection
        self._vault = desk.vault

    async def of(self, person_id: int) -> list[Registration]:
        """This person's registrations, by the time of the webinar."""
        rows = await self._connection.fetch(OF_PERSON, {"person": person_id})
        return [registration_from(self._vault, row) for row in rows]

    async def put(self, person_id: int, webinar: str, extra: Extra, now: datetime) -> Registration:
        """Register this person, or change what they answered when they are."""
        rows = await self._connection.fetch(FIND, {"person": person_id, "webinar": webinar})
        id: int = rows[0][0] if rows else self._desk.ids.person()
        text = json.dumps(dict(extra), ensure_ascii=False, separators=(",", ":"))
        sealed = self._vault.seal_for(webinar, text, Field("registrations", "extra", id))
        if rows:
            await self._connection.run(CHANGE, {"id": id, "extra": sealed})
        else:
            await self._connection.run(
                ADD,
                {
                    "id": id,
                    "person": person_id,
                    "webinar": webinar,
                    "extra": sealed,
                    "hour": hour_of(now),
                },
            )
        return Registration(id, person_id, webinar, dict(extra))

    async def remove(self, person_id: int, webinar: str) -> bool:
        """Unregister this person; False when they were not registered."""
        values = {"person": person_id, "webinar": webinar}
        return bool(await self._connection.fetch(REMOVE, values))

    async def count(self, webinar: str) -> int:
        """How many are registered for this webinar."""
        ((count,),) = await self._connection.fetch(COUNT, {"webinar": webinar})
        return count


def registration_from(vault: Vault, row: Row) -> Registration:
    """The registration in (id, person, webinar, extra)."""
    extra = json.loads(vault.open(row[3], Field("registrations", "extra", row[0])))
    return Registration(row[0], row[1], row[2], extra)
