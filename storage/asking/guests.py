"""Addresses of experts that organisers name for one webinar, so that its questions reach them.

Nothing but the question whether they want that goes to an address before it was answered. It is
not found by anybody who writes from there: they are no person here, and stay a stranger.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from storage.asking.guest import COLUMNS, Guest, Wanted, guest_from, id_in, link_to
from storage.desk import Desk
from storage.engines.port import Value, Values
from storage.engines.times import epoch_ms
from storage.sealing.vault import Field

MOST = 20
"""Addresses for one webinar."""
LASTING = timedelta(days=7)
"""For so long they may say that they want it; that they do not, at any time."""
COUNT = "SELECT COUNT(*) FROM guests WHERE webinar = :webinar"
KNOWN = "SELECT id, state, language FROM guests WHERE webinar = :webinar AND key = :key"
ADD = """
INSERT INTO guests (id, webinar, key, address, language, state, expires)
VALUES (:id, :webinar, :key, :address, :language, 'asked', :expires)
"""
ASK_AGAIN = """
UPDATE guests SET language = :language, expires = :expires
WHERE id = :id AND state = 'asked' AND expires <= :now RETURNING id
"""
ADD_ADDRESS = """
INSERT INTO addresses (id, person, channel, account, reachable, stopped, letters)
VALUES (:address, :id, 'email', :account, 1, 0, 0)
"""
OF = f"""
SELECT {COLUMNS} FROM guests g LEFT JOIN addresses a ON a.id = g.address
WHERE g.webinar = :webinar ORDER BY g.expires, g.id
"""  # noqa: S608 - a constant
GET = f"""
SELECT {COLUMNS} FROM guests g LEFT JOIN addresses a ON a.id = g.address WHERE g.id = :id
"""  # noqa: S608 - a constant
AGREE = """
UPDATE guests SET state = 'agreed' WHERE id = :id AND state = 'asked' AND expires > :now
RETURNING id
"""
REFUSE = "UPDATE guests SET state = 'refused' WHERE id = :id RETURNING address"
REMOVE = """
DELETE FROM guests WHERE id = :id AND webinar = :webinar AND state <> 'refused' RETURNING address
"""
EVERY = "SELECT id, webinar, key FROM guests WHERE state <> 'refused'"
OF_WEBINARS = """
SELECT address FROM guests WHERE webinar IN (SELECT value FROM each_text(:webinars) AS given)
"""
GONE = "DELETE FROM guests WHERE webinar IN (SELECT value FROM each_text(:webinars) AS given)"
NO_LETTERS = """
DELETE FROM outbox
WHERE address IN (SELECT value FROM each_id(:ids) AS given) AND broadcast IS NULL
"""
NO_ADDRESSES = "DELETE FROM addresses WHERE id IN (SELECT value FROM each_id(:ids) AS given)"


class Guests:
    """The guests' addresses in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection
        self._vault = desk.vault

    async def ask(self, webinar: str, account: str, language: str, now: datetime) -> Guest | None:
        """This address is to be asked whether it wants the questions; None when it is not to be.

        It was asked within the week, has answered, or there are too many for this webinar.
        """
        await self._connection.serialise([f"guests:{webinar}"])
        key = self._key(webinar, account)
        values: dict[str, Value] = {
            "webinar": webinar,
            "key": key,
            "language": language,
            "now": epoch_ms(now),
            "expires": epoch_ms(now + LASTING),
        }
        known = await self._connection.fetch(KNOWN, {"webinar": webinar, "key": key})
        if known:
            again = {name: values[name] for name in ("language", "expires", "now")}
            rows = await self._connection.fetch(ASK_AGAIN, {**again, "id": known[0][0]})
            return await self.get(known[0][0]) if rows else None
        ((count,),) = await self._connection.fetch(COUNT, {"webinar": webinar})
        if count >= MOST:
            return None
        return await self._add(values, account)

    async def _add(self, values: Values, account: str) -> Guest | None:
        id, address = self._desk.ids.person(), self._desk.ids.person()
        webinar = str(values["webinar"])
        sealed = self._vault.seal_for(webinar, account, Field("addresses", "account", address))
        named = {name: values[name] for name in ("webinar", "key", "language", "expires")}
        await self._connection.run(ADD, {**named, "id": id, "address": address})
        await self._connection.run(ADD_ADDRESS, {"id": id, "address": address, "account": sealed})
        return await self.get(id)

    async def get(self, guest_id: int) -> Guest | None:
        """The guest with this id."""
        rows = await self._connection.fetch(GET, {"id": guest_id})
        return guest_from(self._vault, rows[0]) if rows else None

    async def of(self, webinar: str) -> list[Guest]:
        """All that were named for this webinar."""
        rows = await self._connection.fetch(OF, {"webinar": webinar})
        return [guest_from(self._vault, row) for row in rows]

    def link(self, guest: Guest) -> str:
        """What the link in their mails ends with; nobody else can make it, and none is kept."""
        return link_to(self._vault, guest.id)

    async def agree(self, link: str, now: datetime) -> tuple[Guest, bool] | None:
        """They want the questions, and whether they say so for the first time.

        None when the link is wrong or too old, or they said no, or are gone.
        """
        id = id_in(self._vault, link)
        if id is None:
            return None
        rows = await self._connection.fetch(AGREE, {"id": id, "now": epoch_ms(now)})
        known = await self.get(id)
        if known is None or known.wanted is not Wanted.AGREED:
            return None
        return known, bool(rows)

    async def refuse(self, link: str) -> bool:
        """They want nothing: their address is erased, with what waits for it; False as above."""
        id = id_in(self._vault, link)
        rows = [] if id is None else await self._connection.fetch(REFUSE, {"id": id})
        await self._erase([row[0] for row in rows])
        return bool(rows)

    async def stop(self, account: str) -> int:
        """Whoever reads there wants no mail of ours: as `refuse`, for every webinar; how many."""
        rows = await self._connection.fetch(EVERY)
        ids = [id for id, webinar, key in rows if key == self._key(webinar, account)]
        for id in ids:
            gone = await self._connection.fetch(REFUSE, {"id": id})
            await self._erase([row[0] for row in gone])
        return len(ids)

    async def agreed(self, account: str, webinar: str) -> str | None:
        """The language in which this address gets this webinar's questions; None if it does not."""
        rows = await self._connection.fetch(
            KNOWN, {"webinar": webinar, "key": self._key(webinar, account)}
        )
        return rows[0][2] if rows and rows[0][1] == Wanted.AGREED else None

    async def remove(self, webinar: str, guest_id: int) -> bool:
        """An organiser takes this address off again."""
        rows = await self._connection.fetch(REMOVE, {"webinar": webinar, "id": guest_id})
        await self._erase([row[0] for row in rows])
        return bool(rows)

    async def clear(self, webinars: list[str]) -> int:
        """Erase all that were named for these webinars; how many they were."""
        rows = await self._connection.fetch(OF_WEBINARS, {"webinars": webinars})
        await self._erase([row[0] for row in rows])
        await self._connection.run(GONE, {"webinars": webinars})
        return len(rows)

    def _key(self, webinar: str, account: str) -> str:
        return self._vault.index("guest", webinar, account)

    async def _erase(self, addresses: Sequence[int]) -> None:
        if addresses:
            await self._connection.run(NO_LETTERS, {"ids": [*addresses]})
            await self._connection.run(NO_ADDRESSES, {"ids": [*addresses]})
