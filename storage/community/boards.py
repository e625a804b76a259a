"""Who may look at the board of a webinar: links that work once, and the sessions that they open.

Of both only a keyed hash is kept. A session lasts as long as the role that its link was made for:
whoever has another role by now, or none, has no session any more.
"""

from __future__ import annotations

import base64
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from storage.desk import Desk
from storage.engines.port import Values
from storage.engines.times import epoch_ms
from storage.roles import Role

LASTING = timedelta(minutes=15)
"""For so long a link opens the board."""
IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=8)
TOUCHED = timedelta(minutes=1)
"""More exactly it is not noted when a session was used last."""
TOKEN_BYTES = 24
SESSION_BYTES = 32


class Seat(StrEnum):
    """What somebody sees of a board."""

    DESK = "desk"
    """All questions, to be handled."""
    STAGE = "stage"
    """What is put to the experts."""
    INTERPRET = "interpret"
    """What is wanted in another language."""


@dataclass(frozen=True, slots=True)
class Place:
    """Who sits where; `key` is the session's hash."""

    key: str
    person: int
    role: Role
    seat: Seat
    webinar: str
    language: str
    """The one in which the bot speaks to them."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Whom a link was made for, as what, and where it leads."""

    person: int
    role: Role
    seat: Seat
    webinar: str


OLDER = "DELETE FROM board_links WHERE person = :person AND seat = :seat AND webinar = :webinar"
LINK = """
INSERT INTO board_links (key, person, role, seat, webinar, expires)
SELECT :key, person, role, :seat, :webinar, :expires FROM staff
WHERE person = :person AND state = 'active'
"""
BURN = """
DELETE FROM board_links WHERE key = :key AND expires > :now
RETURNING person, role, seat, webinar
"""
BEGIN = """
INSERT INTO board_sessions (key, person, role, seat, webinar, began, seen)
SELECT :key, person, role, :seat, :webinar, :now, :now FROM staff
WHERE person = :person AND role = :role AND state = 'active' RETURNING key
"""
LASTS = """
FROM board_sessions s
JOIN staff f ON f.person = s.person AND f.role = s.role AND f.state = 'active'
JOIN people p ON p.id = s.person
WHERE s.began > :begun AND s.seen > :used
"""
PLACE = f"SELECT s.key, s.person, s.role, s.seat, s.webinar, p.language {LASTS} AND s.key = :key"
STANDING = f"SELECT s.key {LASTS} AND s.key IN (SELECT value FROM each_text(:keys) AS given)"  # noqa: S608 - constants
TOUCH = "UPDATE board_sessions SET seen = :now WHERE key = :key AND seen <= :noted"
CLOSE = "DELETE FROM board_sessions WHERE key = :key"
CLOSE_ALL = (
    "DELETE FROM board_links WHERE person = :person",
    "DELETE FROM board_doors WHERE person = :person",
    "DELETE FROM board_sessions WHERE person = :person",
)


class Boards:
    """The ways to the boards in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection

    async def link(self, person_id: int, seat: Seat, webinar: str, now: datetime) -> str:
        """192 bits in 32 letters, good once and for a quarter of an hour; an older one is void.

        For one of the staff: for anybody else it opens nothing.
        """
        token = base64.urlsafe_b64encode(self._desk.ids.random(TOKEN_BYTES)).decode("ascii")
        values: Values = {"person": person_id, "seat": seat, "webinar": webinar}
        await self._connection.run(OLDER, values)
        await self._connection.run(
            LINK, {**values, "key": self._link_key(token), "expires": epoch_ms(now + LASTING)}
        )
        return token

    async def open(self, token: str, now: datetime) -> Passage | None:
        """Use the link up: where it leads; `begin` goes there, or `Doors` asks for a code before.

        None when it is wrong, used or expired: all in the same way.
        """
        values: Values = {"key": self._link_key(token), "now": epoch_ms(now)}
        found = await self._connection.fetch(BURN, values)
        if not found:
            return None
        person, role, seat, webinar = found[0]
        return Passage(person, Role(role), Seat(seat), webinar)

    async def begin(self, passage: Passage, now: datetime) -> str | None:
        """256 bits that are the session from now on; None when the role has ended."""
        secret = drawn_secret(self._desk)
        values: Values = {
            "key": self._session_key(secret),
            "person": passage.person,
            "role": passage.role,
            "seat": passage.seat,
            "webinar": passage.webinar,
            "now": epoch_ms(now),
        }
        return secret if await self._connection.fetch(BEGIN, values) else None

    async def beside(self, place: Place, now: datetime) -> str | None:
        """A session at the stage for whoever sits at the desk, so that a screen lasts without it.

        None when their role has ended.
        """
        passage = Passage(place.person, place.role, Seat.STAGE, place.webinar)
        return await self.begin(passage, now)

    async def place(self, secret: str, now: datetime) -> Place | None:
        """Whose session this is, while it lasts."""
        values = {**lasting(now), "key": self._session_key(secret)}
        rows = await self._connection.fetch(PLACE, values)
        if not rows:
            return None
        key, person, role, seat, webinar, language = rows[0]
        return Place(key, person, Role(role), Seat(seat), webinar, language)

    async def standing(self, keys: Collection[str], now: datetime) -> frozenset[str]:
        """Which of these sessions last."""
        rows = await self._connection.fetch(STANDING, {**lasting(now), "keys": [*keys]})
        return frozenset(row[0] for row in rows)

    async def touch(self, key: str, now: datetime) -> None:
        """It was used just now; noted to the minute."""
        values: Values = {"key": key, "now": epoch_ms(now), "noted": epoch_ms(now - TOUCHED)}
        await self._connection.run(TOUCH, values)

    async def close(self, key: str) -> None:
        """End this session."""
        await self._connection.run(CLOSE, {"key": key})

    async def close_all(self, person_id: int) -> None:
        """End all that this person has open, wherever that is; unused links open nothing either."""
        for statement in CLOSE_ALL:
            await self._connection.run(statement, {"person": person_id})

    def _link_key(self, token: str) -> str:
        return self._desk.vault.index("board-link", token)

    def _session_key(self, secret: str) -> str:
        return self._desk.vault.index("board-session", secret)


def drawn_secret(desk: Desk) -> str:
    """256 bits in 43 letters, for a browser to hold."""
    drawn = base64.urlsafe_b64encode(desk.ids.random(SESSION_BYTES))
    return drawn.decode("ascii").rstrip("=")


def lasting(now: datetime) -> Values:
    """Sessions that began, and were used, before these are over."""
    return {"begun": epoch_ms(now - LONGEST), "used": epoch_ms(now - IDLE)}
