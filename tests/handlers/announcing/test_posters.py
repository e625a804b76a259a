"""Pictures beside announcements: sent, awaited, tested, and shown to who wishes for them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.announcing.content import Announcement
from storage.broadcasting.broadcasts import Phase
from tests.handlers.announcing.organisers import drafted, joined, latest, organiser
from tests.handlers.announcing.test_running import until
from tests.handlers.chatting import Bot, Chat, Phones, bot_at_work, plain
from tests.pictures import png


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncGenerator[Bot]:
    """The bot, which sends to many."""
    async with bot_at_work(tmp_path, broadcasting=True) as bot:
        yield bot


@pytest.fixture
async def olga(bot: Bot) -> Chat:
    """An organiser with a draft in both languages."""
    olga = await organiser(bot, "olga")
    await drafted(olga)
    return olga


async def pictured(olga: Chat, language: str = "English", name: str = "photo-1") -> int:
    """A picture is sent for this language; its poster is still to be fetched."""
    await olga.presses("Change", f"Picture: {language}")
    await olga.takes(media="photo", photo=name)
    code = {"English": "en", "Arabic": "ar"}[language]
    return Announcement.of(await latest(olga.bot)).posters[code]


async def fetched(bot: Bot, poster: int, content: bytes | None = None) -> str:
    """The poster has come; its hash."""
    async with bot.storage.transaction() as tx:
        assert await tx.posters.keep(poster, content or png())
        kept = await tx.posters.get(poster)
    assert kept is not None
    assert kept.hash is not None
    return kept.hash


def as_bot(channel: str) -> str:
    """As whom pictures are uploaded."""
    return f"bot-on-{channel}"


def on_telegram(channel: str) -> str | None:
    """The same where pictures are uploaded to one platform only."""
    return "bot" if channel == "telegram" else None


def photos(chat: Chat) -> list[str | None]:
    """The pictures of the messages on the screen, from top to bottom."""
    return [chat.screen[number].photo for number in sorted(chat.screen)]


async def test_it_is_waited_for_tested_and_then_it_may_leave(bot: Bot, olga: Chat) -> None:
    poster = await pictured(olga)
    assert "Picture: English" in olga.text
    assert "still on its way to us" in olga.text
    hash = await fetched(bot, poster)
    await olga.presses("Preview")
    assert hash not in photos(olga)
    assert "must be tested before it is sent" in olga.text
    await olga.presses("Send")
    assert "It cannot be sent as it is" in olga.text
    assert "type the number" not in olga.text
    await olga.presses("Test to me")
    assert photos(olga)[-3:] == [None, hash, None]
    assert "This is what people will get" in olga.text
    await olga.presses("Send")
    await olga.says("1")
    assert (await latest(bot)).phase is Phase.HELD


async def test_a_new_picture_must_be_tested_again(bot: Bot, olga: Chat) -> None:
    await fetched(bot, await pictured(olga))
    await olga.presses("Test to me")
    assert "must be tested" not in olga.text
    await fetched(bot, await pictured(olga, name="photo-2"), png(20, 20))
    await olga.presses("Send")
    assert "must be tested" in olga.text


async def test_other_words_leave_the_picture_tested(bot: Bot, olga: Chat) -> None:
    await fetched(bot, await pictured(olga))
    await olga.presses("Test to me", "Change", "Text in English")
    await olga.says("Something else")
    assert "must be tested" not in olga.text


async def test_a_picture_can_be_taken_away_again(bot: Bot, olga: Chat) -> None:
    await pictured(olga)
    await olga.presses("Change", "Picture: English", "Skip")
    assert "Picture" not in olga.text
    assert Announcement.of(await latest(bot)).posters == {}


async def test_one_picture_may_stand_beside_both_texts(bot: Bot, olga: Chat) -> None:
    poster = await pictured(olga)
    await olga.presses("Change", "Picture: Arabic", "The same picture")
    assert Announcement.of(await latest(bot)).posters == {"ar": poster, "en": poster}
    hash = await fetched(bot, poster)
    await olga.presses("Test to me")
    assert photos(olga)[-3:] == [hash, hash, None]


async def test_one_that_cannot_be_used_is_said_to_be(bot: Bot, olga: Chat) -> None:
    poster = await pictured(olga)
    async with bot.storage.transaction() as tx:
        assert await tx.posters.refuse(poster)
    await olga.presses("Send")
    assert "could not be used" in olga.text


@pytest.mark.parametrize(("length", "over"), [(1022, 0), (1030, 8)])
async def test_beside_a_picture_there_is_room_for_fewer_words(
    bot: Bot, olga: Chat, length: int, over: int
) -> None:
    await fetched(bot, await pictured(olga))
    await olga.presses("Test to me", "Change", "Text in English")
    await olga.says("a" * length)
    if over:
        assert f"Characters too many: {over}" in olga.text
    else:
        assert "nothing has been sent yet" in olga.text


async def test_a_text_that_was_there_before_the_picture_stands_in_the_way(
    bot: Bot, olga: Chat
) -> None:
    await olga.presses("Change", "Text in English")
    await olga.says("a" * 1030)
    await fetched(bot, await pictured(olga))
    await olga.presses("Test to me", "Send")
    assert "too long to stand with a picture. Characters too many: 8" in olga.text


async def test_the_platform_must_have_it_before_many_are_sent(bot: Bot, olga: Chat) -> None:
    house = bot.receiver.house
    bot.receiver.house = replace(house, uploader=as_bot)
    hash = await fetched(bot, await pictured(olga))
    await olga.presses("Test to me", "Send")
    assert "Telegram does not have the picture yet" in olga.text
    async with bot.storage.transaction() as tx:
        await tx.posters.keep_file(hash, "en", "bot-on-web", "file-1")
    await olga.presses("Send")
    assert "type the number" in olga.text


async def test_who_gets_it_first_is_said_where_its_author_cannot_test_it_there(
    tmp_path: Path,
) -> None:
    telegram = Phones()
    telegram.name = "telegram"
    async with bot_at_work(tmp_path, None, None, None, telegram, broadcasting=True) as bot:
        bot.receiver.house = replace(bot.receiver.house, uploader=on_telegram)
        olga = await organiser(bot, "olga")
        await joined(bot.on("telegram"), "anna")
        await drafted(olga)
        hash = await fetched(bot, await pictured(olga))
        await olga.presses("Test to me")
        assert "first with one of the recipients" in olga.text
        await organiser(bot.on("telegram"), "omar")
        await olga.presses("Send")
        assert "first in a message to one of the staff" in olga.text
        async with bot.storage.transaction() as tx:
            await tx.posters.keep_file(hash, "en", "bot", "file-1")
        await olga.presses_value(f"go:an:{(await latest(bot)).id}")
        assert "first" not in olga.text


async def test_who_wishes_for_words_alone_is_shown_it_on_request(bot: Bot, olga: Chat) -> None:
    anna, ben = await joined(bot, "anna"), await joined(bot, "ben")
    await anna.presses_value("go:set:text_only:on")
    hash = await fetched(bot, await pictured(olga))
    await olga.presses("Test to me", "Send")
    await olga.says("3")
    bot.calendar.passes(timedelta(seconds=61))
    await until(bot, Phase.DONE)
    assert ben.screen[ben.last].photo == hash
    assert "Show the picture" not in ben.labels
    assert anna.screen[anna.last].photo is None
    number = anna.last
    await anna.presses("Show the picture")
    assert anna.screen[anna.last].photo == hash
    assert plain(anna.screen[number].text) == "Hello everybody"


async def test_an_organiser_who_wishes_for_words_alone_sees_the_test(bot: Bot, olga: Chat) -> None:
    await olga.presses_value("go:set:text_only:on")
    await olga.says("/announce", "1")
    hash = await fetched(bot, await pictured(olga))
    await olga.presses("Test to me")
    assert hash in photos(olga)


@pytest.mark.parametrize("value", ["", "x", "²", "1", "9" * 19, "9" * 30])
async def test_no_picture_is_found_by_trying(bot: Bot, olga: Chat, value: str) -> None:
    await olga.presses_value(f"+go:poster:{value}")
    assert "That button is from earlier" in olga.text


async def test_the_webinars_own_picture_can_be_used(bot: Bot, olga: Chat) -> None:
    async with bot.storage.transaction() as tx:
        poster = await tx.posters.put(png(), bot.calendar.now)
        webinar = await tx.webinars.get("virus")
        assert webinar is not None
        await tx.webinars.put(replace(webinar, posters={"ar": poster}))
    await olga.presses("Change", "Picture: English", "The webinar's poster")
    assert Announcement.of(await latest(bot)).posters == {"en": poster}
