"""Whoever is told a part by template reads the rest by answering, or by a word of its buttons."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from channels import NO_SLIP, Slip
from dialogue.words import Act, Message
from handlers.announcing.content import Announcement
from handlers.telling.templates import FORMS, NEWS
from storage.broadcasting.broadcasts import Kind, Phase, Rule
from storage.post.contents import Content
from storage.series.webinars import WayIn
from tests.handlers.announcing.test_running import seen
from tests.handlers.chatting import NOW, Bot, Chat, bot_at_work, webinar
from tests.handlers.staff.team import person_of
from tests.handlers.test_windows import WhatsApp
from tests.safety.people import newcomer
from tests.safety.seen import shows, word

SOON = webinar(
    "soon",
    starts_at=NOW + timedelta(days=3),
    way_in=WayIn("https://meet.example.org/a"),
    reminders=(10,),
)
LONG = "The first sentence. " * 70


class Closing(WhatsApp):
    """A WhatsApp that shows no more than a template once its window is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.bot: Bot | None = None

    async def send(
        self, account: str, act: Act, target: str | None, message: Message, slip: Slip = NO_SLIP
    ) -> str:
        """Show the message, or its template."""
        assert self.bot is not None
        if slip.open_until is not None and slip.open_until <= self.bot.calendar.now:
            assert message.template is not None, "nothing else would go through"
            part = " / ".join(value[:60] for value in message.template.values)
            message = Message(f"[{message.template.name}] {part}")
        return await super().send(account, act, target, message, slip)


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncGenerator[Bot]:
    """The bot on WhatsApp, which announces and reminds."""
    phones = Closing()
    async with bot_at_work(tmp_path, phones=phones, broadcasting=True) as bot:
        phones.bot = bot
        await approved(bot)
        yield bot


async def approved(bot: Bot) -> None:
    """WhatsApp takes every template in either language."""
    async with bot.storage.transaction() as tx:
        for form in FORMS:
            for code in ("ar", "en"):
                key = f"{form.name}-{code}"
                kind = form.category.value
                await tx.contents.put(
                    Content(key, form.name, "quick-reply", code, kind, f"HX{key}", "approved")
                )


@pytest.fixture
async def anna(bot: Bot) -> Chat:
    """Somebody who wrote for the last time two days ago."""
    anna = await newcomer(bot, "anna")
    bot.calendar.passes(timedelta(days=2))
    return anna


async def announced(bot: Bot, words: str = LONG, about: str | None = "virus") -> None:
    """An announcement to everybody, on its way."""
    async with bot.storage.transaction() as tx:
        content = Announcement({"en": words}, about).to_content()
        now = bot.calendar.now
        await tx.broadcasts.put(
            Kind.ANNOUNCEMENT, Rule("all"), content, now, phase=Phase.HELD, webinar=about
        )
    bot.office.wake_broadcasts()


async def has_read(anna: Chat, words: str) -> None:
    """It is on her screen, and the bot knows that it is."""
    await seen(anna, words)
    await anna.bot.quiet(anna.account)


async def test_any_answer_to_a_part_brings_the_rest(bot: Bot, anna: Chat) -> None:
    await announced(bot)
    await has_read(anna, "[announcement]")
    before = anna.last
    await anna.says("ok, what is it?")
    assert LONG.strip() in anna.screen[before + 1].text
    assert shows(anna, "unasked"), "what they wrote is not lost, should it have been a question"


@pytest.mark.parametrize("said", ["hello", "/menu", "مرحبا"])
async def test_a_greeting_is_an_answer_too(bot: Bot, anna: Chat, said: str) -> None:
    await announced(bot)
    await has_read(anna, "[announcement]")
    await anna.says(said)
    assert any(LONG.strip() in message.text for message in anna.screen.values())


async def test_a_stop_is_a_stop_and_brings_no_more(bot: Bot, anna: Chat) -> None:
    await announced(bot)
    await has_read(anna, "[announcement]")
    await anna.says("STOP")
    assert shows(anna, "stopped")
    assert not any(LONG.strip() in message.text for message in anna.screen.values())


async def test_nobody_reads_twice_what_they_got_in_full(bot: Bot) -> None:
    anna = await newcomer(bot, "anna")
    await announced(bot, "All of it.")
    await has_read(anna, "All of it.")
    bot.calendar.passes(timedelta(days=2))
    before = len(anna.screen)
    await anna.says("thanks!")
    assert len(anna.screen) == before + 1


async def test_the_button_of_a_template_brings_the_rest_at_any_time(bot: Bot, anna: Chat) -> None:
    await announced(bot)
    await has_read(anna, "[announcement]")
    await anna.presses_value(NEWS)
    assert LONG.strip() in anna.text
    assert anna.labels == [word("btn-announce-register"), word("btn-announcements-none")]
    await anna.says("/menu", word("btn-read-all"))
    assert LONG.strip() in anna.text


async def test_without_news_the_button_leads_to_the_programme(anna: Chat) -> None:
    await anna.presses_value(NEWS)
    assert shows(anna, "news-none")
    assert "Webinar virus" in anna.text


@pytest.mark.parametrize("label", ["btn-announce-register", "btn-details"])
async def test_the_word_of_a_button_leads_to_the_webinar_that_was_announced(
    bot: Bot, anna: Chat, label: str
) -> None:
    await announced(bot, about="small")
    await has_read(anna, "[announcement]")
    await anna.says(word(label, "ar"))
    assert "Webinar small" in anna.text
    assert word("btn-register") in anna.labels


async def test_the_words_of_buttons_end_announcements_and_reminders(anna: Chat) -> None:
    await anna.says(word("btn-announcements-none"))
    assert shows(anna, "setting-announcements-off")
    await anna.says(word("btn-reminders-stop", "ar"))
    assert shows(anna, "setting-reminders-off")


async def test_a_reminder_is_said_anew_with_the_way_in(bot: Bot, anna: Chat) -> None:
    async with bot.storage.transaction() as tx:
        await tx.webinars.put(SOON)
        await tx.reminders.replan(SOON, (), NOW)
        await tx.registrations.put(await person_of(anna), "soon", {}, NOW)
    bot.calendar.now = SOON.starts_at - timedelta(minutes=10)
    bot.office.wake_broadcasts()
    await has_read(anna, "[reminder] ")
    assert "https://meet.example.org/a" not in anna.text, "it is cut here"
    await anna.says("ok")
    full = anna.screen[anna.last - 1].text
    assert "https://meet.example.org/a" in full
    async with bot.storage.reading() as tx:
        (kept,) = await tx.registrations.of(await person_of(anna))
    assert kept.told
    bot.calendar.now = SOON.starts_at + timedelta(hours=8)
    await anna.presses_value(NEWS)
    assert shows(anna, "news-none"), "it is over"


async def test_what_is_told_of_a_change_is_said_in_full(bot: Bot, anna: Chat) -> None:
    async with bot.storage.transaction() as tx:
        await tx.registrations.put(await person_of(anna), "virus", {}, NOW)
        await tx.broadcasts.put(
            Kind.NOTICE,
            Rule("registered", "virus"),
            {"notice": "cancelled", "title": {"en": "Webinar virus"}},
            bot.calendar.now,
            phase=Phase.HELD,
            webinar="virus",
        )
    bot.office.wake_broadcasts()
    await has_read(anna, "[notice] ")
    await anna.says("what?")
    assert "has been cancelled" in anna.screen[anna.last - 1].text


async def test_who_has_not_agreed_anew_can_end_it_by_the_words_of_its_button(
    bot: Bot, anna: Chat
) -> None:
    rules = replace(bot.receiver.house.rules, retention_days=31)
    bot.receiver.house = replace(bot.receiver.house, rules=rules)
    await anna.says("/menu")
    assert shows(anna, "notice-changed")
    await anna.says(word("btn-announcements-none"))
    assert shows(anna, "setting-announcements-off")
