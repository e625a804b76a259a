"""Which question is a moderator's next one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from dialogue.stages import Stage
from storage.asking.pseudonyms import SERIES
from storage.desk import Desk
from storage.engines.port import Value
from storage.engines.times import epoch_ms


class Order(StrEnum):
    """In which order questions come."""

    NEWEST = "newest"
    OLDEST = "oldest"
    SUPPORTED = "supported"
    FAIR = "fair"
    """First those of people who were not heard yet, of these first those from governorates that
    were not; then the oldest."""


# Whoever says nothing of where they are from is from nowhere new, or saying nothing would pay.
HEARD = """(SELECT h.{key} FROM questions h LEFT JOIN questions r ON r.id = h.merged_into
     WHERE COALESCE(h.webinar, '') = :scope AND h.{key} IS NOT NULL
       AND h.state IN ('queued', 'live', 'follow_up', 'answered', 'merged')
       AND (h.state <> 'merged' OR r.state IN ('queued', 'live', 'follow_up', 'answered')))"""
ORDERS = {
    Order.NEWEST: "q.ordinal DESC",
    Order.OLDEST: "q.ordinal",
    Order.SUPPORTED: "q.supports DESC, q.ordinal",
    Order.FAIR: f"""CASE WHEN q.asker_key IN {HEARD.format(key="asker_key")} THEN 1 ELSE 0 END,
    CASE WHEN q.place_key IS NULL OR q.place_key IN {HEARD.format(key="place_key")}
         THEN 1 ELSE 0 END, q.ordinal""",
}
"""What is new lies in one index, what is anywhere else in another; each gives it by its ordinal."""
NEW = "q.state IN ('received', 'in_review')"
THERE = "q.state = :stage"
MUTED = """EXISTS (SELECT 1 FROM hushed m
    WHERE m.key = q.asker_key AND m.kind = 'mute' AND m.until > :now)"""
"""Of a question that came from somebody who is muted: nobody but them sees it."""
PICK = """
SELECT q.id FROM questions q
WHERE COALESCE(q.webinar, '') = :scope AND {which}
  AND (q.claimed_until IS NULL OR q.claimed_until <= :now OR q.claimed_by = :staff)
  AND q.id NOT IN (SELECT value FROM each_id(:skip) AS passed)
  {unheard}
ORDER BY {order} LIMIT 1 skip_locked(q)
"""
PICK_NEW = {
    order: PICK.format(which=NEW, unheard=f"AND q.flagged = :flagged AND NOT {MUTED}", order=by)
    for order, by in ORDERS.items()
}
PICK_THERE = {order: PICK.format(which=THERE, unheard="", order=by) for order, by in ORDERS.items()}
PICK_QUEUED = PICK.format(which=THERE, unheard="", order="q.queued, q.ordinal")
"""In the order in which they will be put, whatever else comes in which order."""
LATER = (Stage.LIVE, *(stage for stage in Stage if stage is not Stage.LIVE))
"""What is being put comes first: somebody will have to say that it was answered."""


async def pick(
    desk: Desk,
    webinar: str | None,
    staff_id: int,
    order: Order,
    now: datetime,
    skip: Collection[int],
    stages: Collection[Stage],
) -> int | None:
    """The id of the next question at one of these stages that nobody else has.

    New ones come first, of these the ones that are flagged last; then what is being put, and what
    is queued in the order in which it was.
    """
    values: dict[str, Value] = {
        "scope": webinar or SERIES,
        "staff": staff_id,
        "now": epoch_ms(now),
        "skip": [*skip],
    }
    if Stage.RECEIVED in stages:
        for flagged in (0, 1):
            rows = await desk.connection.fetch(PICK_NEW[order], {**values, "flagged": flagged})
            if rows:
                return rows[0][0]
    for stage in LATER:
        if stage in stages and stage not in (Stage.RECEIVED, Stage.IN_REVIEW):
            which = PICK_QUEUED if stage is Stage.QUEUED else PICK_THERE[order]
            rows = await desk.connection.fetch(which, {**values, "stage": stage})
            if rows:
                return rows[0][0]
    return None
