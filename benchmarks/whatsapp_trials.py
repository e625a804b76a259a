"""One bot on WhatsApp, measured once: a broadcast, or what comes in."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import whatsapp_books as books
from benchmarks.account import Account
from benchmarks.broadcast import FIRST, MARK, TALKERS, Sent, broadcast, environment_of_peer
from benchmarks.crowd import WORDS
from benchmarks.parties import TADAMUN, Party, Running
from benchmarks.strict import WINDOW, Strictness
from benchmarks.trial import free_port
from benchmarks.writers import AGREEING, Heard, Writers

CAP = 80
"""Messages a second that Twilio takes from an ordinary number."""
UNPACED = 10_000
GUIDE = TALKERS.start - 1
"""Agrees to the notice before everybody else, and asks the peers to begin."""
CALM_RATE = 200.0
CALM_PEOPLE = 500
LAST_WORDS = 30.0
"""Seconds until the last status is surely told."""

PEER = Party("", ("-m", "benchmarks.twilio_bot"))


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that is compared, and what it does."""

    name: str
    way: str = ""
    """What a peer is told; ours has books instead."""
    per_second: int = CAP

    @property
    def party(self) -> Party:
        """How it is started."""
        return PEER if self.way else TADAMUN


SENDERS = {
    "starlette-retry": Bot("Starlette + twilio, retry on 429", "retry"),
    "starlette-sleep": Bot("Starlette + twilio, sleep(1/80)", "sleep"),
    "tadamun": Bot("Tadamun, with its ledger"),
}
HEARERS = {
    "starlette": Bot("Starlette + RequestValidator, TwiML, nothing kept", "twiml"),
    "tadamun": Bot("Tadamun, durable turns, replies at 80/s"),
    "tadamun-unpaced": Bot("Tadamun, durable turns, each reply sent", per_second=UNPACED),
}


@dataclass(frozen=True, slots=True)
class Announced:
    """What a broadcast came to, and what was told of it meanwhile."""

    sent: Sent
    told: int
    """Statuses that were told, and acknowledged."""
    refused: int
    """Requests of Twilio's that were not answered with 2xx."""
    told_p99: float
    """Milliseconds from telling a status to its acknowledgement."""
    arrived: int | None
    """How many have it by our own books; None of those who keep none."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came in, and how fast it was acknowledged."""

    per_second: float
    p50: float
    """Milliseconds, at 200 a second."""
    p99: float
    resident: float
    """MB, after everything."""
    cpu: float
    """Microseconds of the bot's CPU for each message."""
    platform_busy: float
    """How much of its core the stand-in used while messages were counted: 0 to 1."""
    refused: int
    replies: int = 0
    """Messages of the bot's by the end."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A bot's stand-in, its home and its settings."""

    account: Account
    home: Path
    port: int
    env: Mapping[str, str]
    core: int

    @asynccontextmanager
    async def running(self, party: Party, **more: str) -> AsyncGenerator[Running]:
        """The bot, once it answers; it must not end meanwhile."""
        running = Running.start(party, {**self.env, **more}, self.home, self.core)
        try:
            await asyncio.wait_for(running.alive(self.port), 30)
            await self.account.callers.open()
            yield running
        finally:
            self.account.callers.close()
            await running.stop()


@asynccontextmanager
async def trial(core: int, per_second: int, *, tells: bool) -> AsyncGenerator[Trial]:
    """Everything a bot needs; what it keeps is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="tadamun-bench-") as folder:
        home, port = Path(folder), free_port()
        account = Account(port, MARK, tells=tells)
        await account.start()
        try:
            env = books.settings(account, port, home, per_second)
            yield Trial(account, home, port, env, core)
        finally:
            account.stop()
            assert not account.broken, f"rules are broken: {set(account.broken)}"


async def announced(bot: Bot, core: int, count: int) -> Announced:
    """A broadcast of this bot's, beside people who talk to it, with statuses coming back."""
    people = range(FIRST, FIRST + count)
    async with trial(core, bot.per_second, tells=True) as ours:
        account, arrived, id = ours.account, None, 0
        if not bot.way:
            await _prepare(ours, TALKERS)
            await books.fill(ours.env, GUIDE, people, announcements=True)
            id = await books.announce(ours.env, MARK)
        account.open(people)
        account.asks = Strictness(CAP)
        writers = Writers(account)

        async def begin() -> None:
            await asyncio.sleep(WINDOW)  # What a process before it may have sent counts at first.
            if bot.way:
                writers.says(GUIDE, "/broadcast")

        more = environment_of_peer(bot.way, people)
        async with ours.running(bot.party, **more) as running:
            account.told.clear()
            sent = await broadcast(account, writers, running, people, begin, 120 + count / 10)
            await asyncio.wait_for(account.all_told.wait(), LAST_WORDS)
        if not bot.way:
            arrived = await books.arrived(ours.env, id)
        told = sorted(account.told)
        return Announced(
            sent, len(told), account.callers.refused, _percentile(told, 99) * 1000, arrived
        )


async def taken(bot: Bot, core: int, count: int) -> Taken:
    """What this bot makes of so many people who write at once, and then calmly."""
    many = range(FIRST, FIRST + count)
    few = range(many.stop, many.stop + min(CALM_PEOPLE, count))
    async with trial(core, bot.per_second, tells=False) as ours:
        if not bot.way:
            await _prepare(ours, [*many, *few])
        ours.account.open([*many, *few])
        async with ours.running(bot.party, WAY=bot.way) as running:
            heard = Heard(ours.account)
            found = await _measured(heard, ours.account, running, many, few)
            if bot.per_second == UNPACED:
                await heard.all_replied()
            return replace(found, replies=heard.replies)


async def _measured(
    heard: Heard, account: Account, running: Running, many: range, few: range
) -> Taken:
    await heard.at_once(few, ("warming up",))
    cpu, own, wall = running.cpu, time.process_time(), time.perf_counter()
    seconds = await heard.at_once(many, WORDS)
    busy = (time.process_time() - own) / (time.perf_counter() - wall)
    used = (running.cpu - cpu) / (len(many) * len(WORDS))
    chance = random.Random(1)
    gaps = [chance.expovariate(1.0) for _ in range(len(few) * len(WORDS))]
    await heard.in_turn(few, WORDS, CALM_RATE, gaps)
    waited = sorted(heard.latencies)
    return Taken(
        per_second=len(many) * len(WORDS) / seconds,
        p50=_percentile(waited, 50) * 1000,
        p99=_percentile(waited, 99) * 1000,
        resident=running.resident,
        cpu=used * 1e6,
        platform_busy=busy,
        refused=account.callers.refused,
    )


async def _prepare(ours: Trial, talking: Sequence[int]) -> None:
    """Books with the example series, and with everybody who is going to write."""
    books.import_example(ours.env)
    async with ours.running(TADAMUN):
        await asyncio.sleep(WINDOW)
        await Writers(ours.account).all_say([GUIDE], AGREEING)
        await asyncio.sleep(WINDOW)
    await books.fill(ours.env, GUIDE, talking, announcements=False)


def _percentile(ordered: Sequence[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
