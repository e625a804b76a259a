"""The way in: who is shown it, from which minute to which, and who never is."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from handlers.house import Rules
from storage.series.webinars import WayIn
from tests.handlers.chatting import NOW, Bot, Chat, bot_at_work
from tests.handlers.organising import WAY_IN, at, put, registered, said
from tests.safety.people import newcomer
from tests.safety.seen import LANGUAGES, all_text, shows, word

START = NOW + timedelta(days=10, hours=4)
MINUTE = timedelta(minutes=1)
SECRETS = (WAY_IN.link, WAY_IN.dial_in, WAY_IN.passcode)


def shown(chat: Chat) -> bool:
    """Whether all of the way in is in the last message; never a part of it."""
    found = {secret in chat.text for secret in SECRETS}
    assert len(found) == 1
    return found == {True}


async def was_told(bot: Bot, person: int) -> bool:
    """Whether it is noted that this person was given the way in."""
    async with bot.storage.reading() as tx:
        kept = await tx.registrations.get(person, "salma")
    return kept is not None and kept.told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("moment", "open_now"),
    [
        (START - 15 * MINUTE - timedelta(seconds=1), False),
        (START - 15 * MINUTE, True),
        (START, True),
        (START + 120 * MINUTE - timedelta(seconds=1), True),
        (START + 120 * MINUTE, False),
    ],
)
async def test_those_registered_see_it_from_a_quarter_before_until_it_is_surely_over(
    bot: Bot, language: str, moment: datetime, open_now: bool
) -> None:
    anna = await newcomer(bot, "anna", language)
    await put(bot, way_in=WAY_IN)
    person = await registered(anna, "salma")
    at(anna, moment)
    await anna.opens("salma")
    assert shown(anna) is open_now
    assert (word("btn-join", language) in anna.labels) is open_now
    assert await was_told(bot, person) is open_now
    if moment < START - 15 * MINUTE:
        assert said("way-in-later", language, count=15) in anna.text


@pytest.mark.parametrize("language", LANGUAGES)
async def test_after_its_planned_end_nobody_says_that_it_goes_on_or_is_over(
    bot: Bot, language: str
) -> None:
    anna, ben = [await newcomer(bot, name, language) for name in ("anna", "ben")]
    await put(bot, way_in=WAY_IN)
    await registered(anna, "salma")
    at(anna, START + 90 * MINUTE)
    for chat in (anna, ben):
        await chat.opens("salma")
        assert shows(chat, "webinar-overdue", language)
        assert not shows(chat, "webinar-over", language)
        assert shown(chat) is (chat is anna)
    at(anna, START + 120 * MINUTE)
    await anna.opens("salma")
    assert shows(anna, "webinar-over", language)


async def test_the_button_opens_the_link(bot: Bot, anna: Chat) -> None:
    await put(bot, starts_at=bot.calendar.now, way_in=WAY_IN)
    await registered(anna, "salma")
    await anna.opens("salma")
    (button,) = anna.screen[anna.last].rows[0]
    assert (button.url, button.value) == (WAY_IN.link, "")


@pytest.mark.parametrize("link", ["https://meet/room", "http://لقاء.example", "https://[::1]/x"])
async def test_a_link_that_a_platform_may_refuse_is_words_alone(
    bot: Bot, anna: Chat, link: str
) -> None:
    await put(bot, starts_at=bot.calendar.now, way_in=WayIn(link))
    await registered(anna, "salma")
    await anna.opens("salma")
    assert link in anna.text
    assert word("btn-join") not in anna.labels


async def test_when_it_opens_is_a_setting(tmp_path: Path) -> None:
    async with bot_at_work(tmp_path, rules=Rules(way_in_minutes=60)) as bot:
        anna = await newcomer(bot, "anna")
        await put(bot, starts_at=bot.calendar.now + 59 * MINUTE, way_in=WAY_IN)
        await registered(anna, "salma")
        await anna.opens("salma")
        assert shown(anna)


async def test_only_what_is_known_of_it_is_shown(bot: Bot, anna: Chat) -> None:
    await put(bot, starts_at=bot.calendar.now, way_in=WayIn(dial_in="+39 06"))
    await registered(anna, "salma")
    await anna.opens("salma")
    assert said("way-in-phone", number="+39 06") in anna.text
    assert not shows(anna, "way-in-link")
    assert word("btn-join") not in anna.labels


async def test_one_that_was_not_entered_yet_is_said_to_be_missing(bot: Bot, anna: Chat) -> None:
    await put(bot, starts_at=bot.calendar.now)
    person = await registered(anna, "salma")
    await anna.opens("salma")
    assert shows(anna, "way-in-missing")
    assert not await was_told(bot, person)


# --- who registers late -------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_answer_to_a_late_registration_carries_it(bot: Bot, language: str) -> None:
    anna = await newcomer(bot, "anna", language)
    await put(bot, starts_at=bot.calendar.now, way_in=WAY_IN)
    await anna.opens("salma")
    assert not shown(anna)
    await anna.presses(word("btn-register", language), word("btn-skip", language))
    await anna.presses(word("governorate-BG", language), word("btn-skip", language))
    await anna.presses(word("btn-confirm", language))
    assert shows(anna, "saved", language)
    assert shows(anna, "way-in-of", language)
    assert shown(anna)


async def test_one_more_webinar_carries_it_at_once(bot: Bot, anna: Chat) -> None:
    await registered(anna, "virus")
    await put(bot, starts_at=bot.calendar.now, way_in=WAY_IN)
    await anna.opens("salma")
    await anna.presses("Register")
    assert shows(anna, "registered-now")
    assert shown(anna)


async def test_an_early_registration_does_not(bot: Bot, anna: Chat) -> None:
    await registered(anna, "virus")
    await put(bot, way_in=WAY_IN)
    await anna.opens("salma")
    await anna.presses("Register")
    assert said("way-in-later", count=15) in anna.text
    assert not shown(anna)


# --- approval -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
async def test_whoever_waits_for_approval_is_told_so_and_shown_nothing(
    bot: Bot, language: str
) -> None:
    anna = await newcomer(bot, "anna", language)
    await registered(anna, "virus")
    await put(bot, starts_at=bot.calendar.now, way_in=WAY_IN, approval=True)
    await anna.opens("salma")
    await anna.presses(word("btn-register", language))
    assert shows(anna, "approval-awaited", language)
    assert not shows(anna, "registered-now", language)
    await anna.opens("salma")
    assert shows(anna, "approval-awaited", language)
    assert not any(secret in all_text(anna) for secret in SECRETS)
    assert word("btn-join", language) not in anna.labels


async def test_a_whole_registration_says_what_waits(bot: Bot, anna: Chat) -> None:
    await put(bot, starts_at=bot.calendar.now, way_in=WAY_IN, approval=True)
    await anna.opens("salma")
    await anna.presses("Register", "Skip", "Baghdad", "Skip", "Confirm")
    assert shows(anna, "approval-awaited-for")
    assert "Webinar salma" in anna.text
    assert not any(secret in all_text(anna) for secret in SECRETS)


async def test_changing_an_answer_does_not_undo_an_approval(bot: Bot, anna: Chat) -> None:
    await put(bot, starts_at=bot.calendar.now, way_in=WAY_IN, approval=True)
    await registered(anna, "salma")
    await anna.says("/register")
    await anna.presses("Confirm")
    assert shows(anna, "saved")
    await anna.opens("salma")
    assert shown(anna)


# --- who is never shown it ----------------------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "cancelled", "finished"])
async def test_what_does_not_take_place_lets_nobody_in(bot: Bot, anna: Chat, state: str) -> None:
    await put(bot, starts_at=bot.calendar.now, way_in=WAY_IN, state=state)
    await registered(anna, "salma")
    await anna.opens("salma")
    assert not shown(anna)


async def test_others_never_see_it(bot: Bot, stranger: Chat) -> None:
    anna = await newcomer(bot, "anna")
    await put(bot, starts_at=bot.calendar.now, way_in=WAY_IN)
    for chat in (stranger, anna):
        await chat.opens("salma")
        await chat.says("/webinars", "/help")
        for value in ("go:w:salma", "go:wi:salma", "go:wn:salma", "go:wl:en:salma"):
            await chat.presses_value(value)
        assert not any(secret in all_text(chat) for secret in SECRETS)


async def test_whoever_takes_the_registration_back_sees_it_no_more(bot: Bot, anna: Chat) -> None:
    await put(bot, starts_at=bot.calendar.now, way_in=WAY_IN)
    await registered(anna, "salma")
    await anna.opens("salma")
    await anna.presses("Cancel registration")
    assert not shown(anna)
    assert "Register" in anna.labels
