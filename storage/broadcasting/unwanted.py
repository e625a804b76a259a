"""Why somebody for whom a broadcast was written down does not get it after all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from storage.broadcasting.broadcast import ANNOUNCING, Kind
from storage.broadcasting.running import Running
from storage.desk import Desk
from storage.engines.port import Row
from storage.engines.times import epoch_ms

REACHABLE, STOPPED, REGISTERED, NOT_MEANT = 7, 8, 10, 11
LANGUAGE, ANNOUNCEMENTS, REMINDERS = 14, 16, 17
OPEN_UNTIL, MARKETING, LINKED = 21, 22, 23
"""Where these stand in a row of `bulk.WAITING`."""

TEMPLATES = "SELECT name, language, state FROM contents WHERE category IS NOT NULL"


def unwanted(broadcast: Running, row: Row) -> str | None:
    """Why this person is not to get it, else None."""
    if broadcast.kind is Kind.RECALL:
        return None
    if not row[REACHABLE]:
        return "gone"
    if row[STOPPED]:
        return "stopped"
    if broadcast.kind in ANNOUNCING and not (row[ANNOUNCEMENTS] and row[MARKETING]):
        return "stopped"
    if broadcast.kind is Kind.REMINDER and not row[REMINDERS]:
        return "stopped"
    if broadcast.webinar is not None and (not row[REGISTERED] or row[NOT_MEANT]):
        return "left"
    return None


async def sayable_in(
    desk: Desk, kind: Kind, rows: Sequence[Row], now: datetime
) -> frozenset[str] | None:
    """The languages in which this may be said by template; None where nobody of these needs one."""
    if kind is Kind.RECALL or not any(is_shut(row, now) for row in rows):
        return None
    laid_down = await desk.connection.fetch(TEMPLATES)
    name = "announcement" if kind in ANNOUNCING else kind.value
    # What is paused may go on soon: whoever looks after the bot hears of that.
    good = ("approved", "paused")
    return frozenset(each[1] for each in laid_down if each[0] == name and each[2] in good)


def unsayable(row: Row, sayable: frozenset[str] | None, now: datetime) -> str | None:
    """Why nothing may go to this person now; whoever has another address is tried there."""
    if sayable is None or not is_shut(row, now) or row[LINKED] or row[LANGUAGE] in sayable:
        return None
    return "closed"


def is_shut(row: Row, now: datetime) -> bool:
    """Whether only a template may go there."""
    open_until: int | None = row[OPEN_UNTIL]
    return open_until is not None and open_until <= epoch_ms(now)
