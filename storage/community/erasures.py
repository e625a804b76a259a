"""Jobs to delete a forgotten person's messages on a platform; sealed, and gone once done."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.desk import Desk
from storage.engines.times import epoch_ms
from storage.errors import Unreadable
from storage.news import ERASURES
from storage.sealing.vault import Field


@dataclass(frozen=True, slots=True)
class Erasure:
    """These messages to this account are to be deleted."""

    id: int
    channel: str
    account: str
    messages: tuple[str, ...]


ADD = "INSERT INTO erasures (id, channel, job, at) VALUES (:id, :channel, :job, :at)"
OLDEST = "SELECT id, channel, job FROM erasures ORDER BY at, id LIMIT :limit"
DONE = "DELETE FROM erasures WHERE id = :id"


class Erasures:
    """The jobs in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection

    async def add(
        self, channel: str, account: str, message_ids: Sequence[str], now: datetime
    ) -> None:
        """Have these messages deleted; nothing to do when there are none."""
        if not message_ids:
            return
        id = self._desk.ids.person()
        job = json.dumps([account, *message_ids], ensure_ascii=False)
        await self._connection.run(
            ADD,
            {
                "id": id,
                "channel": channel,
                "job": self._desk.vault.seal(job, Field("erasures", "job", id)),
                "at": epoch_ms(now),
            },
        )
        await self._connection.tell(ERASURES)

    async def take(self, limit: int) -> list[Erasure]:
        """The oldest jobs; they stay until they are `done`. Those that do not open are left out."""
        jobs: list[Erasure] = []
        for id, channel, sealed in await self._connection.fetch(OLDEST, {"limit": limit}):
            try:
                opened = self._desk.vault.open(sealed, Field("erasures", "job", id))
            except Unreadable:
                # Nobody knows any more whose it was: it goes by its age.
                continue
            account, *messages = json.loads(opened)
            jobs.append(Erasure(id, channel, account, tuple(messages)))
        return jobs

    async def done(self, erasure_id: int) -> None:
        """Nothing is left of this job."""
        await self._connection.run(DONE, {"id": erasure_id})
