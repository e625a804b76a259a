"""Processes that are killed, or told to stop, in the middle of a broadcast."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from storage import Storage
from storage.broadcasting.broadcasts import Counts, Kind, Phase, Rule
from storage.community.people import Arrival, Consent
from storage.outbox import State
from tests.delivery.hurry import Hurry
from tests.delivery.sender import MASTER, run
from tests.delivery.sink import LIMITS, Sink
from tests.delivery.windows import approved

PEOPLE = 300
QUICKLY, SLOWLY = 20.0, 2.0
"""Seconds that pass in one of ours; slowly where what is under way must be given its time to end,
although a slow machine answers late."""


class Sender:
    """A process that delivers, started quickly: everything is imported once, then forked."""

    def __init__(self, *arguments: str) -> None:
        forked = multiprocessing.get_context("forkserver")
        forked.set_forkserver_preload([run.__module__])
        self._process = forked.Process(target=run, args=arguments)
        self._process.start()

    def send_signal(self, sign: int) -> None:
        """Send it, unless the process has ended."""
        if self._process.exitcode is None:
            assert self._process.pid is not None
            os.kill(self._process.pid, sign)

    async def wait(self) -> int | None:
        """The exit code once it has ended, or minus the signal that ended it."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._process.sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        return self._process.exitcode


@dataclass
class Broadcast:
    """News for three hundred people, and whoever sends them."""

    database: Path
    keyring: Path
    sink: Sink
    id: int = 0
    speed: float = QUICKLY
    began: tuple[str, ...] = ()
    """When the clock began that all senders share, if they do."""

    async def prepare(self) -> None:
        hurry = Hurry()
        url = f"sqlite:///{self.database}"
        storage = await Storage.open(url, self.keyring, MASTER, hurry.now)
        async with storage.transaction() as tx:
            now = hurry.now()
            await tx.contents.put(approved("announcement"))
            for number in range(PEOPLE):
                # Half of them wrote today, where that makes a difference.
                until = now + timedelta(days=1 if number % 2 else -1)
                arrival = Arrival("sink", f"p{number}", "1", opens_until=until)
                await tx.people.welcome(arrival, "en", Consent("1", "x", "en"), now)
            content = {"texts": {"en": "news"}}
            made = await tx.broadcasts.put(Kind.ANNOUNCEMENT, Rule(), content, now)
            assert await tx.broadcasts.set_phase(
                made.id, Phase.HELD, {Phase.DRAFT}, now, starts_at=now, confirmed=PEOPLE
            )
        self.id = made.id
        await storage.close()

    async def counts(self) -> Counts:
        """What the bot itself says became of it."""
        async with (
            await Storage.open(
                f"sqlite:///{self.database}", self.keyring, MASTER, Hurry().now
            ) as storage,
            storage.reading() as tx,
        ):
            return await tx.recipients.counts(self.id)

    @contextlib.asynccontextmanager
    async def sender(self, how_long: str = "on") -> AsyncGenerator[Sender]:
        files = (str(self.database), str(self.keyring))
        arguments = (*files, self.sink.url, how_long, str(self.speed), *self.began)
        process = Sender(*arguments)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGKILL)
            await process.wait()

    def states(self) -> Counter[State]:
        with contextlib.closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as file:
            select = "SELECT state FROM outbox WHERE broadcast IS NOT NULL"
            return Counter(State(row[0]) for row in file.execute(select))


@pytest.fixture
async def broadcast(tmp_path: Path) -> AsyncIterator[Broadcast]:
    async with Sink().open() as sink:
        prepared = Broadcast(tmp_path / "data" / "x.db", tmp_path / "keys" / "k.json", sink)
        await prepared.prepare()
        yield prepared


async def interrupt(broadcast: Broadcast, times: int, chance: Random, sign: int) -> None:
    """Ends the sender again and again, each time after some more messages came in."""
    for _ in range(times):
        copies = broadcast.sink.copies
        more = chance.randint(1, 2 * PEOPLE // times - 8)
        if len(copies) + more >= PEOPLE:
            return
        before = copies.total()
        async with broadcast.sender() as process:
            await broadcast.sink.reaches(before + more)
            process.send_signal(sign)
            assert await process.wait() == (0 if sign == signal.SIGTERM else -sign)
        in_doubt = broadcast.states()[State.SENDING]
        # On its way, or answered and not written; and two that were claimed ahead.
        assert in_doubt <= (0 if sign == signal.SIGTERM else LIMITS.at_once + 2)


async def finish(broadcast: Broadcast) -> None:
    """Lets the sender reach everybody who is left."""
    async with broadcast.sender("all") as process:
        assert await process.wait() == 0


async def outlive(broadcast: Broadcast, kills: int, chance: Random) -> None:
    """Everybody got the news or is listed, at most twice, whatever was killed."""
    await interrupt(broadcast, kills, chance, signal.SIGKILL)
    await finish(broadcast)
    states, copies = broadcast.states(), broadcast.sink.copies
    assert (await broadcast.counts()).by_state == states
    assert states[State.SENT] + states[State.UNKNOWN] == PEOPLE
    assert len(copies) >= states[State.SENT]
    assert max(copies.values()) <= 2
    assert copies.total() - len(copies) <= kills * LIMITS.at_once


@pytest.mark.timeout(480)
async def test_twenty_kills_in_a_broadcast_lose_nobody(broadcast: Broadcast) -> None:
    await outlive(broadcast, 20, Random(20))


@pytest.mark.soak
@pytest.mark.timeout(480)
@pytest.mark.parametrize("seed", range(10))
async def test_two_hundred_kills_lose_nobody(broadcast: Broadcast, seed: int) -> None:
    await outlive(broadcast, 20, Random(seed))


@pytest.mark.timeout(480)
async def test_stopping_in_the_middle_loses_nobody_and_sends_nothing_twice(
    broadcast: Broadcast,
) -> None:
    broadcast.speed = SLOWLY
    await interrupt(broadcast, 6, Random(20), signal.SIGTERM)
    await finish(broadcast)
    assert broadcast.states() == {State.SENT: PEOPLE}
    assert set(broadcast.sink.copies.values()) == {1}


async def outlive_exactly(broadcast: Broadcast, kills: int, chance: Random) -> None:
    """Everybody got it once, whatever was killed: the platform is asked before it goes again."""
    broadcast.began = (str(time.time()),)
    await interrupt(broadcast, kills, chance, signal.SIGKILL)
    await finish(broadcast)
    states, copies = broadcast.states(), broadcast.sink.copies
    assert states[State.SENT] + states[State.DELIVERED] == PEOPLE
    assert len(copies) == PEOPLE
    assert set(copies.values()) == {1}


@pytest.mark.timeout(480)
async def test_twenty_kills_of_a_number_that_calls_back_send_to_everybody_once(
    broadcast: Broadcast,
) -> None:
    broadcast.sink.calls_back = True
    await outlive_exactly(broadcast, 20, Random(20))


@pytest.mark.soak
@pytest.mark.timeout(480)
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("calls_back", [True, False])
async def test_a_hundred_kills_send_to_everybody_once(
    broadcast: Broadcast, seed: int, calls_back: bool
) -> None:
    broadcast.sink.calls_back = calls_back
    await outlive_exactly(broadcast, 20, Random(seed))
