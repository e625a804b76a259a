"""The numbers beside buttons: whoever types one gets what the button gives."""

from __future__ import annotations

import pytest

from tests.handlers.chatting import Bot, Chat, plain
from tests.handlers.organising import organiser
from tests.handlers.participants.test_registration import registrations_of
from tests.safety.seen import LANGUAGES, shows, word

SEVERAL = "ندوة virus"
"""A choice where there may be several: a number is all of the answer, a button a part of it."""

WALK = (
    *("btn-register", "btn-skip", "governorate-BA", SEVERAL, "btn-skip"),
    *("btn-edit", "title-gov", "governorate-out", "لندن", "btn-confirm", "btn-menu"),
    *("btn-settings", "btn-reminders-off", "btn-zone", "روما", "btn-menu"),
    *("btn-webinars", "ندوة small", "btn-webinars", "btn-menu", "btn-help", "btn-privacy"),
)
"""Keys of labels, and parts of labels, from the menu through a registration and all around."""


def number_of(chat: Chat, label: str) -> int | None:
    """What is shown beside the button with this label."""
    for row in chat.screen[chat.last].rows:
        for button in row:
            if label in plain(button.label):
                return button.number
    raise AssertionError(f"There is no button {label!r} on the screen: {chat.labels}")


async def test_a_number_does_what_its_button_does(bot: Bot) -> None:
    pressing, typing = bot.person("pressing"), bot.person("typing")
    for each in (pressing, typing):
        await each.says("/start", "العربية", "أوافق")
    for step in WALK:
        label = word(step, "ar") if "-" in step else step
        number = number_of(typing, label)
        await pressing.presses(label, *([word("btn-done", "ar")] if step is SEVERAL else []))
        await typing.says(label if number is None else str(number))
        assert typing.text == pressing.text, step
        assert typing.labels == pressing.labels, step
    for account in ("pressing", "typing"):
        assert [kept.webinar for kept in await registrations_of(bot, account)] == ["virus"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_whoever_has_not_agreed_may_type_numbers_too(stranger: Chat, language: str) -> None:
    await stranger.says("/start")
    await stranger.says(str(number_of(stranger, word(f"language-own-{language}"))))
    await stranger.says(str(number_of(stranger, word("btn-read-more", language))))
    await stranger.says(str(number_of(stranger, word("btn-agree", language))))
    assert word("btn-register", language) in stranger.labels


async def test_ways_out_of_a_question_are_words_and_not_numbers(anna: Chat) -> None:
    await anna.presses("Register", "Skip")
    for way in ("Back", "Cancel"):
        assert number_of(anna, way) is None
    assert number_of(anna, "Baghdad") == 1
    await anna.presses("Baghdad")
    assert number_of(anna, "Done") is None


async def test_what_opens_an_address_has_no_number(anna: Chat) -> None:
    await anna.presses("Register", "Skip", "Basrah", "Webinar virus", "Done", "Skip", "Confirm")
    assert number_of(anna, "Continue on Telegram") is None
    assert number_of(anna, "Join another chat") == 1


async def test_the_rest_of_a_long_form_may_be_left_by_its_words(bot: Bot) -> None:
    olga = await organiser(bot)
    await olga.says("/new")
    await olga.presses("New webinar")
    await olga.says("العنوان", "Title", "tomorrow 19:00", "yes", "90")
    await olga.presses("English", "Done")
    assert word("btn-rest-later") in olga.labels
    await olga.says(word("btn-rest-later"))
    assert shows(olga, "summary-webinar")
