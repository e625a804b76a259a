"""Retention: what is kept for so long and no longer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from storage.asking.digests import clear_digests
from storage.asking.guests import Guests
from storage.asking.heard_out import clear_questions
from storage.asking.proposals import clear_proposals
from storage.broadcasting.disused import remove_disused
from storage.broadcasting.spent import clear_spent
from storage.community.boards import IDLE, LONGEST
from storage.community.codes import TRIED as TRIED_CODES
from storage.community.forgetting import forget
from storage.community.invites import TRIED
from storage.community.links import TRIED as TRIED_TO_LINK
from storage.desk import Desk
from storage.engines.port import Values
from storage.engines.times import epoch_ms
from storage.outbox import PLATFORM_IDS_KEPT

Begin: TypeAlias = Callable[[], AbstractAsyncContextManager[Desk]]

READ_LETTERS_KEPT = timedelta(hours=24)
REACH_COUNTS = timedelta(hours=24)
HOUR = timedelta(hours=1)
AT_ONCE = timedelta()


@dataclass(frozen=True, slots=True)
class Retention:
    """For how long what is kept."""

    after_webinar: timedelta = timedelta(days=30)
    """Registrations and questions, and whoever has no others; also who never registered; also
    posters that nothing shows any more. The staff stay while they are the staff."""
    subscribers: timedelta = timedelta(days=180)
    """Whoever wants to hear of all future webinars, from the last that they said."""
    work: timedelta = timedelta(days=7)
    """What was sent when, and which updates came in."""
    quarantine: timedelta = timedelta(hours=24)
    letters: timedelta = timedelta(days=30)
    """What waits unread in the web chat."""
    audit: timedelta = timedelta(days=180)
    """That somebody looked up who asked a question, and why."""
    backups: timedelta = timedelta(days=14)
    """Backups, which other hands delete: for so long an erasure is remembered."""


# A few thousand rows a transaction: turns that are waiting get in between.
SEEN = """
DELETE FROM seen WHERE key IN (SELECT key FROM seen WHERE at <= :before LIMIT 2000) RETURNING 1
"""
# The rows of a broadcast are counted when it is over.
SETTLED = """
DELETE FROM outbox
WHERE id IN (SELECT o.id FROM outbox o WHERE o.settled <= :before AND NOT EXISTS (
                 SELECT 1 FROM broadcasts b WHERE b.id = o.broadcast AND b.ended IS NULL)
             LIMIT 2000) RETURNING 1
"""
# Nor is anything refused so late, and sent once more with the same words.
PLATFORM_IDS = """
UPDATE outbox SET platform_id = NULL, message = NULL
WHERE id IN (SELECT id FROM outbox
             WHERE settled <= :before AND platform_id IS NOT NULL LIMIT 2000) RETURNING 1
"""
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
QUARANTINE = "DELETE FROM quarantine WHERE at <= :before RETURNING 1"
# Later no messenger lets anything be deleted, but Twilio's log of WhatsApp: however long that
# cannot be reached, what it holds of somebody is to go.
ERASURES = "DELETE FROM erasures WHERE at <= :before AND channel <> 'whatsapp' RETURNING 1"
ALL_ERASURES = "DELETE FROM erasures WHERE at <= :before RETURNING 1"
LETTERS = "DELETE FROM mailbox WHERE hour <= :before RETURNING 1"
READ_LETTERS = "DELETE FROM mailbox WHERE acknowledged <= :before RETURNING 1"
INVITES = "DELETE FROM invites WHERE expires <= :before RETURNING 1"
TRIES = "DELETE FROM invite_tries WHERE at <= :before RETURNING 1"
LINK_CODES = "DELETE FROM link_codes WHERE expires <= :before RETURNING 1"
PROOFS = "DELETE FROM proofs WHERE expires <= :before RETURNING 1"
LINK_TRIES = "DELETE FROM link_tries WHERE at <= :before RETURNING 1"
REACHED = "DELETE FROM reached WHERE at <= :before RETURNING 1"
# As long as a backup may bring somebody back who has become another since.
JOINED = "DELETE FROM joined WHERE hour <= :before RETURNING 1"
BOARD_LINKS = "DELETE FROM board_links WHERE expires <= :before RETURNING 1"
UNUSED_BOARDS = "DELETE FROM board_sessions WHERE seen <= :before RETURNING 1"
OLD_BOARDS = "DELETE FROM board_sessions WHERE began <= :before RETURNING 1"
BOARD_DOORS = "DELETE FROM board_doors WHERE expires <= :before RETURNING 1"
CODE_TRIES = "DELETE FROM code_tries WHERE at <= :before RETURNING 1"
BOARD_FORMS = "DELETE FROM board_forms WHERE at <= :before RETURNING 1"
REVEALS = "DELETE FROM reveals WHERE at <= :before RETURNING 1"
OUTAGES = "DELETE FROM outages WHERE ends_at <= :before RETURNING 1"

OVER = "SELECT id FROM webinars WHERE starts_at + minutes * 60000 <= :before"
# Who was registered for these and nothing else, and does not want to hear of later ones.
LEAVING = """
SELECT DISTINCT r.person FROM registrations r JOIN people p ON p.id = r.person
WHERE p.all_future = 0 AND r.webinar IN (SELECT value FROM each_text(:webinars) AS given)
  AND NOT EXISTS (SELECT 1 FROM staff f WHERE f.person = p.id AND f.state = 'active')
  AND NOT EXISTS (SELECT 1 FROM registrations o WHERE o.person = r.person
                  AND o.webinar NOT IN (SELECT value FROM each_text(:webinars) AS given))
LIMIT 20
"""
SILENT = """
SELECT p.id FROM people p LEFT JOIN talks t ON t.person = p.id
WHERE p.all_future = :all_future AND p.hour <= :before AND COALESCE(t.hour, 0) <= :before
  AND NOT EXISTS (SELECT 1 FROM registrations r WHERE r.person = p.id)
  AND NOT EXISTS (SELECT 1 FROM staff f WHERE f.person = p.id AND f.state = 'active')
LIMIT 20
"""
REGISTRATIONS = """
DELETE FROM registrations
WHERE webinar IN (SELECT value FROM each_text(:webinars) AS given)
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


def plain_sweeps(retention: Retention) -> tuple[tuple[str, timedelta], ...]:
    """What goes by its age alone."""
    return (
        (SEEN, retention.work),
        (PLATFORM_IDS, PLATFORM_IDS_KEPT),
        (SETTLED, retention.work),
        (QUARANTINE, retention.quarantine),
        (ERASURES, PLATFORM_IDS_KEPT),
        (ALL_ERASURES, retention.backups),
        (LETTERS, retention.letters),
        (READ_LETTERS, READ_LETTERS_KEPT),
        (INVITES, AT_ONCE),
        (TRIES, TRIED),
        (OUTAGES, AT_ONCE),
        (LINK_CODES, AT_ONCE),
        (LINK_TRIES, TRIED_TO_LINK),
        (PROOFS, AT_ONCE),
        (REACHED, REACH_COUNTS),
        (BOARD_LINKS, AT_ONCE),
        (UNUSED_BOARDS, IDLE),
        (OLD_BOARDS, LONGEST),
        (BOARD_FORMS, LONGEST),
        (BOARD_DOORS, AT_ONCE),
        (CODE_TRIES, TRIED_CODES),
        (JOINED, retention.backups + HOUR),
        (REVEALS, retention.audit),
    )


async def sweep(begin: Begin, now: datetime, retention: Retention) -> Swept:
    """Erase everything whose time is over."""
    rows = 0
    for statement, kept in plain_sweeps(retention):
        before: Values = {"before": epoch_ms(now - kept)}
        gone = -1
        while gone:
            async with begin() as desk:
                gone = len(await desk.connection.fetch(statement, before))
            rows += gone
    rows += await forget_work(begin, epoch_ms(now - retention.work))
    ended: Values = {"before": epoch_ms(now - retention.after_webinar)}
    async with begin() as desk:
        webinars: list[str] = [row[0] for row in await desk.connection.fetch(OVER, ended)]
    over: Values = {"webinars": webinars}
    # The people first: once their registrations are gone, nothing says why they were to leave.
    people = await forget_all(begin, LEAVING, over)
    people += await forget_all(begin, SILENT, {**ended, "all_future": 0})
    lapsed: Values = {"before": epoch_ms(now - retention.subscribers), "all_future": 1}
    people += await forget_all(begin, SILENT, lapsed)
    async with begin() as desk:
        await desk.connection.run(REGISTRATIONS, over)
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
