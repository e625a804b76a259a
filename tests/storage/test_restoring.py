"""A backup from before an erasure is put back: who was forgotten stays forgotten."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from storage import Storage
from storage.turns import Found
from tests.postgres import ask_server
from tests.storage.community import Guest, webinar, welcome
from tests.storage.conftest import MASTER, Clock
from tests.storage.needles import left, noted, on_disk
from tests.storage.test_forgetting import askers_of, lived


@dataclass
class Backup:
    """A copy of a database that nobody has open."""

    url: str

    async def make(self) -> None:
        """Copy it."""
        await self._copy(self.url, f"{self.url}_backup")

    async def restore(self) -> None:
        """Put the copy in its place."""
        await self._copy(f"{self.url}_backup", self.url)

    async def _copy(self, source: str, target: str) -> None:
        if self.url.startswith("sqlite:///"):
            shutil.copy(source.removeprefix("sqlite:///"), target.removeprefix("sqlite:///"))
            return
        server, _, _ = self.url.rpartition("/")
        old, new = source.rpartition("/")[2], target.rpartition("/")[2]
        await ask_server(server, f"DROP DATABASE IF EXISTS {new} WITH (FORCE)")
        await ask_server(server, f"CREATE DATABASE {new} TEMPLATE {old}")


@pytest.fixture
def backup(url: str) -> Backup:
    return Backup(url)


async def opened(url: str, keyring: Path, clock: Clock) -> Storage:
    return await Storage.open(url, keyring, MASTER, clock)


async def forget(storage: Storage, guest: Guest) -> None:
    async with storage.transaction() as tx:
        await tx.people.forget(guest.person.id)
    await storage.scrub()


async def test_a_restored_backup_erases_again_who_was_forgotten(
    url: str, keyring: Path, clock: Clock, backup: Backup
) -> None:
    async with await opened(url, keyring, clock) as storage:
        async with storage.transaction() as tx:
            await tx.webinars.put(webinar("one"))
        gone, stays = await lived(storage, "77001", clock), await lived(storage, "77002", clock)
    await backup.make()
    async with await opened(url, keyring, clock) as storage:
        await forget(storage, gone)
    await backup.restore()
    async with await opened(url, keyring, clock) as storage, storage.reading() as tx:
        found, _ = await tx.turns.load([gone.arrival, stays.arrival])
        assert found[0] == Found(seen=False)
        assert found[1].person == stays.person
        assert await tx.people.get(gone.person.id) is None
        assert await tx.questions.of(gone.person.id) == []
        assert await tx.registrations.count("one") == 1
        assert not await storage.owes_scrub()


async def test_no_byte_of_them_is_left_in_the_restored_file(
    sqlite_file: Path, keyring: Path, clock: Clock
) -> None:
    url = f"sqlite:///{sqlite_file}"
    backup = Backup(url)
    async with await opened(url, keyring, clock) as storage:
        async with storage.transaction() as tx:
            await tx.webinars.put(webinar("one"))
        guest = await lived(storage, "77001", clock)
        needles = noted(sqlite_file, guest.person.id, await askers_of(storage, guest))
    await backup.make()
    async with await opened(url, keyring, clock) as storage:
        await forget(storage, guest)
    await backup.restore()
    assert sorted(left(on_disk(sqlite_file), needles)) == sorted(needles)
    async with await opened(url, keyring, clock):
        assert left(on_disk(sqlite_file), needles) == []


async def test_who_came_back_is_not_erased_by_their_old_tombstone(
    url: str, keyring: Path, clock: Clock, backup: Backup
) -> None:
    async with await opened(url, keyring, clock) as storage:
        await forget(storage, await welcome(storage, "77001", clock.now))
        again = await welcome(storage, "77001", clock.now)
    await backup.make()
    await backup.restore()
    async with await opened(url, keyring, clock) as storage, storage.reading() as tx:
        assert await tx.people.get(again.person.id) == again.person


async def test_an_erasure_is_remembered_for_as_long_as_backups_are_kept(
    url: str, keyring: Path, clock: Clock, backup: Backup
) -> None:
    async with await opened(url, keyring, clock) as storage:
        guest = await welcome(storage, "77001", clock.now)
    await backup.make()
    async with await opened(url, keyring, clock) as storage:
        await forget(storage, guest)
        # The tombstone tells only the hour, so it must outlast the hour's end.
        await storage.sweep(clock.forward(timedelta(days=14)))
    await backup.restore()
    async with await opened(url, keyring, clock) as storage, storage.reading() as tx:
        assert await tx.people.get(guest.person.id) is None


@pytest.mark.parametrize("before", ["they were linked", "they parted"])
async def test_an_account_that_was_split_off_and_forgotten_stays_forgotten(
    url: str, keyring: Path, clock: Clock, backup: Backup, before: str
) -> None:
    async with await opened(url, keyring, clock) as storage:
        stays, other = await welcome(storage, "77001", clock.now), await met_again(storage, clock)
    if before == "they were linked":
        await backup.make()
    async with await opened(url, keyring, clock) as storage, storage.transaction() as tx:
        assert await tx.people.join(stays.person.id, other.person.id, clock.now)
    if before == "they parted":
        await backup.make()
    async with await opened(url, keyring, clock) as storage:
        async with storage.transaction() as tx:
            alone = await tx.people.split(other.address.id, clock.now)
            assert alone is not None
            await tx.people.forget(alone.id)
        await storage.scrub()
    await backup.restore()
    async with await opened(url, keyring, clock) as storage:
        async with storage.transaction() as tx:
            (still,), _ = await tx.turns.load([stays.arrival])
            assert still.person == stays.person
            assert still.address is not None
            assert not still.address.linked
        async with storage.transaction() as tx:
            assert (await tx.turns.load([other.arrival]))[0] == [Found(seen=False)]
            assert await tx.people.get(other.person.id) is None
        assert not await storage.owes_scrub()


async def met_again(storage: Storage, clock: Clock) -> Guest:
    """Somebody who writes from another platform, too."""
    return await welcome(storage, "77001", clock.now, "whatsapp")
