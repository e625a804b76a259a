"""What a person leaves in a database file, as the bytes to look for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

CHUNK = 16

ADDRESSES = "SELECT json_group_array(id) FROM addresses WHERE person = :person"
OWNED = (
    "SELECT id, profile, governorate_key FROM people WHERE id = :person",
    "SELECT id FROM consents WHERE person = :person",
    "SELECT id, account FROM addresses WHERE person = :person",
    "SELECT key FROM address_keys WHERE address IN (SELECT value FROM json_each(:addresses))",
    "SELECT state FROM talks WHERE person = :person",
    "SELECT id, extra FROM registrations WHERE person = :person",
    "SELECT person FROM staff WHERE person = :person",
    "SELECT key, code_key, made_by FROM invites WHERE made_by = :person",
    "SELECT made_by, progress FROM broadcasts WHERE made_by = :person",
    "SELECT frozen_to FROM broadcasts WHERE frozen_to = :person",
    "SELECT id, message, target, platform_id, reason, person FROM outbox"
    " WHERE address IN (SELECT value FROM json_each(:addresses))",
    "SELECT id, message FROM mailbox WHERE address IN (SELECT value FROM json_each(:addresses))",
    "SELECT id, text, original, asker, asker_key, place_key, message, message_key, sent_in"
    " FROM questions WHERE asker_key IN (SELECT value FROM json_each(:askers))",
    "SELECT t.id, t.text, t.draft FROM texts t JOIN questions q ON q.id = t.question"
    " WHERE q.asker_key IN (SELECT value FROM json_each(:askers))",
    "SELECT supporter_key, supporter, sent_in FROM supports"
    " WHERE supporter_key IN (SELECT value FROM json_each(:askers))",
    "SELECT key FROM strikes WHERE key IN (SELECT value FROM json_each(:askers))",
    "SELECT key FROM hushed WHERE key IN (SELECT value FROM json_each(:askers))",
    "SELECT claimed_by FROM questions WHERE claimed_by = :person",
    "SELECT claimed_by FROM texts WHERE claimed_by = :person",
    "SELECT person, key FROM link_codes WHERE person = :person",
    "SELECT id, person, mail, mail_key, key FROM proofs WHERE person = :person",
    "SELECT person FROM link_tries WHERE person = :person",
    "SELECT person, secret FROM codes WHERE person = :person",
    "SELECT id, person FROM code_tries WHERE person = :person",
    "SELECT key, person, secret FROM board_doors WHERE person = :person",
    "SELECT person FROM reveals WHERE person = :person",
    "SELECT question, asker_key, key, reason FROM reveals"
    " WHERE asker_key IN (SELECT value FROM json_each(:askers))",
    "SELECT gone, person FROM joined WHERE person = :person",
    "SELECT address FROM reached WHERE address IN (SELECT value FROM json_each(:addresses))",
    "SELECT q.id, q.raw, q.account_key FROM quarantine q JOIN address_keys k"
    " ON k.key = q.account_key WHERE k.address IN (SELECT value FROM json_each(:addresses))",
)


def varint(number: int) -> bytes:
    """A row id of more than 56 bits as SQLite writes it in a table's leaf."""
    high = [number >> shift & 0x7F | 0x80 for shift in range(57, 7, -7)]
    return bytes([*high, number & 0xFF])


def forms(value: int | str | bytes) -> tuple[bytes, ...]:
    """The ways in which a value may stand in the file; a long one in pieces."""
    if isinstance(value, int):
        return (value.to_bytes(8, "big"), varint(value))
    raw = value.encode() if isinstance(value, str) else value
    return tuple(raw[at : at + CHUNK] for at in range(0, len(raw) - CHUNK + 1, CHUNK))


def noted(file: Path, person: int, askers: str) -> dict[str, tuple[bytes, ...]]:
    """Every value that belongs to this person, by where it stands."""
    found: dict[str, tuple[bytes, ...]] = {}
    with closing(sqlite3.connect(file)) as database:
        ((addresses,),) = database.execute(ADDRESSES, {"person": person})
        values = {"person": person, "askers": askers, "addresses": addresses}
        for statement in OWNED:
            cursor = database.execute(statement, values)
            names = [column[0] for column in cursor.description]
            for number, row in enumerate(cursor):
                for name, value in zip(names, row, strict=True):
                    if value is not None:
                        found[f"{statement[:60]} {name} {number}"] = forms(value)
    return found


def on_disk(file: Path) -> bytes:
    """The database and its log."""
    parts = [file, file.with_name(file.name + "-wal")]
    return b"\0".join(part.read_bytes() for part in parts if part.exists())


def left(content: bytes, needles: dict[str, tuple[bytes, ...]]) -> list[str]:
    """The needles of which any form is still there."""
    return [name for name, parts in needles.items() if found_any(content, parts)]


def found_any(content: bytes, parts: Iterable[bytes]) -> bool:
    return any(part in content for part in parts)


def spoil_a_profile(folder: Path, person: int) -> None:
    """A disk that lies: what this person has told cannot be read any more."""
    with closing(sqlite3.connect(folder / "data" / "tadamun.db")) as database, database:
        database.execute("UPDATE people SET profile = zeroblob(64) WHERE id = ?", (person,))
