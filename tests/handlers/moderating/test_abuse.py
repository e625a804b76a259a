"""Abuse: strikes, mutes that nobody notices, blocks; and a pause, or questions one by one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dialogue.stages import Stage
from storage.roles import Role
from tests.handlers.chatting import Bot, Chat
from tests.handlers.moderating.moderators import all_of, asker, does, moderator, stages, views
from tests.handlers.organising import said
from tests.handlers.participants.test_questions import questions_of
from tests.handlers.receipts.test_receipts import hears
from tests.safety.people import asks, newcomer
from tests.safety.seen import LANGUAGES, all_text, shows, word

RUDE = "You are all thieves."
MASKS = "Do masks help?"


@pytest.fixture
async def mona(bot: Bot) -> Chat:
    """Somebody who moderates and speaks English."""
    return await moderator(bot)


async def hushes(mona: Chat, *ways: str, language: str = "en") -> str:
    """Look at the first new question, and do this about whoever asked it."""
    await views(mona)
    return await does(mona, "hush", *ways, language=language)


async def test_a_strike_declines_and_is_seen_with_the_next_question(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, RUDE)
    await hushes(mona, "strike")
    assert await stages(bot) == {RUDE: Stage.DECLINED}
    (heard,) = await hears(anna)
    assert word("reason-words") in heard
    await asks(anna, MASKS)
    await views(mona)
    assert said("moderate-strikes", number=1) in mona.text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_mute_is_noticed_by_nobody(bot: Bot, language: str) -> None:
    mona = await moderator(bot, language=language)
    anna = await asker(bot, RUDE)
    assert word("moderated-mute", language) in await hushes(mona, "mute", language=language)
    await asks(anna, MASKS)
    assert shows(anna, "question-received")
    await views(mona)
    assert shows(mona, "moderate-none", language)
    assert RUDE not in mona.text
    assert {kept.state for kept in await questions_of(bot)} == {Stage.RECEIVED}
    assert await hears(anna) == []


async def test_a_mute_is_taken_back(bot: Bot, mona: Chat) -> None:
    await asker(bot, RUDE)
    await hushes(mona, "mute", "undo")
    assert shows(mona, "moderated-unhushed")
    await views(mona)
    assert RUDE in mona.text


async def test_after_a_mute_comes_the_next(bot: Bot, mona: Chat) -> None:
    await asker(bot, RUDE)
    await asker(bot, MASKS, account="bob")
    await mona.says("/moderate")
    await mona.presses_value("go:mo:virus")
    await mona.presses_value("go:mo-order:oldest")
    await mona.presses_value("go:mo-see:new")
    await does(mona, "hush", "mute")
    await mona.presses(word("btn-next-one"))
    assert MASKS in mona.text


async def test_a_block_is_asked_for_twice_and_takes_nothing_more(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, RUDE)
    await hushes(mona, "block")
    assert shows(mona, "moderate-block-sure")
    await does(mona, "block-now")
    assert shows(mona, "moderated-block")
    await asks(anna, MASKS)
    assert shows(anna, "ask-not-taken")
    assert len(await questions_of(bot)) == 1
    assert "anna" not in all_text(mona)
    await does(mona, "undo")
    await asks(anna, MASKS)
    assert shows(anna, "question-received")


async def test_a_block_outlives_an_erasure(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, RUDE)
    await hushes(mona, "block", "block-now")
    await anna.says("/forget")
    await anna.presses(word("btn-forget-really"), word("btn-forget-now"))
    anna.screen.clear()
    await anna.says("/start")
    await anna.presses("English", "I agree")
    await asks(anna, MASKS)
    assert shows(anna, "ask-not-taken")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_owners_are_asked_to_look_at_what_tells_of_danger(
    bot: Bot, language: str
) -> None:
    mona = await moderator(bot, language=language)
    olga = await moderator(bot, "olga", language, Role.OWNER)
    omar = await moderator(bot, "omar", language)
    await asker(bot, MASKS)
    await views(mona)
    await does(mona, "hush", "danger", language=language)
    assert shows(mona, "moderate-danger", language)
    assert "help@accessnow.org" in mona.text
    before = omar.text
    await does(mona, "danger-now", language=language)
    assert shows(mona, "moderate-danger-told", language)
    await bot.quiet("olga")
    title = {"en": "Webinar virus", "ar": "ندوة virus"}[language]
    assert said("moderate-danger-owners", language, webinar=title) in olga.text
    assert MASKS not in olga.text
    assert omar.text == before
    await olga.presses(word("btn-mo-look", language))
    assert MASKS in olga.text
    assert word("btn-mo-no", language) in olga.labels


@pytest.mark.parametrize("language", LANGUAGES)
async def test_nobody_is_told_that_an_approved_question_is_hidden_until_the_owners_look(
    bot: Bot, language: str
) -> None:
    mona = await moderator(bot, language=language)
    await moderator(bot, "olga", language, Role.OWNER)
    await asker(bot, MASKS)
    await views(mona)
    await does(mona, "ok", language=language)
    await views(mona, "approved")
    await does(mona, "hush", "danger", "danger-now", language=language)
    assert await stages(bot) == {MASKS: Stage.APPROVED}
    assert shows(mona, "moderate-danger-stays", language)
    # What takes it away is one button further.
    await does(mona, "one", language=language)
    assert word("btn-mo-no", language) in mona.labels


async def test_the_next_question_is_not_the_one_that_the_owners_are_to_look_at(
    bot: Bot, mona: Chat
) -> None:
    olga = await moderator(bot, "olga", role=Role.OWNER)
    await asker(bot, MASKS)
    await hushes(mona, "danger", "danger-now")
    await mona.presses(word("btn-next-one"))
    assert MASKS not in mona.text
    await bot.quiet("olga")
    await olga.presses(word("btn-mo-look"))
    assert MASKS in olga.text


async def test_an_owner_who_moderates_alone_hears_that_there_is_nobody_else(bot: Bot) -> None:
    olga = await moderator(bot, "olga", role=Role.OWNER)
    await asker(bot, MASKS)
    await views(olga)
    await does(olga, "hush", "danger", "danger-now")
    assert shows(olga, "moderate-danger-nobody")


async def test_what_was_approved_can_be_somebodys_abuse_as_well(bot: Bot, mona: Chat) -> None:
    await asker(bot, RUDE)
    await views(mona)
    await does(mona, "ok")
    await views(mona, "approved")
    await does(mona, "hush", "strike")
    assert await stages(bot) == {RUDE: Stage.DECLINED}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("ways", [("mute",), ("block", "block-now")])
async def test_who_mutes_for_an_approved_question_hears_that_others_still_read_it(
    bot: Bot, ways: tuple[str, ...], language: str
) -> None:
    mona = await moderator(bot, language=language)
    await asker(bot, RUDE)
    await hushes(mona, *ways, language=language)
    assert not shows(mona, "moderate-still-there", language)
    await asker(bot, MASKS, account="omar")
    await views(mona)
    await does(mona, "ok", language=language)
    await views(mona, "approved")
    await does(mona, "hush", *ways, language=language)
    assert shows(mona, f"moderated-{ways[0]}", language)
    assert shows(mona, "moderate-still-there", language)
    await does(mona, "one", "no", language=language)
    assert MASKS in mona.text


async def test_nobody_stands_behind_what_was_heard_in_the_session(bot: Bot, mona: Chat) -> None:
    await mona.says("/moderate")
    await mona.presses_value("go:mo:virus")
    await does(mona, "heard")
    await mona.says(MASKS)
    (question,) = (await all_of(bot)).values()
    await mona.presses_value(f"go:mo-hush:{question.id:x}:00000000")
    await views(mona, "approved")
    assert word("btn-mo-hush") not in mona.labels


async def intake(mona: Chat, *keys: str) -> str:
    """How questions to the first webinar are taken."""
    await mona.says("/moderate")
    await mona.presses_value("go:mo:virus")
    await does(mona, "intake")
    await mona.presses(*map(word, keys))
    return mona.text


async def test_a_pause_takes_no_questions_and_keeps_their_words(bot: Bot, mona: Chat) -> None:
    assert word("intake-open") in await intake(mona)
    assert word("intake-closed") in await intake(mona, "btn-intake-pause")
    anna = await newcomer(bot, "anna")
    await asks(anna, MASKS)
    assert said("ask-paused", about="Webinar virus") in anna.text
    assert await questions_of(bot) == []
    await intake(mona, "btn-intake-resume")
    await anna.presses(word("btn-send-kept"))
    await anna.presses("Webinar virus", word("btn-question"), word("btn-confirm"))
    assert [kept.text for kept in await questions_of(bot)] == [MASKS]


async def test_other_webinars_are_asked_about_all_the_same(bot: Bot, mona: Chat) -> None:
    await intake(mona, "btn-intake-pause")
    anna = await newcomer(bot, "anna")
    await asks(anna, MASKS, "Webinar work")
    assert shows(anna, "question-received")


async def test_when_it_is_slow_one_question_comes_after_a_while(bot: Bot, mona: Chat) -> None:
    await intake(mona)
    await mona.presses(said("btn-minutes", count=5))
    assert said("intake-slow", count=5) in mona.text
    anna = await asker(bot, MASKS)
    await asks(anna, "And gloves?")
    assert said("ask-slow", count=5) in anna.text
    await asker(bot, "And schools?", account="bob")
    bot.calendar.passes(timedelta(minutes=5))
    await anna.presses(word("btn-send-kept"), "Webinar virus", word("btn-question"))
    await anna.presses(word("btn-confirm"))
    assert shows(anna, "question-received")
    assert [kept.text for kept in await questions_of(bot)] == ["And gloves?", MASKS]
    await intake(mona, "btn-intake-fast")
    await asks(anna, "And hats?")
    assert shows(anna, "question-received")
