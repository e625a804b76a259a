"""A bot and another process beside it, both in one event loop, so that a test says who is first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import asyncpg

from handlers.bursts import Bursts
from handlers.duty import Duty
from handlers.receiving.receive import Receiver
from storage import Storage, Transaction
from tests.handlers.chatting import Bot, bot_at_work

WAITING = """
SELECT COUNT(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""

Deed: TypeAlias = Callable[[Receiver, Transaction], Awaitable[None]]
"""What one of the processes does within a transaction of its own."""


@dataclass(frozen=True, eq=False)
class Two:
    """The bot, and what another process has of its database."""

    bot: Bot
    storage: Storage
    receiver: Receiver
    url: str

    async def at_once(self, first: Deed, second: Deed) -> None:
        """The other process begins when the bot has done everything but commit."""

        async def alone() -> None:
            async with self.storage.transaction() as tx:
                await second(self.receiver, tx)

        async with self.bot.storage.transaction() as tx:
            await first(self.bot.receiver, tx)
            other = asyncio.create_task(alone())
            await self._waits(other)
        await other

    async def _waits(self, other: asyncio.Task[None]) -> None:
        """Returns once it waits for a lock, or is done."""
        looking = await asyncpg.connect(self.url)
        try:
            while not (other.done() or await looking.fetchval(WAITING)):
                pass
        finally:
            await looking.close()


@asynccontextmanager
async def two_at_work(folder: Path, url: str) -> AsyncGenerator[Two]:
    """Both, with the same keys."""
    async with bot_at_work(folder, url) as bot:
        keyring = folder / "keys" / "keyring.json"
        async with await Storage.open(url, keyring, None, bot.calendar) as storage:
            # Who has news that wait, and who is at work, each knows by itself.
            house = replace(bot.receiver.house, bursts=Bursts(), duty=Duty(), interpreting=Duty())
            receiver = replace(bot.receiver, house=house, next_id=storage.ids.delivery)
            yield Two(bot, storage, receiver, url)
