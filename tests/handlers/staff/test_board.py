"""/board: links for whoever moderates or answers there, and what askers hear of the board."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from dialogue.stages import Stage
from storage.community.boards import Seat
from storage.roles import Role
from tests.handlers.chatting import NOW, Bot, Chat, Phones, bot_at_work, plain
from tests.handlers.moderating.moderators import all_of, asker, moderator
from tests.handlers.organising import put, said
from tests.handlers.staff.team import becomes, person_of
from tests.safety.people import newcomer
from tests.safety.seen import LANGUAGES, all_text, says, shows, word

DESK_AND_STAGE = ("desk", "stage")
LINK = re.compile(r"https://tadamun\.example\.org/board/open/([A-Za-z0-9_-]{32})")


async def seats(chat: Chat) -> list[tuple[Seat, str]]:
    """Where the links on the screen lead, once they are used."""
    found: list[tuple[Seat, str]] = []
    for token in LINK.findall(chat.text):
        async with chat.bot.storage.transaction() as tx:
            opened = await tx.boards.open(token, chat.bot.calendar.now)
        assert opened is not None
        found.append((opened.seat, opened.webinar))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_moderator_chooses_a_webinar_and_gets_both_links(bot: Bot, language: str) -> None:
    mona = await moderator(bot, language=language)
    await mona.says(word("btn-board", language))
    assert shows(mona, "board-which", language)
    await mona.presses({"en": "Webinar work", "ar": "ندوة work"}[language])
    for key in ("board-ways", "board-way-desk", "board-way-stage", "invite-gone"):
        assert shows(mona, key, language), key
    assert await seats(mona) == [(Seat.DESK, "work"), (Seat.STAGE, "work")]


class Telegram(Phones):
    """There, addresses among the words are links."""

    name = "telegram"


def ways_out(chat: Chat) -> dict[str, str]:
    """Where the buttons lead that open a page, by their labels."""
    return {
        plain(button.label): button.url
        for row in chat.screen[chat.last].rows
        for button in row
        if button.url
    }


@pytest.mark.parametrize("language", LANGUAGES)
async def test_where_a_link_among_words_cannot_be_pressed_a_button_leads_there(
    bot: Bot, language: str
) -> None:
    mona = await moderator(bot, language=language)
    await mona.says("/board")
    await mona.presses({"en": "Webinar work", "ar": "ندوة work"}[language])
    assert list(ways_out(mona).values()) == [found[0] for found in LINK.finditer(mona.text)]
    assert list(ways_out(mona)) == [word(f"btn-open-{seat}", language) for seat in DESK_AND_STAGE]
    await mona.presses(word("btn-digest-page", language))
    ((label, page),) = ways_out(mona).items()
    assert label == word("digest-open", language)
    assert page in mona.text


async def test_elsewhere_the_links_themselves_are_pressed(tmp_path: Path) -> None:
    async with bot_at_work(tmp_path, phones=Telegram()) as bot:
        mona = await moderator(bot)
        await mona.says("/board")
        await mona.presses("Webinar work")
        assert len(LINK.findall(mona.text)) == 2
        assert ways_out(mona) == {}
        await mona.presses(word("btn-digest-page"))
        assert ways_out(mona) == {}


async def test_a_webinar_that_is_running_comes_at_once(bot: Bot) -> None:
    await put(bot, "now", starts_at=NOW - timedelta(minutes=10))
    mona = await moderator(bot)
    await mona.says("/board")
    assert await seats(mona) == [(Seat.DESK, "now"), (Seat.STAGE, "now")]


async def test_the_phone_leads_to_the_board_of_the_same_webinar(bot: Bot) -> None:
    mona = await moderator(bot)
    await mona.says("/moderate")
    await mona.presses_value("go:mo:virus")
    await mona.presses(word("btn-board"))
    assert await seats(mona) == [(Seat.DESK, "virus"), (Seat.STAGE, "virus")]


async def test_a_speaker_gets_the_stage_and_no_more(bot: Bot) -> None:
    sara = await newcomer(bot, "sara", "en")
    await becomes(sara, Role.SPEAKER)
    await sara.says("/board")
    await sara.presses("Webinar virus")
    assert not says(sara.text, "board-way-desk")
    assert await seats(sara) == [(Seat.STAGE, "virus")]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_an_interpreter_gets_the_page_with_what_is_to_be_translated(
    bot: Bot, language: str
) -> None:
    ines = await newcomer(bot, "ines", language)
    await becomes(ines, Role.INTERPRETER)
    await ines.says("/board")
    await ines.presses({"en": "Webinar virus", "ar": "ندوة virus"}[language])
    assert shows(ines, "board-way-interpret", language)
    assert await seats(ines) == [(Seat.INTERPRET, "virus")]


async def test_nobody_else_gets_a_link(bot: Bot) -> None:
    anna = await newcomer(bot, "anna", "en")
    await anna.says("/board")
    await anna.presses_value("go:bo:virus")
    assert "/board/open/" not in all_text(anna)


async def test_a_button_of_a_webinar_that_is_gone_offers_the_others(bot: Bot) -> None:
    mona = await moderator(bot)
    await mona.presses_value("go:bo:nothing-like-it")
    assert shows(mona, "board-which")


async def test_an_asker_hears_of_what_was_done_on_the_board(bot: Bot) -> None:
    mona, anna = await moderator(bot), await asker(bot, "Do masks help?")
    member = await person_of(mona)
    (question,) = (await all_of(bot)).values()
    before = set(anna.screen)
    async with bot.storage.transaction() as tx:
        await tx.moderation.claim(question.id, member, bot.calendar.now)
        await tx.moderation.move(question.id, member, Stage.APPROVED, bot.calendar.now)
        await bot.receiver.tell_askers(tx, member, [question.id])
    bot.calendar.passes(timedelta(seconds=40))
    bot.office.look()
    await bot.quiet("anna")
    (new,) = set(anna.screen) - before
    assert "Webinar virus" in anna.screen[new].text
    assert word("state-approved") in anna.screen[new].text
    assert said("board-none") not in all_text(mona)


async def test_an_answer_from_the_board_reaches_whoever_asked(bot: Bot) -> None:
    mona, anna = await moderator(bot), await asker(bot, "Do masks help?")
    member = await person_of(mona)
    (question,) = (await all_of(bot)).values()
    before = set(anna.screen)
    await answered(bot, question.id, member, public=False)
    bot.calendar.passes(timedelta(seconds=40))
    bot.office.look()
    await bot.quiet("anna")
    (new,) = set(anna.screen) - before
    assert "Yes, they do." in anna.screen[new].text


@pytest.mark.parametrize("public", [True, False])
async def test_a_public_answer_from_the_board_goes_to_all_registered(
    bot: Bot, public: bool
) -> None:
    mona = await moderator(bot)
    await asker(bot, "Do masks help?")
    (question,) = (await all_of(bot)).values()
    await answered(bot, question.id, await person_of(mona), public=public)
    async with bot.storage.reading() as tx:
        begun = await tx.broadcasts.due(bot.calendar.now)
    notices = [each for each in begun if each.content.get("question") == question.id]
    assert len(notices) == int(public)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_whoever_left_a_board_open_somewhere_closes_it_from_the_phone(
    bot: Bot, language: str
) -> None:
    mona, omar = await moderator(bot, language=language), await moderator(bot, "omar", language)
    secrets: list[str] = []
    for chat in (mona, omar):
        await chat.says("/board")
        await chat.presses({"en": "Webinar virus", "ar": "ندوة virus"}[language])
        (token, *_) = LINK.findall(chat.text)
        async with bot.storage.transaction() as tx:
            passage = await tx.boards.open(token, bot.calendar.now)
            assert passage is not None
            secret = await tx.boards.begin(passage, bot.calendar.now)
        assert secret is not None
        secrets.append(secret)
    (_, unused) = LINK.findall(mona.text)
    await mona.presses(word("btn-board-close", language))
    assert shows(mona, "board-all-closed", language)
    async with bot.storage.transaction() as tx:
        there = [await tx.boards.place(each, bot.calendar.now) for each in secrets]
        assert [each is not None for each in there] == [False, True]
        assert await tx.boards.open(unused, bot.calendar.now) is None


async def answered(bot: Bot, question: int, member: int, *, public: bool) -> None:
    """A moderator answers on the board."""
    now = bot.calendar.now
    async with bot.storage.transaction() as tx:
        await tx.moderation.claim(question, member, now)
        await tx.moderation.move(question, member, Stage.APPROVED, now)
        assert await tx.moderation.answer(question, member, "Yes, they do.", "en", public, now)
        await bot.receiver.tell_askers(tx, member, [question], answered=True)
