"""The file and its log, the log cut at any byte: all that a power cut may leave of a broadcast."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from storage import Storage
from storage.broadcasting.broadcasts import Phase
from storage.outbox import State
from tests.storage.conftest import MASTER, Clock
from tests.storage.crowd import announced, claim, freeze, names, resident, settle

CUTS = 50
PEOPLE = 30


@dataclass(frozen=True)
class Stand:
    """How far the broadcast is, and how long the log was once that was in it."""

    phase: Phase
    rows: Mapping[str, int]
    log: int


async def stand(storage: Storage, broadcast: int, log: int) -> Stand:
    async with storage.reading() as tx:
        found = await tx.broadcasts.get(broadcast)
        counts = await tx.recipients.counts(broadcast)
    assert found is not None
    return Stand(found.phase, counts.by_state, log)


def content(file: Path) -> bytes:
    return file.read_bytes()


def torn(folder: Path, file: bytes, log: bytes) -> Path:
    """A database of this content, with so much of its log."""
    folder.mkdir()
    copy = folder / "tadamun.db"
    copy.write_bytes(file)
    copy.with_name("tadamun.db-wal").write_bytes(log)
    return copy


async def opened(file: Path, keyring: Path, clock: Clock) -> Storage:
    return await Storage.open(f"sqlite:///{file}", keyring, MASTER, clock)


async def sent_to_some(storage: Storage, broadcast: int, log: Path, clock: Clock) -> list[Stand]:
    """All are written down and some get it, a few at a time; how it stood after each commit."""
    stood = [await stand(storage, broadcast, 0)]

    async def note() -> None:
        stood.append(await stand(storage, broadcast, len(content(log))))

    passed = 1
    while passed:
        async with storage.transaction() as tx:
            passed = await tx.recipients.freeze(broadcast, 4)
        await note()
    for _ in range(PEOPLE // 4):
        taken = await claim(storage, clock.now, 3)
        await note()
        await settle(storage, taken, State.SENT, "")
        await note()
    return stood


async def finish(storage: Storage, broadcast: int, clock: Clock) -> None:
    """Go on as the next process does."""
    await freeze(storage, broadcast)
    async with storage.transaction() as tx:
        await tx.outbox.recover("telegram", clock.now, ())
    await settle(storage, await claim(storage, clock.now), State.SENT, "")


@pytest.mark.timeout(240)
async def test_what_was_committed_before_the_cut_is_there_and_everybody_gets_it_all_the_same(
    tmp_path: Path, sqlite_file: Path, keyring: Path, clock: Clock
) -> None:
    async with await opened(sqlite_file, keyring, clock) as storage:
        guests = [await resident(storage, f"p{n}", clock.now) for n in range(PEOPLE)]
        news = await announced(storage, clock.now)
        async with storage.transaction() as tx:
            await tx.broadcasts.begin(news.id, clock.now)
    log = sqlite_file.with_name(sqlite_file.name + "-wal")
    async with await opened(sqlite_file, keyring, clock) as storage:
        stood = await sent_to_some(storage, news.id, log, clock)
        file, written = content(sqlite_file), content(log)
    everybody, chance = sorted(f"p{n}" for n in range(PEOPLE)), Random(50)
    assert [each.log for each in stood] == sorted(each.log for each in stood)
    for number in range(CUTS):
        cut = chance.randrange(len(written) + 1)
        copy = torn(tmp_path / str(number), file, written[:cut])
        last = [each for each in stood if each.log <= cut][-1]
        async with await opened(copy, keyring, clock) as storage:
            assert await stand(storage, news.id, last.log) == last
            await finish(storage, news.id, clock)
            assert await names(storage, news.id, guests) == everybody
            assert (await stand(storage, news.id, 0)).rows == {State.SENT: PEOPLE}
        shutil.rmtree(copy.parent)
