"""Answers that wait until they are in the languages of those who asked; who waits, and how long.

Somebody is known here by the pseudonym under which they ask about a webinar, and by nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from storage.asking.changing import next_change
from storage.asking.pseudonyms import asker_key
from storage.desk import Desk
from storage.engines.port import Value
from storage.engines.times import epoch_ms, from_epoch_ms

EVERYBODY = ""
"""The key of all who registered."""


class Wait(StrEnum):
    """Whether somebody waits for an answer in their language."""

    NO = "no"
    YES = "yes"
    IN_VAIN = "in_vain"
    """They waited as long as anybody does, and got it as it was given."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Whom among all registered an answer has reached."""

    broadcasts: tuple[int, ...]
    languages: tuple[str, ...]


PUT = """
INSERT INTO awaited (question, key, due, told) VALUES (:question, :key, :due, :told)
ON CONFLICT (question, key) DO UPDATE SET due = excluded.due, told = excluded.told
"""
GET = "SELECT due, told FROM awaited WHERE question = :question AND key = :key"
ANYBODY = """
SELECT 1 FROM awaited WHERE question = :question AND key <> '' AND due IS NOT NULL LIMIT 1
"""
DROP = "DELETE FROM awaited WHERE question = :question AND key = :key"
CLEAR = "DELETE FROM awaited WHERE question = :question"
GIVE_UP = """
UPDATE awaited SET due = NULL WHERE question = :question AND key = :key AND due <= :now
RETURNING key
"""
# The sum keeps the order of questions out of it, by which all were passed who wait no more.
OVERDUE = """
SELECT DISTINCT question + 0 FROM awaited WHERE due <= :now ORDER BY 1 LIMIT :limit
"""
LAPSED = "UPDATE awaited SET due = NULL WHERE question = :question AND due <= :now"


class Awaited:
    """Who waits for an answer in their language, in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection

    async def hold(self) -> None:
        """Until this is committed nobody approves a translation, or gives an answer."""
        await next_change(self._desk)

    async def put(
        self, question_id: int, webinar: str | None, person_id: int, due: datetime
    ) -> None:
        """They wait for the answer to this one until then."""
        values: dict[str, Value] = {
            **self._values(question_id, webinar, person_id),
            "due": epoch_ms(due),
            "told": None,
        }
        await self._connection.run(PUT, values)

    async def get(self, question_id: int, webinar: str | None, person_id: int) -> Wait:
        """Whether they wait for the answer to this one."""
        values = self._values(question_id, webinar, person_id)
        rows = await self._connection.fetch(GET, values)
        if not rows:
            return Wait.NO
        return Wait.IN_VAIN if rows[0][0] is None else Wait.YES

    async def drop(self, question_id: int, webinar: str | None, person_id: int) -> None:
        """They have it, in their language."""
        await self._connection.run(DROP, self._values(question_id, webinar, person_id))

    async def anybody(self, question_id: int) -> bool:
        """Whether any one person waits for the answer to this one."""
        return bool(await self._connection.fetch(ANYBODY, {"question": question_id}))

    async def give_up(
        self, question_id: int, webinar: str | None, person_id: int, now: datetime
    ) -> bool:
        """From now on they wait no more; False unless their time is over."""
        values = {**self._values(question_id, webinar, person_id), "now": epoch_ms(now)}
        return bool(await self._connection.fetch(GIVE_UP, values))

    async def put_for_all(self, question_id: int, reached: Reached, due: datetime) -> None:
        """All who registered wait for it until then, apart from those whom it has reached."""
        told = {"broadcasts": [*reached.broadcasts], "languages": [*reached.languages]}
        values: dict[str, Value] = {
            "question": question_id,
            "key": EVERYBODY,
            "due": epoch_ms(due),
            "told": json.dumps(told, separators=(",", ":")),
        }
        await self._connection.run(PUT, values)

    async def of_all(self, question_id: int) -> tuple[Reached, datetime] | None:
        """Whom of all registered it has reached, and until when the others wait."""
        values: dict[str, Value] = {"question": question_id, "key": EVERYBODY}
        rows = await self._connection.fetch(GET, values)
        if not rows or rows[0][0] is None:
            return None
        due, told = rows[0][0], cast("dict[str, Any]", json.loads(rows[0][1]))
        reached = Reached(tuple(told["broadcasts"]), tuple(told["languages"]))
        return reached, from_epoch_ms(due)

    async def clear(self, question_id: int) -> None:
        """Nobody waits for the answer to this one."""
        await self._connection.run(CLEAR, {"question": question_id})

    async def overdue(self, now: datetime, limit: int) -> Sequence[int]:
        """So many questions for whose answers somebody has waited as long as anybody does."""
        values: dict[str, Value] = {"now": epoch_ms(now), "limit": limit}
        return [row[0] for row in await self._connection.fetch(OVERDUE, values)]

    async def lapse(self, question_id: int, now: datetime) -> None:
        """Whoever's time is over waits no more: what was to be told was told."""
        values: dict[str, Value] = {"question": question_id, "now": epoch_ms(now)}
        await self._connection.run(LAPSED, values)

    def _values(self, question_id: int, webinar: str | None, person_id: int) -> dict[str, Value]:
        key = asker_key(self._desk.vault, person_id, webinar)
        return {"question": question_id, "key": key}
