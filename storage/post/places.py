"""Where a message on its way belongs, and when it is taken up again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.desk import Desk
from storage.engines.port import Value
from storage.engines.times import epoch_ms, from_epoch_ms

# An id of a delivery tells when its draft was made.
FIND = """
SELECT address, channel, broadcast, detours % 8, COALESCE(taken, id / 1048576)
FROM outbox WHERE id = :id
"""
PUT_OFF = """
UPDATE outbox SET state = 'queued', due = :due, attempts = attempts - 1
WHERE id = :id AND state = 'sending'
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Whose message it is, and which broadcast's."""

    address: int
    channel: str
    broadcast: int | None
    again: int
    """How often it went once more, after the platform had taken it and refused it."""
    taken: datetime
    """When it was taken up to be sent; of what is in doubt, for the first time."""


async def place(desk: Desk, delivery_id: int) -> Place | None:
    """As `Outbox.place`."""
    rows = await desk.connection.fetch(FIND, {"id": delivery_id})
    return Place(*rows[0][:4], taken=from_epoch_ms(rows[0][4])) if rows else None


async def put_off(desk: Desk, delivery_id: int, due: datetime) -> None:
    """As `Outbox.put_off`."""
    values: dict[str, Value] = {"id": delivery_id, "due": epoch_ms(due)}
    await desk.connection.run(PUT_OFF, values)
