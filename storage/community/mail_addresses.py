"""The one address of mail that a person may have: it begins once it is proved, and ends.

What waits for one that ends goes to another address of theirs, as `storage/post/preference.py` has
them in order. For a turn of theirs, or whoever holds it.
"""

from __future__ import annotations

from datetime import datetime

from dialogue.words import Lane
from storage.community.joining import ELSEWHERE, HOLD_BROADCASTS, relink
from storage.desk import Desk
from storage.engines.port import Values
from storage.engines.times import epoch_ms
from storage.persons import MAILED, sealed_account
from storage.post.deliveries import LANES

TAKEN = "SELECT address FROM address_keys WHERE key = :key"
HAS = "SELECT id FROM addresses WHERE person = :person AND channel = :channel"
ADD = """
INSERT INTO addresses (id, person, channel, account, reachable, stopped, letters)
VALUES (:id, :person, :channel, :account, 1, 0, 0)
"""
ADD_KEY = "INSERT INTO address_keys (key, address) VALUES (:key, :address)"
ENDS = (
    # What waits goes to an address that is still theirs; of what has perhaps left nobody will know.
    """UPDATE outbox SET address = :other, channel = :other_channel
    WHERE person = :person AND address = :address AND state = 'queued' AND ambiguous = 0
      AND broadcast IN (SELECT id FROM broadcasts)""",
    """UPDATE outbox SET state = 'unknown', fault = 'unknown', settled = :now
    WHERE person = :person AND address = :address AND settled IS NULL
      AND broadcast IN (SELECT id FROM broadcasts)""",
    # News in a slot, such as an answer, are said once; replies belong to what they reply to.
    """UPDATE outbox SET address = :other, channel = :other_channel
    WHERE address = :address AND state = 'queued' AND ambiguous = 0 AND broadcast IS NULL
      AND lane = :news AND slot IS NOT NULL AND act = 'send' AND target_delivery IS NULL""",
    "DELETE FROM outbox WHERE address = :address AND broadcast IS NULL",
    "UPDATE reached SET address = :nobody WHERE address = :address",
    "DELETE FROM address_keys WHERE address = :address",
    "DELETE FROM addresses WHERE id = :address",
)


async def is_somebodys(desk: Desk, mail_key: str) -> bool:
    """Whether this address is anybody's by now."""
    return bool(await desk.connection.fetch(TAKEN, {"key": mail_key}))


async def begin(desk: Desk, person_id: int, account: str, mail_key: str) -> None:
    """From now on this address is theirs."""
    id = desk.ids.person()
    values: Values = {
        "id": id,
        "person": person_id,
        "channel": MAILED,
        "account": sealed_account(desk.vault, id, account),
    }
    await desk.connection.run(ADD, values)
    await desk.connection.run(ADD_KEY, {"key": mail_key, "address": id})
    await relink(desk, person_id)


async def end(desk: Desk, person_id: int, now: datetime) -> None:
    """Nothing more goes by mail to them."""
    values: Values = {"person": person_id, "channel": MAILED}
    ended = [row[0] for row in await desk.connection.fetch(HAS, values)]
    if not ended:
        return
    await desk.connection.run(HOLD_BROADCASTS)
    for address in ended:
        await _end_one(desk, person_id, address, now)
    await relink(desk, person_id)


async def _end_one(desk: Desk, person_id: int, address_id: int, now: datetime) -> None:
    whose: Values = {"person": person_id, "address": address_id}
    at = epoch_ms(now)
    elsewhere = await desk.connection.fetch(ELSEWHERE, {**whose, "now": at})
    if not elsewhere:
        return  # Nobody is left without any address.
    other, channel = elsewhere[0]
    values: Values = {
        **whose,
        "other": other,
        "other_channel": channel,
        "nobody": desk.ids.person(),
        "news": LANES.index(Lane.REMINDER),
        "now": at,
    }
    for statement in ENDS:
        await desk.connection.run(statement, values)
