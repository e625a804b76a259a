"""Updates that could not be handled, sealed, for a day."""

from __future__ import annotations

from datetime import datetime

from storage.desk import Desk
from storage.engines.times import epoch_ms
from storage.persons import address_key
from storage.sealing.vault import Field

PUT = """
INSERT INTO quarantine (id, channel, account_key, raw, reason, at)
VALUES (:id, :channel, :account_key, :raw, :reason, :at)
"""
COUNT = "SELECT COUNT(*) FROM quarantine"


class Quarantine:
    """The quarantine in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection

    async def put(
        self, channel: str, raw: str, reason: str, now: datetime, account: str | None = None
    ) -> None:
        """Keep an update; with its account, so that /forget finds it. `reason` is not sealed."""
        vault, id = self._desk.vault, self._desk.ids.person()
        await self._connection.run(
            PUT,
            {
                "id": id,
                "channel": channel,
                "account_key": None if account is None else address_key(vault, channel, account),
                "raw": vault.seal(raw, Field("quarantine", "raw", id)),
                "reason": reason,
                "at": epoch_ms(now),
            },
        )

    async def count(self) -> int:
        """How many there are."""
        ((count,),) = await self._connection.fetch(COUNT)
        return count
