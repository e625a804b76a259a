"""Reminders as people get them: in time, with the way in, until they want no more."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from storage.broadcasting.broadcasts import Kind, Rule
from storage.series.webinars import WayIn
from tests.handlers.announcing.organisers import joined, register
from tests.handlers.announcing.test_running import seen
from tests.handlers.chatting import NOW, Bot, Chat, bot_at_work, plain, webinar
from tests.handlers.organising import organiser
from tests.handlers.participants.test_registration import person_of

SOON = webinar(
    "soon",
    starts_at=NOW + timedelta(hours=2),
    way_in=WayIn("https://meet.example.org/a", "+39 06 123", "4711"),
    reminders=(60, 10, 0),
)


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncGenerator[Bot]:
    """The bot, which reminds, and a webinar in two hours."""
    async with bot_at_work(tmp_path, broadcasting=True) as bot:
        async with bot.storage.transaction() as tx:
            await tx.webinars.put(SOON)
            await tx.reminders.replan(SOON, (), NOW)
        yield bot


@pytest.fixture
async def anna(bot: Bot) -> Chat:
    """Somebody who is registered."""
    anna = await joined(bot, "anna")
    await register(bot, "anna", "soon")
    return anna


def before_start(bot: Bot, minutes: int) -> None:
    """Let time pass until so many minutes before the start."""
    bot.calendar.now = SOON.starts_at - timedelta(minutes=minutes)


async def have_the_way_in(bot: Bot) -> int:
    """How many would be told of another one."""
    rule = Rule("told", "soon", reminded=15)
    async with bot.storage.reading() as tx:
        return (await tx.recipients.audience(rule, None, Kind.NOTICE)).total


async def test_the_way_in_comes_with_the_reminder_that_is_near(bot: Bot, anna: Chat) -> None:
    before_start(bot, 60)
    await seen(anna, "Coming up: Webinar soon")
    assert "4711" not in anna.text
    assert await have_the_way_in(bot) == 0
    before_start(bot, 10)
    await seen(anna, "Starting shortly: Webinar soon")
    for part in ("https://meet.example.org/a", "+39 06 123", "4711"):
        assert part in anna.text
    assert await have_the_way_in(bot) == 1


async def test_no_more_reminders_is_one_tap_away_and_leaves_the_words(bot: Bot, anna: Chat) -> None:
    before_start(bot, 60)
    await seen(anna, "Coming up")
    number = anna.last
    await anna.presses("No more reminders")
    assert not (await person_of(bot)).reminders
    assert "Reminders: off" in anna.text
    assert "Coming up" in plain(anna.screen[number].text)
    ben = await joined(bot, "ben")
    await register(bot, "ben", "soon")
    before_start(bot, 10)
    await seen(ben, "Starting shortly")
    assert not any("Starting shortly" in plain(m.text) for m in anna.screen.values())


async def test_details_are_answered_below_the_reminder(bot: Bot, anna: Chat) -> None:
    before_start(bot, 60)
    await seen(anna, "Coming up")
    number = anna.last
    await anna.presses_value("+go:w:soon", number)
    assert "You are registered for this webinar" in anna.text
    assert anna.last > number


async def test_who_is_in_charge_learns_which_webinar_a_late_reminder_was_about(
    bot: Bot, anna: Chat
) -> None:
    olga = await organiser(bot)
    # Nobody could be reached in the hour that this one had.
    async with bot.storage.transaction() as tx:
        made = await tx.reminders.spread(SOON.starts_at - timedelta(minutes=60))
        for id in made:
            while await tx.recipients.freeze(id, 100):
                pass
    before_start(bot, 5)
    bot.office.wake_broadcasts()
    await seen(olga, "It was to remind people of:")
    assert "Webinar soon" in olga.text
