"""How often a proof was mailed to an address: it counts for its day, whoever gave the address.

Also once they are forgotten; else anybody could have any mailbox filled, by being forgotten and
coming again. What is left of them is a hash that is found by the address alone.
"""

from __future__ import annotations

from storage.desk import Desk
from storage.engines.port import Value
from storage.sealing.vault import Vault

OF = "SELECT mail_key, hour, expires FROM proofs WHERE person = :person"
DELETE = "DELETE FROM proofs WHERE person = :person"
KEEP = """
INSERT INTO proofs (id, person, mail_key, state, hour, expires)
VALUES (:id, 0, :key, 'over', :hour, :expires)
"""


def key_of_nobody(vault: Vault, mail_key: str) -> str:
    """By which proofs are counted that were mailed to this address for people who are gone."""
    return vault.index("proof-of-nobody", mail_key)


async def forget_proofs(desk: Desk, person_id: int) -> None:
    """Nothing is left of the addresses that this person gave but that they were written to."""
    person: dict[str, Value] = {"person": person_id}
    rows = await desk.connection.fetch(OF, person)
    await desk.connection.run(DELETE, person)
    kept: list[dict[str, Value]] = [
        {
            "id": desk.ids.person(),
            "key": key_of_nobody(desk.vault, mail_key),
            "hour": hour,
            "expires": expires,
        }
        for mail_key, hour, expires in rows
    ]
    await desk.connection.run_many(KEEP, kept)
