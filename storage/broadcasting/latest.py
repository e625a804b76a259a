"""What somebody was told last of all that went to many."""

from __future__ import annotations

from datetime import datetime

from storage.broadcasting.broadcast import COLUMNS, Broadcast
from storage.broadcasting.finding import find
from storage.desk import Desk
from storage.engines.port import Values
from storage.engines.times import epoch_ms

# Rows of a broadcast are found by broadcast and person. The few broadcasts are listed before: as
# one of two tables they came after the rows, and all rows of all people were passed.
LATEST = f"""
SELECT {COLUMNS} FROM broadcasts WHERE id = (
    SELECT o.broadcast FROM outbox o
    WHERE o.person = :person
      AND o.broadcast IN (SELECT id FROM broadcasts WHERE began IS NOT NULL AND kind <> 'recall'
                            AND (ended IS NULL OR ended > :since))
      AND o.state IN ('sending', 'sent', 'delivered', 'read', 'unknown')
      AND o.taken IS NOT NULL AND o.taken > :since
    ORDER BY o.taken DESC, o.id DESC LIMIT 1)
"""  # noqa: S608 - a constant


async def latest_to(desk: Desk, person_id: int, since: datetime) -> Broadcast | None:
    """As `Broadcasts.latest_to`."""
    values: Values = {"person": person_id, "since": epoch_ms(since)}
    latest = next(iter(await find(desk, LATEST, values)), None)
    # What was erased since says nothing any more; what a reminder says was never kept.
    return latest if latest and (latest.content or latest.reminders) else None
