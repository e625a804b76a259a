"""Who asked a question, looked up by an organiser in need, and the books of it.

Nobody is ever looked up who asked without a name: that is refused before anything sealed is opened.
Nor is whoever was not told, when they chose to ask with their nickname, that this may be.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from storage.asking.pseudonyms import asker_keys
from storage.asking.ways_back import opened
from storage.desk import Desk
from storage.engines.port import Row, Values
from storage.engines.times import epoch_ms, from_epoch_ms
from storage.errors import Unreadable
from storage.persons import ADDRESS_COLUMNS, Profile, address_from, profile_from
from storage.roles import Role
from storage.sealing.vault import Field

DAY = timedelta(hours=24)
AGAIN = timedelta(seconds=3)
"""So soon after it the same form is the same press of a button: nobody reloads a page so fast."""


class Behind(StrEnum):
    """Who is behind a question, as far as anybody may ever know."""

    SOMEBODY = "somebody"
    """They may be looked up."""
    ANONYMOUS = "anonymous"
    """They were promised that nobody can."""
    UNTOLD = "untold"
    """They asked with their nickname, when nobody was told that it may be looked up."""
    NOBODY = "nobody"
    """It was taken down in the session."""
    ERASED = "erased"
    """The way back to them is no more: they had their answer, or were forgotten."""


@dataclass(frozen=True, slots=True)
class Asker:
    """What is held by which somebody is recognised and reached."""

    profile: Profile
    accounts: tuple[tuple[str, str], ...]
    """Channel and account of each; an address of mail is there once they have proved it."""


@dataclass(frozen=True, slots=True)
class Reveal:
    """That somebody was looked up."""

    role: Role
    """What whoever did it was then."""
    reason: str | None
    """None once whom it was about is forgotten, or where the disk has spoilt it."""
    at: datetime


ASKED = """
SELECT anonymous, revealable, source, asker, asker_key FROM questions
WHERE id = :question AND state <> 'withdrawn'
"""
PROFILE = "SELECT profile FROM people WHERE id = :person"
ACCOUNTS = f"""
SELECT {ADDRESS_COLUMNS} FROM addresses a LEFT JOIN outbox d ON d.id = a.last_delivery
WHERE a.person = :person ORDER BY a.id
"""  # noqa: S608 - a constant
COUNT = "SELECT COUNT(*) FROM reveals WHERE at > :since"
PRESSED = "SELECT 1 FROM reveals WHERE key = :key AND at > :since"
ADD = """
INSERT INTO reveals (id, person, role, question, asker_key, key, reason, at)
VALUES (:id, :person, :role, :question, :asker_key, :key, :reason, :at)
"""
MADE = "SELECT id, role, reason, at FROM reveals WHERE person = :person ORDER BY at, id"
OF_ASKER = """
SELECT id, role, reason, at FROM reveals
WHERE asker_key IN (SELECT value FROM each_text(:askers) AS given) ORDER BY at, id
"""


class Reveals:
    """The looking up in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection
        self._vault = desk.vault

    async def hold(self) -> None:
        """Nobody else looks anybody up before this transaction ends: what is counted is so."""
        await self._connection.serialise(["reveals"])

    async def behind(self, question_id: int) -> Behind | None:
        """Who is behind this question; None when it is gone or withdrawn."""
        return (await self._asked(question_id))[0]

    async def count(self, now: datetime) -> int:
        """How many were looked up in the last 24 hours, by whomsoever."""
        ((count,),) = await self._connection.fetch(COUNT, {"since": epoch_ms(now - DAY)})
        return count

    async def pressed(
        self, question_id: int, person_id: int, code: str, now: datetime
    ) -> Asker | None:
        """Whom this very form, with this code, has looked up a moment ago; None when it has not."""
        values: Values = {
            "key": self._key(question_id, person_id, code),
            "since": epoch_ms(now - AGAIN),
        }
        if not await self._connection.fetch(PRESSED, values):
            return None
        return await self._asker((await self._asked(question_id))[1])

    async def reveal(
        self, question_id: int, person_id: int, role: Role, reason: str, code: str, now: datetime
    ) -> Asker | None:
        """Look up who asked this, in the name of this member of staff, and write down that it was.

        None, and nothing is written, where nobody may be (`behind`). Whether the code is right, and
        how many there were today, is the caller's to see to, after `hold`.
        """
        _, asked_by, asker_key = await self._asked(question_id)
        asker = await self._asker(asked_by)
        if asker is None:
            return None
        id = self._desk.ids.person()
        values: Values = {
            "id": id,
            "person": person_id,
            "role": role,
            "question": question_id,
            "asker_key": asker_key,
            "key": self._key(question_id, person_id, code),
            # Not under the webinar's key: it is kept for longer than the webinar.
            "reason": self._vault.seal(reason, Field("reveals", "reason", id)),
            "at": epoch_ms(now),
        }
        await self._connection.run(ADD, values)
        return asker

    async def made_by(self, person_id: int) -> list[Reveal]:
        """What this member of staff looked up, oldest first."""
        rows = await self._connection.fetch(MADE, {"person": person_id})
        return [self._from(row) for row in rows]

    async def of(self, person_id: int) -> list[Reveal]:
        """How often this person was looked up, oldest first."""
        askers = await asker_keys(self._desk, person_id)
        rows = await self._connection.fetch(OF_ASKER, {"askers": askers})
        return [self._from(row) for row in rows]

    async def _asked(self, question_id: int) -> tuple[Behind | None, int | None, str | None]:
        """Who is behind it, and only where they may be looked up: their id, and their pseudonym."""
        rows = await self._connection.fetch(ASKED, {"question": question_id})
        if not rows:
            return None, None, None
        anonymous, revealable, source, sealed, asker_key = rows[0]
        if anonymous:
            return Behind.NOBODY if source == "session" else Behind.ANONYMOUS, None, None
        if not revealable:
            return Behind.UNTOLD, None, None
        person = opened(self._desk, sealed, Field("questions", "asker", question_id))
        known = person is not None and await self._connection.fetch(PROFILE, {"person": person})
        return (Behind.SOMEBODY, person, asker_key) if known else (Behind.ERASED, None, None)

    async def _asker(self, person_id: int | None) -> Asker | None:
        if person_id is None:
            return None
        found = await self._connection.fetch(PROFILE, {"person": person_id})
        if not found:
            return None
        profile, accounts = Profile(), list[tuple[str, str]]()
        # In need, what the disk has spoilt of them is not to hide the rest.
        with suppress(Unreadable):
            profile = profile_from(self._vault, person_id, found[0][0])
        for row in await self._connection.fetch(ACCOUNTS, {"person": person_id}):
            with suppress(Unreadable):
                address = address_from(self._vault, row)
                accounts.append((address.channel, address.account))
        return Asker(profile, tuple(accounts))

    def _key(self, question_id: int, person_id: int, code: str) -> str:
        return self._vault.index("reveal", str(question_id), str(person_id), code)

    def _from(self, row: Row) -> Reveal:
        id, role, sealed, at = row
        reason = None
        if sealed is not None:
            with suppress(Unreadable):
                reason = self._vault.open(sealed, Field("reveals", "reason", id))
        return Reveal(Role(role), reason, from_epoch_ms(at))
