"""Two processes, one bot on Telegram: one of them serves, and the other takes over."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from tests.faults.crowd import FIRST, Crowd, meets
from tests.faults.home import Running
from tests.kept_waiting import Allowance, postgres
from tests.platforms.telegram import TelegramServer
from tests.platforms.waiting import PATIENCE
from tests.postgres import ask_server
from tests.replicas.conftest import Pair

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(240)]

ANNA = 70_170_001
TAKEN_OVER = 3.0
"""Seconds: two are promised, until it serves; then there is its first answer."""
AT_ONCE = 0.05
"""Seconds: promised for nineteen of twenty replies, tried on half of them."""

CUT_ALL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%'"

WAYS = pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])


@asynccontextmanager
async def both_run(pair: Pair, telegram: TelegramServer) -> AsyncGenerator[tuple[Running, Running]]:
    """The first one serves before the second one is started."""
    async with pair.first.running() as serving:
        await telegram.wait_for(lambda: telegram.updates.polls or telegram.updates.has_webhook)
        async with pair.second.running() as standing_by:
            yield serving, standing_by


async def answered(telegram: TelegramServer, user: int, line: str, words: str) -> None:
    """This person says a line, and returns once an answer with these words is there."""
    chat = telegram.chat(user)
    telegram.people.says(user, line)
    await telegram.wait_for(lambda: any(words in text for text in chat.texts))


def since(*processes: Running) -> Allowance:
    """What passes for these, the database and the platform from now on."""
    return Allowance(PATIENCE, *(each.pid for each in processes), *postgres())


@WAYS
async def test_each_update_is_taken_once_and_each_reply_sent_once(
    pair: Pair, telegram: TelegramServer, *, webhook: bool
) -> None:
    pair.on_telegram(telegram.url, webhook=webhook)
    async with both_run(pair, telegram):
        crowd = Crowd(telegram, 40)
        await crowd.agree()
        async with crowd.writing(80):
            await asyncio.sleep(3)
        await crowd.is_answered()
        await telegram.wait_for(lambda: not telegram.updates.waiting)
    for person in crowd.people:
        assert len(crowd.seen(person)) == len(person.expected)
    crowd.check_answers({})
    async with pair.first.storage() as storage:
        await crowd.is_kept(storage)


@WAYS
async def test_when_the_serving_process_is_killed_the_other_takes_over(
    pair: Pair, telegram: TelegramServer, *, webhook: bool
) -> None:
    pair.on_telegram(telegram.url, webhook=webhook)
    async with both_run(pair, telegram) as (serving, standing_by):
        await meets(telegram, ANNA)
        await answered(telegram, ANNA, "/register", "nickname")
        await serving.kill()
        killed = since(standing_by)
        await answered(telegram, ANNA, "Anna", "Where are you?")
        assert killed.spent() < TAKEN_OVER
        await answered(telegram, ANNA, "Baghdad", "Which webinars?")


@WAYS
async def test_a_kill_under_load_loses_nothing(
    pair: Pair, telegram: TelegramServer, *, webhook: bool
) -> None:
    pair.on_telegram(telegram.url, webhook=webhook)
    async with both_run(pair, telegram) as (serving, _):
        crowd = Crowd(telegram, 40)
        await crowd.agree()
        async with crowd.writing(80):
            await asyncio.sleep(2)
            await serving.kill()
            await asyncio.sleep(2)
        await crowd.is_answered()
        await telegram.wait_for(lambda: not telegram.updates.waiting)
    crowd.check_answers({})
    async with pair.first.storage() as storage:
        await crowd.is_kept(storage)


async def test_a_webhook_at_the_process_that_stands_by_is_answered_at_once(
    pair: Pair, telegram: TelegramServer
) -> None:
    pair.on_telegram(telegram.url, webhook=True)
    people = range(FIRST, FIRST + 40)
    async with both_run(pair, telegram) as both:
        for person in people:
            await meets(telegram, person)
        took: list[float] = []
        for person in people:
            asked = since(*both)
            await answered(telegram, person, "/ask", "What would you like to ask")
            took.append(asked.spent())
    assert sorted(took)[len(took) // 2] < AT_ONCE, took


async def test_a_process_that_is_stopped_hands_over_in_order(
    pair: Pair, telegram: TelegramServer
) -> None:
    pair.on_telegram(telegram.url)
    async with both_run(pair, telegram) as (serving, standing_by):
        await meets(telegram, ANNA)
        assert await serving.end(signal.SIGTERM) == 0
        ended = since(standing_by)
        await answered(telegram, ANNA, "/register", "nickname")
        assert ended.spent() < TAKEN_OVER
        async with pair.first.running():
            await answered(telegram, ANNA, "Anna", "Where are you?")
    texts = telegram.chat(ANNA).texts
    assert len(texts) == len(set(texts))


async def test_when_the_line_to_the_database_is_cut_one_of_them_goes_on(
    pair: Pair, telegram: TelegramServer, postgres_server: str
) -> None:
    pair.on_telegram(telegram.url)
    async with both_run(pair, telegram) as (serving, standing_by):
        await meets(telegram, ANNA)
        await answered(telegram, ANNA, "/register", "nickname")
        await ask_server(postgres_server, CUT_ALL)
        cut = since(serving, standing_by)
        await answered(telegram, ANNA, "Anna", "Where are you?")
        assert cut.spent() < TAKEN_OVER
        await serving.logs("telegram: the name is lost; standing by")
        await ask_server(postgres_server, CUT_ALL)
        cut = since(serving, standing_by)
        await answered(telegram, ANNA, "Baghdad", "Which webinars?")
        assert cut.spent() < TAKEN_OVER
        for process in (serving, standing_by):
            assert await process.end(signal.SIGTERM) == 0
