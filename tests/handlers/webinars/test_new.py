"""/new: a webinar asked for in a chat, from the first word to its place in the programme."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dialogue.words import Localised, text
from storage.roles import Role
from storage.series.posters import Fetching
from storage.series.webinars import Series
from tests.handlers.chatting import SERIES, Bot, Chat, both
from tests.handlers.organising import at, kept, moment, newest, opens, organiser, put, said, taps
from tests.handlers.staff.team import becomes
from tests.pictures import png
from tests.safety.people import newcomer
from tests.safety.seen import LANGUAGES, shows, word

EVENING = datetime(2026, 12, 4, 16, tzinfo=UTC)
"""Friday, seven in the evening in Baghdad."""
HOUR = timedelta(hours=1)


@pytest.fixture
async def olga(bot: Bot) -> Chat:
    """An organiser who speaks English."""
    return await organiser(bot)


async def begun(olga: Chat, language: str = "en") -> None:
    """The form, at its first question."""
    await olga.says("/new")
    await taps(olga, "btn-new-webinar", language=language)


async def timed(olga: Chat) -> None:
    """The form with all that it needs."""
    await begun(olga)
    await olga.says("Health for all", "skip", "4 December 19:00", "yes")


WORDS = {
    "ar": ("صحة المرأة", "Women's health", "الجمعة 4 كانون الأول الساعة 7 مساءً", "نعم"),
    "en": ("Women's health", "صحة المرأة", "Friday 4 December 7 pm", "yes"),
}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_title_and_a_time_are_enough(bot: Bot, language: str) -> None:
    olga = await organiser(bot, language)
    await begun(olga, language)
    title, other, when, yes = WORDS[language]
    await olga.says(title, other, when)
    assert shows(olga, "moment-right", language)
    assert moment(EVENING, language) in olga.text
    assert "2026-12-04 16:00 UTC" in olga.text
    await olga.says(yes)
    await taps(olga, "btn-rest-later", language=language)
    assert shows(olga, "summary-webinar", language)
    assert title in olga.text
    await taps(olga, "btn-confirm", language=language)
    assert shows(olga, "webinar-saved", language)
    assert shows(olga, "webinar-is-draft", language)
    one = await newest(bot)
    assert one.title == Localised({"ar": "صحة المرأة", "en": "Women's health"})
    assert (one.starts_at, one.minutes, one.state) == (EVENING, 90, "draft")
    assert (one.series, one.languages, one.reminders) == ("solidarity", ("ar", "en"), None)
    await taps(olga, "btn-publish", language=language)
    assert shows(olga, "webinar-published", language)
    assert (await newest(bot)).state == "published"
    async with bot.storage.reading() as tx:
        assert await tx.reminders.next_due() == EVENING - timedelta(days=1)


async def test_everything_can_be_said_of_it(bot: Bot, olga: Chat) -> None:
    await begun(olga)
    await olga.says("Health for all", "الصحة للجميع", "4 December 19:00", "yes")
    await olga.says("an hour and a half")
    await olga.presses("English", "Done", "Arabic", "Done")
    await olga.says("About clinics.", "عن العيادات.")
    await olga.says("Dr Huda - doctor in Basra\nOmar", "د. هدى - طبيبة في البصرة\nعمر")
    await olga.says("https://meet.example.org/x?pwd=1", "+39 06 0000", "4711")
    await taps(olga, "btn-approval-yes")
    await olga.says("Which topic: clinics, schools\nWhy do you come?")
    await olga.says("أي موضوع: العيادات، المدارس\nلماذا تحضرون؟")
    await olga.says("2 days, an hour, at the start")
    await olga.takes(media="photo", photo="file-1")
    await olga.takes(media="photo", photo="file-2")
    assert shows(olga, "summary-webinar")
    assert said("poster-is-there") in olga.text
    await taps(olga, "btn-confirm")
    one = await newest(bot)
    assert one.title == both("Health for all", "الصحة للجميع")
    assert one.description == both("About clinics.", "عن العيادات.")
    assert (one.minutes, one.languages, one.interpreted) == (90, ("en",), ("ar",))
    assert [each.name for each in one.speakers] == [both("Dr Huda", "د. هدى"), both("Omar", "عمر")]
    assert one.speakers[0].about == both("doctor in Basra", "طبيبة في البصرة")
    assert one.speakers[1].about == Localised({})
    assert one.way_in is not None
    assert one.way_in.link == "https://meet.example.org/x?pwd=1"
    assert (one.way_in.dial_in, one.way_in.passcode) == ("+39 06 0000", "4711")
    assert one.approval
    topic, why = one.questions
    assert topic.prompt == both("Which topic", "أي موضوع")
    assert [label for _, label in topic.choices] == [
        both("clinics", "العيادات"),
        both("schools", "المدارس"),
    ]
    assert (why.prompt, why.choices) == (both("Why do you come?", "لماذا تحضرون؟"), ())
    assert one.reminders == (2880, 60, 0)
    async with bot.storage.reading() as tx:
        posters = [await tx.posters.get(id) for id in one.posters.values()]
    assert [(p.state, p.source) for p in posters if p] == [
        (Fetching.WANTED, "file-1"),
        (Fetching.WANTED, "file-2"),
    ]


async def test_a_title_in_one_language_may_wait_but_not_in_all(bot: Bot, olga: Chat) -> None:
    await begun(olga)
    assert shows(olga, "ask-w-title")
    await olga.says("skip")
    assert shows(olga, "ask-w-title-needed")
    assert word("btn-skip") not in olga.labels
    await olga.says("skip")
    assert shows(olga, "reject-needed")
    await olga.says("الصحة للجميع", "4 December 19:00", "yes")
    await taps(olga, "btn-rest-later", "btn-confirm", "btn-publish")
    one = await newest(bot)
    assert one.title == Localised({"ar": "الصحة للجميع"})
    assert one.languages == ("ar",)
    anna = await newcomer(bot, "anna")
    assert "الصحة للجميع (Arabic)" in await anna.opens(one.id)


async def test_the_same_words_may_be_said_in_one_language_after_the_other(
    bot: Bot, olga: Chat
) -> None:
    await begun(olga)
    await olga.says("ICSSI 2027")
    for seconds, asked in ((1, "ask-w-title"), (4, "ask-w-at")):
        at(olga, bot.calendar.now + timedelta(seconds=seconds))
        await olga.says("ICSSI 2027")
        assert shows(olga, asked)


async def test_what_is_needed_cannot_be_left_for_later(olga: Chat) -> None:
    await begun(olga)
    assert word("btn-rest-later") not in olga.labels
    await olga.says("Health for all", "skip")
    assert word("btn-rest-later") not in olga.labels
    await olga.says("4 December 19:00", "yes")
    assert word("btn-rest-later") in olga.labels


# --- the time -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "doubt"),
    [
        ("when the moon is full", "doubt-not-understood"),
        ("31 February 7 pm", "doubt-no-such-day"),
        ("yesterday 7 pm", "doubt-past"),
    ],
)
async def test_what_is_no_time_to_come_is_asked_again(olga: Chat, typed: str, doubt: str) -> None:
    await begun(olga)
    await olga.says("Health for all", "skip", typed)
    assert shows(olga, doubt)
    assert shows(olga, "ask-w-at")
    await olga.says("4 December 19:00")
    assert shows(olga, "moment-right")


HALVES = {"ar": ("الجمعة 4 كانون الأول", "٧ مساء"), "en": ("Friday 4 December", "7 pm")}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_hour_may_come_after_the_day(bot: Bot, language: str) -> None:
    olga = await organiser(bot, language)
    await begun(olga, language)
    title, other, *_ = WORDS[language]
    day, hour = HALVES[language]
    await olga.says(title, other, day)
    assert shows(olga, "doubt-no-time-on", language)
    assert not shows(olga, "ask-w-at", language)
    await olga.says("hm", hour)
    assert shows(olga, "moment-right", language)
    assert moment(EVENING, language) in olga.text


async def test_of_several_days_the_hour_is_asked_all_the_same(olga: Chat) -> None:
    await begun(olga)
    await olga.says("Health for all", "skip", "4/12")
    assert shows(olga, "doubt-no-time")
    await olga.says("7 pm")
    assert shows(olga, "doubt-which-day")
    assert moment(EVENING) in olga.text


async def test_half_of_what_was_said_back_may_be_put_right(olga: Chat) -> None:
    await begun(olga)
    await olga.says("Health for all", "skip", "5 December at 7")
    assert shows(olga, "doubt-half-day")
    await olga.says("in the evening")
    assert shows(olga, "moment-right")
    await olga.says("4 December")
    assert moment(EVENING) in olga.text
    await olga.says("8 pm")
    assert moment(EVENING + HOUR) in olga.text


@pytest.mark.parametrize(
    ("typed", "doubt"),
    [("3 April 2026 7 pm", "doubt-past"), ("3 April 2031 7 pm", "doubt-too-far")],
)
async def test_a_slip_in_the_year_is_questioned(
    bot: Bot, olga: Chat, typed: str, doubt: str
) -> None:
    await begun(olga)
    await olga.says("Health for all", "skip", typed)
    assert shows(olga, doubt)
    assert shows(olga, "moment-perhaps")
    await olga.says("yes")
    await taps(olga, "btn-rest-later", "btn-confirm")
    assert (await newest(bot)).starts_at == datetime(2027, 4, 3, 16, tzinfo=UTC)


@pytest.mark.parametrize("answer", ["2", "by button"])
async def test_a_doubt_offers_what_may_be_meant(bot: Bot, olga: Chat, answer: str) -> None:
    await begun(olga)
    await olga.says("Health for all", "skip", "4 December at 7")
    assert shows(olga, "doubt-half-day")
    evening = said("moment-option", day="Friday, 4 December 2026", clock="19:00")
    assert evening in olga.labels
    await (olga.presses(evening) if answer == "by button" else olga.says(answer))
    assert shows(olga, "ask-w-length")
    await taps(olga, "btn-rest-later", "btn-confirm")
    assert (await newest(bot)).starts_at == EVENING


async def test_an_hour_that_clocks_skip_is_questioned(olga: Chat) -> None:
    await begun(olga)
    await olga.says("Health for all", "skip", "28 March 2027 2:30 am Rome time")
    assert shows(olga, "doubt-skipped")
    assert shows(olga, "moment-again")


async def test_a_time_elsewhere_is_shown_by_the_communitys_clock(olga: Chat) -> None:
    await begun(olga)
    await olga.says("Health for all", "skip", "4 December 7 pm Rome time")
    assert moment(EVENING + timedelta(hours=2)) in olga.text


async def test_another_time_may_be_typed_instead_of_a_yes(bot: Bot, olga: Chat) -> None:
    await begun(olga)
    await olga.says("Health for all", "skip", "5 December 19:00", "4 December 19:00", "yes")
    await taps(olga, "btn-rest-later", "btn-confirm")
    assert (await newest(bot)).starts_at == EVENING


async def test_a_forged_time_is_not_taken(olga: Chat) -> None:
    await begun(olga)
    await olga.says("Health for all", "skip")
    await olga.presses_value("n1:at:2020-01-01T00:00Z")
    assert shows(olga, "reject-withdrawn")
    assert shows(olga, "ask-w-at")


# --- what is not taken --------------------------------------------------------------------------


async def test_as_many_lines_are_asked_for_in_both_languages(olga: Chat) -> None:
    await timed(olga)
    while not shows(olga, "ask-w-speakers"):
        await olga.says("skip")
    await olga.says("Dr Huda - doctor\nOmar")
    await olga.says("د. هدى")
    assert shows(olga, "reject-lines-differ")
    await olga.says("د. هدى\n-")
    assert shows(olga, "ask-w-link")
    await olga.says("olga@example.org")
    assert shows(olga, "reject-link")
    await olga.says("skip", "skip", "skip", "skip")
    await olga.says("Which: a, b", "أي: أ، ب، ج")
    assert shows(olga, "reject-choices-differ")
    await olga.says("أي: أ، ب")
    assert shows(olga, "ask-w-reminders")
    await olga.says("when I like")
    assert shows(olga, "reject-reminder")
    await taps(olga, "btn-reminders-none")
    await olga.says("a picture of me")
    assert shows(olga, "reject-poster")


@pytest.mark.parametrize(
    "typed",
    ["https://meet.example.org/j/1?pwd=a.b", "meet.example.org/j/1?pwd=a.b", "Meet.Example.Org"],
)
async def test_a_link_may_be_typed_without_what_it_begins_with(olga: Chat, typed: str) -> None:
    await timed(olga)
    while not shows(olga, "ask-w-link"):
        await olga.says("skip")
    await olga.says(typed)
    assert shows(olga, "ask-w-phone")
    while not shows(olga, "summary-webinar"):
        await olga.says("skip")
    assert f"https://{typed.removeprefix('https://')}" in olga.text.split()


@pytest.mark.parametrize(
    "typed", ["room 5", "meet", "10.30", "ftp://meet.example.org", "meet.example.org, room 5"]
)
async def test_what_is_no_link_is_not_made_one(olga: Chat, typed: str) -> None:
    await timed(olga)
    while not shows(olga, "ask-w-link"):
        await olga.says("skip")
    await olga.says(typed)
    assert shows(olga, "reject-link")


@pytest.mark.parametrize(
    ("question", "answer", "reason"),
    [
        ("ask-w-title", "a" * 81, "reject-long"),
        ("ask-w-title", "-", "reject-empty"),
        ("ask-w-length", "a while", "reject-length"),
        ("ask-w-about", "a" * 3001, "reject-long"),
        ("ask-w-passcode", "a" * 61, "reject-long"),
    ],
)
async def test_what_does_not_fit_is_refused(
    olga: Chat, question: str, answer: str, reason: str
) -> None:
    await (begun(olga) if question == "ask-w-title" else timed(olga))
    while not shows(olga, question):
        await olga.says("skip")
    await olga.says(answer)
    assert shows(olga, reason)
    assert shows(olga, question)


# --- coming back, and leaving -------------------------------------------------------------------


async def test_a_form_is_taken_up_days_later(bot: Bot, olga: Chat) -> None:
    await begun(olga)
    await olga.says("Health for all")
    bot.calendar.passes(timedelta(days=3))
    await olga.says("/new")
    assert shows(olga, "still-here")
    assert shows(olga, "ask-w-title")
    await olga.says("الصحة للجميع")
    assert shows(olga, "ask-w-at")


async def test_cancelling_keeps_nothing_and_leads_to_the_list(bot: Bot, olga: Chat) -> None:
    await timed(olga)
    await taps(olga, "btn-cancel")
    assert shows(olga, "cancelled")
    assert "Webinar virus" in olga.labels
    async with bot.storage.reading() as tx:
        assert len((await tx.webinars.programme()).webinars) == 5


async def test_confirming_twice_makes_one_draft(bot: Bot, olga: Chat) -> None:
    await timed(olga)
    await taps(olga, "btn-rest-later")
    number, value = olga.button(word("btn-confirm"))
    await olga.presses_value(value, number)
    await olga.presses_value(value, number)
    assert (await newest(bot)).state == "draft"


async def test_whoever_is_no_organiser_any_more_goes_no_further(bot: Bot, olga: Chat) -> None:
    await timed(olga)
    await taps(olga, "btn-rest-later")
    _, confirm = olga.button(word("btn-confirm"))
    await becomes(olga, Role.SPEAKER)
    await olga.presses_value(confirm)
    for words in ("/cancel", "/new", "/outages"):
        await olga.says(words)
        assert not shows(olga, "staff-webinars")
        assert "Health for all" not in olga.text
    await olga.presses_value("go:wn:virus")
    assert not shows(olga, "staff-registered")
    async with bot.storage.reading() as tx:
        assert len((await tx.webinars.programme()).webinars) == 5


async def test_the_series_is_asked_for_where_there_are_several(bot: Bot, olga: Chat) -> None:
    async with bot.storage.transaction() as tx:
        await tx.webinars.put_series(Series("winter", both("Winter", "الشتاء"), Localised({})))
    await begun(olga)
    assert shows(olga, "ask-w-series")
    await olga.presses("Winter")
    await olga.says("Health for all", "skip", "4 December 19:00", "yes")
    await taps(olga, "btn-rest-later", "btn-confirm")
    assert (await newest(bot)).series == "winter"


async def test_what_is_usual_follows_from_the_series(bot: Bot, olga: Chat) -> None:
    async with bot.storage.transaction() as tx:
        await tx.webinars.put_series(replace(SERIES, reminders=(4320,)))
    await timed(olga)
    while not shows(olga, "ask-w-reminders"):
        await olga.says("skip")
    assert said("before-days", count=3) in olga.text
    assert said("before-minutes", count=10) not in olga.text


# --- the list and the screen --------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_list_shows_drafts_what_comes_and_what_was_lately(
    bot: Bot, language: str
) -> None:
    olga = await organiser(bot, language)
    await put(bot, state="draft", title=both("Secret", "سر"))
    await put(bot, "old", days=-40)
    await olga.says("/new")
    title = {"en": "Secret", "ar": "سر"}[language]
    assert title in olga.labels
    assert word("webinar-is-draft", language) in olga.text
    assert word("webinar-is-over", language) in olga.text
    assert not any("old" in label for label in olga.labels)
    await olga.presses(title)
    assert shows(olga, "staff-missing", language)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_preview_shows_what_participants_will_see(bot: Bot, language: str) -> None:
    olga, anna = await organiser(bot), await newcomer(bot, "anna", language)
    one = await put(bot, state="draft", title=Localised({"ar": "عنوان"}), speakers=())
    await opens(olga, one.id)
    name = word(f"language-{language}")
    await olga.presses(said("btn-seen-in", language=name))
    seen = olga.text.removeprefix(said("webinar-seen-as", language=name)).strip()
    await opens(olga, one.id)
    await taps(olga, "btn-publish")
    assert seen in await anna.opens(one.id)


async def test_a_poster_stands_above_the_preview_once_it_is_here(bot: Bot, olga: Chat) -> None:
    async with bot.storage.transaction() as tx:
        poster = await tx.posters.put(png(), bot.calendar.now)
        made = await tx.posters.get(poster)
    assert made is not None
    one = await put(bot, posters={"ar": poster})
    await olga.presses_value(f"go:wl:ar:{one.id}")
    photos = [olga.screen[number].photo for number in sorted(olga.screen)]
    assert made.hash in photos
    assert photos[-1] is None


@pytest.mark.parametrize("language", LANGUAGES)
async def test_participants_see_the_poster_when_they_ask_for_it(bot: Bot, language: str) -> None:
    anna = await newcomer(bot, "anna", language)
    async with bot.storage.transaction() as tx:
        poster = await tx.posters.put(png(), bot.calendar.now)
        later = await tx.posters.want("file", bot.calendar.now)
    await put(bot, posters={"ar": poster})
    await put(bot, "later", posters={"en": later})
    await anna.opens("later")
    assert word("btn-poster", language) not in anna.labels
    await anna.opens("salma")
    await anna.presses(word("btn-poster", language))
    assert anna.screen[anna.last].photo


async def test_a_picture_that_is_not_fit_is_asked_for_again(bot: Bot, olga: Chat) -> None:
    async with bot.storage.transaction() as tx:
        poster = await tx.posters.want("file", bot.calendar.now)
        await tx.posters.refuse(poster)
    await put(bot, posters={"ar": poster})
    await opens(olga, "salma")
    assert shows(olga, "staff-poster-refused")


@pytest.mark.parametrize(
    ("starts_at", "warning"),
    [
        (datetime(2026, 12, 4, 1, 0, tzinfo=UTC), "warn-night"),
        (datetime(2026, 12, 4, 4, 59, tzinfo=UTC), "warn-night"),
        (datetime(2026, 12, 4, 5, 0, tzinfo=UTC), None),
        (datetime(2026, 12, 4, 0, 59, tzinfo=UTC), None),
        (datetime(2026, 12, 5, 8, 59, tzinfo=UTC), "warn-outage"),
        (datetime(2026, 12, 5, 5, 31, tzinfo=UTC), "warn-outage"),
        (datetime(2026, 12, 5, 5, 30, tzinfo=UTC), None),
        (datetime(2026, 12, 5, 9, 0, tzinfo=UTC), None),
        (datetime(2026, 11, 20, 16, 0, tzinfo=UTC), "warn-past"),
    ],
)
async def test_bad_times_are_warned_of(
    bot: Bot, olga: Chat, starts_at: datetime, warning: str | None
) -> None:
    async with bot.storage.transaction() as tx:
        noon = datetime(2026, 12, 5, 7, tzinfo=UTC)
        await tx.outages.add(noon, noon + timedelta(hours=2))
    await put(bot, state="draft", starts_at=starts_at)
    await opens(olga, "salma")
    shown = {key for key in ("warn-night", "warn-outage", "warn-past") if shows(olga, key)}
    assert shown == ({warning} if warning else set())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_planned_cut_is_warned_of_before_a_time_is_agreed_to(
    bot: Bot, language: str
) -> None:
    olga = await organiser(bot, language)
    async with bot.storage.transaction() as tx:
        await tx.outages.add(EVENING + timedelta(hours=1), EVENING + timedelta(hours=2))
    await begun(olga, language)
    title, other, when, yes = WORDS[language]
    await olga.says(title, other, when)
    assert shows(olga, "moment-right", language)
    assert shows(olga, "warn-outage", language)
    assert moment(EVENING + timedelta(hours=2), language) in olga.text
    await olga.says(yes)
    assert not shows(olga, "warn-outage", language)
    assert shows(olga, "ask-w-length", language)


async def test_of_times_to_choose_from_those_in_a_cut_are_warned_of_once(
    bot: Bot, olga: Chat
) -> None:
    async with bot.storage.transaction() as tx:
        await tx.outages.add(EVENING, EVENING + timedelta(hours=2))
    await begun(olga)
    await olga.says("Health for all", "skip", "4 December at 7")
    assert shows(olga, "moment-which")
    assert olga.text.count(said("warn-outage", since=EVENING, until=EVENING + 2 * HOUR)) == 1


async def test_a_warning_of_one_time_to_choose_from_says_of_which(olga: Chat) -> None:
    await begun(olga)
    await olga.says("Health for all", "skip", "4 December at 7")
    night = text("warn-night", city="Baghdad")
    assert said("warn-of-one", number=1, warning=night) in olga.text
    await olga.says("4 December 7 am")
    assert said("warn-night", city="Baghdad") in olga.text
    assert not shows(olga, "warn-of-one")


async def test_the_length_that_was_said_counts_for_the_warning(bot: Bot, olga: Chat) -> None:
    async with bot.storage.transaction() as tx:
        await tx.outages.add(EVENING + HOUR, EVENING + 2 * HOUR)
    await timed(olga)
    await olga.presses("60")
    await taps(olga, "btn-rest-later", "btn-edit")
    await olga.presses(word("title-w-at"))
    await olga.says("4 December 19:01")
    assert shows(olga, "warn-outage")
    await olga.says("4 December 18:59")
    assert not shows(olga, "warn-outage")


async def test_a_new_time_of_a_draft_is_warned_of_by_its_own_length(bot: Bot, olga: Chat) -> None:
    async with bot.storage.transaction() as tx:
        await tx.outages.add(EVENING + 3 * HOUR, EVENING + 4 * HOUR)
    for minutes, warned in ((181, True), (180, False)):
        await put(bot, state="draft", minutes=minutes)
        await olga.presses_value("go:wf:at:salma")
        await olga.says("4 December 19:00")
        assert shows(olga, "moment-right")
        assert shows(olga, "warn-outage") is warned
        await olga.says("/cancel")


async def test_a_time_that_is_fine_is_said_back_without_a_warning(bot: Bot, olga: Chat) -> None:
    await begun(olga)
    await olga.says("Health for all", "skip", "4 December 19:00")
    shown = {key for key in ("warn-night", "warn-outage", "warn-past") if shows(olga, key)}
    assert shown == set()


async def test_what_is_past_is_not_published(bot: Bot, olga: Chat) -> None:
    await put(bot, state="draft", days=-1)
    await opens(olga, "salma")
    await taps(olga, "btn-publish")
    assert shows(olga, "webinar-past")
    assert (await kept(bot, "salma")).state == "draft"


async def test_nobody_else_sees_a_draft(bot: Bot, anna: Chat) -> None:
    await put(bot, state="draft", title=both("Secret", "سر"))
    for words in ("/webinars", "/register", "/ask", "/new"):
        await anna.says(words, "x")
        assert "Secret" not in anna.text
    await anna.opens("salma")
    assert shows(anna, "webinar-unknown")
    for way in ("wn", "wp", "we", "wd", "wr", "wi", "wm", "wc", "wz"):
        await anna.presses_value(f"go:{way}:salma")
        assert "Secret" not in anna.text
    assert (await kept(bot, "salma")).state == "draft"
