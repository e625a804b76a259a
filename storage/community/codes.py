"""Codes of an authenticator app: what some seats of a board ask for beside the link.

Time-based one-time passwords of six digits and 30 seconds with SHA-1, which is what every such app
knows: https://www.rfc-editor.org/rfc/rfc6238. The secret is sealed, each code counts once, and a
code goes with the role: whoever loses the one loses the other.
"""

from __future__ import annotations

import base64
import hmac
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

from storage.desk import Desk
from storage.engines.port import Value, Values
from storage.engines.times import epoch_ms, from_epoch_ms
from storage.errors import Unreadable
from storage.sealing.vault import Field

SECRET_BYTES = 20
"""160 bits, as recommended in https://www.rfc-editor.org/rfc/rfc4226#section-4 (R6)."""
DIGITS = 6
STEP = 30
"""Seconds for which an app shows the same code."""
SKEW = 1
"""So many steps early or late a code is taken: https://www.rfc-editor.org/rfc/rfc6238#section-5.2."""
TRIES = 5
"""Wrong codes of one person, after which none is looked at, be it right or wrong."""
TRIED = timedelta(minutes=15)


class Verdict(StrEnum):
    """What came of a code that somebody typed."""

    RIGHT = "right"
    WRONG = "wrong"
    """Also one that was taken before."""
    WAIT = "wait"
    """There were too many wrong ones; this one was not looked at."""
    NONE = "none"
    """They have not set any up."""


GET = "SELECT secret, step FROM codes WHERE person = :person"
ALL = "SELECT person FROM codes"
ADD = "INSERT INTO codes (person, secret, step) VALUES (:person, :secret, :step)"
TAKE = "UPDATE codes SET step = :step WHERE person = :person AND step < :step RETURNING person"
# The five latest, of which the oldest says until when to wait.
MISSES = """
SELECT at FROM code_tries WHERE person = :person AND at > :since ORDER BY at DESC LIMIT :tries
"""
MISS = "INSERT INTO code_tries (id, person, at) VALUES (:id, :person, :at)"
GOES = (
    "DELETE FROM code_tries WHERE person = :person",
    "DELETE FROM board_doors WHERE person = :person",
)
GONE = "DELETE FROM codes WHERE person = :person RETURNING person"
SITS_NOWHERE = (
    "DELETE FROM board_links WHERE person = :person",
    "DELETE FROM board_sessions WHERE person = :person",
)
BOTH = (
    "UPDATE code_tries SET person = :kept WHERE person = :other",
    "DELETE FROM board_doors WHERE person IN (:kept, :other)",
    "DELETE FROM codes WHERE person IN (:kept, :other)",
)


class Codes:
    """The codes in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection

    async def has(self, person_id: int) -> bool:
        """Whether this person has set a code up."""
        return bool(await self._connection.fetch(GET, {"person": person_id}))

    async def holders(self) -> frozenset[int]:
        """Everybody who has set a code up."""
        return frozenset(row[0] for row in await self._connection.fetch(ALL))

    def drawn(self) -> str:
        """A secret that is nobody's yet: 160 bits in 32 letters and digits, as apps take it."""
        return base64.b32encode(self._desk.ids.random(SECRET_BYTES)).decode("ascii")

    async def check(self, person_id: int, typed: str, now: datetime) -> Verdict:
        """What this code of theirs is worth, in digits of any script; a right one is used up.

        Commit whatever it is, so that a wrong one counts.
        """
        await self._alone(person_id)
        found = await self._connection.fetch(GET, {"person": person_id})
        if not found:
            return Verdict.NONE
        secret = _opened(self._desk, person_id, found[0][0])
        if secret is None:
            return Verdict.WRONG  # Until it is reset, nothing fits.
        step = await self._step(person_id, secret, typed, now)
        if isinstance(step, Verdict):
            return step
        taken = await self._connection.fetch(TAKE, {"person": person_id, "step": step})
        return Verdict.RIGHT if taken else await self._missed(person_id, now)

    async def set_up(self, person_id: int, secret: str, typed: str, now: datetime) -> Verdict:
        """Make this secret theirs, if the code was made with it; that code is used up, too.

        Whoever has one keeps it, and the code is checked against that; commit as for `check`.
        """
        await self._alone(person_id)
        if await self.has(person_id):
            return await self.check(person_id, typed, now)
        step = await self._step(person_id, secret, typed, now)
        if isinstance(step, Verdict):
            return step
        sealed = self._desk.vault.seal(secret, _field(person_id))
        values: dict[str, Value] = {"person": person_id, "secret": sealed, "step": step}
        await self._connection.run(ADD, values)
        return Verdict.RIGHT

    async def waits_until(self, person_id: int, now: datetime) -> datetime | None:
        """Until when no code of this person is looked at; None when one is."""
        values: Values = {
            "person": person_id,
            "since": epoch_ms(now - TRIED),
            "tries": TRIES,
        }
        misses = await self._connection.fetch(MISSES, values)
        return from_epoch_ms(misses[-1][0]) + TRIED if len(misses) == TRIES else None

    async def reset(self, person_id: int) -> bool:
        """They set a code up anew at their next link; False when they had none.

        Boards that they have open are closed: perhaps it was on the phone that they lost.
        """
        for statement in SITS_NOWHERE:
            await self._connection.run(statement, {"person": person_id})
        return await end_code(self._desk, person_id)

    async def _alone(self, person_id: int) -> None:
        # Of two who type at once, the later sees what the earlier has used up.
        await self._connection.serialise([f"code:{person_id}"])

    async def _step(self, person_id: int, secret: str, typed: str, now: datetime) -> int | Verdict:
        """The step that this code belongs to, or why it counts for nothing."""
        if await self.waits_until(person_id, now) is not None:
            return Verdict.WAIT
        digits = _digits(typed)
        if digits is None:
            return Verdict.WRONG  # It cannot be a code: nobody has guessed.
        step = _matching(secret, digits, now)
        return await self._missed(person_id, now) if step is None else step

    async def _missed(self, person_id: int, now: datetime) -> Verdict:
        values: Values = {"id": self._desk.ids.person(), "person": person_id, "at": epoch_ms(now)}
        await self._connection.run(MISS, values)
        return Verdict.WRONG


async def end_code(desk: Desk, person_id: int) -> bool:
    """Nothing is left of this person's code, nor of the doors where one is asked for."""
    for statement in GOES:
        await desk.connection.run(statement, {"person": person_id})
    return bool(await desk.connection.fetch(GONE, {"person": person_id}))


async def hand_over_code(desk: Desk, kept: int, other: int, holder: int) -> None:
    """Of two who become one, the code stays of whose role does: `holder`, who is one of them."""
    found = await desk.connection.fetch(GET, {"person": holder})
    both: Values = {"kept": kept, "other": other}
    for statement in BOTH:
        await desk.connection.run(statement, both)
    secret = _opened(desk, holder, found[0][0]) if found else None
    if secret is not None:
        sealed = desk.vault.seal(secret, _field(kept))
        values: dict[str, Value] = {"person": kept, "secret": sealed, "step": found[0][1]}
        await desk.connection.run(ADD, values)


def _field(person_id: int) -> Field:
    return Field("codes", "secret", person_id)


def _opened(desk: Desk, person_id: int, sealed: bytes) -> str | None:
    """The secret; None where the disk has spoilt it."""
    try:
        return desk.vault.open(sealed, _field(person_id))
    except Unreadable:
        return None


def _digits(typed: str) -> str | None:
    """The six digits in what somebody typed, of any script, in groups or not."""
    shown = [each for each in typed if not each.isspace() and unicodedata.category(each) != "Cf"]
    if len(shown) != DIGITS or not all(each.isdecimal() for each in shown):
        return None
    return "".join(str(unicodedata.decimal(each)) for each in shown)


def _matching(secret: str, digits: str, now: datetime) -> int | None:
    """The step of which this is the code, of those that are taken at this time."""
    from pyotp.totp import TOTP

    codes, step = TOTP(secret, digits=DIGITS, interval=STEP), int(now.timestamp()) // STEP
    found: int | None = None
    for each in range(step - SKEW, step + SKEW + 1):
        # All of them, whichever it is: how long it takes tells nothing.
        if hmac.compare_digest(codes.generate_otp(each), digits):
            found = each
    return found
