"""Who comes: approval one at a time, and one registration taken back; never a list of people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dialogue.words import Localised
from storage.registrations import Registration
from storage.webinars import ExtraQuestion
from tests.handlers.chatting import Bot, Chat, both, plain
from tests.handlers.organising import WAY_IN, opens, organiser, put, registered, said, taps
from tests.safety.people import newcomer
from tests.safety.seen import LANGUAGES, all_text, says, shows, word

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


@pytest.mark.parametrize("language", LANGUAGES)
async def test_one_registration_is_found_by_nickname_and_taken_back(
    bot: Bot, olga: Chat, language: str
) -> None:
    await put(bot)
    nour, amal = await applicant(bot, "Nour", language), await applicant(bot, "Amal")
    await opens(olga, "salma")
    await taps(olga, "btn-registrations", "btn-drop-one")
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
    assert shows(olga, "registration-decided")


@pytest.mark.parametrize("typed", ["Nobody", "؟"])
async def test_a_nickname_that_nobody_has_finds_nobody(bot: Bot, olga: Chat, typed: str) -> None:
    await put(bot)
    await applicant(bot, "Nour")
    await applicant(bot, "")
    await olga.presses_value("go:wg:salma")
    await olga.says(typed)
    assert shows(olga, "registration-unknown")


async def test_no_screen_lists_people(bot: Bot, olga: Chat) -> None:
    await put(bot, approval=True)
    names = ("Amal", "Basim", "Clara")
    for name in names:
        await applicant(bot, name)
    await olga.says("/new")
    await opens(olga, "salma")
    await taps(olga, "btn-registrations")
    assert said("staff-registered", count=3) in olga.text
    assert not any(name in all_text(olga) for name in names)


@pytest.mark.parametrize("value", ["wa", "wx", "wo", "wq"])
async def test_a_forged_button_changes_nothing(bot: Bot, olga: Chat, value: str) -> None:
    await put(bot, approval=True)
    nour = await applicant(bot, "Nour")
    before = await place(nour)
    for rest in ("", "zz", "1:salma", f"{2**64:x}:salma", "1:nowhere"):
        await olga.presses_value(f"go:{value}:{rest}")
    assert await place(nour) == before
