"""Takes a person out of every table."""

from __future__ import annotations

from dataclasses import dataclass

from storage.asking.changing import next_change
from storage.asking.proposals import forget_proposals
from storage.community.leaving import leave_questions
from storage.community.proof_counts import forget_proofs
from storage.community.tombstones import tombstone_of, tombstone_of_address
from storage.desk import Desk
from storage.engines.times import hour_of
from storage.errors import Unreadable
from storage.meta import Meta
from storage.outbox import PLATFORM_IDS_KEPT, Outbox
from storage.persons import MAILED
from storage.sealing.vault import Field, Vault


@dataclass(frozen=True, slots=True)
class Forgotten:
    """For each address: channel, account, and the ids of messages younger than 48 hours.

    Without those whose account is not known any more, since its number is somebody else's, or the
    disk has spoilt it.
    """

    addresses: tuple[tuple[str, str, tuple[str, ...]], ...] = ()


ADDRESSES = "SELECT id, channel, account FROM addresses WHERE person = :person ORDER BY id"
WERE_BESIDES = "SELECT gone FROM joined WHERE person = :person"
ADDRESS_KEYS = """
SELECT k.key FROM address_keys k JOIN addresses a ON a.id = k.address WHERE a.person = :person
"""
SCRUB = "scrub"
"""What the note is called that bytes of somebody are still to be scrubbed off the files."""

BURY = """
INSERT INTO erased (key, hour) VALUES (:key, :hour)
ON CONFLICT (key) DO UPDATE SET hour = excluded.hour
"""

OF_KEY = """
DELETE FROM quarantine WHERE account_key IN (SELECT value FROM each_text(:keys) AS given)
"""
OF_ADDRESS = (
    """DELETE FROM outbox
    WHERE address IN (SELECT value FROM each_id(:ids) AS given) AND broadcast IS NULL""",
    "DELETE FROM mailbox WHERE address IN (SELECT value FROM each_id(:ids) AS given)",
    "DELETE FROM address_keys WHERE address IN (SELECT value FROM each_id(:ids) AS given)",
)
# Somebody was written to, and that counts for its day: nobody needs to know who.
NOTE_NOBODY = "UPDATE reached SET address = :nobody WHERE address = :address"
OF_PERSON = (
    """DELETE FROM outbox
    WHERE person = :person AND broadcast IN (SELECT id FROM broadcasts)""",
    "DELETE FROM addresses WHERE person = :person",
    "DELETE FROM consents WHERE person = :person",
    "DELETE FROM talks WHERE person = :person",
    "DELETE FROM registrations WHERE person = :person",
    "DELETE FROM staff WHERE person = :person",
    "DELETE FROM invites WHERE made_by = :person",
    "DELETE FROM link_codes WHERE person = :person",
    "DELETE FROM joined WHERE person = :person",
    "DELETE FROM board_links WHERE person = :person",
    "DELETE FROM board_sessions WHERE person = :person",
    "DELETE FROM codes WHERE person = :person",
    "DELETE FROM code_tries WHERE person = :person",
    "DELETE FROM board_doors WHERE person = :person",
    # Their misses count for everybody, whosoever they were.
    "UPDATE link_tries SET person = NULL WHERE person = :person",
    # Nor does it tell any more who looked somebody up.
    "UPDATE reveals SET person = NULL, key = NULL WHERE person = :person",
    # A broadcast that went as far as to them went as far as to whoever comes before them.
    """UPDATE broadcasts SET frozen_to = (SELECT MAX(id) FROM people WHERE id < :person)
    WHERE frozen_to = :person""",
    # What they sent to others stays, and no longer tells who sent it.
    "UPDATE broadcasts SET made_by = NULL, progress = NULL WHERE made_by = :person",
    "DELETE FROM people WHERE id = :person",
)


async def forget(desk: Desk, person_id: int, *, bury: bool) -> Forgotten:
    """Erase this person; with `bury` a restored backup will be told to erase them again."""
    connection, vault, person = desk.connection, desk.vault, {"person": person_id}
    changed = await next_change(desk)
    # Whoever ends a role sees who is an owner then, and whether they are the last one.
    await connection.serialise(["staff"])
    found = await connection.fetch(ADDRESSES, person)
    keys: list[str] = [row[0] for row in await connection.fetch(ADDRESS_KEYS, person)]
    forgotten: list[tuple[str, str, tuple[str, ...]]] = []
    since = desk.clock() - PLATFORM_IDS_KEPT
    for id, channel, account in found:
        messages = await Outbox(desk).messages(id, since)
        opened = account_in(vault, id, account)
        if opened:
            forgotten.append((channel, opened, tuple(messages)))
        if opened and channel == MAILED:
            await forget_proposals(desk, opened)
    if bury:
        hour = hour_of(desk.clock())
        besides: list[int] = [row[0] for row in await connection.fetch(WERE_BESIDES, person)]
        buried = [tombstone_of(vault, id) for id in (person_id, *besides)]
        # In an older backup an account may still be somebody's from whom it has parted since.
        buried += [tombstone_of_address(vault, row[0]) for row in found]
        for key in buried:
            await connection.run(BURY, {"key": key, "hour": hour})
    await leave_questions(desk, person_id, changed)
    await forget_proofs(desk, person_id)
    await connection.run(OF_KEY, {"keys": keys})
    for statement in OF_ADDRESS:
        await connection.run(statement, {"ids": [row[0] for row in found]})
    nobody = [{"address": row[0], "nobody": desk.ids.person()} for row in found]
    await connection.run_many(NOTE_NOBODY, nobody)
    for statement in OF_PERSON:
        await connection.run(statement, person)
    # A process that ends before the files are scrubbed finds this at its next start.
    await Meta(desk).put(SCRUB, str(desk.ids.person()))
    return Forgotten(tuple(forgotten))


def account_in(vault: Vault, address_id: int, sealed: bytes) -> str:
    """The account in the row of this address; empty where it is not known any more."""
    try:
        return vault.open(sealed, Field("addresses", "account", address_id))
    except Unreadable:
        # Nobody stays because of what cannot be read of them.
        return ""
