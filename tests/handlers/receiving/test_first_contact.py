"""From the first word to consent: nothing is written before it."""

from __future__ import annotations

import pytest

from tests.handlers.chatting import Bot, Chat


async def test_a_stranger_is_greeted_in_every_language(stranger: Chat) -> None:
    said = await stranger.says("/start")
    assert "Welcome to Tadamun" in said
    assert "أهلًا بكم في تضامن" in said
    assert stranger.labels == ["العربية", "English"]


async def test_the_notice_comes_before_anything_else(stranger: Chat) -> None:
    await stranger.says("/start")
    said = await stranger.presses("English")
    assert "This chat is not secret" in said
    assert "30 days" in said
    assert stranger.labels == ["I agree", "Read more", "No, thanks", "Programme"]


async def test_the_whole_way_to_the_menu_is_one_message(stranger: Chat) -> None:
    await stranger.says("/start")
    await stranger.presses("English", "Read more", "I agree")
    assert len(stranger.screen) == 1
    assert "Register" in stranger.labels


async def test_what_the_platform_brings_twice_is_answered_once(stranger: Chat) -> None:
    await stranger.takes(text="hello", id="7")
    await stranger.takes(text="hello", id="7")
    assert len(stranger.screen) == 1


async def test_nothing_is_stored_before_consent(bot: Bot, stranger: Chat) -> None:
    await stranger.says("/start", "hello", "/webinars", "My name is Huda and I live in Basra")
    await stranger.presses("English")
    async with bot.storage.reading() as tx:
        assert await tx.people.find("web", "stranger") is None


async def test_labels_and_numbers_may_be_typed_in_either_language(stranger: Chat) -> None:
    await stranger.says("العربية")
    assert "ليست سرّية" in stranger.text
    await stranger.says("2")
    assert "14 يومًا" in stranger.text
    said = await stranger.says("اوافق")
    assert "شكرًا" in said


@pytest.mark.parametrize("yes", ["موافق", "نعم", "OK", "agree"])
async def test_a_plain_yes_to_the_notice_agrees_to_it(stranger: Chat, yes: str) -> None:
    assert "Please read this first" in await stranger.says("English")
    await stranger.says(yes)
    assert "Register" in stranger.labels


async def test_a_plain_yes_to_anything_else_agrees_to_nothing(bot: Bot, stranger: Chat) -> None:
    await stranger.says("/start", "نعم")
    async with bot.storage.reading() as tx:
        assert await tx.people.find("web", "stranger") is None


async def test_nobody_agrees_to_what_they_were_not_shown(bot: Bot, stranger: Chat) -> None:
    said = await stranger.says("I agree")
    assert "Please read this first" in said
    async with bot.storage.reading() as tx:
        assert await tx.people.find("web", "stranger") is None


async def test_who_says_no_can_still_read_the_programme(bot: Bot, stranger: Chat) -> None:
    await stranger.says("/start")
    said = await stranger.presses("English", "No, thanks")
    assert "nothing was kept" in said
    assert "Webinar virus" in await stranger.presses("Programme")
    async with bot.storage.reading() as tx:
        assert await tx.people.find("web", "stranger") is None


async def test_the_language_that_was_chosen_stays_whatever_the_platform_says(
    stranger: Chat,
) -> None:
    await stranger.says("/start")
    await stranger.presses("العربية")
    assert "الندوات المقبلة" in await stranger.says("/webinars")


async def test_a_link_to_a_webinar_ends_there_after_consent(stranger: Chat) -> None:
    await stranger.opens("virus")
    said = await stranger.presses("English", "I agree")
    assert "Webinar virus" in said
    assert "Register" in stranger.labels
