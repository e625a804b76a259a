"""Who sends a broadcast in the benchmark, and what each is given before it begins."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.broadcast import FIRST, MARK, TALKERS, Sent, broadcast, environment_of_peer
from benchmarks.crowd import Crowd
from benchmarks.parties import TADAMUN, Party, Running, environment
from benchmarks.strict import WINDOW, Strictness, StrictPlatform
from benchmarks.trial import free_port
from storage import Storage
from storage.broadcasting.broadcasts import Kind, Phase, Rule
from storage.community.people import Arrival, Consent

FEW = 1_000
"""People who are written down in one transaction."""
UNUSED = 1_000_000
"""Updates in books that were kept have smaller numbers."""
HEAD_START = timedelta(seconds=6)
"""The broadcast begins so long after it was written down: by then the bot runs."""


@dataclass(frozen=True, slots=True)
class Sender:
    """A program that sends to everybody; ours is told by its books, others by a command."""

    name: str
    party: Party
    way: str = ""


SENDERS = {
    "ptb": Sender(
        "python-telegram-bot, AIORateLimiter", Party("", ("-m", "benchmarks.ptb_broadcast"))
    ),
    "aiogram": Sender(
        "aiogram, retry on 429", Party("", ("-m", "benchmarks.aiogram_broadcast")), "retry"
    ),
    "aiogram-sleep": Sender(
        "aiogram, sleep(.05)", Party("", ("-m", "benchmarks.aiogram_broadcast")), "sleep"
    ),
    "tadamun": Sender("Tadamun, with its ledger", TADAMUN),
}


@dataclass(frozen=True, slots=True)
class Run:
    """What is the same for all senders of one table."""

    bot_core: int
    people: int
    asks: Strictness
    pace: int = 30
    """Messages a second that our own settings allow."""
    books: Path | None = None
    """A folder that keeps our books once they are filled: a million people take minutes."""

    @property
    def recipients(self) -> range:
        """The numbers of the people who are to get it."""
        return range(FIRST, FIRST + self.people)

    @property
    def patience(self) -> float:
        """Seconds after which whatever is not there is lost."""
        return 120 + self.people / 10


async def measure(sender: Sender, run: Run) -> Sent:
    """One broadcast of this sender's."""
    with tempfile.TemporaryDirectory(prefix="tadamun-bench-") as folder:
        home, port = Path(folder), free_port()
        platform = StrictPlatform(port, MARK)
        await platform.start()
        env = environment("polling", platform.url, port, home)
        try:
            if sender.party is TADAMUN:
                return await _ours(platform, env, home, run)
            env |= environment_of_peer(sender.way, run.recipients)
            return await _theirs(sender.party, platform, env, home, run)
        finally:
            platform.stop()


async def _theirs(
    party: Party, platform: StrictPlatform, env: Mapping[str, str], home: Path, run: Run
) -> Sent:
    crowd, running = Crowd(platform), Running.start(party, env, home, run.bot_core)

    async def begin() -> None:
        crowd.says(TALKERS.start - 1, "/broadcast")

    try:
        await asyncio.wait_for(platform.connected.wait(), 30)
        platform.asks = run.asks
        return await broadcast(platform, crowd, running, run.recipients, begin, run.patience)
    finally:
        await running.stop()


async def _ours(platform: StrictPlatform, env: Mapping[str, str], home: Path, run: Run) -> Sent:
    await _books(platform, env, home, run)
    await _announce(env)
    platform.asks = run.asks
    platform.connected.clear()
    crowd = Crowd(platform)
    paced = {**env, "TADAMUN_TELEGRAM__MESSAGES_PER_SECOND": str(run.pace)}
    running = Running.start(TADAMUN, paced, home, run.bot_core)

    async def begin() -> None:
        await asyncio.wait_for(platform.connected.wait(), 30)
        await asyncio.sleep(WINDOW)  # What a process before it may have sent counts at first.

    try:
        return await broadcast(platform, crowd, running, run.recipients, begin, run.patience)
    finally:
        await running.stop()


async def _books(platform: StrictPlatform, env: Mapping[str, str], home: Path, run: Run) -> None:
    """Books with all people in them: those that were kept, else new ones."""
    kept = None if run.books is None else run.books / str(run.people)
    if kept is not None and kept.exists():
        shutil.copytree(kept, home, dirs_exist_ok=True)
        platform.go_on_from(UNUSED)
        return
    # Those who talk agree first, at any pace; then the books are filled, and it starts anew.
    running = Running.start(TADAMUN, env, home, run.bot_core)
    try:
        await asyncio.wait_for(platform.connected.wait(), 30)
        await Crowd(platform).agree(list(TALKERS))
    finally:
        await running.stop()
    await _fill(env, run.recipients)
    if kept is not None:
        shutil.copytree(home, kept)


async def _fill(env: Mapping[str, str], people: range) -> None:
    """Writes the recipients down; those who talk want no announcements."""
    async with await _storage(env) as storage:
        async with storage.transaction() as tx:
            for talker in TALKERS:
                address = await tx.people.find("telegram", str(talker))
                person = address and await tx.people.get(address.person)
                assert person, "somebody who talks has not agreed"
                await tx.people.update(replace(person, announcements=False), _now())
        for start in range(people.start, people.stop, FEW):
            async with storage.transaction() as tx:
                for person in range(start, min(start + FEW, people.stop)):
                    arrival = Arrival("telegram", str(person), "1")
                    await tx.people.welcome(arrival, "ar", Consent("1", "1", "ar"), _now())


async def _announce(env: Mapping[str, str]) -> None:
    """Writes the broadcast down, to all who want announcements."""
    content = {"texts": {"ar": MARK, "en": MARK}, "webinar": None, "posters": {}}
    async with await _storage(env) as storage, storage.transaction() as tx:
        await tx.broadcasts.put(
            Kind.ANNOUNCEMENT,
            Rule("all"),
            content,
            _now(),
            phase=Phase.HELD,
            starts_at=_now() + HEAD_START,
        )


async def _storage(env: Mapping[str, str]) -> Storage:
    url, keyring = env["TADAMUN_STORAGE__URL"], Path(env["TADAMUN_KEYRING"])
    return await Storage.open(url, keyring, None, _now)


def _now() -> datetime:
    return datetime.now(UTC)
