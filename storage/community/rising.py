"""Who was forgotten, and is there again since a backup from before was put back."""

from __future__ import annotations

from collections.abc import Container

from storage.community.forgetting import NOTE_NOBODY, OF_ADDRESS, OF_KEY, SCRUB, forget
from storage.community.joining import relink
from storage.community.tombstones import tombstone_of, tombstone_of_address
from storage.desk import Desk
from storage.meta import Meta

EVERYBODY = "SELECT id FROM people"
EVERY_ADDRESS = "SELECT id, person FROM addresses ORDER BY id"
ADDRESSES = "SELECT COUNT(*) FROM addresses WHERE person = :person"
KEYS = "SELECT key FROM address_keys WHERE address = :address"
OF_BROADCASTS = """
DELETE FROM outbox WHERE person = :person AND address = :address
  AND broadcast IN (SELECT id FROM broadcasts)
"""
GONE = "DELETE FROM addresses WHERE id = :address"


async def forget_again(desk: Desk, buried: Container[str]) -> int:
    """Erase whom a restored backup brought back although they were buried; how many they were."""
    people = [
        row[0]
        for row in await desk.connection.fetch(EVERYBODY)
        if tombstone_of(desk.vault, row[0]) in buried
    ]
    for person_id in people:
        await forget(desk, person_id, bury=False)
    accounts = [
        (row[0], row[1])
        for row in await desk.connection.fetch(EVERY_ADDRESS)
        if tombstone_of_address(desk.vault, row[0]) in buried
    ]
    for address_id, person_id in accounts:
        await forget_address(desk, address_id, person_id)
    return len(people) + len(accounts)


async def forget_address(desk: Desk, address_id: int, person_id: int) -> None:
    """Erase this account, and its person with it when they have no other."""
    connection = desk.connection
    ((number,),) = await connection.fetch(ADDRESSES, {"person": person_id})
    if number == 1:
        await forget(desk, person_id, bury=False)
        return
    values = {"person": person_id, "address": address_id}
    keys = [row[0] for row in await connection.fetch(KEYS, {"address": address_id})]
    await connection.run(OF_KEY, {"keys": keys})
    await connection.run(OF_BROADCASTS, values)
    for statement in OF_ADDRESS:
        await connection.run(statement, {"ids": [address_id]})
    await connection.run(NOTE_NOBODY, {"address": address_id, "nobody": desk.ids.person()})
    await connection.run(GONE, {"address": address_id})
    await relink(desk, person_id)
    await Meta(desk).put(SCRUB, str(desk.ids.person()))
