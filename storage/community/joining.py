"""One person of two, and one account as a person of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from storage.community.merging import (
    merge_deliveries,
    merge_questions,
    merge_registrations,
    merge_roles,
    merge_talks,
)
from storage.desk import Desk
from storage.engines.port import Values
from storage.engines.times import epoch_ms, hour_of
from storage.errors import TakeAlone
from storage.persons import Person, person_from, person_lock, person_values

KEYS = """
SELECT k.key FROM address_keys k JOIN addresses a ON a.id = k.address
WHERE a.person IN (SELECT value FROM each_id(:people) AS given)
"""
GET = """
SELECT id, language, profile, announcements, reminders, text_only, all_future, notice
FROM people WHERE id = :id
"""
CHANGE = """
UPDATE people SET language = :language, profile = :profile, governorate_key = :governorate_key,
    announcements = :announcements, reminders = :reminders, text_only = :text_only,
    all_future = :all_future, notice = :notice, hour = :hour
WHERE id = :id
"""
# Where both had a wish, the wish of the one that is kept stands.
ONE_WISH = """
UPDATE addresses SET preferred = 0 WHERE person = :other
  AND EXISTS (SELECT 1 FROM addresses k WHERE k.person = :kept AND k.preferred = 1)
"""
# First: until this is committed nobody may write down recipients, on an address that is another's
# by then, or for two who are one.
HOLD_BROADCASTS = "UPDATE broadcasts SET frozen_to = frozen_to WHERE ended IS NULL"
BELONGS = (
    ONE_WISH,
    "UPDATE addresses SET person = :kept WHERE person = :other",
    "UPDATE consents SET person = :kept WHERE person = :other",
    "UPDATE invites SET made_by = :kept WHERE made_by = :other",
    "UPDATE broadcasts SET made_by = :kept WHERE made_by = :other",
    "UPDATE board_links SET person = :kept WHERE person = :other",
    "UPDATE board_sessions SET person = :kept WHERE person = :other",
    "DELETE FROM link_codes WHERE person IN (:kept, :other)",
    "UPDATE proofs SET person = :kept WHERE person = :other",
    "UPDATE link_tries SET person = :kept WHERE person = :other",
    "UPDATE reveals SET person = :kept WHERE person = :other",
    "UPDATE joined SET person = :kept WHERE person = :other",
    """INSERT INTO joined (gone, person, hour) VALUES (:other, :kept, :hour)
    ON CONFLICT (gone) DO UPDATE SET person = excluded.person, hour = excluded.hour""",
    # A broadcast that went as far as to them went as far as to whoever comes before them; one
    # that has passed whom they are now looks at them again, and writes nobody down twice.
    """UPDATE broadcasts SET frozen_to = (SELECT MAX(id) FROM people WHERE id < :other)
    WHERE frozen_to = :other""",
    """UPDATE broadcasts SET frozen_to = CAST(:kept AS BIGINT) - 1
    WHERE frozen_to >= :kept AND frozen_to < :other
    AND ended IS NULL AND (state = 'freezing' OR (confirmed IS NOT NULL AND frozen IS NULL))""",
    "DELETE FROM people WHERE id = :other",
)
RELINK = """
UPDATE addresses SET
    linked = CASE WHEN (SELECT COUNT(*) FROM addresses o WHERE o.person = :person) > 1
        THEN 1 ELSE 0 END,
    preferred = CASE WHEN (SELECT COUNT(*) FROM addresses o WHERE o.person = :person) > 1
        THEN preferred ELSE 0 END
WHERE person = :person
"""

OWNER = "SELECT person FROM addresses WHERE id = :address"
# Where its person is written to from then on.
ELSEWHERE = """
SELECT id, channel FROM addresses WHERE person = :person AND id <> :address
ORDER BY CASE WHEN reachable = 1 AND stopped = 0 THEN 0 ELSE 1 END,
         CASE WHEN rests_until > :now THEN 1 ELSE 0 END, preferred DESC,
         CASE WHEN channel = 'web' THEN 2 WHEN channel = 'email' THEN 1 ELSE 0 END,
         id LIMIT 1
"""
ADD = """
INSERT INTO people (id, language, profile, governorate_key, announcements, reminders, text_only,
                    all_future, notice, hour)
VALUES (:id, :language, :profile, :governorate_key, :announcements, :reminders, :text_only,
        :all_future, :notice, :hour)
"""
CONSENTS = "SELECT version, hash, language, hour, channel FROM consents WHERE person = :person"
ADD_CONSENT = """
INSERT INTO consents (id, person, version, hash, language, hour, channel)
VALUES (:id, :person, :version, :hash, :language, :hour, :channel)
"""
LEAVES = (
    """UPDATE addresses SET person = :alone, preferred = 0, linked = 0 WHERE id = :address""",
    # What waits is for whom it was written down, and goes to an address that is still theirs;
    # what has left, or perhaps has, is where it went.
    """UPDATE outbox SET address = :other, channel = :channel
    WHERE person = :person AND address = :address AND state = 'queued' AND ambiguous = 0
      AND broadcast IN (SELECT id FROM broadcasts)""",
    """UPDATE outbox SET person = :alone
    WHERE person = :person AND address = :address
      AND broadcast IN (SELECT id FROM broadcasts)""",
)


async def join(desk: Desk, kept_id: int, other_id: int, now: datetime) -> Person | None:
    """As `People.join`."""
    if other_id in desk.present:
        raise TakeAlone()
    await hold_turns(desk, [kept_id, other_id])
    kept, other = await get(desk, kept_id), await get(desk, other_id)
    if kept is None or other is None or kept_id == other_id:
        return None
    await desk.connection.run(HOLD_BROADCASTS)
    await merge_registrations(desk, kept_id, other_id)
    await merge_questions(desk, kept_id, other_id)
    await merge_deliveries(desk, kept_id, other_id)
    await merge_roles(desk, kept_id, other_id)
    await merge_talks(desk, kept_id, other_id)
    values: Values = {"kept": kept_id, "other": other_id, "hour": hour_of(now)}
    for statement in BELONGS:
        await desk.connection.run(statement, values)
    person = both(kept, other)
    await desk.connection.run(CHANGE, person_values(desk.vault, person, now))
    await relink(desk, kept_id)
    return person


async def hold_turns(desk: Desk, people: list[int]) -> None:
    """No other process takes a turn of these people before this transaction ends."""
    rows = await desk.connection.fetch(KEYS, {"people": people})
    keys: list[str] = [row[0] for row in rows]
    await desk.connection.serialise([*keys, *map(person_lock, people)])


async def get(desk: Desk, person_id: int) -> Person | None:
    """The person with this id."""
    rows = await desk.connection.fetch(GET, {"id": person_id})
    return person_from(desk.vault, rows[0]) if rows else None


async def relink(desk: Desk, person_id: int) -> None:
    """Have the addresses of this person know whether there are others."""
    await desk.connection.run(RELINK, {"person": person_id})


def both(kept: Person, other: Person) -> Person:
    """One person of these two: what the first has told stands before what the second has.

    What either wants no more of, both want no more of; what either asked for, they get.
    """
    mine, theirs = kept.profile, other.profile
    return replace(
        kept,
        profile=replace(
            mine,
            nickname=mine.nickname or theirs.nickname,
            governorate=mine.governorate or theirs.governorate,
            zone=mine.zone or theirs.zone,
            email=mine.email or theirs.email,
        ),
        announcements=kept.announcements and other.announcements,
        reminders=kept.reminders and other.reminders,
        text_only=kept.text_only or other.text_only,
        all_future=kept.all_future or other.all_future,
        receipts=kept.receipts and other.receipts,
    )


async def split(desk: Desk, address_id: int, now: datetime) -> Person | None:
    """As `People.split`."""
    found = await desk.connection.fetch(OWNER, {"address": address_id})
    if not found:
        return None
    owner_id: int = found[0][0]
    await hold_turns(desk, [owner_id])
    await desk.connection.run(HOLD_BROADCASTS)
    owner = await get(desk, owner_id)
    elsewhere = await desk.connection.fetch(
        ELSEWHERE, {"person": owner_id, "address": address_id, "now": epoch_ms(now)}
    )
    if owner is None or not elsewhere:
        return None
    person = Person(desk.ids.person(), owner.language, owner.notice)
    await desk.connection.run(ADD, person_values(desk.vault, person, now))
    await copy_consents(desk, owner_id, person.id)
    other, channel = elsewhere[0]
    values: Values = {
        "address": address_id,
        "person": owner_id,
        "alone": person.id,
        "other": other,
        "channel": channel,
    }
    for statement in LEAVES:
        await desk.connection.run(statement, values)
    await relink(desk, owner_id)
    return person


async def copy_consents(desk: Desk, person_id: int, other_id: int) -> None:
    """What the first has agreed to, the other has."""
    rows = await desk.connection.fetch(CONSENTS, {"person": person_id})
    names = ("version", "hash", "language", "hour", "channel")
    await desk.connection.run_many(
        ADD_CONSENT,
        [
            {"id": desk.ids.person(), "person": other_id, **dict(zip(names, row, strict=True))}
            for row in rows
        ],
    )
