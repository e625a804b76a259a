"""Killed at any moment, under load: everything is kept once, and answered once or twice."""

from __future__ import annotations

import asyncio
import signal
from random import Random

import pytest

from tests.faults.crowd import Crowd
from tests.faults.home import Home
from tests.platforms.telegram import TelegramServer

PEOPLE = 200
PER_SECOND = 100.0
LONGEST = 1.4
"""Seconds from a start to the kill, at most; in the first of them nothing may be sent."""

# What was doubtful before, and was on its way at the last kill, is unknown from the next start on.
COUNT_BY_ADDRESS = """
SELECT address, COUNT(*) FROM outbox
WHERE state = :state OR (:state = 'unknown' AND state = 'sending' AND ambiguous > 0)
GROUP BY address
"""

WAYS = pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])


async def outlive(home: Home, telegram: TelegramServer, kills: int, chance: Random) -> None:
    """Kill the bot that often while people write; then nothing is lost and nothing done twice."""
    await home.load_example()
    crowd = Crowd(telegram, PEOPLE)
    async with home.running():
        await crowd.agree()
        async with crowd.writing(PER_SECOND):
            await asyncio.sleep(chance.uniform(0, LONGEST))
    async with crowd.writing(PER_SECOND):
        for _ in range(kills - 1):
            async with home.running():
                await asyncio.sleep(chance.uniform(0, LONGEST))
    unknown = await answers_that_are(home, crowd, "unknown")
    async with home.running() as bot:
        await crowd.is_answered(sum(unknown.values()))
        await telegram.wait_for(lambda: not telegram.updates.waiting)
        assert await bot.end(signal.SIGTERM) == 0
    # Some of the unknown may have come all the same; then others are still on their way.
    queued = sum((await answers_that_are(home, crowd, "queued")).values())
    sent = telegram.counts["sendMessage"]
    async with home.running() as bot:
        await telegram.wait_for(lambda: telegram.counts["sendMessage"] >= sent + queued)
        assert await bot.end(signal.SIGTERM) == 0
    async with home.storage() as storage:
        await crowd.is_kept(storage)
    crowd.check_answers(await answers_that_are(home, crowd, "unknown"))
    assert telegram.violations == []


async def answers_that_are(home: Home, crowd: Crowd, state: str) -> dict[int, int]:
    """How many answers to each person the outbox lists in this state."""
    async with home.storage() as storage, storage.reading() as tx:
        counted = await tx.desk.connection.fetch(
            COUNT_BY_ADDRESS,
            {"state": state},
        )
        by_address = {address: count for address, count in counted}
        found = {p.id: await tx.people.find("telegram", str(p.id)) for p in crowd.people}
    return {id: by_address.get(address.id, 0) for id, address in found.items() if address}


@WAYS
@pytest.mark.timeout(480)
async def test_ten_kills_lose_nothing(
    home: Home, telegram: TelegramServer, *, webhook: bool
) -> None:
    home.on_telegram(telegram.url, webhook=webhook)
    await outlive(home, telegram, 10, Random(10))


@pytest.mark.postgres
@pytest.mark.timeout(480)
async def test_five_kills_lose_nothing_on_postgresql(
    postgres_home: Home, telegram: TelegramServer
) -> None:
    postgres_home.on_telegram(telegram.url, webhook=True)
    await outlive(postgres_home, telegram, 5, Random(5))


@WAYS
@pytest.mark.soak
@pytest.mark.timeout(480)
@pytest.mark.parametrize("seed", range(10))
async def test_two_hundred_kills_lose_nothing(
    home: Home, telegram: TelegramServer, seed: int, *, webhook: bool
) -> None:
    home.on_telegram(telegram.url, webhook=webhook)
    await outlive(home, telegram, 10, Random(seed))
