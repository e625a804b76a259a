"""Who asked to be forgotten, as keyed hashes in a file beside the keyring.

It lies outside the database, so that a backup from before can be told to erase them again. The
hashes are of ids that were theirs alone: whoever comes back is somebody new.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from storage.engines.port import Database
from storage.engines.times import epoch_ms, from_epoch_ms
from storage.sealing.keyring import changing, write_whole
from storage.sealing.vault import Vault

HOUR = timedelta(hours=1)

WAITING = "SELECT key, hour FROM erased ORDER BY key"
WRITTEN = "DELETE FROM erased WHERE key = :key AND hour = :hour"


class Tombstones:
    """The file; its lines are a hash and the hour (epoch ms) of the erasure."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, datetime]:
        """The hour of the last erasure for each hash."""
        if not self._path.exists():
            return {}
        lines = (line.split() for line in self._path.read_text().splitlines())
        return {key: from_epoch_ms(int(hour)) for key, hour in lines}

    def add(self, rows: Sequence[tuple[str, int]]) -> None:
        """Append these; they are on the disk when this returns."""
        flags = os.O_CREAT | os.O_WRONLY | os.O_APPEND
        with changing(self._path), open(os.open(self._path, flags, 0o600), "w") as file:
            file.writelines(f"{key} {hour}\n" for key, hour in rows)
            file.flush()
            os.fsync(file.fileno())

    def prune(self, now: datetime, backups: timedelta) -> None:
        """Drop what no backup can bring back any more, `backups` being as old as they get."""
        if not self._path.exists():
            return
        with changing(self._path):
            known = self.read()
            kept = {key: hour for key, hour in known.items() if hour + HOUR > now - backups}
            if kept != known:
                lines = "".join(f"{key} {epoch_ms(hour)}\n" for key, hour in kept.items())
                write_whole(self._path, lines.encode())


def tombstone_of(vault: Vault, person_id: int) -> str:
    """What stands for a person in the file."""
    return vault.index("tombstone", str(person_id))


def tombstone_of_address(vault: Vault, address_id: int) -> str:
    """What stands there for one of their accounts: it may have been somebody else's before."""
    return vault.index("tombstone-address", str(address_id))


async def bury(database: Database, tombstones: Tombstones) -> None:
    """Carry the erasures that were committed over into the file."""
    async with database.reading() as connection:
        rows = [(row[0], row[1]) for row in await connection.fetch(WAITING)]
    if rows:
        tombstones.add(rows)
        async with database.transaction() as connection:
            await connection.run_many(WRITTEN, [{"key": key, "hour": hour} for key, hour in rows])
