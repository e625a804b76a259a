"""Killed at any moment of a broadcast: everybody gets it or is listed, and nobody three times."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from functools import partial
from random import Random

import pytest

from channels.telegram.channel import AT_ONCE
from storage.broadcasting.broadcasts import Counts, Kind, Phase, Rule
from storage.community.people import Arrival, Consent
from tests.faults.home import Home, now
from tests.platforms.telegram import TelegramServer

PEOPLE = range(70_170_000, 70_170_300)
NEWS = "The doors open at six."
LONGEST = 2.0
"""Seconds from a start to the kill, at most; in the first of them nothing may be sent."""
PER_SECOND = 30
ON_ITS_WAY = AT_ONCE + 2
"""What a kill may leave in flight, and claimed ahead of that, however slow all of it is."""
STOPS = 5
MORE = 30
"""Messages, at most, that have left since a start when the process is told to stop."""


async def prepare(home: Home, telegram: TelegramServer) -> int:
    """People who agreed, and news for them, just confirmed, that begins with the next start."""
    for user in PEOPLE:
        telegram.chat(user)
    async with home.storage() as storage:
        for user in PEOPLE:
            async with storage.transaction() as tx:
                arrival, consent = Arrival("telegram", str(user), "1"), Consent("1", "x", "en")
                await tx.people.welcome(arrival, "en", consent, now())
        async with storage.transaction() as tx:
            content = {"texts": {"en": NEWS}}
            made = await tx.broadcasts.put(Kind.ANNOUNCEMENT, Rule(), content, now())
            assert await tx.broadcasts.set_phase(
                made.id, Phase.HELD, {Phase.DRAFT}, now(), starts_at=now(), confirmed=len(PEOPLE)
            )
    return made.id


def copies(telegram: TelegramServer) -> Counter[int]:
    """How often each of them got it."""
    found = {user: sum(NEWS in text for text in telegram.chat(user).texts) for user in PEOPLE}
    return +Counter(found)


async def counts_of(home: Home, broadcast: int) -> Counts:
    """What the bot, while it does not run, says became of it."""
    async with home.storage() as storage, storage.reading() as tx:
        return await tx.recipients.counts(broadcast)


async def in_doubt(home: Home, broadcast: int) -> int:
    """How many a kill has left of which nobody knows whether they were taken."""
    left = (await counts_of(home, broadcast)).of("sending")
    assert left <= ON_ITS_WAY
    return left


async def outlive(home: Home, telegram: TelegramServer, kills: int, chance: Random) -> None:
    """Kill the bot that often in a broadcast, and let it come to the end."""
    home.set(TADAMUN_TELEGRAM__MESSAGES_PER_SECOND=str(PER_SECOND))
    broadcast = await prepare(home, telegram)
    doubtful = 0
    for _ in range(kills):
        async with home.running():
            await asyncio.sleep(chance.uniform(0, LONGEST))
        doubtful += await in_doubt(home, broadcast)
    counts = await come_to_the_end(home, telegram, broadcast)
    got = copies(telegram)
    assert counts.of("sent", "unknown") == counts.total == len(PEOPLE)
    assert len(got) >= counts.of("sent")
    assert max(got.values()) <= 2
    assert got.total() - len(got) <= doubtful
    assert telegram.violations == []


async def come_to_the_end(home: Home, telegram: TelegramServer, broadcast: int) -> Counts:
    """Start and stop it as one should, until nobody waits any more."""
    counts = await counts_of(home, broadcast)
    while counts.of("queued", "sending"):
        enough = copies(telegram).total() + counts.of("queued")
        async with home.running() as bot:
            # What was on its way may be unknown from now on, and then does not come again.
            await telegram.wait_for(partial(arrived, telegram, enough))
            assert await bot.end(signal.SIGTERM) == 0
        counts = await counts_of(home, broadcast)
    return counts


def arrived(telegram: TelegramServer, total: int) -> bool:
    """Whether so many copies came in."""
    return copies(telegram).total() >= total


@pytest.mark.timeout(480)
async def test_twenty_kills_in_a_broadcast_lose_nobody(
    home: Home, telegram: TelegramServer
) -> None:
    home.on_telegram(telegram.url)
    await outlive(home, telegram, 20, Random(20))


@pytest.mark.postgres
@pytest.mark.timeout(480)
async def test_five_kills_lose_nobody_on_postgresql(
    postgres_home: Home, telegram: TelegramServer
) -> None:
    postgres_home.on_telegram(telegram.url)
    await outlive(postgres_home, telegram, 5, Random(5))


async def test_stopping_in_a_broadcast_loses_nobody_and_reaches_nobody_twice(
    home: Home, telegram: TelegramServer
) -> None:
    home.on_telegram(telegram.url)
    home.set(TADAMUN_TELEGRAM__MESSAGES_PER_SECOND="100")
    broadcast, chance = await prepare(home, telegram), Random(10)
    for _ in range(STOPS):
        async with home.running() as bot:
            more = chance.randint(1, MORE)
            await telegram.wait_for(partial(arrived, telegram, copies(telegram).total() + more))
            assert await bot.end(signal.SIGTERM) == 0
        assert (await counts_of(home, broadcast)).of("sending") == 0
    assert 0 < len(copies(telegram)) < len(PEOPLE)
    counts = await come_to_the_end(home, telegram, broadcast)
    assert counts.of("sent") == counts.total == len(PEOPLE)
    assert copies(telegram) == Counter(PEOPLE)
    assert telegram.violations == []


@pytest.mark.soak
@pytest.mark.timeout(480)
@pytest.mark.parametrize("seed", range(25))
async def test_five_hundred_kills_lose_nobody(
    home: Home, telegram: TelegramServer, seed: int
) -> None:
    home.on_telegram(telegram.url)
    await outlive(home, telegram, 20, Random(seed))
