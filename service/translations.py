"""Answers that waited for a translation: after a time they go out as they were given."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from delivery import Clock
from storage import Storage, Transaction, Unavailable, Unreadable

log = logging.getLogger("tadamun.translations")

EVERY = 60.0
"""Seconds between two looks."""
AT_ONCE = 20
"""So many answers with one look."""


async def give_up_waiting(
    storage: Storage,
    clock: Clock,
    tell: Callable[[Transaction, int], Awaitable[None]],
    told: Callable[[], None],
) -> None:
    """Send what has waited long enough, in one process at a time, until cancelled.

    `tell` has a question's answer told, in its own transaction; `told` hears that there is
    something to be sent.
    """
    while True:
        try:
            async with storage.only_one("translations") as lost:
                while not lost.is_set():
                    await send_overdue(storage, clock, tell, told)
                    await clock.wait(lost, EVERY)
        except Unavailable as error:
            log.warning("answers wait for their translation, or longer: %s", error)
        await asyncio.sleep(EVERY)


async def send_overdue(
    storage: Storage,
    clock: Clock,
    tell: Callable[[Transaction, int], Awaitable[None]],
    told: Callable[[], None],
) -> None:
    """Send what has waited long enough by now."""
    async with storage.reading() as tx:
        overdue = await tx.awaited.overdue(clock.now(), AT_ONCE)
    for question in overdue:
        try:
            async with storage.transaction() as tx:
                await tell(tx, question)
        except Unreadable:
            # The disk has spoilt something of somebody's: the answers to others go on.
            log.error("ALERT: an answer cannot be told, since what it needs cannot be read")
            async with storage.transaction() as tx:
                await tx.awaited.lapse(question, clock.now())
    if overdue:
        told()
