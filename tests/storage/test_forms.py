"""A form that was carried out is not carried out again, however often and wherever it arrives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from storage import Storage
from storage.community.boards import LONGEST
from tests.storage.conftest import MASTER, Clock
from tests.storage.moderating import ONE, with_webinars
from tests.storage.needles import on_disk

FORM = "do=heard\nonce=1\nwords=Who pays?"


@pytest_asyncio.fixture
async def second(
    storage: Storage, url: str, keyring: Path, clock: Clock
) -> AsyncGenerator[Storage]:
    """What another process has of the same database; SQLite has one process only."""
    if url.startswith("sqlite"):
        yield storage
        return
    async with await Storage.open(url, keyring, MASTER, clock) as opened:
        yield opened


async def taken_down(storage: Storage, clock: Clock, form: str = FORM) -> str:
    """Have it carried out as the board does; what is said."""
    async with storage.transaction() as tx:
        said = await tx.forms.begin(form, clock.now)
        if said is None:
            await tx.moderation.type_in("one", "Who pays?", "en", ONE, clock.now)
            said = "moderated-heard"
            await tx.forms.end(form, said)
    return said


async def fails(storage: Storage, clock: Clock) -> None:
    """Something breaks before it is carried out."""
    async with storage.transaction() as tx:
        assert await tx.forms.begin(FORM, clock.now) is None
        raise LookupError


async def asked(storage: Storage) -> int:
    """How many questions there are."""
    async with storage.reading() as tx:
        return len(await tx.moderation.ids("one"))


async def test_what_comes_again_is_told_the_same_and_done_once(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    assert [await taken_down(storage, clock) for _ in range(3)] == ["moderated-heard"] * 3
    assert await asked(storage) == 1
    await taken_down(storage, clock, FORM.replace("once=1", "once=2"))
    assert await asked(storage) == 2


async def test_of_many_that_come_at_once_to_two_processes_one_counts(
    storage: Storage, second: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    said = await asyncio.gather(
        *(taken_down(whose, clock) for whose in (storage, second) for _ in range(4))
    )
    assert said == ["moderated-heard"] * 8
    assert await asked(storage) == 1


async def test_what_nothing_came_of_may_come_again(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    async with storage.transaction() as tx:
        assert await tx.forms.begin(FORM, clock.now) is None
        await tx.forms.leave(FORM)
    with pytest.raises(LookupError):
        await fails(storage, clock)
    await taken_down(storage, clock)
    assert await asked(storage) == 1


async def test_it_is_forgotten_when_no_board_of_that_time_is_open_any_more(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    await taken_down(storage, clock)
    for passed, kept in ((LONGEST - timedelta(minutes=1), 1), (timedelta(minutes=2), 0)):
        await storage.sweep(clock.forward(passed))
        async with storage.reading() as tx:
            rows = await tx.desk.connection.fetch("SELECT COUNT(*) FROM board_forms")
        assert rows[0][0] == kept


async def test_nothing_of_what_was_written_can_be_read_in_it(
    sqlite: Storage, sqlite_file: Path, clock: Clock
) -> None:
    async with sqlite.transaction() as tx:
        await tx.forms.begin(FORM, clock.now)
        await tx.forms.end(FORM, "moderated-heard")
    assert b"Who pays?" not in on_disk(sqlite_file)
