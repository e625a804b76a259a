"""Buttons that nobody was ever shown, and links that lead nowhere: an answer, and no effect."""

from __future__ import annotations

from pathlib import Path

from tests.handlers.chatting import Bot, Chat
from tests.hostile import HOSTILE_BUTTONS, HOSTILE_STARTS
from tests.safety.people import asks, newcomer, taps
from tests.safety.phones import StrictPhones
from tests.safety.rows import everything
from tests.safety.seen import shows


async def pressed_all(chat: Chat, phones: StrictPhones) -> list[str]:
    """Press every one of them, on the last message; those that were met with silence."""
    unanswered: list[str] = []
    for value in HOSTILE_BUTTONS:
        await chat.says("/menu")
        done = len(phones.acts)
        await chat.presses_value(value)
        if len(phones.acts) == done:
            unanswered.append(value)
    return unanswered


async def test_before_consent_each_is_answered_and_nothing_is_kept(
    stranger: Chat, phones: StrictPhones, database: Path
) -> None:
    before = everything(database)
    for value in HOSTILE_BUTTONS:
        await stranger.says("/start")
        done = len(phones.acts)
        await stranger.presses_value(value)
        assert len(phones.acts) > done, ascii(value)
    assert everything(database) == before


async def test_with_nothing_open_each_is_answered(anna: Chat, phones: StrictPhones) -> None:
    assert await pressed_all(anna, phones) == []


async def test_in_the_middle_of_a_form_each_is_answered(anna: Chat, phones: StrictPhones) -> None:
    await anna.says("/register", "Nour")
    assert await pressed_all(anna, phones) == []


async def test_none_of_them_touches_what_is_stored(bot: Bot, anna: Chat) -> None:
    other = await newcomer(bot, "7000000003")
    await asks(other, "Mine, and nobody else's")
    async with bot.storage.reading() as tx:
        address = await tx.people.find("telegram", other.account)
        assert address is not None
        (asked,) = await tx.questions.of(address.person)
    for way in ("q", "rewrite", "withdraw"):
        await anna.presses_value(f"go:{way}:{asked.id}")
        assert "Mine" not in anna.text
    await anna.says("Not yours")
    async with bot.storage.reading() as tx:
        assert await tx.questions.of(address.person) == [asked]


async def test_a_forged_confirmation_confirms_nothing(bot: Bot, anna: Chat) -> None:
    await anna.says("/ask", "What about the markets?")
    for value in ("a1:!ok:", "a1:!ok:00000000", "a1:!ok:" + "f" * 8, "a2:!ok:00000000"):
        await anna.presses_value(value)
    async with bot.storage.reading() as tx:
        address = await tx.people.find("telegram", anna.account)
        assert address is not None
        assert await tx.questions.of(address.person) == []


async def test_every_link_ends_in_a_screen(bot: Bot, anna: Chat, stranger: Chat) -> None:
    for chat in (stranger, anna):
        for start in HOSTILE_STARTS:
            before = chat.last if chat.screen else 0
            await chat.says("/start", start=start)
            assert chat.last > before, start
    await anna.says("/start", start="w-nothing")
    assert shows(anna, "webinar-unknown")
    await taps(anna, "btn-menu")
