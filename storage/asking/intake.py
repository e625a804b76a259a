"""Whether questions are taken at the moment, and how often from one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from storage.asking.pseudonyms import SERIES
from storage.desk import Desk
from storage.engines.port import Value


@dataclass(frozen=True, slots=True)
class Taking:
    """How questions are taken."""

    paused: bool = False
    slow: timedelta = timedelta()
    """The time between two questions of one person; none where it is zero."""


GET = "SELECT paused, slow_seconds FROM intake WHERE webinar = :webinar"
SET = """
INSERT INTO intake (webinar, paused, slow_seconds) VALUES (:webinar, :paused, :slow)
ON CONFLICT (webinar) DO UPDATE
SET paused = excluded.paused, slow_seconds = excluded.slow_seconds
"""


class Intake:
    """The intake of each webinar (None: of the series) in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._connection = desk.connection

    async def get(self, webinar: str | None) -> Taking:
        """How questions to this webinar are taken."""
        rows = await self._connection.fetch(GET, {"webinar": webinar or SERIES})
        return Taking(bool(rows[0][0]), timedelta(seconds=rows[0][1])) if rows else Taking()

    async def set(self, webinar: str | None, taking: Taking) -> None:
        """From now on they are taken like this; a pause between them is kept in whole seconds."""
        values: dict[str, Value] = {
            "webinar": webinar or SERIES,
            "paused": int(taking.paused),
            "slow": int(taking.slow.total_seconds()),
        }
        await self._connection.run(SET, values)
