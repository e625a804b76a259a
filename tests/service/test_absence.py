"""Whoever is registered learns when Telegram threw away what they may have sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from delivery import Clock
from service import absence
from tests.handlers.announcing.organisers import joined, organiser, register
from tests.handlers.announcing.test_running import seen
from tests.handlers.chatting import Bot, bot_at_work

DAY = timedelta(days=1)


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with bot_at_work(tmp_path, broadcasting=True) as bot:
        yield bot


async def notices(bot: Bot) -> int:
    """How many notices were made, whatever has become of them."""
    async with bot.storage.reading() as tx:
        ((count,),) = await tx.desk.connection.fetch("SELECT COUNT(*) FROM broadcasts")
    return count


async def away(bot: Bot, time: timedelta) -> None:
    """Telegram reaches the bot, then not for this time, and then again."""
    await absence.note(bot.storage, bot.phones.name, bot.calendar)
    bot.calendar.now += time
    await absence.note(bot.storage, bot.phones.name, bot.calendar)


async def test_those_registered_are_told_once_what_may_be_missing(bot: Bot) -> None:
    anna, ben = await joined(bot, "anna"), await joined(bot, "ben")
    await register(bot, "anna", "virus")
    before = ben.text
    await away(bot, timedelta(hours=30))
    await seen(anna, "may not have arrived")
    said = [message.text for message in anna.screen.values()]
    bot.calendar.now += timedelta(minutes=1)
    await absence.note(bot.storage, bot.phones.name, bot.calendar)
    assert await notices(bot) == 1
    assert sum("may not have arrived" in text for text in said) == 1
    # Whoever is registered for nothing is not written to.
    assert ben.text == before


async def test_the_times_are_those_of_what_telegram_has_thrown_away(bot: Bot) -> None:
    anna = await joined(bot, "anna")
    await register(bot, "anna", "virus")
    since = bot.calendar.now
    await away(bot, timedelta(hours=30))
    await seen(anna, "may not have arrived")
    voice = bot.receiver.house.languages.voice("en")
    for moment in (since, since + timedelta(hours=6)):
        assert voice.clock(moment) in anna.text


@pytest.mark.parametrize("time", [timedelta(minutes=1), timedelta(hours=4), DAY])
async def test_what_telegram_keeps_needs_no_word(bot: Bot, time: timedelta) -> None:
    await away(bot, time)
    assert await notices(bot) == 0


async def test_the_first_start_has_no_absence_behind_it(bot: Bot) -> None:
    await absence.note(bot.storage, bot.phones.name, bot.calendar)
    assert await notices(bot) == 0


async def test_a_note_that_had_to_wait_is_of_when_it_is_written(bot: Bot) -> None:
    async with bot.storage.transaction() as tx:
        noting = asyncio.create_task(absence.note(bot.storage, bot.phones.name, bot.calendar))
        # By now it waits for this one to end.
        await tx.meta.get(absence.HEARD)
        bot.calendar.now += timedelta(hours=30)
        await tx.meta.put(absence.HEARD, bot.calendar.now.isoformat())
    await noting
    bot.calendar.now += timedelta(minutes=1)
    await absence.note(bot.storage, bot.phones.name, bot.calendar)
    assert await notices(bot) == 0


async def test_nothing_is_noted_while_telegram_cannot_reach_us(bot: Bot) -> None:
    asked = asyncio.Event()
    answers = iter([False, False, True])
    rounds: list[float | None] = []

    async def wait(_event: asyncio.Event, seconds: float | None) -> None:
        rounds.append(seconds)
        async with bot.storage.reading() as tx:
            if await tx.meta.get(absence.HEARD) is not None:
                asked.set()
                await asyncio.Event().wait()

    clock = Clock(bot.calendar, lambda: 0.0, wait, lambda: 0.0)
    watching = asyncio.create_task(
        absence.watch(bot.storage, clock, "telegram", lambda: next(answers))
    )
    await asyncio.wait_for(asked.wait(), 30)
    watching.cancel()
    assert rounds == [60.0, 60.0, 60.0]


async def test_those_in_charge_learn_how_many_were_told(bot: Bot) -> None:
    await joined(bot, "anna")
    await register(bot, "anna", "virus")
    olga = await organiser(bot, "olga")
    await away(bot, timedelta(hours=30))
    await seen(olga, "Telegram was out of reach")
    assert "1 of 1" in olga.text
