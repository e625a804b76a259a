"""Words that nobody sends by mistake: taken, kept and shown as they are, or refused with a word."""

from __future__ import annotations

import asyncio
import json
import unicodedata
from datetime import timedelta

import pytest

from dialogue.fold import clean, split_text, utf16_length
from storage.asking.asked import AskedQuestion
from storage.community.people import Profile
from storage.community.registrations import Registration
from storage.series.webinars import ExtraQuestion
from tests.handlers.chatting import Bot, Chat, both, webinar
from tests.hostile import HOSTILE
from tests.safety.people import asks, newcomer, registers_with, taps
from tests.safety.seen import all_text, file_of, shows

FREE = ExtraQuestion("what-helps", both("What would help?", "ما الذي يساعد؟"))

AT_ONCE = 6

KEPT = tuple(text for text in HOSTILE if text != "/for\u200bget")
"""That one is a command, once what cannot be seen is gone; it has a test of its own."""


async def kept_of(bot: Bot, chat: Chat) -> tuple[Profile, list[Registration], list[AskedQuestion]]:
    """What is stored of this person."""
    async with bot.storage.reading() as tx:
        address = await tx.people.find(bot.phones.name, chat.account)
        assert address is not None
        person = await tx.people.get(address.person)
        assert person is not None
        mine = await tx.registrations.of(person.id)
        return person.profile, mine, await tx.questions.of(person.id)


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def is_a_name(text: str) -> bool:
    """Signs alone are none; letters, figures and pictures are."""
    return any(sign.isalnum() or unicodedata.category(sign) == "So" for sign in text)


async def test_before_consent_they_are_answered_and_not_kept(bot: Bot, stranger: Chat) -> None:
    for text in HOSTILE:
        bot.calendar.passes(timedelta(minutes=1))
        before = len(bot.phones.screens[stranger.account])
        await stranger.says(text)
        assert len(bot.phones.screens[stranger.account]) == before + 1, ascii(text)
    async with bot.storage.reading() as tx:
        assert await tx.people.find(bot.phones.name, stranger.account) is None


async def test_out_of_the_blue_they_are_offered_as_questions(bot: Bot, anna: Chat) -> None:
    for text in KEPT:
        before = anna.last
        await anna.says(text)
        assert anna.last > before, ascii(text)
        if clean(text):
            assert shows(anna, "unasked"), ascii(text)


async def test_in_registration_they_come_back_as_they_were(bot: Bot) -> None:
    async with bot.storage.transaction() as tx:
        await tx.webinars.put(webinar("virus", 10, questions=(FREE,)))
    waiting = list(enumerate(KEPT))
    while waiting:
        group, waiting = waiting[:AT_ONCE], waiting[AT_ONCE:]
        async with asyncio.TaskGroup() as guests:
            for number, text in group:
                guests.create_task(registers(bot, f"guest-{number}", text))


async def registers(bot: Bot, account: str, text: str) -> None:
    """Somebody registers with this text wherever it is taken, and sees it again everywhere."""
    chat = await newcomer(bot, account)
    await registers_with(chat, text)
    shown = all_text(chat)
    await taps(chat, "btn-confirm")
    assert shows(chat, "saved"), ascii(text)
    profile, (mine,), asked = await kept_of(bot, chat)
    name, words = one_line(text), clean(text)
    if is_a_name(name) and utf16_length(name) <= 40:
        assert profile.nickname == name
        assert name in shown
    else:
        assert profile.nickname == "Nour"
    if words and utf16_length(words) <= 1000:
        assert mine.extra["what-helps"] == words
    if words:
        assert_same("\n\n".join(kept.text for kept in reversed(asked)), words)
        assert asked[-1].text in shown, ascii(text)
    await chat.says("/mydata")
    await taps(chat, "btn-mydata-file")
    held = json.dumps(file_of(chat), ensure_ascii=False)
    for kept in asked:
        assert json.dumps(kept.text, ensure_ascii=False)[1:-1] in held, ascii(text)


def assert_same(kept: str, written: str) -> None:
    """What is kept is what was written, from its beginning, as far as the room went."""
    bare = "".join(kept.split())
    assert bare, ascii(written)
    assert "".join(written.split()).startswith(bare), ascii(written)
    if utf16_length(written) <= 1000:
        assert kept == written


async def test_a_question_is_rewritten_with_them(bot: Bot, anna: Chat) -> None:
    await asks(anna, "What about the markets?")
    for text in KEPT:
        await anna.says("/questions", "1")
        await taps(anna, "btn-rewrite")
        await anna.says(text)
        if shows(anna, "reject-too-long"):
            await taps(anna, "btn-cut")
        _, _, (asked,) = await kept_of(bot, anna)
        if clean(text):
            assert asked.text == split_text(clean(text), 1000)[0], ascii(text)
            assert shows(anna, "question-rewritten")
        else:
            await anna.says("/cancel")


async def test_a_message_is_edited_into_them(bot: Bot, anna: Chat) -> None:
    await anna.says("/ask")
    await anna.takes(text="What about the markets?", message="77")
    await anna.presses("Webinar virus")
    await taps(anna, "btn-question", "btn-confirm")
    said = "What about the markets?"
    for text in HOSTILE:
        await anna.takes(text=text, message="77", edited=True)
        _, _, (asked,) = await kept_of(bot, anna)
        if clean(text) and utf16_length(clean(text)) <= 1000:
            said = clean(text)
        assert asked.text == said, ascii(text)


async def test_a_command_with_hidden_letters_is_still_only_a_command(anna: Chat) -> None:
    await anna.says("/for\u200bget")
    assert shows(anna, "forget")


@pytest.mark.parametrize("text", ["می\u200cخواهم", "👩🏽\u200d👩🏾\u200d👧\u200d👦", "مُحَمَّدٌ"])
async def test_what_makes_up_a_word_survives(bot: Bot, anna: Chat, text: str) -> None:
    await anna.says("/register", text)
    await anna.presses("Baghdad", "Webinar virus")
    await taps(anna, "btn-done", "btn-skip")
    assert text in all_text(anna)
    await taps(anna, "btn-confirm")
    assert (await kept_of(bot, anna))[0].nickname == text
