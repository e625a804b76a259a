"""What an announcement comes to on WhatsApp, looked at before it leaves."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.house import Rules
from storage.community.people import Arrival
from storage.post.contents import Content
from tests.handlers.announcing.organisers import NOBODY, drafted, latest, organiser
from tests.handlers.chatting import Bot, Chat, Phones, bot_at_work
from tests.handlers.organising import opens, put, said, taps
from tests.handlers.test_windows import WhatsApp
from tests.safety.seen import LANGUAGES, shows, word

PERSON_OF = "SELECT person FROM addresses WHERE id = :id"
REACH = 3
"""People whom one may write to first within a day."""


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncGenerator[Bot]:
    """The bot in the web chat and on WhatsApp, where its number is new."""
    rules = Rules(first_messages_per_day=REACH)
    async with bot_at_work(tmp_path, None, rules, Phones(), WhatsApp()) as bot:
        yield bot


@pytest.fixture
async def olga(bot: Bot) -> Chat:
    """An organiser."""
    return await organiser(bot, "olga")


async def people(bot: Bot, number: int, *, wrote: timedelta, language: str = "en") -> list[int]:
    """So many people on WhatsApp who wrote for the last time so long ago; their addresses."""
    now, made = bot.calendar.now, list[int]()
    async with bot.storage.transaction() as tx:
        for _ in range(number):
            account = f"+{bot.storage.ids.delivery(now)}"
            until = now - wrote + timedelta(hours=24)
            arrival = Arrival("whatsapp", account, "1", opens_until=until)
            address, _ = await tx.people.welcome(arrival, language, NOBODY, now)
            made.append(address.id)
    return made


async def approved(bot: Bot, *languages: str, state: str = "approved") -> None:
    """A template for announcements is in this state in these languages."""
    async with bot.storage.transaction() as tx:
        for code in languages:
            content = Content(
                key=f"key-{code}",
                name="announcement",
                kind="quick-reply",
                language=code,
                category="marketing",
                sid=f"HX{code}",
                state="unsubmitted",
            )
            await tx.contents.put(replace(content, state=state))  # type: ignore[arg-type]


HOUR, DAYS = timedelta(hours=1), timedelta(days=2)


async def test_it_shows_who_gets_it_how(bot: Bot, olga: Chat) -> None:
    await people(bot, 4, wrote=HOUR)
    await people(bot, 2, wrote=DAYS)
    await people(bot, 1, wrote=DAYS, language="ar")
    (gone,) = await people(bot, 1, wrote=DAYS)
    async with bot.storage.transaction() as tx:
        await tx.people.mark(gone, reachable=False)
    await approved(bot, "en")
    await approved(bot, "ar", state="pending")
    await drafted(olga)
    assert said("announce-recipients", number=8) in olga.text
    assert said("announce-open", number=4) in olga.text
    assert said("announce-template", number=2) in olga.text
    assert said("announce-untemplated", number=1) in olga.text
    assert said("announce-unreachable", number=1) in olga.text
    assert said("announce-paid", number=2) in olga.text
    await olga.presses("Send")
    assert shows(olga, "ask-announce-count")
    assert said("announce-paid", number=2) in olga.text


async def test_in_open_conversations_nothing_is_paid_for(bot: Bot, olga: Chat) -> None:
    await people(bot, 4, wrote=HOUR)
    await drafted(olga)
    assert said("announce-open", number=4) in olga.text
    for key in ("announce-template", "announce-untemplated", "announce-paid"):
        assert not shows(olga, key)


async def test_without_a_number_there_nothing_is_said_of_it(bot: Bot, olga: Chat) -> None:
    bot.receiver.house = replace(bot.receiver.house, whatsapp_number=None)
    await people(bot, 4, wrote=HOUR)
    await drafted(olga)
    assert not shows(olga, "announce-open")


async def test_a_change_of_a_webinar_shows_it_too(bot: Bot, olga: Chat) -> None:
    await put(bot)
    addresses = await people(bot, 2, wrote=DAYS) + await people(bot, 3, wrote=HOUR)
    async with bot.storage.transaction() as tx:
        for address in addresses:
            rows = await tx.desk.connection.fetch(PERSON_OF, {"id": address})
            await tx.registrations.put(rows[0][0], "salma", {}, bot.calendar.now)
    await approved(bot, "en")
    await opens(olga, "salma")
    await taps(olga, "btn-cancel-webinar")
    assert said("told-how-many", count=5) in olga.text
    assert said("announce-open", number=3) in olga.text
    # A template for announcements is none for changes.
    assert said("announce-untemplated", number=2) in olga.text
    assert not shows(olga, "announce-paid")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_beyond_the_daily_reach_its_author_chooses(bot: Bot, language: str) -> None:
    olga = await organiser(bot, "olga", language)
    await people(bot, 2 * REACH + 1, wrote=DAYS, language=language)
    await approved(bot, *LANGUAGES)
    await olga.presses_value("go:an-new")
    await olga.presses(
        word("btn-announce-all", language), word("btn-announce-no-webinar", language)
    )
    await olga.says("خبر للجميع", "News for all")
    refused = said("obstacle-reach", language, most=REACH, count=3)
    assert refused in olga.text
    await olga.presses(word("btn-announce-send", language))
    assert shows(olga, "announce-not-yet", language)
    await olga.presses(word("btn-announce-spread", language))
    assert refused not in olga.text
    assert said("announce-over-days", language, most=REACH, count=3) in olga.text
    assert word("btn-announce-spread", language) not in olga.labels
    await olga.presses(word("btn-announce-send", language))
    assert shows(olga, "ask-announce-count", language)
    await olga.says(str(2 * REACH + 2))
    assert shows(olga, "announce-held", language)
    assert (await latest(bot)).content["spread"] is True


async def test_what_was_used_up_today_is_not_there_any_more(bot: Bot, olga: Chat) -> None:
    addresses = await people(bot, REACH, wrote=DAYS)
    await approved(bot, *LANGUAGES)
    async with bot.storage.transaction() as tx:
        await tx.reach.note(addresses[0], bot.calendar.now - timedelta(hours=2))
    await drafted(olga)
    assert said("obstacle-reach", most=REACH, count=2) in olga.text
    bot.calendar.passes(timedelta(hours=23))
    await olga.presses_value(f"go:an:{(await latest(bot)).id}")
    assert not shows(olga, "obstacle-reach")


async def test_who_needs_a_template_takes_nothing_of_the_reach(bot: Bot, olga: Chat) -> None:
    await people(bot, 3 * REACH, wrote=DAYS)
    await drafted(olga)
    assert said("announce-untemplated", number=3 * REACH) in olga.text
    assert not shows(olga, "obstacle-reach")


async def test_other_words_are_agreed_to_anew(bot: Bot, olga: Chat) -> None:
    await people(bot, REACH + 1, wrote=DAYS)
    await approved(bot, *LANGUAGES)
    await drafted(olga)
    await olga.presses(word("btn-announce-spread"))
    await olga.presses("Change", "Text in English")
    await olga.says("Hello again")
    assert shows(olga, "obstacle-reach")
