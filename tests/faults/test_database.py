"""A database that cannot be written for a while: nobody is told that they were heard, somebody is
told to look, and then all goes on."""

from __future__ import annotations

import asyncio
import fcntl
import os
import resource
import signal
import sqlite3
import struct
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
import pytest

from tests.faults.crowd import meets
from tests.faults.home import Home, Running, Starter
from tests.faults.test_commands import refused
from tests.platforms.telegram import TelegramServer
from tests.postgres import ask_server

ANNA = 70_170_001
ALERT = "ALERT: the database cannot be written"

Fault = Callable[[Home, Running], AbstractContextManager[None]]


@contextmanager
def full(home: Home, bot: Running) -> Generator[None]:
    """No file may grow, which is what a full disk comes to."""
    _, hard = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)
    before = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (0, hard))
    yield
    resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, before)


@contextmanager
def locked(home: Home, bot: Running) -> Generator[None]:
    """Some other program is writing."""
    with closing(sqlite3.connect(home.database, isolation_level=None, timeout=5)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def read_only(home: Home, bot: Running) -> Generator[None]:
    """Nobody may change the files, not even those who have them open."""
    files = [home.database, home.database.with_name(home.database.name + "-wal")]
    for file in files:
        make_immutable(str(file), True)
    try:
        yield
    finally:
        for file in files:
            make_immutable(str(file), False)


def make_immutable(path: str, immutable: bool) -> None:
    """As chattr does; only root may, and not on every file system."""
    get_flags, set_flags, flag = 0x80086601, 0x40086602, 0x10
    file = os.open(path, os.O_RDONLY)
    try:
        (flags,) = struct.unpack("l", fcntl.ioctl(file, get_flags, bytes(8)))
        flags = flags | flag if immutable else flags & ~flag
        fcntl.ioctl(file, set_flags, struct.pack("l", flags))
    except OSError as error:
        pytest.skip(f"No file can be made immutable here: {error.strerror}.")
    finally:
        os.close(file)


async def readiness(home: Home) -> int:
    """The status of /readyz."""
    async with aiohttp.ClientSession() as session, session.get(f"{home.web}/readyz") as answer:
        return answer.status


@pytest.mark.parametrize(
    ("fault", "webhook"),
    [(full, False), (full, True), (locked, True)],
    ids=["full-polling", "full-webhook", "locked-webhook"],
)
async def test_what_cannot_be_kept_comes_again(
    home: Home, telegram: TelegramServer, fault: Fault, *, webhook: bool
) -> None:
    await comes_again(home, telegram, fault, webhook=webhook)


async def test_what_a_read_only_disk_cannot_keep_comes_again(
    starter: Starter, telegram: TelegramServer
) -> None:
    # In memory (tmpfs) whoever has a file open writes on.
    with TemporaryDirectory(dir="/var/tmp", prefix="tadamun-test-") as folder:
        home = Home(Path(folder), starter, f"sqlite:///{folder}/data/tadamun.db")
        await comes_again(home, telegram, read_only, webhook=False)


async def comes_again(home: Home, telegram: TelegramServer, fault: Fault, *, webhook: bool) -> None:
    """What Anna wrote while the database was of no use is answered once it is."""
    home.on_telegram(telegram.url, webhook=webhook)
    async with home.running() as bot:
        await meets(telegram, ANNA)
        await telegram.wait_for(lambda: not telegram.updates.waiting)
        with fault(home, bot):
            await is_told_to_look(home, telegram, bot, webhook)
        texts = await telegram.wait_for_texts(ANNA, 4)
        assert "Here you can" in texts[3]
        await telegram.wait_for(lambda: not telegram.updates.waiting)
        assert await readiness(home) == 200
        assert await bot.end(signal.SIGTERM) == 0
    assert len(telegram.chat(ANNA).texts) == 4
    assert not any("Traceback" in line for line in bot.logged)


async def is_told_to_look(
    home: Home, telegram: TelegramServer, bot: Running, webhook: bool
) -> None:
    """Anna writes, in vain and again and again, and that is said once."""
    polls, tries = telegram.updates.polls, len(telegram.updates.deliveries)
    update = telegram.people.says(ANNA, "/help")
    await bot.logs(ALERT)
    if webhook:
        await telegram.wait_for(lambda: len(telegram.updates.deliveries) >= tries + 3)
        assert {each.status for each in telegram.updates.deliveries[tries:]} == {503}
    else:
        await telegram.wait_for(lambda: telegram.updates.polls >= polls + 2)
        assert telegram.called("getUpdates")[-1].fields["offset"] <= update
    assert await readiness(home) == 503
    assert len([line for line in bot.logged if ALERT in line]) == 1
    assert len(telegram.chat(ANNA).texts) == 3


@pytest.mark.postgres
async def test_a_postgresql_server_that_turns_read_only_is_waited_for(
    postgres_home: Home, postgres_server: str, telegram: TelegramServer
) -> None:
    postgres_home.on_telegram(telegram.url, webhook=True)
    async with postgres_home.running() as bot:
        await meets(telegram, ANNA)
        await ask_server(postgres_server, "ALTER SYSTEM SET default_transaction_read_only = on")
        try:
            await ask_server(postgres_server, "SELECT pg_reload_conf()")
            async with asyncio.timeout(60):
                while await readiness(postgres_home) == 200:
                    pass  # the server's processes hear of it one by one
            await is_told_to_look(postgres_home, telegram, bot, webhook=True)
        finally:
            await ask_server(postgres_server, "ALTER SYSTEM RESET default_transaction_read_only")
            await ask_server(postgres_server, "SELECT pg_reload_conf()")
        texts = await telegram.wait_for_texts(ANNA, 4)
        assert "Here you can" in texts[3]
        assert await bot.end(signal.SIGTERM) == 0


async def test_a_start_while_the_database_is_locked_is_refused_in_one_sentence(home: Home) -> None:
    assert (await home.command("check")).ended == 0
    with closing(sqlite3.connect(home.database, isolation_level=None, timeout=5)) as other:
        other.execute("BEGIN IMMEDIATE")
        process = await home.command("run")
        assert (process.ended, len(process.logged)) == (1, 1)
        assert "cannot be used" in process.logged[0]


def flipped(database: Path) -> bytes:
    """Flip bytes where nothing looks at the start; returns what the file holds then."""
    with closing(sqlite3.connect(database)) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        ((size,),) = opened.execute("PRAGMA page_size").fetchall()
        seldom = "SELECT rootpage FROM sqlite_master WHERE name = 'invites_code'"
        ((page,),) = opened.execute(seldom).fetchall()
    content = bytearray(database.read_bytes())
    begins = (page - 1) * size
    content[begins : begins + 16] = bytes(each ^ 0xFF for each in content[begins : begins + 16])
    database.write_bytes(content)
    return bytes(content)


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_a_spoilt_file_ends_the_process_before_anybody_is_told_that_they_were_heard(
    home: Home, telegram: TelegramServer, *, webhook: bool
) -> None:
    home.on_telegram(telegram.url, webhook=webhook)
    async with home.running() as bot:
        await meets(telegram, ANNA)
        await telegram.wait_for(lambda: not telegram.updates.waiting)
        assert await bot.end(signal.SIGTERM) == 0
    spoilt = flipped(home.database)
    update = telegram.people.says(ANNA, "/help")
    tries, polls = len(telegram.updates.deliveries), len(telegram.called("getUpdates"))
    process = await home.command("run")
    # Whoever watches it starts it again only to hear the same; 2 would be wrong settings.
    refused(process, 1, "damaged", "backup")
    assert all(each.status != 200 for each in telegram.updates.deliveries[tries:])
    offsets = [int(each.fields.get("offset", 0)) for each in telegram.called("getUpdates")[polls:]]
    assert all(offset <= update for offset in offsets)
    assert len(telegram.chat(ANNA).texts) == 3
    assert home.database.read_bytes() == spoilt
