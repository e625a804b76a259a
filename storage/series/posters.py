"""Pictures that go with announcements, and what each platform calls them once it has them."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dialogue.pictures import picture
from dialogue.stripping import stripped
from storage.desk import Desk
from storage.engines.port import Row, Value
from storage.engines.times import hour_of
from storage.errors import Unreadable
from storage.sealing.vault import Field, Vault


class Fetching(StrEnum):
    """How far a poster has come."""

    WANTED = "wanted"
    """It is to be fetched from the platform."""
    KEPT = "kept"
    REFUSED = "refused"
    """It is too large, or no picture that every channel takes."""


@dataclass(frozen=True, slots=True)
class Poster:
    """One picture; `content` and its `hash` once it is kept, `source` until then."""

    id: int
    state: Fetching
    hash: str | None = None
    source: str | None = None
    """The platform's id of the file that is to be fetched."""
    content: bytes | None = None


ADD = """
INSERT INTO posters (id, source, hash, content, state, hour)
VALUES (:id, :source, :hash, :content, :state, :hour)
"""
WANTED = """
SELECT id, state, hash, source, NULL FROM posters WHERE state = 'wanted' ORDER BY hour, id
"""
LOOK = "SELECT id, state, hash, source, NULL FROM posters WHERE id = :id"
GET = "SELECT id, state, hash, source, content FROM posters WHERE id = :id"
SETTLE = """
UPDATE posters SET source = NULL, hash = :hash, content = :content, state = :state
WHERE id = :id AND state = 'wanted' RETURNING id
"""
CONTENT = """
SELECT id, content FROM posters WHERE hash = :hash AND content IS NOT NULL LIMIT 1
"""
HAS = "SELECT 1 FROM posters WHERE hash = :hash AND content IS NOT NULL LIMIT 1"
FILE = """
SELECT file FROM poster_files WHERE hash = :hash AND language = :language AND sender = :sender
"""
KEEP_FILE = """
INSERT INTO poster_files (hash, language, sender, file) VALUES (:hash, :language, :sender, :file)
ON CONFLICT (hash, language, sender) DO UPDATE SET file = excluded.file
"""


class Posters:
    """The posters in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection
        self._vault = desk.vault

    async def want(self, source: str, now: datetime) -> int:
        """The id of a poster that is to be fetched; `source` is the platform's id of the file."""
        return await self._add(now, Fetching.WANTED, source=source)

    async def put(self, content: bytes, now: datetime) -> int:
        """The id of this poster, as it looks; raises ValueError when it is not `acceptable`."""
        shown = stripped(content)
        if not (acceptable(content) and acceptable(shown)):
            raise ValueError("not a picture that every channel takes")
        return await self._add(now, Fetching.KEPT, content=shown)

    async def wanted(self) -> list[Poster]:
        """Those that are to be fetched, in the order in which they came."""
        return [poster_from(self._vault, row) for row in await self._connection.fetch(WANTED)]

    async def keep(self, poster_id: int, content: bytes) -> bool:
        """It was fetched; False when it is not `acceptable`, and refused, or was not wanted.

        Kept is how it looks, and nothing of where and by whom it was made.
        """
        shown = stripped(content)
        if not (acceptable(content) and acceptable(shown)):
            await self.refuse(poster_id)
            return False
        return await self._settle(poster_id, Fetching.KEPT, shown)

    async def refuse(self, poster_id: int) -> bool:
        """It cannot be fetched, or is not wanted as it is; False when it waits no more."""
        return await self._settle(poster_id, Fetching.REFUSED)

    async def get(self, poster_id: int) -> Poster | None:
        """This poster, its content with it."""
        rows = await self._connection.fetch(GET, {"id": poster_id})
        return poster_from(self._vault, rows[0]) if rows else None

    async def look(self, poster_id: int) -> Poster | None:
        """The same without its content, which is up to 5 MB."""
        rows = await self._connection.fetch(LOOK, {"id": poster_id})
        return poster_from(self._vault, rows[0]) if rows else None

    async def content(self, hash: str) -> bytes | None:
        """The picture that has this hash, if it is kept and can be read."""
        rows = await self._connection.fetch(CONTENT, {"hash": hash})
        try:
            return poster_content(self._vault, *rows[0]) if rows else None
        except Unreadable:
            # The words that it goes with reach people all the same.
            return None

    async def has(self, hash: str) -> bool:
        """Whether the picture that has this hash is kept."""
        return bool(await self._connection.fetch(HAS, {"hash": hash}))

    async def file(self, hash: str, language: str, sender: str) -> str | None:
        """What the platform calls this picture since the sender uploaded it there."""
        values = {"hash": hash, "language": language, "sender": sender}
        rows = await self._connection.fetch(FILE, values)
        return self._vault.open(rows[0][0], file_field(hash, language, sender)) if rows else None

    async def keep_file(self, hash: str, language: str, sender: str, file: str) -> None:
        """The sender uploaded this picture, and the platform calls it so."""
        sealed = self._vault.seal(file, file_field(hash, language, sender))
        values: dict[str, Value] = {"hash": hash, "language": language, "sender": sender}
        await self._connection.run(KEEP_FILE, {**values, "file": sealed})

    async def _add(
        self,
        now: datetime,
        state: Fetching,
        *,
        source: str | None = None,
        content: bytes | None = None,
    ) -> int:
        id = self._desk.ids.person()
        sealed = (
            None if source is None else self._vault.seal(source, Field("posters", "source", id))
        )
        values = {"id": id, "source": sealed, "state": state, "hour": hour_of(now)}
        await self._connection.run(ADD, {**values, **content_values(self._vault, id, content)})
        return id

    async def _settle(self, poster_id: int, state: Fetching, content: bytes | None = None) -> bool:
        values = content_values(self._vault, poster_id, content)
        return bool(
            await self._connection.fetch(SETTLE, {"id": poster_id, "state": state, **values})
        )


def acceptable(content: bytes) -> bool:
    """Whether this is a JPEG, PNG or WebP of at most 5 MB, as far as its first bytes tell."""
    return picture(content) is not None


def content_values(vault: Vault, poster_id: int, content: bytes | None) -> dict[str, Value]:
    """The columns of a poster's content; a keyed hash, since a photograph may be found by it."""
    if content is None:
        return {"hash": None, "content": None}
    return {
        "hash": vault.index("poster", hashlib.sha256(content).hexdigest()),
        "content": vault.seal_bytes(content, Field("posters", "content", poster_id)),
    }


def file_field(hash: str, language: str, sender: str) -> Field:
    return Field("poster_files", "file", f"{hash}|{language}|{sender}")


def poster_from(vault: Vault, row: Row) -> Poster:
    """The poster in (id, state, hash, source, content)."""
    id, state, hash, source, content = row
    where: str | None = None
    if source is not None:
        # One that is not to be found any more keeps no other from being fetched.
        with suppress(Unreadable):
            where = vault.open(source, Field("posters", "source", id))
    return Poster(
        id,
        Fetching(state),
        hash,
        where,
        None if content is None else poster_content(vault, id, content),
    )


def poster_content(vault: Vault, id: int, sealed: bytes) -> bytes:
    """The picture that was sealed."""
    return vault.open_bytes(sealed, Field("posters", "content", id))
