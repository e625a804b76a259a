"""Announcements as organisers write them: the form, the draft, and everything that may be added."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dialogue.fold import utf16_length
from handlers.announcing.content import Announcement
from storage.broadcasting.broadcasts import Phase
from tests.handlers.announcing.organisers import crowd, drafted, joined, latest, organiser, register
from tests.handlers.chatting import Bot, Chat, plain


@pytest.fixture
async def olga(bot: Bot) -> Chat:
    """An organiser who reads English."""
    return await organiser(bot, "olga")


def texts(chat: Chat) -> list[str]:
    """What is on the screen, from top to bottom."""
    return [plain(chat.screen[number].text) for number in sorted(chat.screen)]


def buttons(chat: Chat, position: int) -> list[str]:
    """The labels under the message at this place."""
    message = chat.screen[sorted(chat.screen)[position]]
    return [plain(button.label) for row in message.rows for button in row]


async def test_the_first_one_begins_at_once(olga: Chat) -> None:
    await olga.says("/announce")
    assert "Who is it for?" in olga.text


async def test_the_form_ends_with_what_people_get_and_whom_it_would_reach(olga: Chat) -> None:
    await drafted(olga)
    arabic, english, draft = texts(olga)[-3:]
    assert arabic == "مرحبا بالجميع"
    assert english == "Hello everybody"
    assert buttons(olga, -3) == ["التفاصيل والتسجيل", "إيقاف الإعلانات"]
    assert buttons(olga, -2) == ["Details and registration", "No more announcements"]
    assert "nothing has been sent yet" in draft
    assert "For: everyone who wants announcements" in draft
    assert "People who get it: 1" in draft
    assert "On their next visit (web chat): 1" in draft


async def test_an_organiser_who_reads_arabic_is_spoken_to_in_arabic(bot: Bot) -> None:
    nour = await organiser(bot, "nour", "ar")
    await nour.says("إعلان جديد")
    assert "لمن هذا الإعلان؟" in nour.text
    await nour.presses("كل من يرغب", "ندوة virus")
    await nour.says("مرحبا بالجميع")
    await nour.presses("تخطي")
    assert "Hello" not in nour.text
    assert "عدد المستلمين: 1" in nour.text
    english = texts(nour)[-2]
    assert english == "مرحبا بالجميع (Arabic)"
    await nour.presses("إرسال")
    await nour.says("١")
    assert "تم التأكيد" in nour.text
    await nour.presses("تراجع")
    assert "تم التراجع، ولم يُرسل شيء" in nour.text


async def test_only_those_who_are_asked_for_are_counted(bot: Bot, olga: Chat) -> None:
    for account in ("ann", "bob", "cem"):
        await joined(bot, account)
    await register(bot, "ann", "virus")
    await register(bot, "bob", "virus")
    await register(bot, "bob", "work")
    await olga.says("/announce")
    await olga.presses("Registered for a webinar", "Webinar virus", "Skip")
    await olga.says("Dear friends")
    assert "For: people registered for “Webinar virus”" in olga.text
    assert "People who get it: 2" in olga.text
    await olga.presses("Change", "Leaving out those of", "Webinar work", "Done")
    assert "Leaving out those of: Webinar work" in olga.text
    assert "People who get it: 1" in olga.text
    await olga.presses("Change", "For whom", "Not registered for one")
    assert "For: people not registered for “Webinar virus”" in olga.text
    assert "People who get it: 2" in olga.text


async def test_it_can_be_narrowed_by_language_channel_and_place(bot: Bot, olga: Chat) -> None:
    await crowd(bot, 3, channel="telegram", language="ar")
    await drafted(olga)
    assert "People who get it: 4" in olga.text
    assert "Telegram: 3" in olga.text
    await olga.presses("Change", "By language", "Arabic", "Done")
    assert "People who get it: 3" in olga.text
    assert texts(olga)[-2] == "مرحبا بالجميع"
    before = len(olga.screen)
    await olga.presses("Preview")
    assert len(olga.screen) == before + 1
    await olga.presses("Change", "By channel", "web chat", "Done")
    assert "There is nobody who would get it" in olga.text
    await olga.presses("Change", "By channel", "web chat", "Done")
    await olga.presses("Change", "By language", "Skip")
    await olga.presses("Change", "By place", "Skip")
    rule = (await latest(bot)).rule
    assert (rule.languages, rule.governorates) == ((), ())


async def test_without_a_webinar_there_is_no_button_that_leads_to_one(olga: Chat) -> None:
    await olga.says("/announce")
    await olga.presses("Everyone", "No, in general", "Skip")
    await olga.says("Dear friends")
    assert buttons(olga, -2) == ["No more announcements"]


async def test_the_button_can_be_left_out(olga: Chat) -> None:
    await drafted(olga)
    await olga.presses("Change", "Button", "Without a button")
    assert buttons(olga, -2) == ["No more announcements"]


async def test_one_text_is_enough_but_none_is_not(olga: Chat) -> None:
    await olga.says("/announce")
    await olga.presses("Everyone", "No, in general", "Skip")
    assert "Skip" not in olga.labels
    await olga.says("skip")
    assert "cannot be skipped" in olga.text


async def test_a_changed_text_is_shown_again(bot: Bot, olga: Chat) -> None:
    made = await drafted(olga)
    await olga.presses("Change", "Text in English")
    assert "So far: Hello everybody" in olga.text
    await olga.says("Welcome, all")
    assert texts(olga)[-2] == "Welcome, all"
    changed = await latest(bot)
    assert changed.id == made.id
    assert Announcement.of(changed).texts["en"] == "Welcome, all"


async def test_cancelling_a_change_leads_back_to_the_draft_as_it_was(bot: Bot, olga: Chat) -> None:
    await drafted(olga)
    await olga.presses("Change", "Text in English")
    await olga.says("cancel")
    assert "nothing has been sent yet" in olga.text
    assert Announcement.of(await latest(bot)).texts["en"] == "Hello everybody"


async def test_cancelling_a_new_one_keeps_nothing(olga: Chat) -> None:
    await olga.says("/announce")
    await olga.presses("Everyone", "Cancel")
    assert "nothing was kept" in olga.text
    await olga.says("/announce")
    assert "Who is it for?" in olga.text


async def test_a_form_that_was_begun_is_taken_up(olga: Chat) -> None:
    await olga.says("/announce")
    await olga.presses("Everyone")
    await olga.says("/menu", "/announce")
    assert "Is it about a webinar?" in olga.text


async def test_the_last_ones_are_listed_with_their_state_those_to_leave_first(olga: Chat) -> None:
    await drafted(olga)
    await olga.presses("Send")
    await olga.says("1")
    await drafted(olga)
    await olga.says("/announce")
    assert "1. Hello everybody\nleaves Sunday, 22 November 2026" in olga.text
    assert "2. Hello everybody\ndraft" in olga.text
    await olga.says("1")
    assert "Confirmed. It leaves" in olga.text


async def test_a_discarded_draft_is_gone(olga: Chat) -> None:
    await drafted(olga)
    await olga.presses("Discard")
    assert "The draft was discarded" in olga.text
    assert "There is no announcement yet" in olga.text


async def test_a_draft_is_its_authors_business_alone(bot: Bot, olga: Chat) -> None:
    made = await drafted(olga)
    other = await organiser(bot, "other")
    for way in ("an", "an-edit", "an-see", "an-test", "an-send", "an-drop", "an-undo", "an-ok"):
        await other.presses_value(f"go:{way}:{made.id}")
        assert "Hello everybody" not in other.text, way
    assert await latest(bot) == made


@pytest.mark.parametrize("account", ["stranger", "olga"])
async def test_nonsense_in_a_button_leads_nowhere(bot: Bot, olga: Chat, account: str) -> None:
    made = await drafted(olga)
    chat = olga if account == "olga" else await joined(bot, account)
    for way in ("an", "an-edit", "an-send", "an-ok", "an-cancel", "an-again", "an-fix", "an-test"):
        for value in ("", "x", "0", "9" * 30, "²", f"{made.id + 1}", f"{made.id}:x:y"):
            await chat.presses_value(f"go:{way}:{value}")
            assert chat.text
    assert (await latest(bot)).phase is Phase.DRAFT


async def test_others_cannot_go_any_of_these_ways(bot: Bot, olga: Chat) -> None:
    made = await drafted(olga)
    anna = await joined(bot, "anna")
    await anna.says("/announce")
    assert "Who is it for" not in anna.text
    for way in ("an", "an-all", "an-new", "an-send", "an-undo", "an-pause"):
        await anna.presses_value(f"go:{way}:{made.id}")
        assert "That button is from earlier" in anna.text, way
    assert "Announce it" not in await unasked(anna, "Where is it held?")


async def unasked(chat: Chat, words: str) -> list[str]:
    """The buttons that a text leads to which nobody asked for."""
    await chat.says("/menu", words)
    return chat.labels


async def test_in_a_hurry_four_taps_lead_from_a_text_to_the_number(bot: Bot, olga: Chat) -> None:
    await joined(bot, "ann")
    await register(bot, "ann", "virus")
    await olga.says("We begin half an hour later today")
    for taps, label in enumerate(
        ("Announce it", "Registered for a webinar", "Webinar virus", "Send"), start=1
    ):
        await olga.presses(label)
        assert ("type the number" in olga.text) is (taps == 4)
    assert "People who get it: 1" in olga.text
    assert Announcement.of(await latest(bot)).texts == {"en": "We begin half an hour later today"}


async def test_a_text_in_a_hurry_is_known_by_its_letters(bot: Bot, olga: Chat) -> None:
    await olga.says("نبدأ اليوم بعد نصف ساعة")
    await olga.presses("Announce it", "Everyone", "No, in general")
    assert Announcement.of(await latest(bot)).texts == {"ar": "نبدأ اليوم بعد نصف ساعة"}


@pytest.mark.parametrize(("length", "over"), [(4093, 0), (4200, 106)])
async def test_a_text_that_is_too_long_is_said_to_be(olga: Chat, length: int, over: int) -> None:
    await olga.says("/announce")
    await olga.presses("Everyone", "No, in general", "Skip")
    await olga.says("a" * length)
    if over:
        assert f"Characters too many: {over}" in olga.text
        await olga.says("short")
    assert "nothing has been sent yet" in olga.text


async def test_the_note_of_the_language_must_fit_too(bot: Bot, olga: Chat) -> None:
    await olga.says("/announce")
    await olga.presses("Everyone", "No, in general", "Skip")
    await olga.says("a" * 4090)
    assert "The text in English is too long" in olga.text
    await olga.presses("Send")
    assert "It cannot be sent as it is" in olga.text
    await olga.presses("Change", "Text in Arabic")
    await olga.says("نص")
    assert "too long" not in olga.text
    shown = [olga.screen[n] for n in sorted(olga.screen)[-3:]]
    assert all(utf16_length(message.text) <= 4096 for message in shown)


async def test_a_time_is_typed_and_shown_in_full(bot: Bot, olga: Chat) -> None:
    await drafted(olga)
    await olga.presses("Change", "When")
    await olga.says("tomorrow 19:00")
    assert "Monday, 23 November 2026, 19:00 Baghdad time" in olga.text
    await olga.says("yes")
    assert "Leaves: Monday, 23 November 2026, 19:00 Baghdad time" in olga.text
    assert "UTC" in olga.text
    await olga.presses("Send")
    await olga.says("1")
    held = await latest(bot)
    assert held.phase is Phase.HELD
    assert held.starts_at.isoformat() == "2026-11-23T16:00:00+00:00"


async def test_a_time_that_has_passed_since_stands_in_the_way(bot: Bot, olga: Chat) -> None:
    await drafted(olga)
    await olga.presses("Change", "When")
    await olga.says("tomorrow 19:00", "yes")
    bot.calendar.passes(timedelta(days=2))
    await olga.presses("Send")
    assert "has passed" in olga.text
    assert "type the number" not in olga.text


async def test_an_early_morning_is_warned_of(olga: Chat) -> None:
    await drafted(olga)
    await olga.presses("Change", "When")
    await olga.says("tomorrow 06:00", "yes")
    assert "Careful: that is between 4 and 8 in the morning in Baghdad" in olga.text


async def test_a_planned_cut_is_warned_of(bot: Bot, olga: Chat) -> None:
    now = bot.calendar.now
    async with bot.storage.transaction() as tx:
        await tx.outages.add(now + timedelta(hours=1), now + timedelta(hours=3))
    await drafted(olga)
    assert "Careful" not in olga.text
    bot.calendar.passes(timedelta(hours=2))
    await olga.says("/announce", "1")
    assert "Careful: an internet cut is planned" in olga.text
