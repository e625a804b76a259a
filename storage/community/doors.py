"""Where whoever has used a link up is asked for a code of their app.

What their browser holds meanwhile is 256 bits, of which a keyed hash is kept; it opens nothing but
the page that asks, for a quarter of an hour, and the right code once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.community.boards import Boards, Passage, Seat, drawn_secret
from storage.community.codes import Codes, Verdict
from storage.desk import Desk
from storage.engines.port import Value
from storage.engines.times import epoch_ms
from storage.roles import Role
from storage.sealing.vault import Field

LASTING = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Door:
    """Who is asked for a code, and where it leads."""

    passage: Passage
    language: str
    """The one in which the bot speaks to them."""
    secret: str | None
    """What they are shown to set a code up with; None when they have one."""


BEGIN = """
INSERT INTO board_doors (key, person, role, seat, webinar, secret, expires)
SELECT :key, person, role, :seat, :webinar, :secret, :expires FROM staff
WHERE person = :person AND role = :role AND state = 'active' RETURNING key
"""
FIND = """
SELECT d.person, d.role, d.seat, d.webinar, p.language, CASE WHEN c.person IS NULL THEN d.secret END
FROM board_doors d
JOIN staff f ON f.person = d.person AND f.role = d.role AND f.state = 'active'
JOIN people p ON p.id = d.person
LEFT JOIN codes c ON c.person = d.person
WHERE d.key = :key AND d.expires > :now
"""
CLOSE = "DELETE FROM board_doors WHERE key = :key"


class Doors:
    """The doors in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection
        self._codes = Codes(desk)

    async def begin(self, passage: Passage, now: datetime) -> str | None:
        """256 bits for the browser of whoever is asked for a code; None when the role has ended."""
        held = drawn_secret(self._desk)
        key = self._key(held)
        values: dict[str, Value] = {
            "key": key,
            "person": passage.person,
            "role": passage.role,
            "seat": passage.seat,
            "webinar": passage.webinar,
            "secret": None,
            "expires": epoch_ms(now + LASTING),
        }
        if not await self._codes.has(passage.person):
            # Another one for each link: whoever saw one before has nothing of what becomes theirs.
            values["secret"] = self._desk.vault.seal(self._codes.drawn(), _field(key))
        return held if await self._connection.fetch(BEGIN, values) else None

    async def find(self, held: str, now: datetime) -> Door | None:
        """The door that this browser stands at, while it is there and the role lasts."""
        key = self._key(held)
        rows = await self._connection.fetch(FIND, {"key": key, "now": epoch_ms(now)})
        if not rows:
            return None
        person, role, seat, webinar, language, sealed = rows[0]
        passage = Passage(person, Role(role), Seat(seat), webinar)
        secret = self._desk.vault.open(sealed, _field(key)) if sealed is not None else None
        return Door(passage, language, secret)

    async def enter(self, held: str, typed: str, now: datetime) -> tuple[Verdict, str | None]:
        """What the code is worth, and with a right one the session's 256 bits; that door is gone.

        NONE where there is no such door. Commit whatever it is, as for `Codes.check`.
        """
        # Of two who send the right code at once, the later finds no door.
        await self._connection.serialise([self._key(held)])
        door = await self.find(held, now)
        if door is None:
            return Verdict.NONE, None
        person = door.passage.person
        if door.secret is None:
            verdict = await self._codes.check(person, typed, now)
        else:
            verdict = await self._codes.set_up(person, door.secret, typed, now)
        if verdict is not Verdict.RIGHT:
            return verdict, None
        await self._connection.run(CLOSE, {"key": self._key(held)})
        return verdict, await Boards(self._desk).begin(door.passage, now)

    def _key(self, held: str) -> str:
        return self._desk.vault.index("board-door", held)


def _field(key: str) -> Field:
    return Field("board_doors", "secret", key)
