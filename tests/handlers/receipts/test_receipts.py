"""What askers hear of their questions: once per question and stage, once while a burst lasts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dialogue.words import Text
from tests.handlers.chatting import Bot, Chat, plain
from tests.handlers.moderating.moderators import asker, does, moderator, views
from tests.handlers.organising import said
from tests.safety.seen import LANGUAGES, all_text, shows, word

MASKS = "Do masks help?"
WORK = "Who pays the workers?"


@pytest.fixture
async def mona(bot: Bot) -> Chat:
    """Somebody who moderates and speaks English."""
    return await moderator(bot)


async def hears(chat: Chat) -> list[str]:
    """What comes to this person's screen once a burst is over."""
    before = set(chat.screen)
    chat.bot.calendar.passes(timedelta(seconds=40))
    chat.bot.office.look()
    await chat.bot.quiet(chat.account)
    return [plain(chat.screen[number].text) for number in sorted(set(chat.screen) - before)]


def receipt(state: str, language: str = "en") -> str:
    """The line about a question to the first webinar."""
    about = {"en": "Webinar virus", "ar": "ندوة virus"}[language]
    return said("receipt", language, about=about, state=Text(f"state-{state}"))


async def each(mona: Chat, *ways: str, view: str = "new") -> None:
    """Look at the questions of one kind, the oldest first, and do one thing with each."""
    await mona.says("/moderate")
    await mona.presses_value("go:mo:virus")
    await mona.presses_value("go:mo-order:oldest")
    await mona.presses_value(f"go:mo-see:{view}")
    await does(mona, *ways)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_each_change_of_what_they_see_is_told_once(
    bot: Bot, mona: Chat, language: str
) -> None:
    anna = await asker(bot, MASKS, language=language)
    await each(mona, "ok")
    assert await hears(anna) == [receipt("approved", language)]
    await each(mona, "put", view="approved")
    assert await hears(anna) == [receipt("queued", language)]
    await each(mona, "live", view="experts")
    assert await hears(anna) == []
    await does(mona, "done")
    assert await hears(anna) == [receipt("answered", language)]


async def test_it_leads_to_the_question_and_does_not_repeat_it(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, MASKS)
    await each(mona, "ok")
    (heard,) = await hears(anna)
    assert MASKS not in heard
    await anna.presses(word("btn-receipt"))
    assert MASKS in anna.text


async def test_what_follows_at_once_is_one_message_with_how_it_ended(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, MASKS)
    await views(mona)
    await quickly(mona, "put")
    assert await hears(anna) == [receipt("queued")]


async def test_several_questions_of_one_person_are_one_message(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, MASKS, WORK)
    await each(mona)
    await quickly(mona, "ok", "put")
    (heard,) = await hears(anna)
    assert heard.startswith(word("receipts"))
    assert receipt("approved") in heard
    assert receipt("queued") in heard
    await each(mona, "put", view="approved")
    assert await hears(anna) == [receipt("queued")]


async def test_what_is_the_same_of_several_questions_is_said_once(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, MASKS, WORK)
    await each(mona)
    await quickly(mona, "put", "put")
    (heard,) = await hears(anna)
    assert heard.startswith("2 of your questions")
    assert heard.count(word("state-queued")) == 1


async def quickly(mona: Chat, *ways: str) -> None:
    """Do this with one question after the other, within a few seconds."""
    for way in ways:
        await does(mona, way)
        mona.bot.calendar.passes(timedelta(seconds=-12))


async def test_a_decline_comes_with_its_reason(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, MASKS)
    await each(mona, "no")
    await mona.presses(word("btn-reason-risk"))
    (heard,) = await hears(anna)
    assert receipt("declined") in heard
    assert word("reason-risk") in heard


async def test_whoever_was_merged_hears_what_becomes_of_the_other(bot: Bot, mona: Chat) -> None:
    await asker(bot, MASKS)
    bob = await asker(bot, "Are masks of use?", account="bob")
    await each(mona, "ok", "merge")
    await mona.presses(MASKS)
    assert await hears(bob) == [receipt("approved")]
    await each(mona, "put", view="approved")
    assert await hears(bob) == [receipt("queued")]


async def test_a_look_alone_is_no_news(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, MASKS)
    await views(mona)
    await mona.presses(word("btn-next-one"))
    assert await hears(anna) == []


async def test_whoever_wishes_for_none_gets_none(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, MASKS)
    await anna.says("/settings")
    assert shows(anna, "setting-receipts-on")
    await anna.presses(word("btn-receipts-off"))
    assert shows(anna, "setting-receipts-off")
    await each(mona, "ok")
    assert await hears(anna) == []
    await anna.says("/settings")
    await anna.presses(word("btn-receipts-on"))
    await each(mona, "put", view="approved")
    assert await hears(anna) == [receipt("queued")]


async def test_they_are_switched_off_below_one(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, MASKS)
    await each(mona, "ok")
    await hears(anna)
    await anna.presses(word("btn-receipts-off"))
    assert shows(anna, "setting-receipts-off")
    await each(mona, "put", view="approved")
    assert await hears(anna) == []


async def test_nobody_is_told_of_a_question_of_the_session(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot)
    await mona.says("/moderate")
    await mona.presses_value("go:mo:virus")
    await does(mona, "heard")
    await mona.says(WORK)
    await does(mona, "put")
    assert await hears(anna) == []
    assert WORK not in all_text(anna)
