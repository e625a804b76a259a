"""Addresses of mail that somebody gave, until they have proved that they read what comes there.

A link of 192 bits is mailed, of which only a keyed hash is kept; it is good once and for a day.
Until it is used nothing but this one mail goes to the address.
"""

from __future__ import annotations

import base64
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.community import mail_addresses
from storage.community.joining import hold_turns
from storage.community.proof_counts import key_of_nobody
from storage.desk import Desk
from storage.engines.port import Values
from storage.engines.times import epoch_ms, hour_of
from storage.errors import Unreadable
from storage.news import PROOFS
from storage.persons import MAILED, address_key
from storage.sealing.vault import Field

LASTING = timedelta(hours=24)
"""For so long a link proves an address, at least; its end is kept to the hour."""
TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class Proof:
    """A mail that is to be sent."""

    id: int
    person: int
    account: str
    language: str
    """The one in which the bot speaks to whoever gave it."""
    taken: bool
    """The address is somebody else's already: there is nothing to prove."""


# No more than so many in a day for one person, and to one address, whoever gave it.
WANT = """
INSERT INTO proofs (id, person, mail, mail_key, state, hour, expires)
SELECT :id, :person, :mail, :mail_key, 'waiting', :hour, :expires
WHERE (SELECT COUNT(*) FROM proofs WHERE person = :person AND hour > :since) < :most
  AND (SELECT COUNT(*) FROM proofs
       WHERE mail_key IN (:mail_key, :nobodys_key) AND hour > :since) < :most
RETURNING id
"""
VOID = """
UPDATE proofs SET state = 'over', key = NULL, mail = NULL
WHERE person = :person AND state <> 'over'
"""
# The index of those that are not over serves only who asks for exactly these.
WAITING = """
SELECT f.id, f.person, f.mail, p.language, a.person
FROM proofs f JOIN people p ON p.id = f.person
LEFT JOIN address_keys k ON k.key = f.mail_key LEFT JOIN addresses a ON a.id = k.address
WHERE f.state = 'waiting' AND f.state <> 'over' AND f.expires > :now AND f.hour > :since
  AND f.id NOT IN (SELECT value FROM each_id(:skip) AS passed)
ORDER BY f.hour, f.id LIMIT :limit
"""
BEGIN = """
UPDATE proofs SET state = 'sending', key = :key, expires = :expires
WHERE id = :id AND state = 'waiting' RETURNING id
"""
SENT = "UPDATE proofs SET state = 'sent' WHERE id = :id AND state = 'sending'"
AGAIN = "UPDATE proofs SET state = 'waiting', key = NULL WHERE id = :id AND state = 'sending'"
RECOVER = """
UPDATE proofs SET state = 'waiting', key = NULL WHERE state = 'sending' AND state <> 'over'
"""
OVER = "UPDATE proofs SET state = 'over', key = NULL, mail = NULL WHERE id = :id"
LOOK = """
SELECT id, person, mail, mail_key FROM proofs
WHERE key = :key AND expires > :now AND state IN ('sending', 'sent')
"""
PENDING = """
SELECT id, mail FROM proofs WHERE person = :person AND state <> 'over' AND expires > :now
ORDER BY hour DESC, id LIMIT 1
"""


class Proofs:
    """The proofs in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection
        self._vault = desk.vault

    async def want(self, person_id: int, account: str, now: datetime, most: int = 3) -> bool:
        """Have a proof mailed there; a link that this person was mailed before is void.

        False when it was too often within a day, for this person or for this address.
        """
        await self._connection.run(VOID, {"person": person_id})
        id = self._desk.ids.person()
        mail_key = address_key(self._vault, MAILED, account)
        made = await self._connection.fetch(
            WANT,
            {
                "id": id,
                "person": person_id,
                "mail": self._vault.seal(account, Field("proofs", "mail", id)),
                "mail_key": mail_key,
                "nobodys_key": key_of_nobody(self._vault, mail_key),
                "hour": hour_of(now),
                "expires": _end(now),
                "since": epoch_ms(now - LASTING),
                "most": most,
            },
        )
        if made:
            await self._connection.tell(PROOFS)
        return bool(made)

    async def waiting(
        self, now: datetime, limit: int = 50, skip: Collection[int] = ()
    ) -> list[Proof]:
        """The mails that are still to be sent, oldest first, but these.

        None for which there was no way for a day.
        """
        values: Values = {
            "now": epoch_ms(now),
            "since": epoch_ms(now - LASTING),
            "skip": [*skip],
            "limit": limit,
        }
        rows = await self._connection.fetch(WAITING, values)
        found: list[Proof] = []
        for id, person, mail, language, owner in rows:
            account = self._opened(id, mail)
            if account is not None:
                taken = owner is not None and owner != person
                found.append(Proof(id, person, account, language, taken))
        return found

    async def begin(self, proof_id: int, now: datetime) -> str | None:
        """192 bits in 32 letters for the mail that is sent now; None if it is not wanted any more.

        Commit before it is sent, so that no link is out that counts for nothing.
        """
        token = base64.urlsafe_b64encode(self._desk.ids.random(TOKEN_BYTES)).decode("ascii")
        values: Values = {"id": proof_id, "key": self._key(token), "expires": _end(now)}
        return token if await self._connection.fetch(BEGIN, values) else None

    async def sent(self, proof_id: int) -> None:
        """The mail has left, or perhaps has."""
        await self._connection.run(SENT, {"id": proof_id})

    async def again(self, proof_id: int) -> None:
        """The mail has not left and is to be sent again, with another link."""
        await self._connection.run(AGAIN, {"id": proof_id})

    async def end(self, proof_id: int) -> None:
        """There is nothing more to prove, or no way to."""
        await self._connection.run(OVER, {"id": proof_id})

    async def recover(self) -> None:
        """What a process that ended had begun to send is sent again."""
        await self._connection.run(RECOVER, {})

    async def pending(self, person_id: int, now: datetime) -> str | None:
        """The address that this person is still to prove."""
        rows = await self._connection.fetch(PENDING, {"person": person_id, "now": epoch_ms(now)})
        return self._opened(*rows[0]) if rows else None

    async def redeem(self, token: str, now: datetime) -> int | None:
        """Use the link up: the address is this person's from now on, in place of an older one.

        Returns the person. None when the link is unknown, used or expired, or the address has
        become somebody else's: all in the same way.
        """
        values: Values = {"key": self._key(token), "now": epoch_ms(now)}
        found = await self._connection.fetch(LOOK, values)
        if not found:
            return None
        # Nobody else has it meanwhile, and no turn of theirs is under way.
        await self._connection.serialise([found[0][3]])
        await hold_turns(self._desk, [found[0][1]])
        # Perhaps used, or given up, while the lock was waited for.
        found = await self._connection.fetch(LOOK, values)
        if not found:
            return None
        id, person_id, sealed, mail_key = found[0]
        account = self._opened(id, sealed)
        await self._connection.run(OVER, {"id": id})
        if account is None or await mail_addresses.is_somebodys(self._desk, mail_key):
            return None
        await mail_addresses.end(self._desk, person_id, now)
        await mail_addresses.begin(self._desk, person_id, account, mail_key)
        return person_id

    async def drop(self, person_id: int, now: datetime) -> None:
        """Nothing more goes by mail to this person; what waits goes to another address of theirs.

        For a turn of theirs, or whoever holds it.
        """
        await self._connection.run(VOID, {"person": person_id})
        await mail_addresses.end(self._desk, person_id, now)

    def _opened(self, id: int, sealed: bytes) -> str | None:
        """The address; None where the disk has spoilt it: others leave all the same."""
        try:
            return self._vault.open(sealed, Field("proofs", "mail", id))
        except Unreadable:
            return None

    def _key(self, token: str) -> str:
        return self._vault.index("mail-proof", token)


def _end(now: datetime) -> int:
    """When a link that is sent now is void: to the hour, since it tells of when somebody wrote."""
    return hour_of(now + LASTING + timedelta(hours=1))
