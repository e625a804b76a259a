"""The one message that counts new questions for each moderator who is at work."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from dialogue.incoming import Incoming
from storage.roles import Role
from tests.handlers.chatting import Bot, Chat, plain
from tests.handlers.moderating.moderators import asker, does, moderator, views
from tests.handlers.organising import said
from tests.handlers.staff.team import becomes
from tests.safety.people import asks, newcomer
from tests.safety.seen import LANGUAGES, word


@pytest.fixture
async def mona(bot: Bot) -> Chat:
    """Somebody who moderates and looks at the first webinar."""
    mona = await moderator(bot)
    await mona.says("/moderate")
    await mona.presses_value("go:mo:virus")
    return mona


async def counted(chat: Chat, language: str = "en") -> list[str]:
    """The messages that count, on this person's screen by now."""
    chat.bot.calendar.passes(timedelta(seconds=6))
    chat.bot.office.look()
    await chat.bot.quiet(chat.account)
    beginning = said("moderate-waiting", language, webinar="Webinar virus", number=0)[:9]
    texts = [plain(message.text) for _, message in sorted(chat.screen.items())]
    return [text for text in texts if text.startswith(beginning)]


def waiting(number: int) -> str:
    """What the message says of so many."""
    return said("moderate-waiting", webinar="Webinar virus", number=number)


async def test_the_first_is_a_message_and_those_after_it_edit_it(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, "First?")
    assert await counted(mona) == [waiting(1)]
    number = mona.last
    for words in ("Second?", "Third?"):
        bot.calendar.passes(timedelta(seconds=-40))
        await asks(anna, words)
    assert await counted(mona) == [waiting(3)]
    assert mona.last == number


async def test_after_a_quiet_minute_a_new_message_takes_its_place(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, "First?")
    assert await counted(mona) == [waiting(1)]
    number = mona.last
    bot.calendar.passes(timedelta(minutes=2))
    await asks(anna, "Second?")
    assert await counted(mona) == [waiting(2)]
    assert mona.last > number


async def test_what_was_handled_is_counted_no_more(bot: Bot, mona: Chat) -> None:
    await asker(bot, "First?", "Second?")
    assert await counted(mona) == [waiting(2)]
    await mona.presses(word("btn-mo-look"))
    await mona.presses(said("btn-mo-view", what=word("moderate-new"), number=2))
    await does(mona, "ok")
    assert await counted(mona) == [waiting(1)]


async def test_what_was_withdrawn_is_counted_no_more(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, "First?", "Second?")
    assert await counted(mona) == [waiting(2)]
    await anna.says("/questions", "1")
    await anna.presses(word("btn-withdraw"))
    assert await counted(mona) == [waiting(1)]


async def test_what_its_asker_put_in_other_words_is_counted_anew(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, "First?")
    await views(mona)
    await does(mona, "ok")
    assert await counted(mona) == [waiting(0)]
    await anna.says("/questions", "1")
    await anna.presses(word("btn-rewrite"))
    await anna.says("What comes first?")
    assert await counted(mona) == [waiting(1)]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_each_is_told_in_their_language(bot: Bot, language: str) -> None:
    mona = await moderator(bot, language=language)
    await views(mona)
    await asker(bot, "First?")
    title = {"en": "Webinar virus", "ar": "ندوة virus"}[language]
    assert await counted(mona, language) == [
        said("moderate-waiting", language, webinar=title, number=1)
    ]


async def test_nobody_hears_of_somebody_who_is_muted(bot: Bot, mona: Chat) -> None:
    anna = await asker(bot, "You are all thieves.")
    await views(mona)
    await does(mona, "hush", "mute")
    before = await counted(mona)
    bot.calendar.passes(timedelta(minutes=2))
    await asks(anna, "All of you!")
    assert await counted(mona) == before


async def test_only_those_at_work_hear_of_it(bot: Bot, mona: Chat) -> None:
    other = await newcomer(bot, "other")
    gone = await moderator(bot, "gone")
    await views(gone)
    await becomes(gone, Role.INTERPRETER)
    bot.calendar.passes(timedelta(hours=1))
    await asker(bot, "First?")
    assert [len(await counted(chat)) for chat in (mona, gone, other)] == [1, 0, 0]
    bot.calendar.passes(timedelta(hours=2))
    await asker(bot, "Second?", account="bob")
    assert await counted(mona) == [waiting(1)]


async def test_other_webinars_are_counted_by_others(bot: Bot, mona: Chat) -> None:
    anna = await newcomer(bot, "anna")
    await asks(anna, "First?", "Webinar work")
    assert await counted(mona) == []


async def test_many_at_once_are_one_message(bot: Bot, mona: Chat) -> None:
    askers = [await newcomer(bot, f"asker-{n}") for n in range(6)]
    for each in askers:
        await each.says("/ask", f"Question of {each.account}?")
        await each.presses("Webinar virus", "Question")
    confirmed = [each.button(word("btn-confirm")) for each in askers]
    mona.screen.clear()
    at = bot.calendar.now
    await asyncio.gather(
        *(
            bot.reception.take(
                Incoming("web", each.account, f"{each.account}-x", at, choice=value, message=str(n))
            )
            for each, (n, value) in zip(askers, confirmed, strict=True)
        )
    )
    await bot.quiet("mona")
    assert await counted(mona) == [waiting(6)]
