"""Codes that make one person of two: shown on one channel and typed on the other, once and soon.

Only a keyed hash is kept. Whatever is wrong with a code, the answer and the work are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.community.invites import drawn_code
from storage.community.joining import join
from storage.desk import Desk
from storage.engines.port import Values
from storage.engines.times import epoch_ms
from storage.persons import Person
from storage.sealing.vault import Vault

LETTERS_OF_A_CODE = 8
LASTING = timedelta(minutes=15)
TRIES = 10
"""Misses of everybody together, after which no code is taken."""
TRIES_OF_ONE = 5
TRIED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Joined:
    """Two became one: the person as they are now, and the id of whom they were besides."""

    person: Person
    gone: int


PUT = """
INSERT INTO link_codes (person, key, expires) VALUES (:person, :key, :expires)
ON CONFLICT (person) DO UPDATE SET key = excluded.key, expires = excluded.expires
"""
# Beyond the limits nothing is counted any more: else whoever goes on trying locks out all others.
TRY = """
INSERT INTO link_tries (id, person, at) SELECT :id, :person, :at
WHERE (SELECT COUNT(*) FROM link_tries WHERE at > :since) < :tries
  AND (SELECT COUNT(*) FROM link_tries WHERE at > :since AND person = :person) < :tries_of_one
RETURNING id
"""
FORGIVE = "DELETE FROM link_tries WHERE id = :id"
FIND = "SELECT person FROM link_codes WHERE key = :key AND expires > :now"
USE_UP = "DELETE FROM link_codes WHERE key = :key"


class Links:
    """The codes in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection

    async def make(self, person_id: int, now: datetime) -> str:
        """Eight letters for this person, good for a quarter of an hour; an older code is void."""
        code = drawn_code(self._desk.ids.random(16))[:LETTERS_OF_A_CODE]
        await self._connection.run(
            PUT,
            {
                "person": person_id,
                "key": code_key(self._desk.vault, code),
                "expires": epoch_ms(now + LASTING),
            },
        )
        return code

    async def look(
        self, code: str, person_id: int, now: datetime, tries: int = TRIES
    ) -> int | None:
        """Who was shown this code that somebody else has typed; it stays good.

        None as for `redeem`, and commit as there.
        """
        await self._connection.serialise(["links"])
        return await self._find(code, person_id, now, tries)

    async def redeem(
        self, code: str, person_id: int, now: datetime, tries: int = TRIES
    ) -> Joined | None:
        """Whoever was shown this code becomes one with this person, who has typed it.

        None when it is wrong, used, expired or their own, or when there were too many misses
        within an hour: all in the same way. Commit even then, so that the miss counts. Raises
        TakeAlone when a turn of the other is in this transaction, too.
        """
        await self._connection.serialise(["links"])
        other = await self._find(code, person_id, now, tries)
        if other is None:
            return None
        await self._connection.run(USE_UP, {"key": code_key(self._desk.vault, code)})
        person = await join(self._desk, person_id, other, now)
        return None if person is None else Joined(person, other)

    async def _find(self, code: str, person_id: int, now: datetime, tries: int) -> int | None:
        """Whose code this is, if it is good and not this person's; what misses counts as a try."""
        id, at = self._desk.ids.person(), epoch_ms(now)
        tried: Values = {
            "id": id,
            "person": person_id,
            "at": at,
            "since": epoch_ms(now - TRIED),
            "tries": tries,
            "tries_of_one": TRIES_OF_ONE,
        }
        counted = await self._connection.fetch(TRY, tried)
        key = code_key(self._desk.vault, code)
        found = await self._connection.fetch(FIND, {"key": key, "now": at})
        if not counted or not found:
            return None
        await self._connection.run(FORGIVE, {"id": id})
        other: int = found[0][0]
        return None if other == person_id else other


def code_key(vault: Vault, code: str) -> str:
    """What a code is looked up by, in whatever groups and case it is typed."""
    return vault.index("link-code", "".join(c for c in code if c.isalnum()).upper())
