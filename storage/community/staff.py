"""The staff: who may do what, and how somebody becomes one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from storage.community import invites
from storage.community.codes import end_code
from storage.community.invites import LASTING, TRIES, Invitation, Invite, OpenInvite
from storage.desk import Desk
from storage.engines.port import Row
from storage.engines.times import from_epoch_ms, hour_of
from storage.roles import Role

__all__ = ["Ended", "Invitation", "Invite", "Member", "OpenInvite", "Role", "Staff", "Standing"]

WORDS = 3
WORDS_TO_DRAW_FROM = 64


class Ended(StrEnum):
    """What came of ending somebody's role."""

    ENDED = "ended"
    NOBODY = "nobody"
    """They had none."""
    LAST_OWNER = "last owner"
    """Without them there would be no owner; they keep it."""
    NOT_THEIRS = "not theirs"
    """Whoever wanted it is no owner any more."""


class Standing(StrEnum):
    """Whether somebody's powers have begun."""

    WAITING = "waiting"
    ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on the staff; powers begin when they are `active`."""

    person: int
    role: Role
    active: bool
    words: tuple[int, ...]
    """While they wait: three numbers below 64, the words that they read to an owner."""
    since: datetime
    """The hour in which they came, or their powers began."""


GET = "SELECT person, role, state, words, hour FROM staff WHERE person = :person"
ALL = "SELECT person, role, state, words, hour FROM staff ORDER BY hour, person"
PUT = """
INSERT INTO staff (person, role, state, words, hour)
VALUES (:person, :role, :state, :words, :hour)
ON CONFLICT (person) DO UPDATE
SET role = excluded.role, state = excluded.state, words = excluded.words, hour = excluded.hour
"""
ACTIVATE = """
UPDATE staff SET state = 'active', words = '', hour = :hour
WHERE person = :person AND state = 'waiting' AND words = COALESCE(:words, words) RETURNING person
"""
REVOKE = "DELETE FROM staff WHERE person = :person RETURNING person"
OWNERS = "SELECT person FROM staff WHERE role = 'owner' AND state = 'active' ORDER BY hour, person"


class Staff:
    """The staff in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection

    async def invite(
        self, role: Role, made_by: int | None, now: datetime, lasting: timedelta = LASTING
    ) -> Invitation:
        """A link and a code for one person; `made_by` None is the command line."""
        return await invites.invite(self._desk, role, made_by, now, lasting)

    async def invited(self, person_id: int) -> list[OpenInvite]:
        """What this person invited others to, and nobody has taken yet."""
        return await invites.made_by(self._desk, person_id)

    async def look(self, secret: str, now: datetime, tries: int = TRIES) -> Invite | None:
        """What this token or code invites to; it stays open.

        None when it is wrong, used, expired, or a code when there were `tries` misses in the last
        hour, whoever made them: all in the same way. Commit even then, so that the miss counts.
        """
        found = await invites.find(self._desk, secret, now, tries)
        return found[1] if found else None

    async def redeem(
        self, secret: str, person_id: int, now: datetime, tries: int = TRIES
    ) -> Member | None:
        """Take this person in and use the invitation up; None as for `look`, and commit as there.

        They wait for an owner's yes, except for the first owner, invited by the command line.
        Anybody else who is active already stays what they are, and the invitation stays open.
        """
        await self._connection.serialise(["staff"])
        found = await invites.find(self._desk, secret, now, tries)
        if found is None:
            return None
        key, invite = found
        first = invite.role is Role.OWNER and invite.made_by is None and not await self.has_owner()
        known = await self.get(person_id)
        if known is not None and known.active and not first:
            return known
        await invites.use_up(self._desk, key)
        words = "" if first else written(self._drawn_words())
        values = {
            "person": person_id,
            "role": invite.role,
            "state": Standing.ACTIVE if first else Standing.WAITING,
            "words": words,
            "hour": hour_of(now),
        }
        await self._connection.run(PUT, values)
        return member_from(list(values.values()))

    async def get(self, person_id: int) -> Member | None:
        """This person, if they are on the staff or wait to be."""
        rows = await self._connection.fetch(GET, {"person": person_id})
        return member_from(rows[0]) if rows else None

    async def members(self) -> list[Member]:
        """All who are on the staff or wait to be, by the hour in which they came."""
        return [member_from(row) for row in await self._connection.fetch(ALL)]

    async def activate(self, person_id: int, words: tuple[int, ...] | None = None) -> bool:
        """This person's powers begin; False when they do not wait, or with other `words`."""
        values = {
            "person": person_id,
            "words": None if words is None else written(words),
            "hour": hour_of(self._desk.clock()),
        }
        return bool(await self._connection.fetch(ACTIVATE, values))

    async def revoke(self, person_id: int) -> bool:
        """This person's powers end, and what they invited to is void; False when they had none.

        Their code for the board goes, too. Whoever they are: it is `end` that sees to it that an
        owner is left.
        """
        await self._connection.serialise(["staff"])
        await self._connection.run(invites.OF_MAKER_GONE, {"person": person_id})
        await end_code(self._desk, person_id)
        return bool(await self._connection.fetch(REVOKE, {"person": person_id}))

    async def end(self, person_id: int, by: int) -> Ended:
        """`revoke` in the name of this owner, unless it would leave no owner at all.

        Of two owners who end each other's role at the same moment, the later one is none any more.
        """
        # Only what is read behind this lock is still so when it is acted upon.
        await self._connection.serialise(["staff"])
        owners = await self.owners()
        if by not in owners:
            return Ended.NOT_THEIRS
        if owners == [person_id]:
            return Ended.LAST_OWNER
        return Ended.ENDED if await self.revoke(person_id) else Ended.NOBODY

    async def owners(self) -> list[int]:
        """The owners whose powers have begun, by the hour of that."""
        return [row[0] for row in await self._connection.fetch(OWNERS)]

    async def has_owner(self) -> bool:
        """Whether there is an owner whose powers have begun."""
        return bool(await self.owners())

    def _drawn_words(self) -> tuple[int, ...]:
        return tuple(byte % WORDS_TO_DRAW_FROM for byte in self._desk.ids.random(WORDS))


def written(words: tuple[int, ...]) -> str:
    return " ".join(map(str, words))


def member_from(row: Row) -> Member:
    """The member in a row of GET."""
    person, role, state, words, hour = row
    drawn = tuple(map(int, words.split()))
    return Member(person, Role(role), state == Standing.ACTIVE, drawn, from_epoch_ms(hour))
