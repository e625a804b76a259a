"""Killed at any moment of a recall: in the end nobody has the announcement any more."""

from __future__ import annotations

import asyncio
import signal
from functools import partial
from random import Random

import pytest

from dialogue.words import Lane
from storage import Storage
from storage.broadcasting.broadcasts import Kind, Phase, Rule
from storage.community.people import Arrival, Consent
from storage.outbox import Settlement, State
from tests.faults.home import Home, now
from tests.faults.test_broadcasts import NEWS, PER_SECOND, counts_of, in_doubt
from tests.platforms.telegram import TelegramServer
from tests.platforms.telegram.chats import Shown

PEOPLE = range(70_180_000, 70_180_200)
SOON = 0.5
"""Seconds, at most, from a start to a kill before anything may have left."""
MORE = 5
"""Chats, at most, that have lost it since a start when the process is killed in the midst."""


async def prepare(home: Home, telegram: TelegramServer) -> int:
    """News that have reached everybody, and a recall of them that begins with the next start."""
    async with home.storage() as storage:
        async with storage.transaction() as tx:
            for user in PEOPLE:
                arrival, consent = Arrival("telegram", str(user), "1"), Consent("1", "x", "en")
                await tx.people.welcome(arrival, "en", consent, now())
        news = await begun(storage, Kind.ANNOUNCEMENT, Rule())
        async with storage.transaction() as tx:
            while await tx.recipients.freeze(news, len(PEOPLE)):
                pass
            sent = await tx.outbox.claim("telegram", now(), len(PEOPLE), (Lane.ANNOUNCEMENT,))
            shown = [show(telegram, int(each.account)) for each in sent]
            await tx.outbox.settle(
                [Settlement(d.id, State.SENT, id) for d, id in zip(sent, shown, strict=True)]
            )
            await tx.broadcasts.finish(news, await tx.recipients.counts(news), now())
        return await begun(storage, Kind.RECALL, Rule("reached"), about=news)


async def begun(storage: Storage, kind: Kind, rule: Rule, about: int | None = None) -> int:
    """A broadcast whose recipients are about to be written down."""
    async with storage.transaction() as tx:
        content = {"texts": {"en": NEWS}}
        made = await tx.broadcasts.put(kind, rule, content, now(), phase=Phase.HELD, about=about)
        assert await tx.broadcasts.begin(made.id, now())
    return made.id


def show(telegram: TelegramServer, user: int) -> str:
    """The news stand in this chat; the id of that message."""
    chat = telegram.chat(user)
    id = chat.next_id()
    chat.sent[id] = Shown(user, id, NEWS)
    return str(id)


def left(telegram: TelegramServer) -> int:
    """In how many chats the news still stand."""
    return sum(NEWS in telegram.chat(user).texts for user in PEOPLE)


def is_down_to(telegram: TelegramServer, number: int) -> bool:
    """Whether the news stand in so few chats, at most."""
    return left(telegram) <= number


async def outlive(home: Home, telegram: TelegramServer, kills: int, chance: Random) -> None:
    """Kill the bot that often in a recall, and let it come to the end."""
    home.on_telegram(telegram.url)
    home.set(TADAMUN_TELEGRAM__MESSAGES_PER_SECOND=str(PER_SECOND))
    recall, doubtful = await prepare(home, telegram), 0
    for number in range(kills):
        async with home.running():
            if number % 4:
                fewer = left(telegram) - chance.randint(1, MORE)
                await telegram.wait_for(partial(is_down_to, telegram, fewer))
            else:
                await asyncio.sleep(chance.uniform(0, SOON))
        doubtful += await in_doubt(home, recall)
    assert 0 < left(telegram) < len(PEOPLE)
    async with home.running() as bot:
        await telegram.wait_for(lambda: not left(telegram))
        assert await bot.end(signal.SIGTERM) == 0
    counts = await counts_of(home, recall)
    assert counts.of("sent", "queued") == counts.total == len(PEOPLE)
    assert len(telegram.called("deleteMessage")) <= len(PEOPLE) + doubtful
    assert telegram.violations == []


@pytest.mark.timeout(480)
async def test_twenty_kills_in_a_recall_leave_the_news_with_nobody(
    home: Home, telegram: TelegramServer
) -> None:
    await outlive(home, telegram, 20, Random(20))


@pytest.mark.postgres
@pytest.mark.timeout(480)
async def test_five_kills_leave_the_news_with_nobody_on_postgresql(
    postgres_home: Home, telegram: TelegramServer
) -> None:
    await outlive(postgres_home, telegram, 5, Random(5))


@pytest.mark.soak
@pytest.mark.timeout(480)
@pytest.mark.parametrize("seed", range(5))
async def test_a_hundred_kills_leave_the_news_with_nobody(
    home: Home, telegram: TelegramServer, seed: int
) -> None:
    await outlive(home, telegram, 20, Random(seed))
