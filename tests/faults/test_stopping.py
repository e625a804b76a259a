"""Told to stop in the middle of everything: what was taken is kept and answered, once."""

from __future__ import annotations

import asyncio
import signal
from random import Random

import pytest

from tests.faults.crowd import Crowd
from tests.faults.home import Home
from tests.platforms.telegram import TelegramServer

PEOPLE = 150
PER_SECOND = 100.0


LONGEST = 2.0
"""Seconds from a start to its end under load, at most."""

WAYS = pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])


async def outlive(home: Home, telegram: TelegramServer, stops: int, chance: Random) -> None:
    """Stop the bot that often while people write; then nothing is lost and nothing done twice."""
    await home.load_example()
    crowd = Crowd(telegram, PEOPLE)
    async with home.running() as bot:
        await crowd.agree()
        assert await bot.end(signal.SIGTERM) == 0
    async with crowd.writing(PER_SECOND):
        for _ in range(stops):
            async with home.running() as bot:
                await asyncio.sleep(chance.uniform(0, LONGEST))
                assert await bot.end(signal.SIGTERM) == 0
    async with home.running() as bot:
        await crowd.is_answered()
        await telegram.wait_for(lambda: not telegram.updates.waiting)
        assert await bot.end(signal.SIGTERM) == 0
        assert bot.logged == []
    async with home.storage() as storage:
        await crowd.is_kept(storage)
    crowd.check_answers({}, most=1)
    assert telegram.violations == []


@WAYS
@pytest.mark.timeout(480)
async def test_stopping_under_load_loses_nothing_and_says_nothing_twice(
    home: Home, telegram: TelegramServer, *, webhook: bool
) -> None:
    home.on_telegram(telegram.url, webhook=webhook)
    await outlive(home, telegram, 2, Random(15))


@WAYS
@pytest.mark.soak
@pytest.mark.timeout(480)
@pytest.mark.parametrize("seed", range(5))
async def test_a_hundred_stops_lose_nothing_and_say_nothing_twice(
    home: Home, telegram: TelegramServer, seed: int, *, webhook: bool
) -> None:
    home.on_telegram(telegram.url, webhook=webhook)
    await outlive(home, telegram, 10, Random(seed))
