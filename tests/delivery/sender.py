"""A process that delivers until it is stopped or killed, or until nothing is left to send.

Its arguments: database, keyring, address of the sink, `all` or `on`, and how fast time passes; for
a number with windows also when its clock began.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import aiohttp
from aiohttp import web

from channels import Channel
from delivery import PostOffice
from storage import Storage
from storage.outbox import State
from tests.delivery.hurry import Hurry, Shared
from tests.delivery.newsroom import PlainWords
from tests.delivery.sink import HttpChannel, HttpNumber, served

PER_SECOND = 600
"""Messages in a second of ours, however fast time passes."""
MASTER = "m" * 43


async def main(
    database: str, keyring: str, url: str, how_long: str, speed: str, began: str = ""
) -> None:
    hurry = Shared(float(speed), float(began)) if began else Hurry(float(speed))
    file = f"sqlite:///{database}"
    storage = hurry.heeds(await Storage.open(file, Path(keyring), MASTER, hurry.now))
    async with AsyncExitStack() as open_ones, asyncio.TaskGroup() as tasks:
        session = await open_ones.enter_async_context(aiohttp.ClientSession())
        offices: list[PostOffice] = []
        channel: Channel = HttpChannel(session, url)
        if began:
            callback = await open_ones.enter_async_context(called_back(offices))
            channel = HttpNumber(session, url, hurry.now, callback)
        channel.limits = replace(channel.limits, per_second=round(PER_SECOND / float(speed)))
        office = PostOffice([channel], storage, hurry.clock(), PlainWords())
        offices.append(office)
        running = tasks.create_task(office.run())

        def stop() -> None:
            tasks.create_task(office.stop())

        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
        if how_long == "all":
            await nothing_left(storage, hurry)
            stop()
        await running
    await storage.close()


@asynccontextmanager
async def called_back(offices: list[PostOffice]) -> AsyncGenerator[str]:
    """Where the platform tells that it took a delivery."""

    async def told(request: web.Request) -> web.Response:
        delivery, id = int(request.query["d"]), request.query["id"]
        await offices[0].told("sink", delivery, State.DELIVERED, id)
        return web.Response()

    app = web.Application()
    app.router.add_post("/status", told)
    async with served(app) as url:
        yield f"{url}/status"


async def nothing_left(storage: Storage, hurry: Hurry) -> None:
    """Returns when every broadcast is over."""
    lull = hurry.next_lull
    while True:
        await lull.wait()
        lull = hurry.next_lull
        async with storage.reading() as tx:
            if not await tx.broadcasts.due(hurry.now()):
                return


def run(*arguments: str) -> None:
    """Be such a process."""
    asyncio.run(main(*arguments))
