"""One process at a time for a sender, however many machines there are."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from storage import Storage
from storage.engines import postgres_line
from storage.engines.postgres_line import only_one
from tests.postgres import ask_server
from tests.storage.community import welcome
from tests.storage.conftest import MASTER, PATIENCE, Clock

DROP_GUESTS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'
"""
DROP_HOLDERS = """
SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
"""


class Wire:
    """A way to the server that can fall silent without being closed."""

    def __init__(self, host: str, port: int) -> None:
        self.cut = asyncio.Event()
        self.url = ""
        self._server = (host, port)
        self._ends: set[asyncio.StreamWriter] = set()
        self._ways: set[asyncio.Task[None]] = set()

    @classmethod
    @asynccontextmanager
    async def to(cls, url: str) -> AsyncGenerator[Wire]:
        asked = urlsplit(url)
        wire = cls(str(asked.hostname), int(asked.port or 0))
        listening = await asyncio.start_server(wire._serve, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        wire.url = asked._replace(netloc=f"{asked.username}@127.0.0.1:{port}").geturl()
        async with listening:
            yield wire
            await wire._close()

    async def _close(self) -> None:
        while self._ways:
            for end in self._ends:
                end.close()
            await asyncio.wait(self._ways)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        way = asyncio.current_task()
        assert way is not None
        self._ways.add(way)
        far_reader, far_writer = await asyncio.open_connection(*self._server)
        ends = (writer, far_writer)
        self._ends |= {*ends}
        await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer))
        for end in ends:
            with suppress(ConnectionError):
                await end.wait_closed()
        self._ways.discard(way)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while piece := await reader.read(65536):
                if not self.cut.is_set():
                    writer.write(piece)
        writer.close()


@pytest.fixture
def long_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is only slow does not count as gone."""
    monkeypatch.setattr(postgres_line, "SILENCE", PATIENCE)


@pytest.mark.usefixtures("long_silence")
async def test_the_only_process_holds_every_name_at_once(storage: Storage) -> None:
    async with storage.only_one("telegram") as lost, storage.only_one("whatsapp"):
        assert not lost.is_set()


@pytest.mark.postgres
async def test_another_machine_takes_over_when_the_holder_is_gone(
    postgres_server: str, postgres_url: str, keyring: Path, clock: Clock
) -> None:
    taken = asyncio.Event()

    async def stand_by(other: Storage) -> None:
        async with other.only_one("telegram"):
            taken.set()

    async with (
        await Storage.open(postgres_url, keyring, MASTER, clock) as one,
        await Storage.open(postgres_url, keyring, MASTER, clock) as two,
        one.only_one("telegram") as lost,
        asyncio.TaskGroup() as group,
    ):
        group.create_task(stand_by(two))
        async with two.only_one("whatsapp"):
            assert not taken.is_set()
        await ask_server(postgres_server, DROP_HOLDERS)
        async with asyncio.timeout(30):
            await lost.wait()
            await taken.wait()


@pytest.mark.postgres
async def test_two_machines_may_start_at_once(
    postgres_url: str, keyring: Path, clock: Clock
) -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(Storage.open(postgres_url, keyring, MASTER, clock)) for _ in range(4)
        ]
    opened = [task.result() for task in tasks]
    guests = [await welcome(one, str(n), clock.now) for n, one in enumerate(opened)]
    for storage in opened:
        async with storage.reading() as tx:
            found, _ = await tx.turns.load([guest.arrival for guest in guests])
        assert [f.person for f in found] == [guest.person for guest in guests]
        await storage.close()


@pytest.mark.postgres
async def test_a_holder_that_is_cut_off_knows_it_although_nobody_says_so(
    postgres_url: str,
) -> None:
    async with Wire.to(postgres_url) as wire, only_one(wire.url, "telegram") as lost:
        wire.cut.set()
        async with asyncio.timeout(30):
            await lost.wait()


@pytest.mark.postgres
async def test_a_word_is_heard_by_everybody_once_it_is_committed(
    postgres_url: str, keyring: Path, clock: Clock
) -> None:
    heard: asyncio.Queue[str] = asyncio.Queue()
    async with (
        await Storage.open(postgres_url, keyring, MASTER, clock) as one,
        await Storage.open(postgres_url, keyring, MASTER, clock) as two,
        one.listening(heard.put_nowait),
        two.listening(heard.put_nowait),
    ):
        with suppress(ZeroDivisionError):
            async with one.transaction() as tx:
                await tx.tell("never")
                raise ZeroDivisionError
        async with one.transaction() as tx:
            await tx.tell("outbox")
        async with asyncio.timeout(30):
            assert [await heard.get(), await heard.get()] == ["outbox", "outbox"]


@pytest.mark.postgres
async def test_a_line_that_breaks_while_listening_is_noticed(
    postgres_server: str, postgres_url: str, keyring: Path, clock: Clock
) -> None:
    async with (
        await Storage.open(postgres_url, keyring, MASTER, clock) as one,
        one.listening(lambda _: None) as lost,
    ):
        await ask_server(postgres_server, DROP_GUESTS.format(postgres_url.rpartition("/")[2]))
        async with asyncio.timeout(30):
            await lost.wait()


@pytest.mark.usefixtures("long_silence")
async def test_a_word_told_in_vain_does_no_harm(storage: Storage) -> None:
    async with storage.listening(lambda _: None) as lost, storage.transaction() as tx:
        await tx.tell("outbox")
        assert not lost.is_set()
