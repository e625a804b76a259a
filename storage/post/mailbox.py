"""What the web chat shows: for each address a numbered list of sealed letters."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from dialogue.words import Act, Message
from storage.desk import Desk
from storage.engines.port import Row
from storage.engines.times import epoch_ms, from_epoch_ms, hour_of
from storage.post.messages import packed, unpacked
from storage.sealing.vault import Field, Vault


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to the page, or a change (`act`) to the letter with the number `target`."""

    number: int
    act: Act
    target: int | None
    message: Message
    at: datetime


# The page has numbers from before the mailbox, which perhaps another process gave; so the first
# one here begins a new block of ten thousand, beyond all of those.
NEXT_NUMBER = """
UPDATE addresses SET letters = 1 + CASE WHEN letters > :above THEN letters
    WHEN letters = 0 AND :above > 0 THEN (:above / 10000 + 1) * 10000 ELSE :above END
WHERE id = :address RETURNING letters
"""
SUPERSEDE = """
DELETE FROM mailbox
WHERE address = :address AND number < :number AND (number = :target OR target = :target)
"""
APPEND = """
INSERT INTO mailbox (id, address, number, act, target, message, hour)
VALUES (:id, :address, :number, :act, :target, :message, :hour)
"""
AFTER = """
SELECT id, number, act, target, message FROM mailbox
WHERE address = :address AND number > :number ORDER BY number
"""
ACKNOWLEDGE = """
UPDATE mailbox SET acknowledged = :now
WHERE address = :address AND number <= :number AND acknowledged IS NULL
"""


class Mailbox:
    """The mailboxes in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection
        self._vault = desk.vault

    async def append(
        self,
        address_id: int,
        act: Act,
        target: int | None,
        message: Message,
        now: datetime,
        above: int = 0,
    ) -> int:
        """Put a letter at the end and return its number, which is greater than `above`.

        What an edit or a deletion replaces is erased. Raises KeyError for no such address.
        """
        rows = await self._connection.fetch(NEXT_NUMBER, {"address": address_id, "above": above})
        if not rows:
            raise KeyError(address_id)
        id, number = self._desk.ids.person(), int(rows[0][0])
        # The exact time lies inside the seal: the row itself tells only the hour.
        text = json.dumps([epoch_ms(now), packed(message)], ensure_ascii=False)
        await self._connection.run(
            APPEND,
            {
                "id": id,
                "address": address_id,
                "number": number,
                "act": act,
                "target": target,
                "message": self._vault.seal(text, Field("mailbox", "message", id)),
                "hour": hour_of(now),
            },
        )
        if act in (Act.EDIT, Act.DELETE) and target is not None:
            await self._connection.run(
                SUPERSEDE, {"address": address_id, "number": number, "target": target}
            )
        return number

    async def after(self, address_id: int, number: int) -> list[Letter]:
        """The letters beyond this number, in order."""
        values = {"address": address_id, "number": number}
        return [
            letter_from(self._vault, row) for row in await self._connection.fetch(AFTER, values)
        ]

    async def acknowledge(self, address_id: int, number: int, now: datetime) -> None:
        """The page has shown the letters up to this number."""
        await self._connection.run(
            ACKNOWLEDGE, {"address": address_id, "number": number, "now": epoch_ms(now)}
        )


def letter_from(vault: Vault, row: Row) -> Letter:
    """The letter in (id, number, act, target, message)."""
    id, number, act, target, sealed = row
    at, message = json.loads(vault.open(sealed, Field("mailbox", "message", id)))
    return Letter(number, Act(act), target, unpacked(message), from_epoch_ms(at))
