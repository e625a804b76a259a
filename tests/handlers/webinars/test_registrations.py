"""Who comes: approval one at a time, and one registration taken back, picked or found by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogue.words import Localised
from storage.community.people import Arrival, Consent
from storage.community.registrations import Registration
from storage.series.webinars import ExtraQuestion
from tests.handlers.chatting import Bot, Chat, both, plain
from tests.handlers.organising import WAY_IN, opens, organiser, put, registered, said, taps
from tests.safety.people import newcomer
from tests.safety.seen import LANGUAGES, all_text, says, shows, speech, word

CONSENT = Consent("1", "0123abcd", "ar")
QUESTIONS = (
    ExtraQuestion("q1", both("Which topic", "أي موضوع"), (("q1", both("Work", "العمل")),)),
    ExtraQuestion("q2", Localised({"en": "Why?"})),
)


@pytest.fixture
async def olga(bot: Bot) -> Chat:
    """An organiser who speaks English."""
    return await organiser(bot)


async def applicant(bot: Bot, name: str, language: str = "en", **extra: str) -> Chat:
    """Somebody of this nickname, who waits for approval."""
    chat = await newcomer(bot, f"account-{name}", language)
    person = await registered(chat, "salma", approved=False, **extra)
    async with bot.storage.transaction() as tx:
        found = await tx.people.get(person)
        assert found is not None
        known = replace(found, profile=replace(found.profile, nickname=name or None))
        await tx.people.update(known, bot.calendar.now)
    return chat


async def place(chat: Chat) -> Registration | None:
    """This person's registration."""
    async with chat.bot.storage.reading() as tx:
        address = await tx.people.find("web", chat.account)
        assert address is not None
        return await tx.registrations.get(address.person, "salma")


async def looks(olga: Chat, language: str = "en") -> None:
    """The first of those who wait."""
    await opens(olga, "salma")
    await taps(olga, "btn-registrations", "btn-look-waiting", language=language)


def hears(chat: Chat, key: str, language: str) -> bool:
    """Whether the last message says that."""
    return says(plain(chat.screen[chat.last].text), key, language)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_one_who_waits_is_shown_by_nickname_and_answers(bot: Bot, language: str) -> None:
    olga = await organiser(bot, language)
    await put(bot, approval=True, questions=QUESTIONS)
    nour = await applicant(bot, "Nour", q1="q1", q2="To learn")
    await opens(olga, "salma")
    assert said("staff-waiting", language, count=1) in olga.text
    await looks(olga, language)
    assert "Nour" in olga.text
    assert {"en": "Which topic: Work", "ar": "أي موضوع: العمل"}[language] in olga.text
    assert "To learn" in olga.text
    assert "?:" not in olga.text
    assert nour.account not in olga.text
    assert word("btn-next-one", language) not in olga.labels


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_approved_are_told_in_their_language(bot: Bot, olga: Chat, language: str) -> None:
    one = await put(bot, approval=True, way_in=WAY_IN)
    nour = await applicant(bot, "Nour", language)
    await looks(olga)
    await taps(olga, "btn-approve")
    assert shows(olga, "registration-approved")
    assert shows(olga, "registrations-none-wait")
    kept = await place(nour)
    assert kept is not None
    assert kept.approved
    await bot.quiet(nour.account)
    assert hears(nour, "approval-given", language)
    assert WAY_IN.link not in nour.text
    await nour.presses(word("btn-details", language))
    assert one.title.by_language[language] in nour.text
    assert shows(nour, "you-are-registered", language)


async def test_the_approved_are_let_in_at_once_when_it_is_time(bot: Bot, olga: Chat) -> None:
    await put(bot, approval=True, way_in=WAY_IN, starts_at=bot.calendar.now)
    nour = await applicant(bot, "Nour")
    await looks(olga)
    await taps(olga, "btn-approve")
    await bot.quiet(nour.account)
    assert WAY_IN.link in nour.text
    kept = await place(nour)
    assert kept is not None
    assert kept.told


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_declined_are_told_and_not_registered(
    bot: Bot, olga: Chat, language: str
) -> None:
    await put(bot, approval=True)
    nour = await applicant(bot, "Nour", language)
    await looks(olga)
    await taps(olga, "btn-decline")
    assert shows(olga, "registration-declined")
    assert await place(nour) is None
    await bot.quiet(nour.account)
    assert hears(nour, "approval-declined", language)
    assert "team@example.org" in nour.text


async def test_they_are_looked_at_one_at_a_time_round_and_round(bot: Bot, olga: Chat) -> None:
    await put(bot, approval=True)
    for name in ("Amal", "Basim", "Clara"):
        await applicant(bot, name)
    await looks(olga)
    names: list[str] = []
    for _ in range(4):
        (name,) = [each for each in ("Amal", "Basim", "Clara") if each in olga.text]
        names.append(name)
        await taps(olga, "btn-next-one")
    assert len(set(names)) == 3
    assert names[3] == names[0]


async def test_a_second_tap_decides_nothing_twice(bot: Bot, olga: Chat) -> None:
    await put(bot, approval=True)
    nour = await applicant(bot, "Nour")
    await looks(olga)
    number, approve = olga.button(word("btn-approve"))
    _, decline = olga.button(word("btn-decline"))
    await olga.presses_value(approve, number)
    await olga.presses_value(decline, number)
    assert shows(olga, "registration-decided")
    kept = await place(nour)
    assert kept is not None
    assert kept.approved
    await bot.quiet(nour.account)
    texts = [plain(message.text) for message in nour.screen.values()]
    assert sum(says(each, "approval-given") for each in texts) == 1
    assert not any(says(each, "approval-declined") for each in texts)


async def test_whoever_left_meanwhile_is_not_decided_on(bot: Bot, olga: Chat) -> None:
    await put(bot, approval=True)
    nour = await applicant(bot, "Nour")
    await looks(olga)
    await nour.opens("salma")
    await nour.presses("Cancel registration")
    await taps(olga, "btn-approve")
    assert shows(olga, "registration-decided")
    assert await place(nour) is None


# --- taking one back ----------------------------------------------------------------------------


async def crowd(bot: Bot, *names: str | None, **extra: str) -> list[int]:
    """People who came in this order, an hour after each other; None has no nickname."""
    ids: list[int] = []
    for number, name in enumerate(names):
        now = bot.calendar.now + timedelta(hours=number)
        arrival = Arrival("web", f"account-{number}", "1")
        async with bot.storage.transaction() as tx:
            _, person = await tx.people.welcome(arrival, "ar", CONSENT, now)
            profile = replace(person.profile, nickname=name, governorate="BA", zone="Europe/Rome")
            await tx.people.update(replace(person, profile=profile), now)
            await tx.registrations.put(person.id, "salma", extra, now)
        ids.append(person.id)
    return ids


async def registered_now(bot: Bot) -> set[int]:
    """Who is registered."""
    async with bot.storage.reading() as tx:
        return {each.person for each in await tx.registrations.all("salma")}


def line_of(chat: Chat, number: int) -> str:
    """The line of the list with this number."""
    return next(line for line in chat.text.splitlines() if line.startswith(f"{number}. "))


async def lists_them(olga: Chat, language: str = "en") -> str:
    """The list of those who are registered, from the webinar's screen."""
    await opens(olga, "salma")
    return await taps(olga, "btn-registrations", "btn-drop-one", language=language)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_somebody_without_a_nickname_is_picked_and_taken_back(
    bot: Bot, language: str
) -> None:
    olga = await organiser(bot, language)
    await put(bot)
    ids = await crowd(bot, "Amal", None)
    amal, nameless = ids
    await lists_them(olga, language)
    hour = speech().voice(language).clock(bot.calendar.now.replace(minute=0) + timedelta(hours=1))
    second = line_of(olga, 2)
    assert second.startswith(f"2. {word('registration-no-name', language)}")
    assert second.endswith(plain(hour))
    await olga.presses(said("btn-pick-one", language, number=2))
    assert shows(olga, "registration-drop-sure", language)
    assert word("registration-no-name", language) in olga.text
    assert await registered_now(bot) == {amal, nameless}
    await taps(olga, "btn-do-drop-one", language=language)
    assert shows(olga, "registration-withdrawn", language)
    assert await registered_now(bot) == {amal}
    await bot.quiet("account-1")
    assert hears(bot.person("account-1"), "registration-taken-back", "ar")


async def test_the_list_tells_the_nickname_and_an_answer_and_nothing_else(
    bot: Bot, olga: Chat
) -> None:
    await put(bot, questions=QUESTIONS)
    await crowd(bot, "Amal", q2="To learn\nwhat is " + "new " * 30)
    await lists_them(olga)
    shown = line_of(olga, 1)
    assert "Amal" in shown
    assert shown.endswith(": To learn what is new new new new new new new new new new ne…")
    hidden = ("Basra", "Rome", "Arabic", "web", "account-0", "Salma", "UTC")
    assert not any(each.lower() in shown.lower() for each in hidden)


async def test_the_first_answer_is_the_first_that_was_given(bot: Bot, olga: Chat) -> None:
    await put(bot, questions=QUESTIONS)
    await crowd(bot, "Amal", q1="q1", q2="To learn")
    await lists_them(olga)
    assert line_of(olga, 1).endswith(": Work")
    await registered_again(bot, q1="", q2="To learn")
    await lists_them(olga)
    assert line_of(olga, 1).endswith(": To learn")
    await registered_again(bot)
    await lists_them(olga)
    assert line_of(olga, 1).endswith("15:00")


async def registered_again(bot: Bot, **extra: str) -> None:
    """The first of the crowd answers anew."""
    async with bot.storage.transaction() as tx:
        (kept,) = await tx.registrations.all("salma")
        await tx.registrations.put(kept.person, "salma", extra, bot.calendar.now)


async def test_pages_hold_eight_and_everybody_once(bot: Bot, olga: Chat) -> None:
    await put(bot)
    names = [f"Name{number:02}" for number in range(1, 20)]
    await crowd(bot, *names)
    pages = [await lists_them(olga)]
    assert said("registrations-listed", first=1, last=8, total=19) in olga.text
    assert word("btn-page-before") not in olga.labels
    pages.append(await taps(olga, "btn-page-after"))
    assert "1. Name09: registration 9," in olga.text
    pages.append(await taps(olga, "btn-page-after"))
    assert said("registrations-listed", first=17, last=19, total=19) in olga.text
    assert word("btn-page-after") not in olga.labels
    assert [each for page in pages for each in names if each in page] == names
    await olga.says("1")
    assert "Name17" in olga.text
    assert shows(olga, "registration-drop-sure")
    await taps(olga, "btn-to-registrations")
    assert "Name01" in olga.text


async def test_a_page_that_is_no_more_leads_to_the_last_one(bot: Bot, olga: Chat) -> None:
    await put(bot)
    (alone,) = await crowd(bot, "Amal")
    await olga.presses_value("go:wt:ffff:salma")
    assert "Amal" in olga.text
    async with bot.storage.transaction() as tx:
        await tx.registrations.remove(alone, "salma")
    await olga.presses_value("go:wt:0:salma")
    assert said("staff-registered", count=0) in olga.text


async def test_what_tells_of_people_leaves_the_screen_after_ten_minutes(
    bot: Bot, olga: Chat
) -> None:
    await put(bot)
    await crowd(bot, "Amal")
    await lists_them(olga)
    await olga.presses(said("btn-pick-one", number=1))
    await olga.says("/menu")
    assert "Amal" in all_text(olga)
    bot.calendar.passes(timedelta(minutes=10))
    await olga.says("/help")
    assert "Amal" not in all_text(olga)


async def test_a_confirmation_counts_once_and_for_whom_it_showed(bot: Bot, olga: Chat) -> None:
    await put(bot)
    amal, basim, clara = await crowd(bot, "Amal", "Basim", "Clara")
    await lists_them(olga)
    on_the_list, first = olga.button(said("btn-pick-one", number=1))
    _, second = olga.button(said("btn-pick-one", number=2))
    await olga.presses_value(first, on_the_list)
    shown, yes = olga.button(word("btn-do-drop-one"))
    assert yes.startswith("go:wh:")
    await olga.presses_value(second, on_the_list)
    _, for_basim = olga.button(word("btn-do-drop-one"))
    await olga.presses_value(yes, shown)
    assert shows(olga, "stale")
    assert await registered_now(bot) == {amal, basim, clara}
    await olga.presses_value(second, on_the_list)
    shown, for_basim = olga.button(word("btn-do-drop-one"))
    random = for_basim.split(":")[2]
    await olga.presses_value(f"go:wh:{random}:{first.split(':')[2]}", shown)
    assert shows(olga, "stale")
    await olga.presses_value(second, on_the_list)
    shown, for_basim = olga.button(word("btn-do-drop-one"))
    await olga.presses_value(for_basim, shown)
    assert await registered_now(bot) == {amal, clara}
    await olga.presses_value(for_basim, shown)
    assert shows(olga, "stale")
    assert await registered_now(bot) == {amal, clara}


async def test_of_two_organisers_one_takes_it_back(bot: Bot, olga: Chat) -> None:
    other = await organiser(bot, account="other")
    await put(bot)
    await crowd(bot, "Amal")
    for each in (olga, other):
        await lists_them(each)
        await each.presses(said("btn-pick-one", number=1))
    await taps(olga, "btn-do-drop-one")
    assert shows(olga, "registration-withdrawn")
    await taps(other, "btn-do-drop-one")
    assert shows(other, "registration-decided")


async def test_of_two_of_one_nickname_the_right_one_is_picked(bot: Bot, olga: Chat) -> None:
    await put(bot)
    nour, amal, namesake = await crowd(bot, "Nour", "Amal", "NOUR")
    await lists_them(olga)
    await taps(olga, "btn-find-nickname")
    await olga.says("nour")
    assert shows(olga, "registrations-namesakes")
    assert "Amal" not in olga.text
    assert "2. NOUR: registration 3," in olga.text
    await olga.presses(said("btn-pick-one", number=2))
    await taps(olga, "btn-do-drop-one")
    assert await registered_now(bot) == {nour, amal}
    assert namesake not in await registered_now(bot)


@pytest.mark.parametrize("id", ["w" * 40, "salma"])
async def test_its_buttons_fit_whatever_the_webinar_is_called(
    bot: Bot, olga: Chat, id: str
) -> None:
    await put(bot, id)
    person = await registered(await newcomer(bot, "somebody"), id)
    await olga.presses_value(f"go:wt:0:{id}")
    await olga.presses(said("btn-pick-one", number=1))
    buttons = [b for m in olga.screen.values() for row in m.rows for b in row]
    assert all(len(button.value.encode()) <= 64 for button in buttons)
    await taps(olga, "btn-do-drop-one")
    async with bot.storage.reading() as tx:
        assert await tx.registrations.get(person, id) is None


@pytest.mark.parametrize("language", LANGUAGES)
async def test_one_registration_is_found_by_nickname_and_taken_back(
    bot: Bot, olga: Chat, language: str
) -> None:
    await put(bot)
    nour, amal = await applicant(bot, "Nour", language), await applicant(bot, "Amal")
    await opens(olga, "salma")
    await taps(olga, "btn-registrations", "btn-drop-one", "btn-find-nickname")
    await olga.says("nour")
    assert shows(olga, "registration-drop-sure")
    assert "Amal" not in olga.text
    assert await place(nour) is not None
    number, value = olga.button(word("btn-do-drop-one"))
    await olga.presses_value(value, number)
    assert shows(olga, "registration-withdrawn")
    assert await place(nour) is None
    assert await place(amal) is not None
    await bot.quiet(nour.account)
    assert hears(nour, "registration-taken-back", language)
    await olga.presses_value(value, number)
    assert shows(olga, "stale")


@pytest.mark.parametrize("typed", ["Nobody", "؟"])
async def test_a_nickname_that_nobody_has_finds_nobody(bot: Bot, olga: Chat, typed: str) -> None:
    await put(bot)
    await applicant(bot, "Nour")
    await applicant(bot, "")
    await olga.presses_value("go:wg:salma")
    await olga.says(typed)
    assert shows(olga, "registration-unknown")


async def test_nobody_is_named_before_the_list_is_asked_for(bot: Bot, olga: Chat) -> None:
    await put(bot, approval=True)
    names = ("Amal", "Basim", "Clara")
    for name in names:
        await applicant(bot, name)
    await olga.says("/new")
    await opens(olga, "salma")
    await taps(olga, "btn-registrations")
    assert said("staff-registered", count=3) in olga.text
    assert not any(name in all_text(olga) for name in names)


@pytest.mark.parametrize("value", ["wa", "wx", "wo", "wh", "wt", "wq"])
async def test_a_forged_button_changes_nothing(bot: Bot, olga: Chat, value: str) -> None:
    await put(bot, approval=True)
    nour = await applicant(bot, "Nour")
    before = await place(nour)
    for rest in ("", "zz", "1:salma", f"{2**64:x}:salma", "1:nowhere"):
        await olga.presses_value(f"go:{value}:{rest}")
    assert await place(nour) == before
