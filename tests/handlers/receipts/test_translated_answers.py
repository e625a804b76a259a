"""Answers go back in the reader's language once it is there, or after a day as they were given."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from delivery import Clock
from delivery.clock import wait_until_set
from service import translations
from storage.roles import Role
from tests.handlers.announcing.organisers import register
from tests.handlers.chatting import Bot, Chat, bot_at_work
from tests.handlers.interpreting.interpreters import approves, interpreter, wanted, writes
from tests.handlers.moderating.moderators import all_of, asker, does, moderator, views
from tests.handlers.moderating.test_answers import answers, supports
from tests.handlers.organising import said
from tests.handlers.receipts.test_receipts import hears
from tests.handlers.staff.team import becomes, person_of
from tests.safety.people import asks, newcomer
from tests.safety.seen import all_text, shows, word
from tests.storage.needles import spoil_a_profile

MASKS = "هل تفيد الكمامات؟"
YES = "Yes, they do."
NAAM = "نعم، تفيد."
LONG = timedelta(hours=24)


@pytest.fixture
async def mona(bot: Bot) -> Chat:
    """Somebody who moderates and speaks English."""
    return await moderator(bot)


@pytest.fixture
async def ines(bot: Bot) -> Chat:
    """Somebody who interprets."""
    return await interpreter(bot)


@pytest.fixture
async def station(tmp_path: Path) -> AsyncGenerator[Bot]:
    """The bot, with the post office sending to many as well."""
    async with bot_at_work(tmp_path, broadcasting=True) as bot:
        yield bot


async def answered(mona: Chat, whom: str = "private", view: str = "approved") -> None:
    """The first question is answered, in English."""
    await views(mona, view)
    await answers(mona, whom, YES)


async def waits(bot: Bot, mona: Chat) -> Chat:
    """Somebody reads Arabic, and has heard that there is an answer in English."""
    anna = await asker(bot, MASKS, language="ar")
    await approves(mona)
    await hears(anna)
    await answered(mona)
    await hears(anna)
    return anna


async def translates(ines: Chat, part: str, words: str) -> None:
    """Put the next text of this kind into words."""
    await ines.says("/interpret")
    while not shows(ines, f"interpret-{part}"):
        await ines.presses(word("btn-next-one"))
    await writes(ines, words)


async def time_goes_by(bot: Bot, time: timedelta) -> None:
    """So much time passes, and what waited too long leaves."""
    bot.calendar.passes(time)
    clock = Clock(bot.calendar)

    def told() -> None:
        bot.office.look()
        bot.office.wake_broadcasts()

    await translations.send_overdue(bot.storage, clock, bot.receiver.tell_overdue, told)


async def test_the_asker_gets_the_answer_in_their_language(
    bot: Bot, mona: Chat, ines: Chat
) -> None:
    anna = await asker(bot, MASKS, language="ar")
    await approves(mona)
    await hears(anna)
    await answered(mona)
    (heard,) = await hears(anna)
    # They know that it was answered; what is said, they will read.
    assert word("state-answered", "ar") in heard
    assert word("receipt-translating", "ar") in heard
    assert YES not in heard
    await translates(ines, "answer", NAAM)
    (heard,) = await hears(anna)
    assert said("question-answer", "ar", answer=NAAM) in heard
    assert YES not in heard
    # Neither a correction nor the end of the day brings it again.
    await ines.presses(word("btn-in-fix"))
    await writes(ines, f"{NAAM} كثيرًا")
    await time_goes_by(bot, 2 * LONG)
    assert await hears(anna) == []


async def test_whoever_reads_the_answer_as_it_was_given_gets_it_at_once(
    bot: Bot, mona: Chat, ines: Chat
) -> None:
    anna, ben = await asker(bot, MASKS, language="ar"), await newcomer(bot, "ben")
    await approves(mona)
    await supports(bot, ben)
    await hears(anna)
    await answered(mona)
    (heard,) = await hears(anna)
    assert YES not in heard
    await bot.quiet("ben")
    assert YES in ben.text
    await translates(ines, "answer", NAAM)
    await hears(anna)
    assert sum(YES in m.text or NAAM in m.text for m in ben.screen.values()) == 1


async def test_a_supporter_hears_nothing_before_it_is_in_their_language(
    bot: Bot, mona: Chat, ines: Chat
) -> None:
    await asker(bot, "Do masks help?")
    bob = await newcomer(bot, "bob", "ar")
    await approves(mona)
    await supports(bot, bob)
    await translates(ines, "question", MASKS)
    await answered(mona)
    assert await hears(bob) == []
    await translates(ines, "answer", NAAM)
    (heard,) = await hears(bob)
    assert MASKS in heard
    assert NAAM in heard


async def test_after_a_day_it_goes_as_it_was_given_and_never_again(
    bot: Bot, mona: Chat, ines: Chat
) -> None:
    anna = await waits(bot, mona)
    await time_goes_by(bot, LONG - timedelta(minutes=5))
    assert await hears(anna) == []
    await time_goes_by(bot, timedelta(minutes=5))
    (heard,) = await hears(anna)
    assert word("receipt-untranslated", "ar") in heard
    assert f"{YES} (باللغة الإنجليزية)" in heard
    await time_goes_by(bot, LONG)
    await translates(ines, "answer", NAAM)
    assert await hears(anna) == []
    # Whoever looks reads it in their language by now.
    await anna.says("/questions", "1")
    assert NAAM in anna.text


async def test_what_cannot_be_read_is_given_up_and_ends_nothing(
    bot: Bot, mona: Chat, ines: Chat, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    anna = await waits(bot, mona)
    spoil_a_profile(tmp_path, await person_of(anna))
    for _ in range(2):
        await time_goes_by(bot, LONG)
    assert caplog.text.count("ALERT: an answer cannot be told") == 1


async def test_where_nobody_interprets_nobody_waits(bot: Bot, mona: Chat, ines: Chat) -> None:
    await becomes(ines, None)
    anna = await asker(bot, MASKS, language="ar")
    await approves(mona)
    await hears(anna)
    await answered(mona)
    (heard,) = await hears(anna)
    assert f"{YES} (باللغة الإنجليزية)" in heard
    # A moderator may put it into words all the same; it does not come twice.
    await translates(mona, "answer", NAAM)
    assert await hears(anna) == []


async def test_another_answer_comes_as_the_first_one_would_have(
    bot: Bot, mona: Chat, ines: Chat
) -> None:
    anna = await waits(bot, mona)
    await views(mona, "answered")
    await answers(mona, "private", "No, they do not.")
    await hears(anna)
    # What waited for the first one is over.
    await time_goes_by(bot, LONG - timedelta(minutes=10))
    assert await hears(anna) == []
    await translates(ines, "answer", "لا، لا تفيد.")
    (heard,) = await hears(anna)
    assert "لا، لا تفيد." in heard


async def test_whoever_wishes_for_no_news_gets_the_answer_and_nothing_before_it(
    bot: Bot, mona: Chat, ines: Chat
) -> None:
    anna = await asker(bot, MASKS, language="ar")
    await anna.presses_value("go:set:receipts:off")
    await approves(mona)
    await answered(mona)
    assert await hears(anna) == []
    await translates(ines, "answer", NAAM)
    (heard,) = await hears(anna)
    assert NAAM in heard


async def test_whoever_reads_another_language_by_now_is_not_left_out(
    bot: Bot, mona: Chat, ines: Chat
) -> None:
    anna = await waits(bot, mona)
    await anna.says("/language")
    await anna.presses("English")
    await time_goes_by(bot, LONG)
    (heard,) = await hears(anna)
    assert said("question-answer", answer=YES) in heard
    assert not any(word("receipt-untranslated") in each for each in [heard])
    assert await wanted(bot) != []
    await translates(ines, "answer", NAAM)
    assert await hears(anna) == []


async def test_whoever_is_merged_into_an_answered_one_waits_as_well(
    bot: Bot, mona: Chat, ines: Chat
) -> None:
    await asker(bot, "Do masks help?", account="ben")
    await approves(mona)
    await answered(mona)
    anna = await asker(bot, MASKS, language="ar")
    await views(mona)
    await does(mona, "merge")
    await mona.presses("Do masks help?")
    (heard,) = await hears(anna)
    assert word("receipt-translating", "ar") in heard
    await translates(ines, "answer", NAAM)
    (heard,) = await hears(anna)
    assert NAAM in heard


async def test_way_back_is_kept_until_the_answer_arrives(bot: Bot, mona: Chat, ines: Chat) -> None:
    anna = await asker(bot, MASKS, language="ar")
    await approves(mona)
    await answered(mona)
    await hears(anna)
    (question,) = (await all_of(bot)).values()

    async def way() -> list[int | None]:
        async with bot.storage.transaction() as tx:
            await tx.moderation.erase_ways()
            return [each.person for each in await tx.moderation.askers([question.id])]

    assert await way() == [await person_of(anna)]
    await translates(ines, "answer", NAAM)
    await hears(anna)
    assert await way() == [None]


async def reaches(bot: Bot, words: str, *chats: Chat) -> None:
    """Returns once these people have read it."""
    async with asyncio.timeout(30):
        while not all(words in all_text(chat) for chat in chats):
            bot.phones.changed.clear()
            await wait_until_set(bot.phones.changed, 0.05)


@pytest.mark.parametrize("how", ["translated", "overdue"])
async def test_a_public_answer_reaches_everybody_once_each_in_their_language(
    station: Bot, how: str
) -> None:
    mona, ines = await moderator(station), await interpreter(station)
    ben, bob, carl = [
        await newcomer(station, account, language)
        for account, language in (("ben", "en"), ("bob", "ar"), ("carl", "ar"))
    ]
    for account in ("ben", "bob", "carl"):
        await register(station, account, "virus")
    await asks(ben, MASKS)
    await approves(mona)
    await answered(mona, "public")
    await reaches(station, YES, ben)
    assert YES not in all_text(bob)
    # Whoever changes the language meanwhile gets it with the others, and whoever had it does not.
    await carl.says("/language")
    await carl.presses("English")
    await ben.says("/language")
    await ben.presses("العربية")
    if how == "translated":
        await translates(ines, "answer", NAAM)
        await reaches(station, NAAM, bob)
    else:
        await time_goes_by(station, LONG)
        await reaches(station, f"{YES} (باللغة الإنجليزية)", bob)
    await reaches(station, YES, carl)
    await time_goes_by(station, 2 * LONG)
    await hears(bob)
    for chat in (ben, bob, carl):
        told = [m.text for m in chat.screen.values() if YES in m.text or NAAM in m.text]
        assert len(told) == 1, chat.account


async def test_an_interpreter_whose_role_ended_is_nobody_to_wait_for(
    station: Bot,
) -> None:
    mona, ines = await moderator(station), await interpreter(station)
    bob = await newcomer(station, "bob", "ar")
    await register(station, "bob", "virus")
    await asker(station, "Do masks help?")
    await approves(mona)
    await becomes(ines, Role.SPEAKER)
    await answered(mona, "public")
    await reaches(station, f"{YES} (باللغة الإنجليزية)", bob)
