"""People, the accounts that they write from, and what they agreed to."""

from __future__ import annotations

from datetime import datetime

from storage.community import accounts, joining
from storage.community.forgetting import Forgotten, forget
from storage.desk import Desk
from storage.engines.port import Value
from storage.engines.times import epoch_ms, from_epoch_ms, hour_of
from storage.persons import (
    ADDRESS_COLUMNS,
    Address,
    Arrival,
    Consent,
    ConsentGiven,
    Person,
    Profile,
    address_from,
    address_key,
    person_from,
    person_values,
    sealed_account,
)

__all__ = ["Address", "Arrival", "Consent", "ConsentGiven", "People", "Person", "Profile"]

ADD_PERSON = """
INSERT INTO people (id, language, profile, governorate_key, announcements, reminders, text_only,
                    all_future, notice, hour)
VALUES (:id, :language, :profile, :governorate_key, :announcements, :reminders, :text_only,
        :all_future, :notice, :hour)
"""
CHANGE_PERSON = """
UPDATE people SET language = :language, profile = :profile, governorate_key = :governorate_key,
    announcements = :announcements, reminders = :reminders, text_only = :text_only,
    all_future = :all_future, notice = :notice, hour = :hour
WHERE id = :id
"""
GET_PERSON = """
SELECT id, language, profile, announcements, reminders, text_only, all_future, notice
FROM people WHERE id = :id
"""
ADD_ADDRESS = """
INSERT INTO addresses (id, person, channel, account, reachable, stopped, letters, open_until)
VALUES (:id, :person, :channel, :account, 1, 0, 0, :open_until)
"""
ADD_ADDRESS_KEY = "INSERT INTO address_keys (key, address) VALUES (:key, :address)"
ADDRESSES_OF = f"""
SELECT {ADDRESS_COLUMNS} FROM addresses a LEFT JOIN outbox d ON d.id = a.last_delivery
WHERE a.person = :person ORDER BY a.id
"""  # noqa: S608 - a constant
FIND_ADDRESS = f"""
SELECT {ADDRESS_COLUMNS} FROM address_keys k JOIN addresses a ON a.id = k.address
LEFT JOIN outbox d ON d.id = a.last_delivery
WHERE k.key = :key
"""  # noqa: S608 - a constant
MARK_ADDRESS = """
UPDATE addresses SET reachable = COALESCE(:reachable, reachable),
    stopped = COALESCE(:stopped, stopped)
WHERE id = :id
"""
MOVE_ADDRESS = "UPDATE addresses SET account = :account WHERE id = :id"
CHANNEL_OF = "SELECT channel FROM addresses WHERE id = :id"
ADD_CONSENT = """
INSERT INTO consents (id, person, version, hash, language, hour, channel)
VALUES (:id, :person, :version, :hash, :language, :hour, :channel)
"""
NOTE_NOTICE = "UPDATE people SET notice = :notice, hour = :hour WHERE id = :id"
CONSENTS_OF = """
SELECT version, hash, language, hour, channel FROM consents WHERE person = :person ORDER BY hour, id
"""


class People:
    """The people of one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection
        self._vault = desk.vault

    async def welcome(
        self, arrival: Arrival, language: str, consent: Consent, now: datetime
    ) -> tuple[Address, Person]:
        """A new person with this account, who has just agreed to the notice."""
        ids = self._desk.ids
        person = Person(ids.person(), language, consent.version)
        account, until = arrival.alias or arrival.account, arrival.opens_until
        address = Address(ids.person(), person.id, arrival.channel, account, open_until=until)
        await self._connection.run(ADD_PERSON, person_values(self._vault, person, now))
        await self._connection.run(
            ADD_ADDRESS,
            {
                "id": address.id,
                "person": person.id,
                "channel": address.channel,
                "account": sealed_account(self._vault, address.id, account),
                "open_until": None if until is None else epoch_ms(until),
            },
        )
        for name in {arrival.account, account}:
            key = address_key(self._vault, arrival.channel, name)
            await self._connection.run(ADD_ADDRESS_KEY, {"key": key, "address": address.id})
        await self._agree(person.id, consent, arrival.channel, now)
        return address, person

    async def consent(
        self, person_id: int, consent: Consent, now: datetime, channel: str | None = None
    ) -> None:
        """A changed notice was agreed to, on this channel."""
        await self._agree(person_id, consent, channel, now)
        await self._connection.run(
            NOTE_NOTICE, {"id": person_id, "notice": consent.version, "hour": hour_of(now)}
        )

    async def update(self, person: Person, now: datetime) -> None:
        """Keep this person as they are now."""
        await self._connection.run(CHANGE_PERSON, person_values(self._vault, person, now))

    async def get(self, person_id: int) -> Person | None:
        """The person with this id."""
        rows = await self._connection.fetch(GET_PERSON, {"id": person_id})
        return person_from(self._vault, rows[0]) if rows else None

    async def addresses(self, person_id: int) -> list[Address]:
        """All accounts of this person."""
        rows = await self._connection.fetch(ADDRESSES_OF, {"person": person_id})
        return [address_from(self._vault, row) for row in rows]

    async def find(self, channel: str, account: str) -> Address | None:
        """The address with this account, if the person behind it is known."""
        key = address_key(self._vault, channel, account)
        rows = await self._connection.fetch(FIND_ADDRESS, {"key": key})
        return address_from(self._vault, rows[0]) if rows else None

    async def consents(self, person_id: int) -> list[ConsentGiven]:
        """What this person agreed to, oldest first."""
        rows = await self._connection.fetch(CONSENTS_OF, {"person": person_id})
        return [ConsentGiven(*row[:3], at=from_epoch_ms(row[3]), channel=row[4]) for row in rows]

    async def mark(
        self,
        address_id: int,
        reachable: bool | None = None,
        stopped: bool | None = None,
        marketing: bool | None = None,
        rests_until: datetime | None = None,
    ) -> None:
        """Note that this account can be reached or not, or wants no messages; None: as it was.

        Without `marketing` it gets no announcements; while it rests, others of its person come
        first.
        """
        values: dict[str, Value] = {
            "id": address_id,
            "reachable": None if reachable is None else int(reachable),
            "stopped": None if stopped is None else int(stopped),
        }
        if reachable is not None or stopped is not None:
            await self._connection.run(MARK_ADDRESS, values)
        if marketing is not None or rests_until is not None:
            await accounts.limit(self._desk, address_id, marketing, rests_until)

    async def open_window(self, address_id: int, until: datetime) -> None:
        """Any message may go to this account until then, unless it may for longer already."""
        await accounts.open_window(self._desk, address_id, until)

    async def close_window(self, address_id: int, until: datetime) -> None:
        """The platform lets only templates through to this account, of which we thought that it
        was open until then; if it is for longer by now, they have written since."""
        await accounts.close_window(self._desk, address_id, until)

    async def opt_out(self, address_id: int) -> None:
        """They told the platform that they want nothing more here: so their settings say, too."""
        await accounts.opt_out(self._desk, address_id)

    async def prefer(self, person_id: int, address_id: int | None) -> None:
        """This person wishes to be written to on this address of theirs; None has no wish."""
        await accounts.prefer(self._desk, person_id, address_id)

    async def join(self, kept_id: int, other_id: int, now: datetime) -> Person | None:
        """Make one person of two, who keeps all that either had; None when one is not there.

        The other is no more: nothing is sent to them twice, and forgetting the one that is kept
        forgets both. Raises TakeAlone when a turn of the other is in this transaction, too.
        """
        return await joining.join(self._desk, kept_id, other_id, now)

    async def split(self, address_id: int, now: datetime) -> Person | None:
        """This address is somebody's of its own, who agreed to the same and has nothing else.

        None when it is the only one of its person, or gone.
        """
        return await joining.split(self._desk, address_id, now)

    async def move(self, address_id: int, account: str) -> None:
        """The platform gave this account another id; both find the person from now on."""
        rows = await self._connection.fetch(CHANNEL_OF, {"id": address_id})
        if not rows or await self.find(rows[0][0], account) is not None:
            return
        sealed = sealed_account(self._vault, address_id, account)
        await self._connection.run(MOVE_ADDRESS, {"id": address_id, "account": sealed})
        key = address_key(self._vault, rows[0][0], account)
        await self._connection.run(ADD_ADDRESS_KEY, {"key": key, "address": address_id})

    async def forget(self, person_id: int) -> Forgotten:
        """Erase this person; what they asked and the experts have keeps no way back to them.

        Call `storage.scrub()` after the commit: only then the bytes are gone from the files.
        """
        return await forget(self._desk, person_id, bury=True)

    async def _agree(
        self, person_id: int, consent: Consent, channel: str | None, now: datetime
    ) -> None:
        await self._connection.run(
            ADD_CONSENT,
            {
                "id": self._desk.ids.person(),
                "person": person_id,
                "version": consent.version,
                "hash": consent.hash,
                "language": consent.language,
                "hour": hour_of(now),
                "channel": channel,
            },
        )
