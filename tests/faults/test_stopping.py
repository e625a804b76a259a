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


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_stopping_under_load_loses_nothing_and_says_nothing_twice(
    home: Home, telegram: TelegramServer, *, webhook: bool
) -> None:
    home.on_telegram(telegram.url, webhook=webhook)
    await home.load_example()
    crowd, chance = Crowd(telegram, PEOPLE), Random(15)
    async with home.running() as bot:
        await crowd.agree()
        assert await bot.end(signal.SIGTERM, 10) == 0
    async with crowd.writing(PER_SECOND), home.running() as bot:
        await asyncio.sleep(chance.uniform(1, 2))
        assert await bot.end(signal.SIGTERM, 10) == 0
    async with home.running() as bot:
        await crowd.is_answered()
        await telegram.wait_for(lambda: not telegram.updates.waiting)
        assert await bot.end(signal.SIGTERM, 10) == 0
        assert bot.logged == []
    async with home.storage() as storage:
        await crowd.is_kept(storage)
    crowd.check_answers({}, most=1)
    assert telegram.violations == []
