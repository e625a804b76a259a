"""Buttons under messages that stay as they are."""

from __future__ import annotations

from dataclasses import replace

from handlers.lasting import lasting
from tests.handlers.chatting import Bot, Chat
from tests.handlers.participants.test_registration import person_of


async def test_what_is_pressed_under_it_is_answered_below_it(anna: Chat) -> None:
    number, words = anna.last, anna.text
    await anna.presses_value(lasting("go:webinars"), number)
    assert anna.last > number
    assert "Webinars to come" in anna.text
    before = anna.screen[number]
    assert words in before.text
    assert before.rows


async def test_it_leads_to_the_same_place_a_second_time(anna: Chat) -> None:
    number = anna.last
    await anna.presses_value(lasting("go:settings"), number)
    await anna.says("/menu")
    await anna.presses_value(lasting("go:settings"), number)
    assert "Settings" in anna.text


async def test_who_has_not_agreed_anew_can_still_have_no_more(bot: Bot, anna: Chat) -> None:
    rules = replace(bot.receiver.house.rules, retention_days=31)
    bot.receiver.house = replace(bot.receiver.house, rules=rules)
    await anna.says("/menu")
    assert "notice on privacy has changed" in anna.text
    await anna.presses_value(lasting("go:set:announcements:off"))
    assert not (await person_of(bot)).announcements
