"""The hot path: everything that a group of waiting turns needs, loaded in one statement and saved
in one per table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from storage.community.accounts import open_windows
from storage.community.aliases import account_known, settle_aliases
from storage.community.people import CHANGE_PERSON, MARK_ADDRESS
from storage.community.silent import let_go_of_silent
from storage.desk import Desk
from storage.engines.port import Row
from storage.engines.times import epoch_ms, hour_of
from storage.errors import TakeAlone, Unreadable
from storage.outbox import Draft, Outbox
from storage.persons import (
    ADDRESS_COLUMNS,
    ADDRESS_WIDTH,
    Address,
    Arrival,
    Person,
    address_from,
    address_key,
    person_from,
    person_lock,
    person_values,
)
from storage.roles import Role
from storage.sealing.vault import Field, Vault

__all__ = ["Arrival", "Found", "Kept", "Turns"]


@dataclass(frozen=True, slots=True)
class Found:
    """What is known about an arrival."""

    seen: bool
    address: Address | None = None
    person: Person | None = None
    state: str | None = None
    """Where the conversation stands, as it was kept last."""
    role: Role | None = None
    """What they are on the staff, once their powers have begun."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a turn leaves behind; without a `person_id` nothing at all is written."""

    arrival: Arrival
    person_id: int | None = None
    person: Person | None = None
    """The whole person, if anything about them changed."""
    address: Address | None = None
    """The address, if it became reachable or stopped, or ceased to be."""
    state: str | None = None
    """Where the conversation stands now; None leaves it as it was."""
    drafts: tuple[Draft, ...] = ()


# Each value is the address key and, right after it, the key of the update: 22 characters each.
LOAD = f"""
SELECT {ADDRESS_COLUMNS},
       p.id, p.language, p.profile, p.announcements, p.reminders, p.text_only, p.all_future,
       p.notice, t.state, (SELECT value FROM counters WHERE name = 'programme'), f.role, s.key
FROM each_text(:arrivals) AS given
LEFT JOIN seen s ON s.key = substr(given.value, 23)
LEFT JOIN address_keys k ON k.key = substr(given.value, 1, 22)
LEFT JOIN addresses a ON a.id = k.address
LEFT JOIN outbox d ON d.id = a.last_delivery
LEFT JOIN people p ON p.id = a.person
LEFT JOIN talks t ON t.person = p.id
LEFT JOIN staff f ON f.person = p.id AND f.state = 'active'
ORDER BY given.key
"""  # noqa: S608 - a constant
LINKED = 8
PERSON, STATE, VERSION, ROLE, SEEN = (
    slice(ADDRESS_WIDTH, ADDRESS_WIDTH + 8), *range(ADDRESS_WIDTH + 8, ADDRESS_WIDTH + 12),
)  # fmt: skip
"""Where these stand in a row of LOAD."""
# No ON CONFLICT: what somebody else has taken since must fail, and be looked up again.
NOTE_SEEN = "INSERT INTO seen (key, at) VALUES (:key, :at)"
NOTE_ANSWERED = "INSERT INTO seen (key, at) VALUES (:key, :at) ON CONFLICT DO NOTHING"
KEEP_TALK = """
INSERT INTO talks (person, state, hour) VALUES (:person, :state, :hour)
ON CONFLICT (person) DO UPDATE
SET state = COALESCE(excluded.state, talks.state), hour = excluded.hour
"""


class Turns:
    """The turns of one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection
        self._vault = desk.vault

    async def load(self, arrivals: Sequence[Arrival]) -> tuple[list[Found], int]:
        """What is known about each of these, and the programme's version.

        Raises TakeAlone when two of them turn out to come from one person.
        """
        keys = [address_key(self._vault, a.channel, a.account) for a in arrivals]
        aliased = [arrival for arrival in arrivals if arrival.alias is not None]
        aliases = [address_key(self._vault, a.channel, a.alias or "") for a in aliased]
        await self._connection.serialise([*keys, *aliases])
        if aliased:
            await settle_aliases(self._desk, aliased)
        if bare := [arrival for arrival in arrivals if arrival.bare]:
            await let_go_of_silent(self._desk, bare)
        pairs = [
            key + seen_key(self._vault, arrival)
            for key, arrival in zip(keys, arrivals, strict=True)
        ]
        rows = await self._connection.fetch(LOAD, {"arrivals": pairs})
        if linked := [person_lock(row[1]) for row in rows if row[LINKED]]:
            # Once more, when nobody is taking a turn from another account of theirs.
            await self._connection.serialise(linked)
            rows = await self._connection.fetch(LOAD, {"arrivals": pairs})
        people = [row[1] for row in rows if row[1] is not None]
        self._desk.present.update(people)
        if len(self._desk.present) < len(people):
            raise TakeAlone()
        version = rows[0][VERSION] if rows else None
        found = [
            found_from(self._vault, row, arrival)
            for row, arrival in zip(rows, arrivals, strict=True)
        ]
        return [
            replace(each, address=await account_known(self._desk, each.address, arrival))
            if each.address is not None and not each.address.account
            else each
            for each, arrival in zip(found, arrivals, strict=True)
        ], version or 0

    async def save(self, kept: Sequence[Kept], now: datetime) -> None:
        """Keep what these turns left behind.

        When an update of theirs has been taken by another process since `load`, this fails with
        the engine's own error for a broken unique key.
        """
        vault, run_many = self._vault, self._connection.run_many
        known = [turn for turn in kept if turn.person_id is not None]
        at, hour = epoch_ms(now), hour_of(now)
        await run_many(
            NOTE_SEEN, [{"key": seen_key(vault, turn.arrival), "at": at} for turn in known]
        )
        await open_windows(self._desk, [turn.arrival for turn in known])
        people = [turn.person for turn in known if turn.person is not None]
        await run_many(CHANGE_PERSON, [person_values(vault, person, now) for person in people])
        addresses = [turn.address for turn in known if turn.address is not None]
        await run_many(
            MARK_ADDRESS,
            [
                {"id": a.id, "reachable": int(a.reachable), "stopped": int(a.stopped)}
                for a in addresses
            ],
        )
        await run_many(
            KEEP_TALK,
            [
                {
                    "person": turn.person_id,
                    "state": sealed_state(vault, turn.person_id, turn.state),
                    "hour": hour,
                }
                for turn in known
                if turn.person_id is not None
            ],
        )
        await Outbox(self._desk).add([draft for turn in known for draft in turn.drafts])

    async def note(self, arrival: Arrival, now: datetime) -> None:
        """This update is dealt with although nothing came of its turn; it is not to come again."""
        values = {"key": seen_key(self._vault, arrival), "at": epoch_ms(now)}
        await self._connection.run_many(NOTE_SEEN, [values])

    async def note_answered(self, arrivals: Sequence[Arrival], now: datetime) -> None:
        """These were answered before anything could be written; they are not to come again."""
        at = epoch_ms(now)
        values = [{"key": seen_key(self._vault, each), "at": at} for each in arrivals]
        await self._connection.run_many(NOTE_ANSWERED, values)


def seen_key(vault: Vault, arrival: Arrival) -> str:
    """What an update is known by: nothing in it links to the account.

    Where an account has two ids it is the alias that counts, which the platform's log says, too.
    """
    account = arrival.alias or arrival.account
    return vault.index("seen", arrival.channel, account, arrival.id)


def sealed_state(vault: Vault, person_id: int, state: str | None) -> bytes | None:
    return None if state is None else vault.seal(state, Field("talks", "state", person_id))


def found_from(vault: Vault, row: Row, arrival: Arrival) -> Found:
    """What a row of LOAD says; the window is as open as what has arrived makes it."""
    seen, state, role = row[SEEN] is not None, row[STATE], row[ROLE]
    if row[0] is None or row[ADDRESS_WIDTH] is None:
        return Found(seen)
    try:
        person = person_from(vault, row[PERSON])
        talk = None if state is None else vault.open(state, Field("talks", "state", person.id))
        address = address_from(vault, row[:ADDRESS_WIDTH])
    except Unreadable:
        if not seen:
            raise
        # Its turn failed on just this, and is not to fail again.
        return Found(seen)
    until = arrival.opens_until
    if until is not None and (address.open_until is None or address.open_until < until):
        address = replace(address, open_until=until)
    return Found(seen, address, person, talk, None if role is None else Role(role))
