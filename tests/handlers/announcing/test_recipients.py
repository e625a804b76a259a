"""Once the number was typed: the recipients are settled, and what is sent in parts is one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from delivery.clock import wait_until_set
from dialogue.incoming import Incoming
from storage.broadcasting.broadcasts import Broadcast, Phase
from tests.handlers.announcing.organisers import crowd, drafted, joined, latest, organiser, register
from tests.handlers.chatting import Bot, Chat, Rules, bot_at_work, plain

MOST = 10
"""Recipients beyond which a second person must agree, in these tests."""


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncGenerator[Bot]:
    """The bot of a careful community, which sends to many."""
    rules = Rules(second_person_above=MOST)
    async with bot_at_work(tmp_path, rules=rules, broadcasting=True) as bot:
        yield bot


@pytest.fixture
async def olga(bot: Bot) -> Chat:
    """An organiser; with her there are six people."""
    olga = await organiser(bot, "olga")
    await crowd(bot, 5)
    return olga


async def confirmed(olga: Chat, number: int) -> Broadcast:
    """The draft on the screen, once its number was typed."""
    await olga.presses("Send")
    await olga.says(str(number))
    return await latest(olga.bot)


async def seen(chat: Chat, words: str) -> str:
    """The message in which this stands, once it is on the screen."""
    async with asyncio.timeout(30):
        while True:
            for message in chat.screen.values():
                if words in plain(message.text):
                    return plain(message.text)
            chat.bot.phones.changed.clear()
            await wait_until_set(chat.bot.phones.changed, 0.01)


async def comes_to(bot: Bot, *phases: Phase) -> Broadcast:
    """The latest announcement, once it has come so far."""
    async with asyncio.timeout(30):
        while (made := await latest(bot)).phase not in phases:
            await wait_until_set(asyncio.Event(), 0.01)
    return made


async def test_the_author_is_told_how_many_they_are_and_when_it_leaves(
    bot: Bot, olga: Chat
) -> None:
    await drafted(olga)
    made = await confirmed(olga, 6)
    said = await seen(olga, "The recipients are settled")
    assert "It goes to exactly this many people: 6" in said
    assert "Whoever joins after this" not in said
    assert "Hello everybody" in said
    await olga.presses("Undo")
    assert "Undone; nothing was sent" in olga.text
    assert (await latest(bot)).phase is Phase.DRAFT
    await olga.presses_value(f"go:an:{made.id}")
    assert "People who get it: 6" in olga.text


async def test_what_leaves_much_later_says_who_is_not_among_them(bot: Bot, olga: Chat) -> None:
    made = await drafted(olga)
    await olga.presses("Change", "When")
    await olga.says("tomorrow 19:00", "yes")
    await confirmed(olga, 6)
    await seen(olga, "Whoever joins after this is not among them")
    await crowd(bot, 1)
    await olga.presses_value(f"go:an:{made.id}")
    assert "People who get it: 6" in olga.text
    bot.calendar.passes((await latest(bot)).starts_at - bot.calendar.now)
    done = await comes_to(bot, Phase.DONE)
    assert done.counts is not None
    assert done.counts.total == 6


async def test_an_audience_that_grew_since_it_was_counted_goes_back_at_once(
    bot: Bot, olga: Chat
) -> None:
    made = await drafted(olga)
    async with bot.storage.transaction() as tx:
        await tx.broadcasts.set_phase(
            *(made.id, Phase.HELD, {Phase.DRAFT}, bot.calendar.now),
            starts_at=bot.calendar.now + timedelta(days=1),
            confirmed=5,
        )
    said = await seen(olga, "This announcement has not left")
    assert "It was confirmed for 5, and would reach 6 now." in said
    assert (await latest(bot)).phase is Phase.DRAFT
    await olga.presses("Look at it")
    await confirmed(olga, 6)
    assert (await latest(bot)).phase is Phase.HELD


async def test_a_second_person_agrees_to_those_who_are_settled(bot: Bot, olga: Chat) -> None:
    omar = await organiser(bot, "omar")
    await crowd(bot, 5)
    await drafted(olga)
    await confirmed(olga, 12)
    await seen(olga, "Somebody else on the team must agree first")
    await crowd(bot, 3)
    await seen(omar, "waits for somebody else's yes")
    await omar.presses("Look at it")
    assert "People who get it: 12" in omar.text
    await omar.presses("Yes, send it")
    assert "Confirmed. It leaves in 60 seconds" in omar.text
    assert "People who get it: 12" in omar.text


async def test_parts_below_the_limit_count_together(bot: Bot, olga: Chat) -> None:
    await drafted(olga)
    assert (await confirmed(olga, 6)).phase is Phase.HELD
    await drafted(olga)
    made = await confirmed(olga, 6)
    assert made.starts_at - bot.calendar.now == timedelta(minutes=10)
    assert "more than 10" in await seen(olga, "similar announcements to 6 people")


async def test_parts_wait_for_a_second_person_where_there_is_one(bot: Bot, olga: Chat) -> None:
    await organiser(bot, "omar")
    await drafted(olga)
    await confirmed(olga, 7)
    await drafted(olga)
    assert (await confirmed(olga, 7)).phase is Phase.WAITING
    await seen(olga, "similar announcements to 7 people")


async def test_after_an_hour_it_is_counted_alone(bot: Bot, olga: Chat) -> None:
    await drafted(olga)
    await confirmed(olga, 6)
    bot.calendar.passes(timedelta(hours=1))
    await drafted(olga)
    made = await confirmed(olga, 6)
    assert made.starts_at - bot.calendar.now == timedelta(seconds=60)


async def test_what_was_undone_and_what_is_about_something_else_does_not_count(
    bot: Bot, olga: Chat
) -> None:
    await drafted(olga)
    await confirmed(olga, 6)
    await olga.presses("Undo")
    await drafted(olga)
    await confirmed(olga, 6)
    await olga.presses_value("go:an-new")
    await olga.presses("Everyone", "Webinar small", "Skip")
    await olga.says("Something else")
    assert (await confirmed(olga, 6)).starts_at - bot.calendar.now == timedelta(seconds=60)


async def test_the_same_words_about_no_webinar_count_together(bot: Bot, olga: Chat) -> None:
    for seconds in (60, 600):
        await olga.presses_value("go:an-new")
        await olga.presses("Everyone", "No, in general", "Skip")
        await olga.says("The same words")
        made = await confirmed(olga, 6)
        assert made.starts_at - bot.calendar.now == timedelta(seconds=seconds)


async def test_what_somebody_else_lets_go_is_theirs(bot: Bot, olga: Chat) -> None:
    omar = await organiser(bot, "omar")
    await drafted(olga)
    await confirmed(olga, 7)
    await drafted(omar)
    assert (await confirmed(omar, 7)).phase is Phase.HELD


async def test_a_correction_to_the_same_people_needs_no_second_person(bot: Bot, olga: Chat) -> None:
    await drafted(olga)
    await confirmed(olga, 6)
    bot.calendar.passes(timedelta(seconds=61))
    await seen(olga, "Sending is complete.")
    await bot.quiet("olga")
    await olga.presses("Correct it", "Skip")
    await olga.says("It begins at eight")
    made = await confirmed(olga, 6)
    assert made.starts_at - bot.calendar.now == timedelta(seconds=60)


async def test_nobody_waits_for_an_organiser_who_waits_for_a_number(bot: Bot, olga: Chat) -> None:
    made = await drafted(olga)
    anna = await joined(bot, "anna")
    await register(bot, "anna", "virus")
    async with bot.storage.reading(), bot.storage.reading():
        # Nothing can be counted now.
        asks = bot.reception.take(pressed(olga, f"go:an:{made.id}"))
        await bot.reception.take(pressed(anna, "go:menu"))
        assert not asks.done()
    await asks
    await bot.quiet("olga")
    assert "People who get it: 7" in olga.text
    assert anna.screen


def pressed(chat: Chat, value: str) -> Incoming:
    """A button of this chat's last message."""
    chat.count += 1
    id = f"{chat.account}-{chat.count}"
    now, message = chat.bot.calendar.now, str(chat.last)
    return Incoming("web", chat.account, id, now, choice=value, message=message)


async def test_a_turn_that_is_taken_again_counts_once_as_a_message(
    tmp_path: Path,
) -> None:
    async with bot_at_work(tmp_path, rules=Rules(messages_per_minute=4)) as bot:
        olga = await organiser(bot, "olga")
        bot.calendar.passes(timedelta(minutes=2))
        made = await drafted(olga)
        bot.calendar.passes(timedelta(minutes=2))
        for _ in range(4):
            await olga.presses_value(f"go:an:{made.id}")
            bot.calendar.passes(timedelta(seconds=-15))
            assert "People who get it" in olga.text
