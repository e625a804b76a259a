"""Whether the post office has anything left to do, on a slow machine, too."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from delivery import PostOffice
from storage import Storage

# What was claimed is `sending` before the postman knows of it, and until it is written what became
# of it. What a platform is to forget is asked of it by the same door.
BUSY = """
SELECT 1 WHERE EXISTS (SELECT 1 FROM outbox WHERE channel = :channel AND state = 'sending')
            OR EXISTS (SELECT 1 FROM erasures WHERE channel = :channel)
"""


async def is_idle(office: PostOffice, storage: Storage, channel: str, now: datetime) -> bool:
    """Nothing for this channel is due by then, nothing is on its way, and all of it is written."""
    before = replace(office.counts[channel])
    if before.waiting or before.in_flight:
        return False
    async with storage.reading() as tx:
        due = await tx.outbox.next_due(channel)
        if (due is not None and due <= now) or await tx.desk.connection.fetch(
            BUSY, {"channel": channel}
        ):
            return False
    # What went back into the outbox between these two looks was counted.
    return office.counts[channel] == before
