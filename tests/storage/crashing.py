"""Takes turns as fast as it can and says which are committed, until it is killed.

Arguments: the database, the keyring, the master key, the round.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from storage import Storage
from storage.community.people import Arrival, Consent
from storage.turns import Kept
from tests.storage.community import Guest, draft


def now() -> datetime:
    return datetime.now(UTC)


async def main(url: str, keyring: Path, master: str, round: str) -> None:
    storage = await Storage.open(url, keyring, master, now)
    number = 0
    while True:
        arrival = Arrival("telegram", f"{round}-{number}", "1")
        async with storage.transaction() as tx:
            address, person = await tx.people.welcome(arrival, "ar", Consent("1", "", "ar"), now())
            reply = draft(storage, Guest(arrival, address, person), str(number), now())
            kept = Kept(arrival, person.id, state=str(number), drafts=(reply,))
            await tx.turns.save([kept], now())
        print(number, flush=True)  # noqa: T201 - the test reads it
        number += 1


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4]))
