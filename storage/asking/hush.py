"""Who is not heard: muted in one webinar without a word, or blocked everywhere.

Nobody who mutes or blocks learns whom. A block is a keyed hash of the account's keyed hash: it
outlives the account's erasure, finds whoever comes back with it, and tells nothing else.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.asking.changing import mark_changed, next_change
from storage.asking.pseudonyms import SERIES, asker_key
from storage.asking.ways_back import opened
from storage.desk import Desk
from storage.engines.port import Row, Value
from storage.engines.times import epoch_ms
from storage.sealing.vault import Field

LASTING = timedelta(days=90)

ASKER = "SELECT asker_key, COALESCE(webinar, ''), asker FROM questions WHERE id = :id"
OF_ASKER = "SELECT id FROM questions WHERE asker_key = :key"
HUSH = """
INSERT INTO hushed (key, webinar, kind, until) VALUES (:key, :webinar, :kind, :until)
ON CONFLICT (key, kind) DO UPDATE SET until = excluded.until
"""
UNHUSH = "DELETE FROM hushed WHERE kind = :kind AND key = :key RETURNING key"
HUSHED = """
SELECT 1 FROM hushed WHERE kind = :kind AND until > :now
  AND key IN (SELECT value FROM each_text(:keys) AS given)
"""
ADDRESS_KEYS = """
SELECT k.key FROM addresses a JOIN address_keys k ON k.address = a.id WHERE a.person = :person
"""
STRIKE = """
INSERT INTO strikes (key, webinar, count) VALUES (:key, :webinar, 1)
ON CONFLICT (key) DO UPDATE SET count = strikes.count + 1 RETURNING count
"""


class Hush:
    """Mutes, blocks and strikes in one transaction; each is put on the asker of a question."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection

    async def mute(self, question_id: int, now: datetime, lasting: timedelta = LASTING) -> bool:
        """What they ask for this webinar is received and nobody sees it, what is new there, too.

        False when nobody asked it, or whoever did is gone.
        """
        return await self._mute(question_id, now + lasting)

    async def unmute(self, question_id: int) -> bool:
        """They are heard again; False when they were."""
        changed = await next_change(self._desk)
        asker = await self._asker(question_id)
        if asker is None:
            return False
        gone = await self._connection.fetch(UNHUSH, {"kind": "mute", "key": asker[0]})
        await self._show_anew(asker[0], changed)
        return bool(gone)

    async def is_muted(self, person_id: int, webinar: str | None, now: datetime) -> bool:
        """Whether this person is muted in this webinar."""
        return await self._hushed("mute", [asker_key(self._desk.vault, person_id, webinar)], now)

    async def block(self, question_id: int, now: datetime, lasting: timedelta = LASTING) -> bool:
        """None of their accounts is heard, also after /forget; and they are muted.

        False when nobody asked it, or the way back to them has been erased.
        """
        person = await self._person(question_id)
        if person is None:
            return False
        await self._mute(question_id, now + lasting)
        for key in await self._account_keys(person):
            values: dict[str, Value] = {
                "key": key,
                "webinar": SERIES,
                "kind": "block",
                "until": epoch_ms(now + lasting),
            }
            await self._connection.run(HUSH, values)
        return True

    async def unblock(self, question_id: int) -> bool:
        """They are heard again, everywhere; False as for `block`, or when they were not blocked."""
        person = await self._person(question_id)
        if person is None:
            return False
        gone = False
        for key in await self._account_keys(person):
            values: dict[str, Value] = {"kind": "block", "key": key}
            gone = bool(await self._connection.fetch(UNHUSH, values)) or gone
        await self.unmute(question_id)
        return gone

    async def is_blocked(self, person_id: int, now: datetime) -> bool:
        """Whether any account of this person is blocked."""
        return await self._hushed("block", await self._account_keys(person_id), now)

    async def strike(self, question_id: int) -> int:
        """One more against its asker in this webinar; how many there are, 0 for nobody's."""
        changed = await next_change(self._desk)
        asker = await self._asker(question_id)
        if asker is None:
            return 0
        values: dict[str, Value] = {"key": asker[0], "webinar": asker[1]}
        ((count,),) = await self._connection.fetch(STRIKE, values)
        await self._show_anew(asker[0], changed)
        return count

    async def _mute(self, question_id: int, until: datetime) -> bool:
        changed = await next_change(self._desk)
        asker = await self._asker(question_id)
        if asker is None:
            return False
        values: dict[str, Value] = {
            "key": asker[0],
            "webinar": asker[1],
            "kind": "mute",
            "until": epoch_ms(until),
        }
        await self._connection.run(HUSH, values)
        await self._show_anew(asker[0], changed)
        return True

    async def _asker(self, question_id: int) -> Row | None:
        rows = await self._connection.fetch(ASKER, {"id": question_id})
        return rows[0] if rows and rows[0][0] is not None else None

    async def _person(self, question_id: int) -> int | None:
        asker = await self._asker(question_id)
        if asker is None:
            return None
        return opened(self._desk, asker[2], Field("questions", "asker", question_id))

    async def _show_anew(self, key: str, changed: int) -> None:
        rows = await self._connection.fetch(OF_ASKER, {"key": key})
        await mark_changed(self._desk, [row[0] for row in rows], changed)

    async def _account_keys(self, person_id: int) -> list[str]:
        rows = await self._connection.fetch(ADDRESS_KEYS, {"person": person_id})
        return [self._desk.vault.index("block", row[0]) for row in rows]

    async def _hushed(self, kind: str, keys: list[str], now: datetime) -> bool:
        values: dict[str, Value] = {"kind": kind, "keys": keys, "now": epoch_ms(now)}
        return bool(await self._connection.fetch(HUSHED, values))
