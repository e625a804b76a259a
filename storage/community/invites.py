"""Invitations to the staff: a link and a code that work once and soon end.

Of both only a keyed hash is kept. Whatever is wrong with one, the answer and the work are the same.
Misses lock the codes, for which luck would do; a link has 192 bits, and opens even then.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.desk import Desk
from storage.engines.port import Values
from storage.engines.times import epoch_ms, from_epoch_ms
from storage.roles import Role
from storage.sealing.vault import Vault

LETTERS = "BCDFGHJKMNPQRSTVWXZ"
"""What codes are made of: no vowels, and nothing that is taken for something else."""
CODE_LENGTH = 10
TOKEN_BYTES = 24

LASTING = timedelta(minutes=15)
TRIES = 10
TRIED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What is given to somebody who is invited; it is kept nowhere."""

    token: str
    """192 bits in 32 letters that a link takes."""
    code: str
    """Ten letters to type."""
    expires: datetime


@dataclass(frozen=True, slots=True)
class Invite:
    """What somebody is invited to; `made_by` None is the command line."""

    role: Role
    made_by: int | None


@dataclass(frozen=True, slots=True)
class OpenInvite:
    """An invitation that is still open, as the one who made it may see it."""

    role: Role
    expires: datetime


ADD = """
INSERT INTO invites (key, code_key, role, made_by, expires)
VALUES (:key, :code_key, :role, :made_by, :expires)
"""
# Beyond the limit nothing is counted any more: else whoever goes on trying locks out all others.
TRY = """
INSERT INTO invite_tries (id, at) SELECT :id, :at
WHERE (SELECT COUNT(*) FROM invite_tries WHERE at > :since) < :tries RETURNING id
"""
FORGIVE = "DELETE FROM invite_tries WHERE id = :id"
FIND = """
SELECT key, role, made_by, CASE WHEN key = :key THEN 1 ELSE 0 END FROM invites
WHERE (key = :key OR code_key = :code_key) AND expires > :now
"""
USE_UP = "DELETE FROM invites WHERE key = :key"
OF_MAKER = "SELECT role, expires FROM invites WHERE made_by = :person ORDER BY expires, key"
OF_MAKER_GONE = "DELETE FROM invites WHERE made_by = :person"


async def invite(
    desk: Desk, role: Role, made_by: int | None, now: datetime, lasting: timedelta
) -> Invitation:
    """Draw a link and a code."""
    token = base64.urlsafe_b64encode(desk.ids.random(TOKEN_BYTES)).decode("ascii")
    invitation = Invitation(token, drawn_code(desk.ids.random(16)), now + lasting)
    await desk.connection.run(
        ADD,
        {
            "key": token_key(desk.vault, token),
            "code_key": code_key(desk.vault, invitation.code),
            "role": role,
            "made_by": made_by,
            "expires": epoch_ms(invitation.expires),
        },
    )
    return invitation


async def find(desk: Desk, secret: str, now: datetime, tries: int) -> tuple[str, Invite] | None:
    """The open invitation with this token or code, and its key; what misses counts as a try.

    After `tries` of them in an hour no code finds any, while whoever was given a link gets on:
    else a stranger who types ten codes would keep everybody out.
    """
    await desk.connection.serialise(["invites"])
    id, at = desk.ids.person(), epoch_ms(now)
    tried: Values = {"id": id, "at": at, "since": epoch_ms(now - TRIED), "tries": tries}
    counted = await desk.connection.fetch(TRY, tried)
    keys: Values = {
        "key": token_key(desk.vault, secret),
        "code_key": code_key(desk.vault, secret),
        "now": at,
    }
    found = await desk.connection.fetch(FIND, keys)
    if not found:
        return None
    key, role, made_by, by_link = found[0]
    if not counted and not by_link:
        return None
    await desk.connection.run(FORGIVE, {"id": id})
    return key, Invite(Role(role), made_by)


async def use_up(desk: Desk, key: str) -> None:
    """Nobody can take this invitation any more."""
    await desk.connection.run(USE_UP, {"key": key})


async def made_by(desk: Desk, person_id: int) -> list[OpenInvite]:
    """What this person invited others to, and nobody has taken yet."""
    rows = await desk.connection.fetch(OF_MAKER, {"person": person_id})
    return [OpenInvite(Role(role), from_epoch_ms(expires)) for role, expires in rows]


def token_key(vault: Vault, token: str) -> str:
    """What the link of an invitation is looked up by."""
    return vault.index("invite", token.strip())


def code_key(vault: Vault, code: str) -> str:
    """What the code of an invitation is looked up by, in whatever groups and case it is typed."""
    return vault.index("invite-code", "".join(c for c in code if c.isalnum()).upper())


def drawn_code(random: bytes) -> str:
    """Ten letters out of these bytes; with sixteen of them each letter is as likely as another."""
    number = int.from_bytes(random, "big")
    letters: list[str] = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters.append(LETTERS[place])
    return "".join(letters)
