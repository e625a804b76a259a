"""A process that delivers until it is stopped or killed, or until nothing is left to send.

Its arguments: database, keyring, address of the sink, and `all` or `on`.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import aiohttp

from delivery import PostOffice
from storage import Storage
from tests.delivery.newsroom import PlainWords
from tests.delivery.post import Hurry
from tests.delivery.sink import HttpChannel

SPEED = 20.0
MASTER = "m" * 43


async def main(database: str, keyring: str, url: str, how_long: str) -> None:
    hurry = Hurry(SPEED)
    storage = await Storage.open(f"sqlite:///{database}", Path(keyring), MASTER, hurry.now)
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
        channel = HttpChannel(session, url)
        office = PostOffice([channel], storage, hurry.clock(), PlainWords())
        running = tasks.create_task(office.run())

        def stop() -> None:
            tasks.create_task(office.stop())

        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
        if how_long == "all":
            await nothing_left(storage, hurry)
            stop()
        await running
    await storage.close()


async def nothing_left(storage: Storage, hurry: Hurry) -> None:
    """Returns when every broadcast is over."""
    while True:
        await hurry.lull()
        async with storage.reading() as tx:
            if not await tx.broadcasts.due(hurry.now()):
                return


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
