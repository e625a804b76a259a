"""Drafts come by themselves, one by one, and one text that fails does not keep the others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import pytest

from channels.translating import Translator
from delivery import Clock
from service.drafting import BARRED_FOR, LOOK_EVERY, TRIES, Drafting
from storage.asking.moderation import Stage
from storage.asking.texts import Text
from tests.handlers.chatting import Bot, bot_at_work
from tests.handlers.interpreting.interpreters import approves, wanted
from tests.handlers.moderating.moderators import all_of, asker, moderator
from tests.platforms.translate import TranslateServer, answer

FIRST, SECOND = "Do masks help?", "Who pays the workers?"
DRAFTS = {FIRST: "هل تفيد الكمامات؟", SECOND: "من يدفع للعمال؟"}


@dataclass
class Desk:
    """Two questions that wait for a translation, and the machine that drafts it."""

    bot: Bot
    server: TranslateServer
    drafting: Drafting

    async def drafts(self) -> dict[str, str | None]:
        """The drafts by now, by what they were made of."""
        return {each.original: each.draft for each in await wanted(self.bot)}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncGenerator[Desk]:
    async with bot_at_work(tmp_path) as bot, TranslateServer(DRAFTS, "a-key") as server:
        mona = await moderator(bot)
        anna = await asker(bot, FIRST, SECOND)
        await anna.says("/menu")
        for _ in range(2):
            await approves(mona)
        translator = Translator(server.url, "a-key", seconds=60)
        clock = Clock(bot.calendar, chance=lambda: 0.0)
        yield Desk(bot, server, Drafting(bot.storage, clock, translator.translate))
        await translator.close()
        assert server.violations == []


async def test_what_is_wanted_is_drafted_and_nothing_else(desk: Desk) -> None:
    anna = desk.bot.person("anna")
    await anna.says("/ask", "Not approved?")
    assert await desk.drafting.draft_some() == LOOK_EVERY
    assert await desk.drafts() == DRAFTS
    assert {each["q"] for each in desk.server.asked} == {FIRST, SECOND}
    assert await desk.drafting.draft_some() == LOOK_EVERY
    assert len(desk.server.asked) == 2


async def test_a_text_that_is_refused_does_not_keep_the_others(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    del desk.server.drafts[FIRST]
    await desk.drafting.draft_some()
    assert await desk.drafts() == {FIRST: None, SECOND: DRAFTS[SECOND]}
    asked = len(desk.server.asked)
    await desk.drafting.draft_some()
    assert len(desk.server.asked) == asked
    assert FIRST not in caplog.text


async def test_a_text_that_the_machine_fails_with_is_given_up_after_a_few_tries(
    desk: Desk,
) -> None:
    desk.server.falls.extend([answer(500)] * TRIES)
    waits = [await desk.drafting.draft_some() for _ in range(TRIES)]
    assert waits == sorted(waits)
    assert waits[0] > 0
    await desk.drafting.draft_some()
    drafts = await desk.drafts()
    assert sorted(each is None for each in drafts.values()) == [False, True]


async def test_a_busy_machine_is_asked_again_when_it_said(desk: Desk) -> None:
    desk.server.falls.append(answer(429, "{}", {"Retry-After": "9"}))
    assert await desk.drafting.draft_some() == 9
    assert await desk.drafting.draft_some() == LOOK_EVERY
    assert await desk.drafts() == DRAFTS


async def test_a_key_that_is_refused_is_told_to_whoever_runs_this(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.server.api_key = "another-key"
    with caplog.at_level(logging.ERROR):
        assert await desk.drafting.draft_some() == BARRED_FOR
    assert "ALERT: the translator does not accept our key" in caplog.text
    assert "a-key" not in caplog.text


async def test_a_draft_of_words_that_were_changed_meanwhile_is_dropped(desk: Desk) -> None:
    (first, *_) = [each for each in await wanted(desk.bot) if each.original == FIRST]

    async def slowly(_text: str, _source: str, _target: str) -> str:
        async with desk.bot.storage.transaction() as tx:
            assert await tx.moderation.edit(first.question, 1, "Do they?", desk.bot.calendar.now)
        return DRAFTS[FIRST]

    drafting = Drafting(desk.bot.storage, Clock(desk.bot.calendar), slowly)
    found: Text = first
    async with desk.bot.storage.transaction() as tx:
        other = (await all_of(desk.bot))[SECOND]
        assert await tx.moderation.move(other.id, 1, Stage.DECLINED, desk.bot.calendar.now)
    await drafting.draft_some()
    assert found.draft is None
    assert await desk.drafts() == {"Do they?": None}


async def test_it_works_by_itself_until_it_is_stopped(desk: Desk) -> None:
    rests = asyncio.Event()

    async def rest(lost: asyncio.Event, _seconds: float | None) -> None:
        rests.set()
        await lost.wait()

    translator = Translator(desk.server.url, "a-key", seconds=60)
    clock = Clock(desk.bot.calendar, wait=rest)
    working = asyncio.create_task(Drafting(desk.bot.storage, clock, translator.translate).run())
    async with asyncio.timeout(30):
        await rests.wait()
    assert await desk.drafts() == DRAFTS
    working.cancel()
    await asyncio.wait([working])
    await translator.close()
