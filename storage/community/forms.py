"""The forms of the boards that were carried out, so that one that comes twice counts once.

A browser, a bad line or an impatient finger sends a form again: the same to the letter, down to the
number that its page has given it. Of all of that no more than a keyed hash is kept.
"""

from __future__ import annotations

from datetime import datetime

from storage.desk import Desk
from storage.engines.port import Values
from storage.engines.times import epoch_ms

BEGIN = """
INSERT INTO board_forms (key, said, at) VALUES (:key, '', :now)
ON CONFLICT (key) DO NOTHING RETURNING key
"""
SAID = "SELECT said FROM board_forms WHERE key = :key"
END = "UPDATE board_forms SET said = :said WHERE key = :key"
LEAVE = "DELETE FROM board_forms WHERE key = :key"


class Forms:
    """The forms in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._connection = desk.connection
        self._vault = desk.vault

    async def begin(self, form: str, now: datetime) -> str | None:
        """What was said when exactly this was carried out; None when it is to be carried out now.

        Then it is nobody else's until this transaction ends, and is ended by `end` or `leave`.
        """
        values: Values = {"key": self._key(form), "now": epoch_ms(now)}
        if await self._connection.fetch(BEGIN, values):
            return None
        ((said,),) = await self._connection.fetch(SAID, {"key": values["key"]})
        return said

    async def end(self, form: str, said: str) -> None:
        """It is carried out with this transaction, and whoever sent it reads this catalogue key."""
        await self._connection.run(END, {"key": self._key(form), "said": said})

    async def leave(self, form: str) -> None:
        """Nothing came of it: it may be sent once more."""
        await self._connection.run(LEAVE, {"key": self._key(form)})

    def _key(self, form: str) -> str:
        return self._vault.index("board-form", form)
