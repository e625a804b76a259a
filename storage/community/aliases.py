"""Accounts with two ids: a phone number, which may pass on to others, and the platform's own.

Whoever comes with both is found by either. But a number whose address knows another id of the
platform's is somebody else's by now: it leads to the one before no more, and is written to for
them no more. See https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from storage.community.codes import end_code
from storage.community.joining import join, relink
from storage.desk import Desk
from storage.engines.port import Row
from storage.engines.times import epoch_ms
from storage.outbox import Outbox
from storage.persons import Address, Arrival, address_key, sealed_account
from storage.sealing.vault import Field

PASSES_ON_AFTER = timedelta(days=45)
"""A number that was not heard from for so long may be given to others (in the United States, after
45 days at the earliest, https://www.fcc.gov/consumers/guides/reassigned-numbers-database)."""

# Each value is the key of the account and, right after it, the key of the alias.
BY_EITHER = """
SELECT k.address, a.person, a.account, l.address, b.person, b.account,
       (SELECT COUNT(*) FROM address_keys n WHERE n.address = l.address),
       COALESCE(NULLIF(b.open_until, 0), t.hour), f.person, b.linked
FROM each_text(:pairs) AS given
LEFT JOIN address_keys k ON k.key = substr(given.value, 1, 22)
LEFT JOIN addresses a ON a.id = k.address
LEFT JOIN address_keys l ON l.key = substr(given.value, 23)
LEFT JOIN addresses b ON b.id = l.address
LEFT JOIN talks t ON t.person = b.person
LEFT JOIN staff f ON f.person = b.person
ORDER BY given.key
"""
NO_ROLE = "DELETE FROM staff WHERE person = :person"
LEARN = """
INSERT INTO address_keys (key, address) VALUES (:key, :address)
ON CONFLICT (key) DO UPDATE SET address = excluded.address
"""
SET_ACCOUNT = "UPDATE addresses SET account = :account WHERE id = :address"
LOSE_ACCOUNT = """
UPDATE addresses SET account = :account, reachable = 0, open_until = 0 WHERE id = :address
"""
UNLEARN = "DELETE FROM address_keys WHERE key = :key"
FOLD = (
    "UPDATE address_keys SET address = :kept WHERE address = :other",
    """UPDATE outbox SET address = :kept WHERE address = :other AND broadcast IS NULL""",
    """UPDATE outbox SET address = :kept WHERE address = :other AND person = :person
    AND broadcast IN (SELECT id FROM broadcasts)""",
    """UPDATE addresses SET stopped = 1 WHERE id = :kept
    AND EXISTS (SELECT 1 FROM addresses o WHERE o.id = :other AND o.stopped = 1)""",
    """UPDATE reached SET address = :kept WHERE address = :other
    AND NOT EXISTS (SELECT 1 FROM reached r WHERE r.address = :kept)""",
    "DELETE FROM reached WHERE address = :other",
    "DELETE FROM addresses WHERE id = :other",
)


async def settle_aliases(desk: Desk, arrivals: Sequence[Arrival]) -> None:
    """Have each of these accounts, which come with an alias, found by both from now on."""
    keys = [(key_of(desk, a, a.account), key_of(desk, a, a.alias or "")) for a in arrivals]
    pairs = [account + alias for account, alias in keys]
    rows = await desk.connection.fetch(BY_EITHER, {"pairs": pairs})
    for arrival, (account, alias), row in zip(arrivals, keys, rows, strict=True):
        await settle(desk, arrival, account, alias, row)


async def settle(desk: Desk, arrival: Arrival, account: str, alias: str, row: Row) -> None:
    """The same for one of them, by these keys, found as in this row of BY_EITHER."""
    by_account, person, sealed, by_alias, other, sealed_there, ids = row[:7]
    run = desk.connection.run
    if by_account is None and by_alias is None:
        return
    same = ids == 1 and await is_the_same(desk, person, other, row[7:])
    if by_account is None and same:
        await run(LEARN, {"key": account, "address": by_alias})
        return
    if by_alias not in (None, by_account):
        if same and by_account is not None:
            await fold(desk, by_account, person, by_alias, other)
        else:
            await pass_on(desk, alias, by_alias, sealed_there, arrival.alias or "")
    if by_account is None:
        return
    if by_alias != by_account:
        await run(LEARN, {"key": alias, "address": by_account})
    if opened(desk, by_account, sealed) != arrival.alias:
        written = sealed_account(desk.vault, by_account, arrival.alias or "")
        await run(SET_ACCOUNT, {"address": by_account, "account": written})


async def is_the_same(desk: Desk, person: int | None, other: int, rest: Row) -> bool:
    """Whether a number alone is taken for the account that shows it now, as most often it is.

    Nobody can be sure, so no role comes with it: whoever has one elsewhere, too, keeps it there
    and loses the number, and anybody else loses the role.
    """
    heard, serves, linked = rest
    if heard is not None and heard < epoch_ms(desk.clock() - PASSES_ON_AFTER):
        return False
    if serves is None or other == person:
        return True
    if not linked:
        # Whoever ends a role sees who is an owner then.
        await desk.connection.serialise(["staff"])
        await desk.connection.run(NO_ROLE, {"person": other})
        await end_code(desk, other)
    return not linked


async def fold(desk: Desk, kept: int, person: int, other: int, other_person: int) -> None:
    """Both are addresses of one account, of which one was known by its number alone."""
    if person != other_person:
        await join(desk, person, other_person, desk.clock())
    values = {"kept": kept, "other": other, "person": person}
    for statement in FOLD:
        await desk.connection.run(statement, values)
    await relink(desk, person)


async def pass_on(desk: Desk, alias_key: str, address: int, sealed: bytes, number: str) -> None:
    """The number is somebody else's: nothing of whoever had it goes there, or is found by it."""
    await desk.connection.run(UNLEARN, {"key": alias_key})
    if opened(desk, address, sealed) == number:
        nowhere = sealed_account(desk.vault, address, "")
        await desk.connection.run(LOSE_ACCOUNT, {"address": address, "account": nowhere})
        await Outbox(desk).suppress(address)


async def account_known(desk: Desk, address: Address, arrival: Arrival) -> Address:
    """Whoever lost their number and comes back is written to where they write from."""
    written = sealed_account(desk.vault, address.id, arrival.account)
    await desk.connection.run(SET_ACCOUNT, {"address": address.id, "account": written})
    return replace(address, account=arrival.account)


def key_of(desk: Desk, arrival: Arrival, account: str) -> str:
    return address_key(desk.vault, arrival.channel, account)


def opened(desk: Desk, address: int, sealed: bytes) -> str:
    return desk.vault.open(sealed, Field("addresses", "account", address))
