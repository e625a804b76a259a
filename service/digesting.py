"""Has the experts' digests leave when it is time for them, in one process at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

from delivery import Clock, PostOffice
from handlers.digest import nudging, unasked
from handlers.house import House
from storage import Storage, Unavailable, Unreadable
from storage.asking.digests import Due, Part

log = logging.getLogger("tadamun.digest")

LOOK_EVERY = timedelta(minutes=1)
AGAIN_AFTER = timedelta(seconds=30)


async def run(
    storage: Storage, clock: Clock, house: Callable[[], House], office: PostOffice
) -> None:
    """Look every minute, until cancelled; whatever is due while nobody looks leaves later."""
    while True:
        try:
            async with storage.only_one("digests") as lost:
                while not lost.is_set():
                    await look(storage, clock, house(), office)
                    await clock.wait(lost, LOOK_EVERY.total_seconds())
        except Unavailable as error:
            log.warning("no digest could be sent: %s", error)
        await asyncio.sleep(AGAIN_AFTER.total_seconds())


async def look(storage: Storage, clock: Clock, house: House, office: PostOffice) -> int:
    """Send what is due; how many messages left. Each webinar in a transaction of its own."""
    spans = {Part.BEFORE: house.rules.digest_before, Part.AFTER: house.rules.digest_after}
    left = 0
    for part, span in spans.items():
        if not span:
            continue
        async with storage.reading() as tx:
            due = await tx.digests.due(part, span, clock.now())
        for each in due:
            left += await _send(storage, clock, house, office, each, part)
    if left + await _nudge(storage, clock, house, office):
        office.look()
    return left


async def _nudge(storage: Storage, clock: Clock, house: House, office: PostOffice) -> int:
    if not house.rules.digest_before:
        return 0
    now, told = clock.now(), 0
    async with storage.reading() as tx:
        due = await tx.digests.due(Part.BEFORE, house.rules.digest_before + nudging.EARLIER, now)
    for each in due:
        try:
            async with storage.transaction() as tx:
                told += await nudging.nudge(
                    house, tx, office, each, now, lambda: storage.ids.delivery(now)
                )
        except Unreadable:
            log.warning("moderators were not told what waits: something of theirs is unreadable")
            async with storage.transaction() as tx:
                await tx.digests.nudge(each, now)
    return told


async def _send(
    storage: Storage, clock: Clock, house: House, office: PostOffice, due: Due, part: Part
) -> int:
    now = clock.now()
    try:
        async with storage.transaction() as tx:
            return await unasked.send(
                house, tx, office, due, part, now, lambda: storage.ids.delivery(now)
            )
    except Unreadable:
        # The disk has spoilt something of somebody's: moderators have a button to try again.
        log.error("ALERT: a digest cannot be sent, since what it needs cannot be read")
        async with storage.transaction() as tx:
            past = await tx.digests.sent(due.webinar, due.version, part)
            await tx.digests.note(due, part, past.times, now, unasked=True)
        return 0
