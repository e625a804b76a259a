"""Registering, as people do it: with buttons and words, with mistakes and changes of mind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage.community.people import Person
from storage.community.registrations import Registration
from tests.handlers.chatting import Bot, Chat


async def person_of(bot: Bot, account: str = "anna") -> Person:
    """The person behind an account."""
    async with bot.storage.reading() as tx:
        address = await tx.people.find("web", account)
        assert address is not None
        person = await tx.people.get(address.person)
    assert person is not None
    return person


async def registrations_of(bot: Bot, account: str = "anna") -> list[Registration]:
    """The registrations of the person behind an account."""
    person = await person_of(bot, account)
    async with bot.storage.reading() as tx:
        return await tx.registrations.of(person.id)


async def test_a_whole_registration_with_buttons(bot: Bot, anna: Chat) -> None:
    await anna.presses("Register", "Skip", "Basrah", "Webinar virus", "Done", "Skip")
    assert "Webinar virus" in anna.text
    assert "Please check" in anna.text
    said = await anna.presses("Confirm")
    assert "Saved" in said
    assert "Basrah" not in said
    assert [kept.webinar for kept in await registrations_of(bot)] == ["virus"]
    assert (await person_of(bot)).profile.governorate == "BA"


async def test_a_whole_registration_with_typed_words(bot: Bot, anna: Chat) -> None:
    await anna.says("register", "نور", "الناصرية", "1", "skip")
    assert "نور" in anna.text
    assert "Dhi Qar" in anna.text
    await anna.says("confirm")
    assert [kept.webinar for kept in await registrations_of(bot)] == ["virus"]
    profile = (await person_of(bot)).profile
    assert (profile.nickname, profile.governorate) == ("نور", "DQ")


async def test_several_webinars_and_their_own_questions(bot: Bot, anna: Chat) -> None:
    await anna.presses("Register", "Skip", "Baghdad")
    await anna.says("1 2")
    assert "Which topic first?" in anna.text
    await anna.presses("Health", "Skip", "Confirm")
    kept = {each.webinar: dict(each.extra) for each in await registrations_of(bot)}
    assert kept == {"virus": {}, "work": {"topic": "health"}}


async def test_outside_iraq_a_typed_city_gives_the_zone(bot: Bot, anna: Chat) -> None:
    await anna.presses("Register", "Skip", "Outside Iraq")
    assert "Which city's time" in anna.text
    await anna.says("Xyzzy")
    assert "do not know this city" in anna.text
    await anna.says("Torino")
    assert "Which webinars" in anna.text
    assert "Rome time" in anna.text
    await anna.presses("Webinar virus", "Done", "Skip", "Confirm")
    assert (await person_of(bot)).profile.zone == "Europe/Rome"
    assert "Rome" in await anna.says("/webinars")


async def test_a_country_with_several_zones_offers_them(bot: Bot, anna: Chat) -> None:
    await anna.presses("Register", "Skip", "Outside Iraq")
    await anna.says("USA")
    assert "Which of these" in anna.text
    await anna.presses("Chicago", "All future webinars", "Done")
    assert "Which topic first?" in anna.text
    await anna.presses("Work", "Skip", "Confirm")
    assert (await person_of(bot)).profile.zone == "America/Chicago"
    assert (await person_of(bot)).all_future


async def test_back_and_edit_lead_where_they_should(anna: Chat) -> None:
    await anna.presses("Register")
    await anna.says("Nour")
    await anna.says("/back")
    assert "What should we call you?" in anna.text
    assert "So far: Nour" in anna.text
    await anna.says("Nur")
    assert "Where are you?" in anna.text
    await anna.presses("Baghdad", "Webinar virus", "Done", "Skip", "Change an answer", "Place")
    await anna.presses("Erbil")
    assert "Place: Erbil" in anna.text
    assert "Nickname: Nur" in anna.text


async def test_a_talk_is_taken_up_days_later(bot: Bot, anna: Chat) -> None:
    await anna.presses("Register")
    await anna.says("Nour")
    bot.calendar.passes(timedelta(days=4))
    await anna.says("Is anybody there?")
    assert "Here is where we stopped" in anna.text
    assert "Where are you?" in anna.text
    await anna.presses("Baghdad")
    assert "Which webinars" in anna.text


@pytest.mark.parametrize("typed", ["؟", "???", ". . .", "-"])
async def test_signs_alone_are_no_nickname(anna: Chat, typed: str) -> None:
    await anna.presses("Register")
    await anna.says(typed)
    assert "There was no name in that" in anna.text
    assert "What should we call you?" in anna.text


@pytest.mark.parametrize("typed", ["🌙", "ن", "7", "O'Neil"])
async def test_any_letter_figure_or_picture_is_a_nickname(anna: Chat, typed: str) -> None:
    await anna.presses("Register")
    await anna.says(typed)
    assert "Where are you?" in anna.text


async def test_the_language_can_change_in_mid_talk(anna: Chat) -> None:
    await anna.presses("Register")
    await anna.says("Nour")
    await anna.says("/language")
    await anna.presses("العربية")
    assert "أين تقيمون؟" in anna.text
    await anna.says("الموصل")
    assert "أيّ الندوات" in anna.text


async def test_cancel_keeps_nothing_and_offers_to_stop(bot: Bot, anna: Chat) -> None:
    await anna.presses("Register")
    await anna.says("Nour", "إلغاء")
    assert "Cancelled" in anna.text
    assert "Stop all messages" in anna.labels
    assert (await person_of(bot)).profile.nickname is None


async def test_stop_works_in_mid_talk(bot: Bot, anna: Chat) -> None:
    await anna.presses("Register")
    await anna.says("STOP")
    assert "Stopped" in anna.text
    person = await person_of(bot)
    assert (person.announcements, person.reminders) == (False, False)
    await anna.presses("Messages on again")
    assert (await person_of(bot)).reminders


async def test_registering_again_edits(bot: Bot, anna: Chat) -> None:
    await anna.presses("Register", "Skip", "Basrah", "Webinar virus", "Done", "Skip", "Confirm")
    await anna.says("/register")
    assert "Place: Al Basrah" in anna.text
    await anna.presses("Change an answer", "Webinars", "Webinar virus", "All future", "Done")
    await anna.presses("Work", "Confirm")
    assert "virus" in {kept.webinar for kept in await registrations_of(bot)}
    assert (await person_of(bot)).all_future


async def test_one_more_webinar_is_one_tap(bot: Bot, anna: Chat) -> None:
    await anna.presses("Register", "Skip", "Basrah", "Webinar virus", "Done", "Skip", "Confirm")
    await anna.opens("small")
    await anna.presses("Register")
    assert "Done: you are registered" in anna.text
    assert len(await registrations_of(bot)) == 2
    await anna.presses("Cancel registration")
    assert len(await registrations_of(bot)) == 1


async def test_a_link_with_a_talk_open_can_add_the_webinar(bot: Bot, anna: Chat) -> None:
    await anna.presses("Register")
    await anna.says("Nour")
    await anna.opens("small")
    assert {"Add this webinar", "Continue"} <= set(anna.labels)
    await anna.presses("Add this webinar")
    assert "Where are you?" in anna.text
    await anna.presses("Basrah", "Skip", "Confirm")
    assert [kept.webinar for kept in await registrations_of(bot)] == ["small"]


async def test_a_full_webinar_says_so(bot: Bot, anna: Chat) -> None:
    other = bot.person("other")
    await other.opens("small")
    await other.presses("English", "I agree", "Register", "Skip", "Basrah", "Skip")
    await other.presses("Confirm")
    await anna.opens("small")
    assert "All places are taken" in anna.text
    assert "Register" not in anna.labels


async def test_links_to_what_is_over_or_gone_show_what_is_next(anna: Chat) -> None:
    for webinar, words in (("past", "is over"), ("off", "was cancelled"), ("nope", "cannot find")):
        said = await anna.opens(webinar)
        assert words in said
        assert "Webinar virus" in anna.labels


async def test_a_double_tap_confirms_once(bot: Bot, anna: Chat) -> None:
    await anna.presses("Register", "Skip", "Basrah", "Webinar virus", "Done", "Skip")
    number, value = anna.button("Confirm")
    await anna.presses_value(value, number)
    await anna.presses_value(value, number)
    assert "That button is from earlier" in anna.text
    assert len(await registrations_of(bot)) == 1


async def test_a_confirmation_confirms_what_was_shown(anna: Chat) -> None:
    await anna.presses("Register", "Skip", "Basrah", "Webinar virus", "Done", "Skip")
    number, value = anna.button("Confirm")
    await anna.presses("Change an answer", "Place", "Erbil")
    await anna.presses_value(value, number)
    assert "answers have changed" in anna.text


async def test_a_button_of_an_earlier_question_edits_it(anna: Chat) -> None:
    await anna.presses("Register", "Skip")
    number, value = anna.button("Basrah")
    await anna.presses_value(value, number)
    await anna.presses_value(value.replace("BA", "ER").replace("ER", "AR"), number)
    assert "Which webinars" in anna.text


async def test_a_message_that_a_bad_line_sent_twice_counts_once(anna: Chat) -> None:
    await anna.presses("Register")
    await anna.takes(text="Nour", id="one")
    await anna.takes(text="Nour", id="one")
    assert "Where are you?" in anna.text
    assert "do not know this place" not in anna.text
