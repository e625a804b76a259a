"""Telegram in its bad moods: whatever it answers, people get their answer, and others go on."""

from __future__ import annotations

import asyncio
import signal
from typing import Any

import aiohttp
import pytest

from tests.faults.crowd import meets
from tests.faults.home import Home
from tests.platforms.telegram import (
    Held,
    TelegramServer,
    garbled,
    gateway,
    refuses,
    reset,
    too_many,
    unauthorized,
)
from tests.platforms.waiting import PATIENCE

ANNA = 70_170_001
PATIENT = 20
"""Seconds: eight of them it waits for an answer, and whoever stops it waits thirty."""


async def ready(home: Home) -> tuple[int, dict[str, Any]]:
    """The status of /readyz, and what it says of the channels."""
    async with aiohttp.ClientSession() as session, session.get(f"{home.web}/readyz") as answer:
        return answer.status, (await answer.json())["channels"]


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_the_web_goes_on_until_telegram_is_there(
    home: Home, telegram: TelegramServer, *, webhook: bool
) -> None:
    home.on_telegram(telegram.url, webhook=webhook)
    await telegram.stop()
    async with home.running() as bot:
        async with aiohttp.ClientSession() as session, session.get(f"{home.web}/chat") as answer:
            assert answer.status == 200
            assert "Welcome" in await answer.text()
        assert await ready(home) == (200, {"web": True, "telegram": False})
        await telegram.start(telegram.port)
        telegram.people.says(ANNA, "/start")
        await telegram.wait_for_texts(ANNA, 1)
        async with asyncio.timeout(PATIENCE):
            # What Telegram brings may come before its word that it will bring it.
            while await ready(home) != (200, {"web": True, "telegram": True}):
                pass
        assert await bot.end(signal.SIGTERM) == 0


FAULTS = (
    (too_many(1), 1),
    (unauthorized(), 1),
    (gateway(502), 1),
    (refuses(500, "Internal Server Error"), 1),
    (reset(taken=False), 1),
    (reset(taken=True), 2),
    (garbled(taken=True), 2),
)
"""What befalls an answer, and how often it is seen then."""


async def test_an_answer_that_meets_a_fault_comes_all_the_same(
    home: Home, telegram: TelegramServer
) -> None:
    home.on_telegram(telegram.url)
    async with home.running() as bot:
        for user in range(ANNA, ANNA + len(FAULTS)):
            await meets(telegram, user)
        for user, (fault, copies) in enumerate(FAULTS, start=ANNA):
            telegram.fail("sendMessage", fault)
            telegram.people.says(user, "/help")
            await telegram.wait_for_texts(user, 3 + copies)
        for user in range(ANNA, ANNA + len(FAULTS)):
            telegram.people.says(user, "/settings")
        for user, (_, copies) in enumerate(FAULTS, start=ANNA):
            texts = await telegram.wait_for_texts(user, 4 + copies)
            assert ["Here you can" in text for text in texts[3:]] == [True] * copies + [False]
        await bot.logs("ALERT: our credentials are refused, so messages wait")
        assert await bot.end(signal.SIGTERM) == 0
    assert telegram.violations == []


async def test_a_second_copy_is_told_of_and_outlasted(home: Home, telegram: TelegramServer) -> None:
    home.on_telegram(telegram.url)
    telegram.fail("getUpdates", refuses(409, "Conflict: terminated by other getUpdates request"))
    async with home.running() as bot:
        await bot.logs("ALERT: a second copy of the bot runs")
        await meets(telegram, ANNA)


@pytest.mark.parametrize(
    ("webhook", "method", "alert"),
    [
        (False, "getUpdates", "ALERT: Telegram refuses to hand out updates"),
        (True, "setWebhook", "ALERT: Telegram refuses the webhook"),
    ],
    ids=["polling", "webhook"],
)
async def test_a_token_that_was_revoked_is_told_of(
    home: Home, telegram: TelegramServer, method: str, alert: str, *, webhook: bool
) -> None:
    home.on_telegram(telegram.url, webhook=webhook)
    telegram.fail(method, unauthorized(), times=10)
    async with home.running() as bot:
        await bot.logs(alert)
        assert await ready(home) == (200, {"web": True, "telegram": False})
        assert await bot.end(signal.SIGTERM) == 0


async def test_a_platform_that_never_answers_does_not_hold_up_the_end(
    home: Home, telegram: TelegramServer
) -> None:
    home.on_telegram(telegram.url)
    held = Held()
    async with home.running() as bot:
        await meets(telegram, ANNA)
        telegram.fail("sendMessage", held.fault())
        telegram.people.says(ANNA, "/help")
        await telegram.wait_for(lambda: telegram.counts["sendMessage"] == 4)
        assert await bot.end(signal.SIGTERM, PATIENT) == 0
    held.release()
    async with home.running():
        await telegram.wait_for_texts(ANNA, 4)
