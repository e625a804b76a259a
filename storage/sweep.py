"""The sweep: everything whose time is over is erased."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from storage.asking.digests import clear_digests
from storage.asking.guests import Guests
from storage.asking.heard_out import clear_questions
from storage.asking.proposals import clear_proposals
from storage.broadcasting.disused import remove_disused
from storage.broadcasting.spent import clear_spent
from storage.community.forgetting import forget
from storage.desk import Desk
from storage.engines.port import Values
from storage.engines.times import epoch_ms
from storage.retention import Retention, by_age

Begin: TypeAlias = Callable[[], AbstractAsyncContextManager[Desk]]

# The id of a delivery tells its millisecond (times 2**20), which goes with the row it stood for.
LAST_DELIVERIES = """
UPDATE addresses SET last_delivery = NULL
WHERE id > :after AND id <= :upto AND last_delivery / 1048576 <= :before RETURNING 1
"""
# When they wrote last; that the window is closed is known from then on without it.
WINDOWS = """
UPDATE addresses SET open_until = 0
WHERE id > :after AND id <= :upto AND open_until > 0 AND open_until <= :before RETURNING 1
"""
RESTED = """
UPDATE addresses SET rests_until = NULL
WHERE id > :after AND id <= :upto AND rests_until <= :before RETURNING 1
"""
NEXT_ADDRESSES = """
SELECT MAX(id) FROM (SELECT id FROM addresses WHERE id > :after ORDER BY id LIMIT 5000) AS step
"""

OVER = "SELECT id FROM webinars WHERE starts_at + minutes * 60000 <= :before"
# Who was registered for these and nothing else, and does not want to hear of later ones.
LEAVING = """
SELECT DISTINCT r.person FROM registrations r JOIN people p ON p.id = r.person
WHERE r.person > :after AND r.person <= :upto
  AND p.all_future = 0 AND r.webinar IN (SELECT value FROM each_text(:webinars) AS given)
  AND NOT EXISTS (SELECT 1 FROM staff f WHERE f.person = p.id AND f.state = 'active')
  AND NOT EXISTS (SELECT 1 FROM registrations o WHERE o.person = r.person
                  AND o.webinar NOT IN (SELECT value FROM each_text(:webinars) AS given))
LIMIT 20
"""
SILENT = """
SELECT p.id FROM people p LEFT JOIN talks t ON t.person = p.id
WHERE p.id > :after AND p.id <= :upto
  AND p.all_future = :all_future AND p.hour <= :before AND COALESCE(t.hour, 0) <= :before
  AND NOT EXISTS (SELECT 1 FROM registrations r WHERE r.person = p.id)
  AND NOT EXISTS (SELECT 1 FROM staff f WHERE f.person = p.id AND f.state = 'active')
LIMIT 20
"""
NEXT_PEOPLE = """
SELECT MAX(id) FROM (SELECT id FROM people WHERE id > :after ORDER BY id LIMIT 5000) AS step
"""
REGISTRATIONS = """
DELETE FROM registrations WHERE id IN (
    SELECT id FROM registrations
    WHERE webinar IN (SELECT value FROM each_text(:webinars) AS given) LIMIT 2000) RETURNING 1
"""
WAYS_IN = """
UPDATE webinars SET way_in = NULL
WHERE way_in IS NOT NULL AND id IN (SELECT value FROM each_text(:webinars) AS given)
"""


@dataclass(frozen=True, slots=True)
class Swept:
    """How much has gone."""

    rows: int
    people: int
    webinars: tuple[str, ...]
    """The webinars whose keys are to be destroyed, once this is committed."""


async def sweep(begin: Begin, now: datetime, retention: Retention) -> Swept:
    """Erase everything whose time is over."""
    rows = 0
    for statement, kept in by_age(retention):
        before: Values = {"before": epoch_ms(now - kept)}
        rows += await until_none(begin, statement, before)
    rows += await forget_work(begin, epoch_ms(now - retention.work))
    ended: Values = {"before": epoch_ms(now - retention.after_webinar)}
    async with begin() as desk:
        webinars: list[str] = [row[0] for row in await desk.connection.fetch(OVER, ended)]
    over: Values = {"webinars": webinars}
    # The people first: once their registrations are gone, nothing says why they were to leave.
    lapsed: Values = {"before": epoch_ms(now - retention.subscribers), "all_future": 1}
    silent: Values = {**ended, "all_future": 0}
    people = await forget_people(begin, ((LEAVING, over), (SILENT, silent), (SILENT, lapsed)))
    await until_none(begin, REGISTRATIONS, over)
    async with begin() as desk:
        await desk.connection.run(WAYS_IN, over)
    async with begin() as desk:
        rows += await clear_questions(
            desk, webinars, epoch_ms(now - retention.after_webinar), epoch_ms(now)
        )
    async with begin() as desk:
        rows += await Guests(desk).clear(webinars)
        await clear_digests(desk, webinars)
        rows += await clear_proposals(desk)
        rows += await clear_spent(desk, epoch_ms(now - retention.after_webinar), webinars)
        rows += await remove_disused(desk, epoch_ms(now - retention.after_webinar))
    return Swept(rows, people, tuple(webinars))


async def until_none(begin: Begin, statement: str, values: Values) -> int:
    """Have this statement erase until it finds no more; how many rows that were."""
    rows, gone = 0, -1
    while gone:
        async with begin() as desk:
            gone = len(await desk.connection.fetch(statement, values))
        rows += gone
    return rows


async def forget_work(begin: Begin, before: int) -> int:
    """Walk over all addresses, some thousands at a time: no index tells whose time has come."""
    rows, after = 0, 0
    while True:
        async with begin() as desk:
            ((upto,),) = await desk.connection.fetch(NEXT_ADDRESSES, {"after": after})
            if upto is None:
                return rows
            values: Values = {"after": after, "upto": upto, "before": before}
            for statement in (LAST_DELIVERIES, WINDOWS, RESTED):
                rows += len(await desk.connection.fetch(statement, values))
        after = upto


async def forget_people(begin: Begin, leaving: Sequence[tuple[str, Values]]) -> int:
    """Walk over all people in the same way, and forget whom one of these statements names."""
    people, after = 0, 0
    while True:
        async with begin() as desk:
            ((upto,),) = await desk.connection.fetch(NEXT_PEOPLE, {"after": after})
        if upto is None:
            return people
        for statement, values in leaving:
            people += await forget_all(begin, statement, {**values, "after": after, "upto": upto})
        after = upto


async def forget_all(begin: Begin, statement: str, values: Values) -> int:
    """Forget everybody whom this statement names, some at a time, and say how many they were."""
    people, found = 0, -1
    while found:
        async with begin() as desk:
            rows = await desk.connection.fetch(statement, values)
            for row in rows:
                await forget(desk, row[0], bury=False)
        found = len(rows)
        people += found
    return people
