"""Who registered for which webinar, and what they answered to its extra questions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from storage.broadcasting.saying_again import say_again
from storage.desk import Desk
from storage.engines.port import Row
from storage.engines.times import epoch_ms, from_epoch_ms, hour_of
from storage.persons import profile_from
from storage.sealing.vault import Field, Vault

EVERYBODY = 2**31 - 1

Extra: TypeAlias = Mapping[str, str | list[str] | None]


@dataclass(frozen=True, slots=True)
class Registration:
    """One person's place in one webinar; `extra` by the keys of the webinar's questions."""

    id: int
    person: int
    webinar: str
    extra: Extra = field(default_factory=dict[str, "str | list[str] | None"])
    approved: bool = True
    """False while an organiser has not agreed, for a webinar that asks for that."""
    told: bool = False
    """Whether they were given the way in."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A registration as an organiser may see it: of the person there is the nickname alone."""

    order: int
    """Its place among those of the webinar, from 1 on."""
    hour: datetime
    nickname: str | None
    kept: Registration


OF_PERSON = """
SELECT r.id, r.person, r.webinar, r.extra, r.approved, r.told FROM registrations r
LEFT JOIN webinars w ON w.id = r.webinar
WHERE r.person = :person ORDER BY w.starts_at, r.webinar
"""
GET = """
SELECT id, person, webinar, extra, approved, told FROM registrations
WHERE person = :person AND webinar = :webinar
"""
OF_WEBINAR = """
SELECT id, person, webinar, extra, approved, told FROM registrations
WHERE webinar = :webinar ORDER BY hour, id
"""
WAITING = """
SELECT id, person, webinar, extra, approved, told FROM registrations
WHERE webinar = :webinar AND approved = 0 ORDER BY hour, id
"""
LISTED = """
SELECT r.id, r.person, r.webinar, r.extra, r.approved, r.told, r.hour, p.profile
FROM registrations r JOIN people p ON p.id = r.person
WHERE r.webinar = :webinar ORDER BY r.hour, r.id LIMIT :limit OFFSET :after
"""
FIND = """
SELECT id, approved, told FROM registrations WHERE person = :person AND webinar = :webinar
"""
ADD = """
INSERT INTO registrations (id, person, webinar, extra, hour, approved, told, not_before)
VALUES (:id, :person, :webinar, :extra, :hour, :approved, 0,
        (SELECT MAX(due) + 1 FROM reminders WHERE webinar = :webinar AND due <= :now))
"""
CHANGE = "UPDATE registrations SET extra = :extra WHERE id = :id"
APPROVE = """
UPDATE registrations SET approved = :approved
WHERE person = :person AND webinar = :webinar RETURNING id
"""
NOTE_TOLD = "UPDATE registrations SET told = 1 WHERE person = :person AND webinar = :webinar"
# What was written down for them reminds them of this webinar, and perhaps of others, too.
TAKE_BACK = """
UPDATE outbox SET state = 'suppressed', settled = :now, fault = 'left'
WHERE person = :person AND state = 'queued' AND broadcast IN (
    SELECT c.broadcast FROM covers c JOIN reminders d ON d.id = c.reminder
    JOIN broadcasts b ON b.id = c.broadcast
    WHERE d.webinar = :webinar AND b.state IN ('freezing', 'running', 'paused'))
RETURNING broadcast
"""
REMOVE = "DELETE FROM registrations WHERE person = :person AND webinar = :webinar RETURNING id"
COUNT = "SELECT COUNT(*) FROM registrations WHERE webinar = :webinar"
COUNT_WAITING = "SELECT COUNT(*) FROM registrations WHERE webinar = :webinar AND approved = 0"
BY_ID = """
SELECT id, person, webinar, extra, approved, told FROM registrations
WHERE id = :id AND webinar = :webinar
"""


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

    async def get(self, person_id: int, webinar: str) -> Registration | None:
        """This person's place in this webinar."""
        values = {"person": person_id, "webinar": webinar}
        rows = await self._connection.fetch(GET, values)
        return registration_from(self._vault, rows[0]) if rows else None

    async def by_id(self, registration_id: int, webinar: str) -> Registration | None:
        """The place in this webinar that has this id."""
        values = {"id": registration_id, "webinar": webinar}
        rows = await self._connection.fetch(BY_ID, values)
        return registration_from(self._vault, rows[0]) if rows else None

    async def all(self, webinar: str) -> list[Registration]:
        """Everybody who is registered for this webinar, by the hour in which they came."""
        return await self._those(OF_WEBINAR, webinar)

    async def listed(self, webinar: str, after: int = 0, limit: int = EVERYBODY) -> list[Listed]:
        """The same as an organiser may look through them: so many, from the one after this one."""
        values = {"webinar": webinar, "after": after, "limit": limit}
        rows = await self._connection.fetch(LISTED, values)
        return [
            Listed(
                order,
                from_epoch_ms(row[6]),
                profile_from(self._vault, row[1], row[7]).nickname,
                registration_from(self._vault, row[:6]),
            )
            for order, row in enumerate(rows, start=after + 1)
        ]

    async def waiting(self, webinar: str) -> list[Registration]:
        """Those among them to whom no organiser has agreed, in the same order."""
        return await self._those(WAITING, webinar)

    async def put(
        self, person_id: int, webinar: str, extra: Extra, now: datetime, approved: bool = True
    ) -> Registration:
        """Register this person, or change what they answered when they are.

        `approved` is for somebody new: False where the webinar asks for approval. Who is
        registered already keeps what an organiser decided.
        """
        rows = await self._connection.fetch(FIND, {"person": person_id, "webinar": webinar})
        id: int = rows[0][0] if rows else self._desk.ids.person()
        text = json.dumps(dict(extra), ensure_ascii=False, separators=(",", ":"))
        sealed = self._vault.seal_for(webinar, text, Field("registrations", "extra", id))
        if rows:
            await self._connection.run(CHANGE, {"id": id, "extra": sealed})
            kept = map(bool, rows[0][1:])
            return Registration(id, person_id, webinar, dict(extra), *kept)
        await self._connection.run(
            ADD,
            {
                "id": id,
                "person": person_id,
                "webinar": webinar,
                "extra": sealed,
                "hour": hour_of(now),
                "now": epoch_ms(now),
                "approved": int(approved),
            },
        )
        return Registration(id, person_id, webinar, dict(extra), approved)

    async def approve(self, person_id: int, webinar: str, approved: bool = True) -> bool:
        """An organiser agrees, or takes that back; False when this person is not registered."""
        values = {"person": person_id, "webinar": webinar, "approved": int(approved)}
        return bool(await self._connection.fetch(APPROVE, values))

    async def note_told(self, person_id: int, webinar: str) -> None:
        """This person was given the way in: they are to hear when it changes."""
        await self._connection.run(NOTE_TOLD, {"person": person_id, "webinar": webinar})

    async def remove(self, person_id: int, webinar: str) -> bool:
        """Unregister this person; False when they were not registered.

        Nothing that waits reminds them of it, and of others what spoke of both says so anew.
        """
        values = {"person": person_id, "webinar": webinar}
        if not await self._connection.fetch(REMOVE, values):
            return False
        taken = {**values, "now": epoch_ms(self._desk.clock())}
        rows = await self._connection.fetch(TAKE_BACK, taken)
        await say_again(self._desk, webinar, [row[0] for row in rows])
        return True

    async def count(self, webinar: str) -> int:
        """How many are registered for this webinar."""
        ((count,),) = await self._connection.fetch(COUNT, {"webinar": webinar})
        return count

    async def count_waiting(self, webinar: str) -> int:
        """How many of them wait for an organiser to agree."""
        ((count,),) = await self._connection.fetch(COUNT_WAITING, {"webinar": webinar})
        return count

    async def _those(self, statement: str, webinar: str) -> list[Registration]:
        rows = await self._connection.fetch(statement, {"webinar": webinar})
        return [registration_from(self._vault, row) for row in rows]


def registration_from(vault: Vault, row: Row) -> Registration:
    """The registration in (id, person, webinar, extra, approved, told)."""
    extra = json.loads(vault.open(row[3], Field("registrations", "extra", row[0])))
    return Registration(row[0], row[1], row[2], extra, bool(row[4]), bool(row[5]))
