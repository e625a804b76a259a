"""For how long what is kept, and the statements that erase what goes by its age alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from storage.community.boards import IDLE, LONGEST
from storage.community.codes import TRIED as TRIED_CODES
from storage.community.invites import TRIED
from storage.community.links import TRIED as TRIED_TO_LINK
from storage.post.deliveries import PLATFORM_IDS_KEPT

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
QUARANTINE = "DELETE FROM quarantine WHERE at <= :before RETURNING 1"
# Later no messenger lets anything be deleted, but Twilio's log of WhatsApp: however long that
# cannot be reached, what it holds of somebody is to go.
ERASURES = "DELETE FROM erasures WHERE at <= :before AND channel <> 'whatsapp' RETURNING 1"
ALL_ERASURES = "DELETE FROM erasures WHERE at <= :before RETURNING 1"
LETTERS = """
DELETE FROM mailbox
WHERE id IN (SELECT id FROM mailbox WHERE hour <= :before LIMIT 2000) RETURNING 1
"""
READ_LETTERS = """
DELETE FROM mailbox
WHERE id IN (SELECT id FROM mailbox WHERE acknowledged <= :before LIMIT 2000) RETURNING 1
"""
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


def by_age(retention: Retention) -> tuple[tuple[str, timedelta], ...]:
    """Each of these statements, and the age from which on it erases."""
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
