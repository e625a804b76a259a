"""Writes down the recipients of a broadcast, few at a time, until it is killed.

It takes a step for each line that it is given, and says a line when that is committed. Its
arguments: the database, the keyring, the master key, the broadcast.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from storage import Storage


def now() -> datetime:
    return datetime.now(UTC)


async def main(url: str, keyring: Path, master: str, broadcast: int) -> None:
    storage = await Storage.open(url, keyring, master, now)
    passed = 1
    while passed and sys.stdin.readline():
        async with storage.transaction() as tx:
            passed = await tx.recipients.freeze(broadcast, 2)
        print(passed, flush=True)  # noqa: T201 - the test reads it
    await storage.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])))
