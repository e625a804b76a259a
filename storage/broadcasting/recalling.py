"""Taking an announcement back: for each message of it that can still be deleted, a row that does.

A row keeps to the address that the message went to, whatever its person wishes by now: to take
something away is not to write to somebody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dialogue.words import Act
from storage.broadcasting.broadcast import COLUMNS, Broadcast
from storage.broadcasting.finding import find
from storage.desk import Desk
from storage.engines.port import Row, Value
from storage.engines.times import MILLISECOND, epoch_ms
from storage.post.deliveries import PLATFORM_IDS_KEPT, Delivery
from storage.sealing.vault import Field, Vault

# What was taken away, or is about to be, is not taken away again by a later recall. From WhatsApp
# nothing can be taken away: what is deleted at Twilio is its own record alone,
# https://www.twilio.com/docs/messaging/api/message-resource#delete-a-message-resource
DELETABLE = """
outbox f JOIN people p ON p.id = f.person JOIN addresses a ON a.id = f.address
WHERE f.broadcast = :about AND f.person > :after AND f.person <= :upto
  AND f.act = 'send' AND f.state IN ('sent', 'delivered', 'read', 'unknown')
  AND f.platform_id IS NOT NULL AND f.settled > :since AND f.channel <> 'whatsapp'
  AND NOT EXISTS (
    SELECT 1 FROM outbox x
    WHERE x.broadcast IN (SELECT value FROM each_id(:recalls) AS given) AND x.person = f.person
      AND x.state IN ('queued', 'sending', 'sent', 'delivered', 'read'))
"""
COUNT = f"SELECT f.channel, p.language, COUNT(*) FROM {DELETABLE} GROUP BY f.channel, p.language"  # noqa: S608
ADD_ROWS = f"""
INSERT INTO outbox (id, address, channel, lane, act, target_delivery, state, attempts, ambiguous,
                    due, not_after, broadcast, person)
SELECT :first + ROW_NUMBER() OVER (ORDER BY f.person), f.address, f.channel, :lane, 'delete', f.id,
       'queued', 0, 0, :due, f.settled + :kept, :broadcast, f.person
FROM {DELETABLE}
ON CONFLICT (broadcast, person) WHERE broadcast IS NOT NULL DO NOTHING
"""  # noqa: S608 - a constant
RECALLS = """
SELECT id FROM broadcasts WHERE kind = 'recall' AND about = :about AND id <> :broadcast
"""
# One that was undone in time took nothing away.
OF_ONE = f"""
SELECT {COLUMNS} FROM broadcasts
WHERE kind = 'recall' AND about = :about AND (state <> 'cancelled' OR began IS NOT NULL)
ORDER BY id DESC
"""  # noqa: S608 - a constant
TARGETS = """
SELECT o.id, d.id, d.platform_id FROM outbox o JOIN outbox d ON d.id = o.target_delivery
WHERE o.id IN (SELECT value FROM each_id(:ids) AS given) AND d.platform_id IS NOT NULL
"""


async def deletable_values(desk: Desk, about: int | None, recall: int) -> dict[str, Value]:
    """The parameters of the statements above, for this recall; 0 is one that is not made yet."""
    recalls = await desk.connection.fetch(RECALLS, {"about": about, "broadcast": recall})
    return {
        "about": about,
        "recalls": [row[0] for row in recalls],
        "since": epoch_ms(desk.clock() - PLATFORM_IDS_KEPT),
        "kept": PLATFORM_IDS_KEPT // MILLISECOND,
    }


async def recalls_of(desk: Desk, about: int) -> list[Broadcast]:
    """As `Broadcasts.recalls`."""
    return await find(desk, OF_ONE, {"about": about})


async def targets(desk: Desk, rows: Sequence[Row]) -> Mapping[int, Row]:
    """By the ids of these rows of recalls: the delivery that each deletes, and its sealed id."""
    found = await desk.connection.fetch(TARGETS, {"ids": [row[0] for row in rows]})
    return {id: (earlier, sealed) for id, earlier, sealed in found}


def deleting(vault: Vault, delivery: Delivery, target: Row | None) -> Delivery:
    """The delivery that deletes what this target names; it says nothing, so nothing is made."""
    where = None
    if target is not None:
        where = vault.open(target[1], Field("outbox", "platform_id", target[0]))
    return replace(delivery, act=Act.DELETE, target=where, bulk=None)
