"""/outages: planned cuts noted, one or many days, and what becomes of the reminders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from storage.roles import Role
from storage.series.outages import Outage
from tests.handlers.chatting import Bot, Chat
from tests.handlers.organising import moment, organiser, put, said, taps
from tests.handlers.staff.team import becomes
from tests.safety.people import newcomer
from tests.safety.seen import LANGUAGES, shows, word

NINE = datetime(2026, 12, 6, 6, tzinfo=UTC)
"""Sunday, nine in the morning in Baghdad."""


@pytest.fixture
async def olga(bot: Bot) -> Chat:
    """An organiser who speaks English."""
    return await organiser(bot)


async def noted(bot: Bot) -> list[tuple[datetime, datetime]]:
    """The cuts that are known, from when until when."""
    async with bot.storage.reading() as tx:
        known: list[Outage] = await tx.outages.coming(bot.calendar.now)
    return [(each.starts_at, each.ends_at) for each in known]


async def begun(olga: Chat, kind: str, language: str = "en") -> None:
    """The form of a new cut, its kind chosen."""
    await olga.says("/outages")
    await taps(olga, "btn-add-outage", kind, language=language)


WORDS = {
    "ar": ("الأحد 6 كانون الأول الساعة 9 صباحًا", "6 كانون الأول 11:00 صباحًا", "نعم"),
    "en": ("Sunday 6 December 9 am", "6 December 11:00 am", "yes"),
}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_single_cut_is_noted(bot: Bot, language: str) -> None:
    olga = await organiser(bot, language)
    since, until, yes = WORDS[language]
    await begun(olga, "btn-outage-once", language)
    await olga.says(since, yes, until, yes)
    assert shows(olga, "summary-outage", language)
    await taps(olga, "btn-confirm", language=language)
    assert shows(olga, "outage-noted", language)
    assert moment(NINE, language) in olga.text
    assert await noted(bot) == [(NINE, NINE + timedelta(hours=2))]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_exam_mornings_are_noted_together_and_removed_together(
    bot: Bot, language: str
) -> None:
    olga = await organiser(bot, language)
    await begun(olga, "btn-outage-daily", language)
    days = {"ar": ("6 كانون الأول", "10 كانون الأول"), "en": ("6 December", "10 December")}
    yes = WORDS[language][2]
    first, last = days[language]
    await olga.says(first, yes, last, yes)
    await olga.presses("04:00-08:00")
    await taps(olga, "btn-confirm", language=language)
    assert shows(olga, "outage-days-line", language)
    four = datetime(2026, 12, 6, 1, tzinfo=UTC)
    expected = [(four + timedelta(days=n), four + timedelta(days=n, hours=4)) for n in range(5)]
    assert await noted(bot) == expected
    await olga.presses(said("btn-drop-outage", language, number=1))
    assert await noted(bot) == expected
    number, value = olga.button(word("btn-do-drop-outage", language))
    await olga.presses_value(value, number)
    assert shows(olga, "outage-gone", language)
    assert shows(olga, "outages-none", language)
    assert await noted(bot) == []
    await olga.presses_value(value, number)
    assert shows(olga, "outages-none", language)


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("04:00-08:00", (1, 5)),
        ("from 4 to 8", (1, 5)),
        ("من ٤ إلى ٨:٣٠", (1, 5.5)),
        ("22:00 – 02:00", (19, 23)),
        ("4 pm to 8 pm", (13, 17)),
        ("4-8 pm", (13, 17)),
        ("من 4 عصرًا إلى 8", (13, 17)),
        ("10 مساءً - 2 صباحًا", (19, 23)),
        ("8 صباحًا - 2 ظهرًا", (5, 11)),
    ],
)
async def test_hours_are_read_as_they_are_typed(
    bot: Bot, olga: Chat, typed: str, hours: tuple[float, float]
) -> None:
    await begun(olga, "btn-outage-daily")
    await olga.says("6 December", "yes", "6 December", "yes", typed, "confirm")
    midnight = datetime(2026, 12, 6, tzinfo=UTC)
    assert await noted(bot) == [tuple(midnight + timedelta(hours=hour) for hour in hours)]


@pytest.mark.parametrize("typed", ["in the morning", "4", "25-26", "4-4", "1-2-3", "04:61-05:00"])
async def test_other_hours_are_asked_for_again(olga: Chat, typed: str) -> None:
    await begun(olga, "btn-outage-daily")
    await olga.says("6 December", "yes", "6 December", "yes", typed)
    assert shows(olga, "reject-o-hours")


async def test_a_cut_that_has_begun_is_noted_from_now_on(bot: Bot, olga: Chat) -> None:
    await begun(olga, "btn-outage-once")
    await taps(olga, "btn-outage-now")
    await olga.says("22 November 20:00", "yes", "confirm")
    ((since, until),) = await noted(bot)
    assert since == bot.calendar.now
    assert until == datetime(2026, 11, 22, 17, tzinfo=UTC)


async def test_the_end_comes_after_the_beginning(olga: Chat) -> None:
    await begun(olga, "btn-outage-once")
    await olga.says("6 December 9:00 am", "yes", "5 December 9:00 am")
    assert shows(olga, "reject-order")
    await taps(olga, "btn-cancel")
    await begun(olga, "btn-outage-daily")
    await olga.says("6 December", "yes", "5 December")
    assert shows(olga, "reject-order")


async def test_what_lasts_too_long_is_a_slip(bot: Bot, olga: Chat) -> None:
    await begun(olga, "btn-outage-once")
    await olga.says("6 December 9:00 am", "yes", "6 January 2027 9:00 am", "yes", "confirm")
    assert shows(olga, "reject-o-long")
    assert await noted(bot) == []


async def test_the_same_cut_is_noted_once(bot: Bot, olga: Chat) -> None:
    for _ in range(2):
        await begun(olga, "btn-outage-daily")
        await olga.says("6 December", "yes", "7 December", "yes", "4-8", "confirm")
    assert len(await noted(bot)) == 2


async def test_reminders_are_planned_around_it_at_once(bot: Bot, olga: Chat) -> None:
    await put(bot, starts_at=NINE + timedelta(hours=3), reminders=(120,))
    await begun(olga, "btn-outage-once")
    await olga.says("6 December 9:30 am", "yes", "6 December 11:00 am", "yes", "confirm")

    async def planned() -> list[datetime]:
        async with bot.storage.reading() as tx:
            due = await tx.reminders.due(NINE + timedelta(days=1))
        return [each.due for each in due if each.webinar == "salma"]

    (before,) = await planned()
    assert before < NINE + timedelta(minutes=30)
    await olga.presses(said("btn-drop-outage", number=1))
    await taps(olga, "btn-do-drop-outage")
    assert await planned() == [NINE + timedelta(hours=1)]


async def test_nobody_else_has_this_command(bot: Bot) -> None:
    for role in (None, Role.MODERATOR, Role.INTERPRETER, Role.SPEAKER):
        chat = await newcomer(bot, f"one-{role}")
        await becomes(chat, role)
        await chat.says("/outages")
        assert not shows(chat, "outages-none")
        for value in ("go:unew:", "go:uo:1", "go:ux:1", "go:outages"):
            await chat.presses_value(value)
            assert not shows(chat, "outages-none")
