"""Moderators who decline, edit, merge, and type in what they heard."""

from __future__ import annotations

import pytest

from dialogue.stages import Stage
from tests.handlers.chatting import Bot, Chat
from tests.handlers.moderating.moderators import all_of, asker, does, moderator, stages, views
from tests.handlers.organising import said
from tests.handlers.participants.test_questions import questions_of
from tests.safety.people import newcomer
from tests.safety.seen import LANGUAGES, all_text, shows, word

MASKS = "Do masks help?"
OTHER = "Are masks of use?"
WORK = "Who pays the workers?"


@pytest.fixture
async def mona(bot: Bot) -> Chat:
    """Somebody who moderates and speaks English."""
    return await moderator(bot)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_reason_is_read_in_the_language_of_whoever_asked(bot: Bot, language: str) -> None:
    mona = await moderator(bot, language="en" if language == "ar" else "ar")
    anna = await asker(bot, MASKS, language=language)
    await views(mona)
    await mona.presses_value(mona.button(word("btn-mo-no", mona_speaks(language)))[1])
    await mona.presses(word("btn-reason-topic", mona_speaks(language)))
    assert await stages(bot) == {MASKS: Stage.DECLINED}
    await anna.says("/questions", "1")
    reason = said("question-reason", language, reason=word("reason-topic", language))
    assert reason in anna.text


def mona_speaks(language: str) -> str:
    """The other language."""
    return "en" if language == "ar" else "ar"


async def test_a_reason_may_be_given_in_own_words(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, MASKS)
    await views(mona)
    await does(mona, "no")
    await mona.presses(word("btn-reason-own"))
    assert MASKS in mona.text
    await mona.says("It names a patient.")
    assert shows(mona, "moderated-declined")
    await anna.says("/questions", "1")
    assert "It names a patient." in anna.text


async def test_one_may_go_back_from_the_reasons(bot: Bot, mona: Chat) -> None:
    await asker(bot, MASKS)
    await views(mona)
    await does(mona, "no", "one", "ok")
    assert await stages(bot) == {MASKS: Stage.APPROVED}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_edit_keeps_the_original_and_shows_it(bot: Bot, language: str) -> None:
    mona = await moderator(bot, language=language)
    anna = await asker(bot, MASKS)
    await views(mona)
    await does(mona, "edit", language=language)
    assert shows(mona, "ask-moderate-edit", language)
    await mona.says("Do masks protect?")
    assert shows(mona, "moderated-edited", language)
    assert said("moderate-original", language, original=MASKS) in mona.text
    (question,) = (await all_of(bot)).values()
    assert (question.text, question.original) == ("Do masks protect?", MASKS)
    assert [kept.text for kept in await questions_of(bot)] == [MASKS]
    await does(mona, "ok", language=language)
    await anna.says("/questions")
    assert MASKS in all_text(anna)
    assert "protect" not in all_text(anna)


async def test_an_edit_in_the_other_language_is_a_question_in_that_one(
    bot: Bot, mona: Chat
) -> None:
    await asker(bot, MASKS)
    await views(mona)
    await does(mona, "edit")
    await mona.says("هل تحمي الكمامات؟")
    (question,) = (await all_of(bot)).values()
    assert (question.language, question.original) == ("ar", MASKS)


async def test_an_edit_that_is_left_changes_nothing(bot: Bot, mona: Chat) -> None:
    await asker(bot, MASKS)
    await views(mona)
    await does(mona, "edit")
    await mona.says("/cancel")
    assert shows(mona, "cancelled")
    assert MASKS in mona.text
    await does(mona, "ok")
    assert await stages(bot) == {MASKS: Stage.APPROVED}


async def test_an_edit_of_what_changed_meanwhile_is_not_kept(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, MASKS)
    await views(mona)
    await does(mona, "edit")
    await anna.says("/questions", "1")
    await anna.presses(word("btn-rewrite"))
    await anna.says("Do gloves help?")
    await mona.says("Do masks protect?")
    assert shows(mona, "moderate-changed")
    assert list(await all_of(bot)) == ["Do gloves help?"]


async def test_merging_offers_what_was_decided_and_follows_it(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, MASKS)
    bob = await asker(bot, "Are masks of use?", account="bob")
    await mona.says("/moderate")
    await mona.presses_value("go:mo:virus")
    await mona.presses_value("go:mo-order:oldest")
    await mona.presses_value("go:mo-see:new")
    await does(mona, "ok", "merge")
    assert shows(mona, "moderate-merge")
    await mona.presses(MASKS)
    assert shows(mona, "moderated-merged")
    kept = (await all_of(bot))[MASKS]
    assert kept.supports == 1
    assert (await stages(bot))["Are masks of use?"] is Stage.MERGED
    await views(mona, "approved")
    await does(mona, "put")
    for chat in (anna, bob):
        (mine,) = await questions_of(bot, chat.account)
        assert mine.state is Stage.QUEUED


@pytest.mark.parametrize("language", LANGUAGES)
async def test_what_was_merged_is_read_and_parted_again(bot: Bot, language: str) -> None:
    mona = await moderator(bot, language=language)
    await asker(bot, MASKS)
    await asker(bot, OTHER, account="bob")
    await mona.says("/moderate")
    await mona.presses_value("go:mo:virus")
    await mona.presses_value("go:mo-order:oldest")
    await mona.presses_value("go:mo-see:new")
    await does(mona, "ok", "merge", language=language)
    await mona.presses(MASKS)
    await views(mona, "approved")
    await mona.presses(said("btn-mo-parts", language, number=1))
    assert shows(mona, "moderate-parts", language)
    assert "•" not in mona.text
    await mona.presses(OTHER)
    assert shows(mona, "moderated-in_review", language)
    assert OTHER in mona.text
    await does(mona, "ok", language=language)
    assert await stages(bot) == {MASKS: Stage.APPROVED, OTHER: Stage.APPROVED}
    assert (await all_of(bot))[MASKS].supports == 0


async def test_an_idea_is_not_merged_with_a_question(bot: Bot, mona: Chat) -> None:
    await asker(bot, MASKS)
    await views(mona)
    await does(mona, "ok")
    ben = await newcomer(bot, "ben")
    await ben.says("/ask", "Plant trees.")
    await ben.presses("Webinar virus", word("btn-idea"), word("btn-confirm"))
    await views(mona)
    await does(mona, "merge")
    assert shows(mona, "moderate-merge-none")


async def test_without_another_one_there_is_nothing_to_merge_with(bot: Bot, mona: Chat) -> None:
    await asker(bot, MASKS)
    await views(mona)
    await does(mona, "merge")
    assert shows(mona, "moderate-merge-none")
    await does(mona, "ok")
    assert await stages(bot) == {MASKS: Stage.APPROVED}


@pytest.mark.parametrize(
    ("language", "words", "understood"),
    [("en", WORK, "en"), ("en", "من يدفع أجور العمال؟", "ar"), ("ar", WORK, "en")],
)
async def test_what_was_heard_in_the_session_is_typed_in(
    bot: Bot, language: str, words: str, understood: str
) -> None:
    mona = await moderator(bot, language=language)
    await mona.says("/moderate")
    await mona.presses_value("go:mo:virus")
    await does(mona, "heard", language=language)
    assert shows(mona, "ask-moderate-heard", language)
    await mona.says(words)
    assert shows(mona, "moderated-heard", language)
    (question,) = (await all_of(bot)).values()
    assert (question.stage, question.source) == (Stage.APPROVED, "session")
    assert (question.language, question.asker) == (understood, "")
    assert shows(mona, "moderate-by-session", language)
    await does(mona, "put", language=language)
    assert await stages(bot) == {words: Stage.QUEUED}


async def test_nothing_is_typed_in_when_it_is_left(bot: Bot, mona: Chat) -> None:
    await mona.says("/moderate")
    await mona.presses_value("go:mo:virus")
    await does(mona, "heard")
    await mona.says("/cancel")
    assert shows(mona, "moderate-of")
    assert await all_of(bot) == {}
