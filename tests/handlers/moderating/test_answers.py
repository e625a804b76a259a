"""Answers that moderators write: to whoever asked and supported, or to all who registered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from delivery.clock import wait_until_set
from dialogue.stages import Stage
from dialogue.words import Localised
from tests.handlers.announcing.organisers import register
from tests.handlers.chatting import Bot, Chat, bot_at_work
from tests.handlers.moderating.moderators import all_of, asker, does, moderator, stages, views
from tests.handlers.organising import said
from tests.handlers.receipts.test_receipts import hears
from tests.handlers.staff.team import person_of
from tests.safety.people import newcomer
from tests.safety.seen import LANGUAGES, all_text, shows, word

MASKS = "Do masks help?"
YES = "Yes, they do."


@pytest.fixture
async def mona(bot: Bot) -> Chat:
    """Somebody who moderates and speaks English."""
    return await moderator(bot)


@pytest.fixture
async def station(tmp_path: Path) -> AsyncGenerator[Bot]:
    """The bot, with the post office sending to many as well."""
    async with bot_at_work(tmp_path, broadcasting=True) as bot:
        yield bot


async def answers(mona: Chat, whom: str, words: str = YES, language: str = "en") -> None:
    """Write the answer to the first question that may have one."""
    await does(mona, "answer", language=language)
    assert shows(mona, "ask-answer", language)
    await mona.says(words)
    await mona.presses(word(f"btn-answer-{whom}", language), word("btn-confirm", language))


async def supports(bot: Bot, chat: Chat) -> None:
    """Want to know the answer to the first question, too."""
    (question,) = (await all_of(bot)).values()
    async with bot.storage.transaction() as tx:
        assert await tx.support.add(question.id, await person_of(chat))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_private_answer_reaches_asker_and_supporters(bot: Bot, language: str) -> None:
    mona = await moderator(bot, language=language)
    anna = await asker(bot, MASKS)
    bob, carl = await newcomer(bot, "bob", "ar"), await newcomer(bot, "carl")
    await views(mona)
    await does(mona, "ok", language=language)
    await supports(bot, bob)
    await views(mona, "approved")
    await answers(mona, "private", language=language)
    assert shows(mona, "moderated-private", language)
    assert await stages(bot) == {MASKS: Stage.ANSWERED}
    (heard,) = await hears(anna)
    assert said("question-answer", answer=YES) in heard
    await bot.quiet("bob")
    assert said("question-answer", "ar", answer=YES) in bob.text
    assert MASKS in bob.text
    assert YES not in all_text(carl)
    await anna.says("/questions", "1")
    assert said("question-answer", answer=YES) in anna.text


async def test_an_answer_comes_also_to_whoever_wishes_for_no_receipts(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, MASKS)
    await anna.presses_value("go:set:receipts:off")
    await views(mona)
    await does(mona, "put")
    assert await hears(anna) == []
    await views(mona, "experts")
    await answers(mona, "private")
    (heard,) = await hears(anna)
    assert YES in heard


async def test_a_question_that_was_answered_aloud_gets_its_answer_later(
    bot: Bot, mona: Chat
) -> None:
    anna = await asker(bot, MASKS)
    await views(mona)
    await does(mona, "put")
    await views(mona, "experts")
    await does(mona, "live", "done")
    (heard,) = await hears(anna)
    assert YES not in heard
    await views(mona, "answered")
    await answers(mona, "private")
    (heard,) = await hears(anna)
    assert YES in heard
    await answers(mona, "private", "No, they do not.")
    (heard,) = await hears(anna)
    assert "No, they do not." in heard


async def test_once_an_answer_has_arrived_no_way_leads_back_to_the_asker(
    bot: Bot, mona: Chat
) -> None:
    anna = await asker(bot, MASKS)
    await views(mona)
    await does(mona, "put")
    await hears(anna)
    await views(mona, "experts")
    await answers(mona, "private")
    (question,) = (await all_of(bot)).values()

    async def ways() -> list[int | None]:
        async with bot.storage.transaction() as tx:
            await tx.moderation.erase_ways()
            return [way.person for way in await tx.moderation.askers([question.id])]

    assert await ways() == [await person_of(anna)]
    await hears(anna)
    assert await ways() == [None]
    await anna.says("/questions", "1")
    assert YES in anna.text


async def test_everybody_reads_what_there_is_in_their_language(bot: Bot, mona: Chat) -> None:
    await asker(bot, MASKS)
    bob = await newcomer(bot, "bob", "ar")
    await views(mona)
    await does(mona, "ok")
    await supports(bot, bob)
    (question,) = (await all_of(bot)).values()
    async with bot.storage.transaction() as tx:
        (wanted,) = await tx.texts.listed("virus", ["ar", "en"], 9)
        assert (wanted.question, wanted.language) == (question.id, "ar")
        assert await tx.texts.approve(wanted.id, 1, "هل تفيد الكمامات؟", bot.calendar.now)
    await views(mona, "approved")
    await answers(mona, "private")
    (heard,) = await hears(bob)
    assert "هل تفيد الكمامات؟" in heard
    assert f"{YES} (باللغة الإنجليزية)" in heard


async def test_what_is_left_unconfirmed_is_no_answer(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, MASKS)
    await views(mona)
    await does(mona, "put")
    await hears(anna)
    await views(mona, "experts")
    await does(mona, "answer")
    await mona.says(YES)
    await mona.presses(word("btn-answer-public"))
    await mona.says("/cancel")
    assert MASKS in mona.text
    assert await stages(bot) == {MASKS: Stage.QUEUED}
    assert await hears(anna) == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_public_answer_reaches_all_registered_once(station: Bot, language: str) -> None:
    mona = await moderator(station)
    anna = await asker(station, MASKS)
    bob, carl = await newcomer(station, "bob", language), await newcomer(station, "carl")
    for account in ("anna", "bob"):
        await register(station, account, "virus")
    await views(mona)
    await does(mona, "put")
    await hears(anna)
    await views(mona, "experts")
    await answers(mona, "public")
    assert shows(mona, "moderated-public")

    def reached() -> bool:
        return all(YES in all_text(chat) for chat in (anna, bob))

    async with asyncio.timeout(30):
        while not reached():
            station.phones.changed.clear()
            await wait_until_set(station.phones.changed, 0.05)
    asked, answer = (Localised({"en": words}) for words in (MASKS, YES))
    title = {"en": "Webinar virus", "ar": "ندوة virus"}[language]
    told = said("told-answer", language, webinar=title, question=asked, answer=answer)
    assert told in bob.text
    heard = await hears(anna)
    assert sum(YES in each for each in [*heard, *(m.text for m in anna.screen.values())]) == 1
    assert YES not in all_text(carl)


async def test_the_series_as_a_whole_has_nobody_registered(bot: Bot, mona: Chat) -> None:
    anna = await newcomer(bot, "anna")
    await anna.says("/ask", MASKS)
    await anna.presses("series as a whole", "Question", "Confirm")
    await views(mona, webinar="_")
    await does(mona, "put")
    await views(mona, "experts", webinar="_")
    await does(mona, "answer")
    await mona.says(YES)
    assert shows(mona, "summary-answer")
    await mona.presses(word("btn-confirm"))
    bot.calendar.passes(timedelta(seconds=1))
    (heard,) = [each for each in await hears(anna) if YES in each]
    assert word("btn-series") in heard
