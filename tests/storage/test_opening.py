"""What is refused at the start, each with one sentence."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from storage import (
    AlreadyRunning,
    Damaged,
    KeyringMissing,
    NewerDatabase,
    Storage,
    StorageError,
    Unavailable,
    WrongKey,
)
from storage.engines.schema import known_steps
from tests.storage.community import welcome
from tests.storage.conftest import MASTER, Clock

OPEN_IT = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from storage import Storage, StorageError

async def main():
    try:
        await Storage.open(sys.argv[1], Path(sys.argv[2]), sys.argv[3], lambda: datetime.now(UTC))
    except StorageError as error:
        print(type(error).__name__, error)

asyncio.run(main())
"""


async def opened_and_closed(url: str, keyring: Path, clock: Clock, master: str = MASTER) -> None:
    async with await Storage.open(url, keyring, master, clock) as storage:
        assert await storage.writable()


async def with_somebody(url: str, keyring: Path, clock: Clock) -> None:
    async with await Storage.open(url, keyring, MASTER, clock) as storage:
        await welcome(storage, "1", clock.now)


def lose(keyring: Path) -> None:
    keyring.unlink()


def lost(keyring: Path) -> bool:
    return not keyring.exists()


def spoilt(file: Path, content: bytes | None) -> bytes:
    """Damage the file, in one page or altogether, and return it as it was."""
    whole = file.read_bytes()
    file.write_bytes(content or whole[:8192] + b"\xff" * 4096 + whole[12288:])
    return whole


def content_of(file: Path) -> bytes:
    return file.read_bytes()


def page_of(file: Path, index: str) -> int:
    """The number of the page on which this index begins."""
    select = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
    with closing(sqlite3.connect(file)) as opened:
        ((page,),) = opened.execute(select, (index,))
    return int(page)


def restore(file: Path, content: bytes) -> None:
    file.write_bytes(content)


async def test_what_was_closed_opens_again(url: str, keyring: Path, clock: Clock) -> None:
    await with_somebody(url, keyring, clock)
    async with (
        await Storage.open(url, keyring, MASTER, clock) as storage,
        storage.reading() as tx,
    ):
        assert await tx.people.find("telegram", "1")


async def test_another_master_key_is_refused(url: str, keyring: Path, clock: Clock) -> None:
    await with_somebody(url, keyring, clock)
    with pytest.raises(WrongKey):
        await opened_and_closed(url, keyring, clock, MASTER + "!")
    await opened_and_closed(url, keyring, clock)


async def test_sealed_rows_without_their_keyring_are_refused(
    url: str, keyring: Path, clock: Clock
) -> None:
    await with_somebody(url, keyring, clock)
    lose(keyring)
    with pytest.raises(KeyringMissing):
        await opened_and_closed(url, keyring, clock)
    assert lost(keyring)


async def test_the_keyring_of_another_database_is_refused(
    url: str, keyring: Path, clock: Clock
) -> None:
    await with_somebody(url, keyring, clock)
    lose(keyring)
    async with await Storage.open(f"sqlite:///{keyring.parent}/other/x.db", keyring, MASTER, clock):
        pass
    with pytest.raises(WrongKey):
        await opened_and_closed(url, keyring, clock)


async def test_a_lost_keyring_of_an_empty_database_is_made_anew(
    url: str, keyring: Path, clock: Clock
) -> None:
    await opened_and_closed(url, keyring, clock)
    lose(keyring)
    await with_somebody(url, keyring, clock)
    await opened_and_closed(url, keyring, clock)


async def test_a_newer_database_is_refused_and_left_alone(
    url: str, keyring: Path, clock: Clock
) -> None:
    newer = known_steps()[-1][0] + 1
    async with (
        await Storage.open(url, keyring, MASTER, clock) as storage,
        storage.transaction() as tx,
    ):
        await tx.desk.connection.run(
            "INSERT INTO versions (version, applied) VALUES (:newer, 0)", {"newer": newer}
        )
    with pytest.raises(NewerDatabase, match="newer version"):
        await opened_and_closed(url, keyring, clock)


async def test_a_second_process_is_refused_until_the_first_ends(
    sqlite_file: Path, keyring: Path, clock: Clock
) -> None:
    url = f"sqlite:///{sqlite_file}"

    async def said() -> str:
        other = await asyncio.create_subprocess_exec(
            sys.executable, "-c", OPEN_IT, url, str(keyring), MASTER, stdout=asyncio.subprocess.PIPE
        )
        out, _ = await other.communicate()
        return out.decode()

    async with await Storage.open(url, keyring, MASTER, clock) as storage:
        assert (await said()).startswith("AlreadyRunning Another Tadamun")
        with pytest.raises(AlreadyRunning):
            await opened_and_closed(url, keyring, clock)
        assert await storage.writable()
    await opened_and_closed(url, keyring, clock)


async def test_files_are_for_the_owner_alone(sqlite: Storage, sqlite_file: Path) -> None:
    assert await sqlite.writable()
    assert sqlite_file.parent.stat().st_mode & 0o077 == 0
    for file in sqlite_file.parent.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600, file.name
    assert {f.name for f in sqlite_file.parent.iterdir()} == {
        f"{sqlite_file.name}{end}" for end in ("", "-wal", "-shm", ".lock")
    }


async def test_the_file_is_opened_as_it_must_be(sqlite: Storage) -> None:
    expected = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "trusted_schema": 0}
    async with sqlite.transaction() as tx:
        for name, value in expected.items():
            assert (await tx.desk.connection.fetch(f"PRAGMA {name}"))[0][0] == value


@pytest.mark.parametrize("content", [b"not a database at all" * 500, None])
async def test_a_damaged_file_is_refused(
    sqlite_file: Path, keyring: Path, clock: Clock, content: bytes | None
) -> None:
    url = f"sqlite:///{sqlite_file}"
    await with_somebody(url, keyring, clock)
    whole = spoilt(sqlite_file, content)
    with pytest.raises(Damaged):
        async with await Storage.open(url, keyring, MASTER, clock) as storage:
            await storage.sound()
    restore(sqlite_file, whole)
    await opened_and_closed(url, keyring, clock)


async def test_nothing_is_written_to_a_damaged_file(
    sqlite_file: Path, keyring: Path, clock: Clock
) -> None:
    url = f"sqlite:///{sqlite_file}"
    await with_somebody(url, keyring, clock)
    # One that nobody reads when it is opened.
    begins = (page_of(sqlite_file, "mailbox_number") - 1) * 4096
    whole = content_of(sqlite_file)
    damaged = whole[:begins] + b"\xff" * 4096 + whole[begins + 4096 :]
    restore(sqlite_file, damaged)
    async with await Storage.open(url, keyring, MASTER, clock) as storage:
        with pytest.raises(Damaged):
            await storage.writable()
        with pytest.raises(Damaged):
            await storage.scrub()
    assert content_of(sqlite_file) == damaged


async def test_a_file_with_a_name_in_it_that_is_no_word_is_refused_and_let_go(
    sqlite_file: Path, keyring: Path, clock: Clock
) -> None:
    url = f"sqlite:///{sqlite_file}"
    await with_somebody(url, keyring, clock)
    whole = content_of(sqlite_file)
    spoilt_name = whole.replace(b"indexproofs_person", b"indexproofs_\xf0erson")
    assert spoilt_name != whole
    restore(sqlite_file, spoilt_name)
    before = set(threading.enumerate())
    with pytest.raises(Damaged):
        await opened_and_closed(url, keyring, clock)
    # A connection that was left behind would keep the process from ending.
    for each in set(threading.enumerate()) - before:
        if "connection" in each.name:
            each.join(30)
            assert not each.is_alive()
    restore(sqlite_file, whole)
    await opened_and_closed(url, keyring, clock)


async def test_closing_waits_for_no_examination(
    sqlite_file: Path, keyring: Path, clock: Clock
) -> None:
    url = f"sqlite:///{sqlite_file}"
    await with_somebody(url, keyring, clock)
    await (await Storage.open(url, keyring, MASTER, clock)).close()
    await opened_and_closed(url, keyring, clock)


async def test_the_master_key_may_not_lie_beside_the_database(
    sqlite_file: Path, clock: Clock
) -> None:
    beside = sqlite_file.with_name("keyring.json")
    with pytest.raises(StorageError, match="another folder"):
        await Storage.open(f"sqlite:///{sqlite_file}", beside, None, clock)
    assert not sqlite_file.parent.exists()


@pytest.mark.parametrize("url", ["mysql://x/y", "tadamun.db", "sqlite://x.db"])
async def test_an_unknown_address_is_refused(url: str, keyring: Path, clock: Clock) -> None:
    with pytest.raises(StorageError, match="must begin with"):
        await Storage.open(url, keyring, MASTER, clock)


async def test_a_server_that_does_not_answer_is_unavailable(keyring: Path, clock: Clock) -> None:
    with pytest.raises(Unavailable):
        await Storage.open("postgresql://nobody@127.0.0.1:1/x", keyring, MASTER, clock)


async def test_a_folder_that_cannot_be_made_is_unavailable(
    tmp_path: Path, keyring: Path, clock: Clock
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable):
        await Storage.open(f"sqlite:///{tmp_path}/file/x.db", keyring, MASTER, clock)


async def test_a_migration_that_fails_leaves_nothing(sqlite: Storage, sqlite_file: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        await sqlite.database.script(
            "CREATE TABLE half (id BIGINT); CREATE TABLE half (id);", 99, 0
        )
    with closing(sqlite3.connect(sqlite_file)) as database:
        assert not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'half'").fetchall()
        assert not database.execute("SELECT 1 FROM versions WHERE version = 99").fetchall()
    assert await sqlite.writable()
