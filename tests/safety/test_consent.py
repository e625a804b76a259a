"""Nothing is kept without consent, and a consent is kept with what was agreed to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from handlers.participants import privacy
from tests.handlers.chatting import Bot, Chat
from tests.hostile import HOSTILE, HOSTILE_BUTTONS, HOSTILE_STARTS
from tests.safety.people import newcomer, taps
from tests.safety.rows import everything
from tests.safety.seen import shows, word

HOUR = 3_600_000


def changed(bot: Bot) -> None:
    """The notice promises something else from now on."""
    house = bot.receiver.house
    bot.receiver.house = replace(house, rules=replace(house.rules, retention_days=29))


async def test_a_hundred_hostile_newcomers_leave_no_row(bot: Bot, database: Path) -> None:
    before = everything(database)
    for number in range(100):
        chat = bot.person(f"{7_100_000_000 + number}")
        await chat.takes(text=HOSTILE[number % len(HOSTILE)], id=f"a{number}")
        await chat.takes(choice=HOSTILE_BUTTONS[number % len(HOSTILE_BUTTONS)], message="1")
        await chat.says("/start", start=HOSTILE_STARTS[number % len(HOSTILE_STARTS)])
        await taps(chat, f"language-own-{'ar' if number % 2 else 'en'}")
        if number % 3 == 0:
            await chat.takes(media="photo")
        if number % 3 == 1:
            await chat.takes(text="My name is Huda", message="7", edited=True)
        await chat.says("How do we protect the workers?", "/mydata", "/forget", "/stop")
    assert everything(database) == before


async def test_a_consent_tells_what_was_agreed_to_in_which_hour(bot: Bot, database: Path) -> None:
    await newcomer(bot, "7000000001")
    await newcomer(bot, "7000000002", "ar")
    rows = everything(database)["consents"]
    house = bot.receiver.house
    agreed = [privacy.consent(house, language) for language in ("en", "ar")]
    assert sorted((r["version"], r["hash"], r["language"]) for r in rows) == sorted(
        (c.version, c.hash, c.language) for c in agreed
    )
    assert agreed[0].hash != agreed[1].hash
    assert {row["hour"] % HOUR for row in rows} == {0}


async def test_a_changed_notice_comes_first_and_nothing_else_is_done(
    bot: Bot, anna: Chat, database: Path
) -> None:
    await anna.says("/register", "Nour")
    changed(bot)
    before = everything(database)
    for words in ("Baghdad", "/ask", "/settings", "/menu", "What about the markets?"):
        await anna.says(words)
        assert shows(anna, "notice-changed"), words
    await anna.presses_value("go:set:reminders:off")
    assert shows(anna, "notice-changed")
    await anna.takes(text="Huda", message="m3", edited=True)
    for table in ("people", "registrations", "questions", "consents"):
        assert everything(database)[table] == before[table], table
    await taps(anna, "btn-agree")
    assert shows(anna, "ask-gov")
    assert len(everything(database)["consents"]) == 2
    assert not shows(anna, "notice-changed")


async def test_leaving_needs_no_new_consent(bot: Bot, anna: Chat, database: Path) -> None:
    changed(bot)
    await anna.says("/privacy")
    assert shows(anna, "notice-delete")
    await anna.says("/mydata")
    assert shows(anna, "mydata")
    await taps(anna, "btn-mydata-file")
    await anna.says("/stop")
    assert shows(anna, "stopped")
    await anna.says("/forget")
    await anna.says(word("btn-forget-really"))
    await taps(anna, "btn-forget-now")
    assert shows(anna, "forgotten")
    assert everything(database)["people"] == []


async def test_cancel_alone_stops_without_a_new_consent(bot: Bot, anna: Chat) -> None:
    changed(bot)
    await anna.says("إلغاء")
    assert shows(anna, "stopped")


async def test_a_link_leads_to_its_webinar_behind_a_changed_notice(bot: Bot, anna: Chat) -> None:
    changed(bot)
    await anna.opens("virus")
    assert shows(anna, "notice-changed")
    await taps(anna, "btn-agree")
    assert "Webinar virus" in anna.text


async def test_a_consent_of_long_ago_is_not_taken_for_a_changed_notice(
    bot: Bot, stranger: Chat, database: Path
) -> None:
    await stranger.says("/start")
    await taps(stranger, "language-own-en")
    number, agree = stranger.button(word("btn-agree"))
    changed(bot)
    bot.calendar.passes(timedelta(days=3))
    await stranger.presses_value(agree, number)
    assert shows(stranger, "notice-changed")
    assert everything(database)["people"] == []
