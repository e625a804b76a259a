"""Accounts with two ids: a phone number, which may pass on to others, and the platform's own.

Whoever comes with both is found by either. But a number whose address knows another id of the
platform's is somebody else's by now: it leads to the one before no more, and is written to for
them no more. See https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from storage.desk import Desk
from storage.joining import join, relink
from storage.outbox import Outbox
from storage.persons import Address, Arrival, address_key, sealed_account
from storage.port import Row
from storage.vault import Field

# Each value is the key of the account and, right after it, the key of the alias.
BY_EITHER = """
SELECT k.address, a.person, a.account, l.address, b.person, b.account,
       (SELECT COUNT(*) FROM address_keys n WHERE n.address = l.address)
FROM each_text(:pairs) AS given
LEFT JOIN address_keys k ON k.key = substr(given.value, 1, 22)
LEFT JOIN addresses a ON a.id = k.address
LEFT JOIN address_keys l ON l.key = substr(given.value, 23)
LEFT JOIN addresses b ON b.id = l.address
ORDER BY given.key
"""
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
    by_account, person, sealed, by_alias, other, sealed_there, ids = row
    run = desk.connection.run
    if by_account is None and by_alias is None:
        return
    if by_account is None and ids == 1:
        await run(LEARN, {"key": account, "address": by_alias})
        return
    if by_alias not in (None, by_account):
        if ids == 1 and by_account is not None:
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
