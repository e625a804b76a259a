"""Time in which Telegram could not reach us: what it threw away meanwhile is to be sent again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from delivery import Clock
from storage import Storage, Unavailable
from storage.broadcasting.broadcasts import Kind, Phase, Rule

log = logging.getLogger("tadamun")

KEPT = timedelta(hours=24)
"""For so long Telegram keeps what it could not deliver.

https://core.telegram.org/bots/api#getting-updates
"""
NOTE_EVERY = timedelta(minutes=1)
WORTH_TELLING = timedelta(days=2)
"""A notice that has not left by then leaves no more."""

HEARD = "telegram-heard"
"""What the note is called that says when Telegram could reach us last."""


async def watch(
    storage: Storage, clock: Clock, channel: str, connected: Callable[[], bool]
) -> None:
    """Note every minute that Telegram can reach us; after more than a day without, say so."""
    while True:
        try:
            if connected():
                await note(storage, channel, clock.now)
        except Unavailable as unavailable:
            log.warning("it could not be noted that Telegram reaches us: %s", unavailable)
        await clock.wait(asyncio.Event(), NOTE_EVERY.total_seconds())


async def note(storage: Storage, channel: str, clock: Callable[[], datetime]) -> None:
    """Telegram reaches us; those registered who use it learn, once, what may not have arrived."""
    async with storage.transaction() as tx:
        # Here, since whoever noted it while this had to wait noted it later.
        now = clock()
        last = await tx.meta.get(HEARD)
        await tx.meta.put(HEARD, now.isoformat())
        since = datetime.fromisoformat(last) if last else now
        if now - since <= KEPT:
            return
        log.warning("Telegram could not reach us for %s hours", (now - since) // timedelta(hours=1))
        await tx.broadcasts.put(
            Kind.NOTICE,
            Rule("participants", channels=(channel,)),
            {"notice": "offline", "since": _ms(since), "until": _ms(now - KEPT)},
            now,
            phase=Phase.HELD,
            starts_at=now,
            not_after=now + WORTH_TELLING,
        )


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
