"""The moment from which a broadcast cannot be taken back, and what changes with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from storage.broadcasting.broadcast import Broadcast
from storage.broadcasting.finding import get
from storage.broadcasting.reminders import Reminders
from storage.desk import Desk
from storage.engines.times import epoch_ms, from_epoch_ms
from storage.series.webinars import Webinars

# What was written down at the confirmation is passed once more, from the first, before it leaves.
BEGIN = """
UPDATE broadcasts SET state = 'freezing', began = :now,
    frozen_to = CASE WHEN frozen IS NULL THEN frozen_to ELSE 0 END
WHERE id = :id AND state = 'held' AND starts_at <= :now AND stale = 0
  AND (confirmed IS NULL OR frozen IS NOT NULL) RETURNING id
"""


async def begin(
    desk: Desk, broadcast_id: int, now: datetime, offsets: Sequence[int]
) -> Broadcast | None:
    """As `Broadcasts.begin`."""
    if not await desk.connection.fetch(BEGIN, {"id": broadcast_id, "now": epoch_ms(now)}):
        return None
    found = await get(desk, broadcast_id)
    if found is not None and found.change is not None and found.webinar is not None:
        await change(desk, found.webinar, found.change, offsets, now)
    return found


async def change(
    desk: Desk,
    webinar_id: str,
    what: Mapping[str, Any],
    offsets: Sequence[int],
    now: datetime,
) -> None:
    """The webinar is as people are told from now on, and so are its reminders."""
    webinar = await Webinars(desk).get(webinar_id)
    if webinar is None:
        return
    changed = replace(webinar, version=webinar.version + 1)
    if "starts_at" in what:
        changed = replace(changed, starts_at=from_epoch_ms(what["starts_at"]))
    if "state" in what:
        changed = replace(changed, state=what["state"])
    await Webinars(desk).put(changed)
    reminders = Reminders(desk)
    await reminders.halt(webinar_id)
    await reminders.replan(changed, offsets, now)
