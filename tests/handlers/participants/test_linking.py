"""One person in several chats: a code is shown in one and typed in the other."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from channels import Limits
from dialogue.incoming import Event
from dialogue.words import Message
from handlers.links import aim_of, typed_link
from storage.community.links import LASTING, TRIES_OF_ONE
from storage.roles import Role
from tests.handlers.chatting import Bot, Chat, Phones, bot_at_work
from tests.handlers.staff.team import becomes, person_of
from tests.handlers.test_windows import BY_TEXT, WhatsApp
from tests.safety.people import asks, newcomer
from tests.safety.seen import LANGUAGES, file_of, shows, word


class Telegram(Phones):
    """Another platform."""

    name = "telegram"
    limits = Limits(text_units=4096, per_second=1000, chat_burst=100, chat_seconds=0.0)


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncGenerator[Bot]:
    """The bot in the web chat, on Telegram and on WhatsApp."""
    async with bot_at_work(tmp_path, None, None, Phones(), Telegram(), WhatsApp()) as bot:
        yield bot


@pytest.fixture
async def web(bot: Bot) -> Chat:
    """Nour in the web chat, who speaks English."""
    return await newcomer(bot, "nour-on-the-web")


@pytest.fixture
async def phone(bot: Bot) -> Chat:
    """Nour on WhatsApp, who has agreed there, too."""
    return await newcomer(bot.on("whatsapp"), "+964")


async def code_of(chat: Chat) -> str:
    """A fresh code, as it is shown."""
    await chat.says("/link")
    line = next(line for line in chat.text.split("\n") if typed_link(line))
    return line.strip()


async def joins(typing: Chat, code: str) -> None:
    """Type the code, and agree."""
    await typing.says(code)
    await typing.presses(word("btn-do-link"))


async def registers(chat: Chat, webinar: str) -> None:
    """Register for one webinar with as little as there can be."""
    await chat.opens(webinar.partition(" ")[2])
    await chat.presses("Register")
    if shows(chat, "ask-nick"):
        await chat.says("skip", "Basrah", "skip", "confirm")


async def registered(chat: Chat) -> set[str]:
    """The webinars that the person in this chat is registered for."""
    person = await person_of(chat)
    async with chat.bot.storage.reading() as tx:
        return {kept.webinar for kept in await tx.registrations.of(person)}


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_code_from_one_chat_joins_another_to_it(bot: Bot, web: Chat, language: str) -> None:
    phone = await newcomer(bot.on("whatsapp"), "+964", language)
    await phone.says(await code_of(web))
    assert shows(phone, "link-sure", language)
    assert word("chat-on-web", language) in phone.text
    assert await person_of(phone) != await person_of(web)
    await phone.presses(word("btn-do-link", language))
    assert shows(phone, "linked", language)
    assert await person_of(phone) == await person_of(web)
    assert shows(web, "told-linked", language)
    assert word("chat-on-whatsapp", language) in web.text


async def test_both_chats_have_all_that_either_had(web: Chat, phone: Chat) -> None:
    await registers(web, "Webinar virus")
    await registers(phone, "Webinar small")
    await asks(web, "Who pays for the masks?")
    await joins(phone, await code_of(web))
    assert await registered(phone) == await registered(web) == {"virus", "small"}
    assert "Who pays for the masks?" in await phone.says("/questions")


async def test_a_code_may_be_typed_in_small_letters_and_without_its_dash(
    web: Chat, phone: Chat
) -> None:
    await joins(phone, (await code_of(web)).replace("-", " ").lower())
    assert await person_of(phone) == await person_of(web)


async def test_a_no_leaves_two_people_and_a_code_that_still_works(web: Chat, phone: Chat) -> None:
    code = await code_of(web)
    await phone.says(code)
    await phone.presses(word("btn-no-thanks"))
    assert await person_of(phone) != await person_of(web)
    await joins(phone, code)
    assert await person_of(phone) == await person_of(web)


async def test_a_code_works_once(bot: Bot, web: Chat, phone: Chat) -> None:
    code = await code_of(web)
    await joins(phone, code)
    third = await newcomer(bot.on("telegram"), "third")
    await third.says(code)
    assert shows(third, "link-refused")


async def test_wrong_used_expired_ones_own_and_one_too_many_are_one_answer(
    bot: Bot, web: Chat, phone: Chat
) -> None:
    refusals: set[str] = set()
    own = await code_of(web)
    refusals.add(await web.says(own))
    await joins(phone, own)
    third = await newcomer(bot.on("telegram"), "third")
    refusals.add(await third.says(own))
    refusals.add(await third.says("BBBB-BBBB"))
    expired = await code_of(web)
    bot.calendar.passes(LASTING)
    refusals.add(await third.says(expired))
    for number in range(TRIES_OF_ONE):
        await third.says("BCDFGHJKM"[number:] + "BCDFGHJKM"[: number - 1])
    refusals.add(await third.says(await code_of(web)))
    assert len(refusals) == 1
    assert shows(third, "link-refused")


async def test_a_confirmation_is_for_the_code_that_was_shown_last(
    bot: Bot, web: Chat, phone: Chat
) -> None:
    other = await newcomer(bot.on("telegram"), "other")
    await phone.says(await code_of(other))
    number, yes = phone.button(word("btn-do-link"))
    await phone.says(await code_of(web))
    await phone.presses_value(yes, number)
    assert shows(phone, "stale")
    assert await person_of(phone) not in {await person_of(other), await person_of(web)}


async def test_whoever_comes_by_the_link_agrees_first_and_then_joins(bot: Bot, web: Chat) -> None:
    await web.says("/link")
    links = [b.url for row in web.screen[web.last].rows for b in row if b.url]
    telegram, whatsapp = links
    assert telegram.startswith("https://t.me/tadamun_bot?start=l-")
    assert whatsapp.startswith("https://wa.me/9647700000000?text=l-")
    new = bot.on("telegram").person("new")
    await new.says("/start", start=telegram.partition("start=")[2])
    await new.presses(word("language-own-en"))
    assert shows(new, "notice-heading")
    await new.presses(word("btn-agree"))
    assert shows(new, "link-sure")
    await new.presses(word("btn-do-link"))
    assert await person_of(new) == await person_of(web)


async def test_what_whatsapp_brings_of_its_link_is_a_code_too(bot: Bot, web: Chat) -> None:
    code = (await code_of(web)).replace("-", "")
    new = bot.on("whatsapp").person("new")
    await new.says(f"l-{code}")
    await new.presses(word("language-own-en"), word("btn-agree"))
    assert shows(new, "link-sure")


def test_a_link_with_no_code_is_refused_like_a_wrong_one() -> None:
    for payload in ("l-", "l-no:code", "l-AAAAAAAA", f"l-{'B' * 60}"):
        assert aim_of(replace(BY_TEXT, text="/start", start=payload)) == "="
    assert aim_of(replace(BY_TEXT, text="/start", start="l-BCDFGHJK")) == "=BCDFGHJK"


async def test_the_code_is_gone_from_the_screen_when_it_is_worth_nothing(
    bot: Bot, web: Chat
) -> None:
    await web.says("/link")
    shown = web.last
    bot.calendar.passes(LASTING)
    await web.says("/menu")
    assert shown not in web.screen


async def test_messages_come_first_where_it_was_chosen(bot: Bot, web: Chat, phone: Chat) -> None:
    await joins(phone, await code_of(web))
    assert phone.labels[:2] == [word("btn-prefer-web"), word("btn-prefer-whatsapp")]
    await phone.presses(word("btn-prefer-web"))
    assert f"We write first to: {word('chat-on-web')}" in phone.text
    assert "Your chats: the web chat and the chat on WhatsApp" in phone.text
    person = await person_of(web)
    async with bot.storage.reading() as tx:
        wished = {each.channel: each.preferred for each in await tx.people.addresses(person)}
    assert wished == {"web": True, "whatsapp": False}
    await web.says("/settings")
    await web.presses(word("btn-where"), word("btn-prefer-whatsapp"))
    assert f"We write first to: {word('chat-on-whatsapp')}" in web.text


async def test_nobody_prefers_somebody_elses_chat(bot: Bot, web: Chat, phone: Chat) -> None:
    async with bot.storage.reading() as tx:
        (other,) = await tx.people.addresses(await person_of(phone))
    await web.presses_value(f"go:prefer:{other.id}")
    assert shows(web, "prefer-where")
    async with bot.storage.reading() as tx:
        assert not (await tx.people.addresses(await person_of(phone)))[0].preferred


async def test_a_chat_that_is_separated_begins_anew(bot: Bot, web: Chat, phone: Chat) -> None:
    await registers(web, "Webinar virus")
    await joins(phone, await code_of(web))
    before = await person_of(web)
    await phone.says("/unlink")
    assert shows(phone, "unlink-sure")
    await phone.presses(word("btn-do-unlink"))
    assert shows(phone, "unlinked")
    assert shows(web, "told-unlinked")
    assert await person_of(web) == before
    assert await person_of(phone) != before
    assert await registered(phone) == set()
    assert await registered(web) == {"virus"}
    await registers(phone, "Webinar small")
    assert await registered(phone) == {"small"}
    await phone.says("/unlink")
    assert shows(phone, "unlink-alone")


async def test_a_second_tap_on_separating_does_nothing(web: Chat, phone: Chat) -> None:
    await joins(phone, await code_of(web))
    await phone.says("/unlink")
    number, yes = phone.button(word("btn-do-unlink"))
    await phone.presses(word("btn-do-unlink"))
    alone = await person_of(phone)
    await phone.presses_value(yes, number)
    assert shows(phone, "stale")
    assert await person_of(phone) == alone


async def test_a_role_is_had_in_both_chats_and_stays_behind(web: Chat, phone: Chat) -> None:
    await becomes(web, Role.ORGANISER)
    await joins(phone, await code_of(web))
    assert shows_button(await last(phone, "/menu"), word("btn-new"))
    await phone.says("/unlink")
    await phone.presses(word("btn-do-unlink"))
    assert not shows_button(await last(phone, "/menu"), word("btn-new"))
    assert shows_button(await last(web, "/menu"), word("btn-new"))


async def test_who_helps_is_warned_and_the_owners_hear_of_it(
    bot: Bot, web: Chat, phone: Chat
) -> None:
    owner = await newcomer(bot, "owner")
    await becomes(owner, Role.OWNER)
    await becomes(web, Role.ORGANISER)
    await phone.says(await code_of(web))
    assert word("link-sure-staff") in phone.text
    await phone.presses(word("btn-do-link"))
    assert shows(owner, "told-linked-staff")
    assert word("role-organiser") in owner.text


async def test_nobody_gets_a_role_by_sending_a_code_to_who_has_it(web: Chat, phone: Chat) -> None:
    await becomes(phone, Role.ORGANISER)
    await phone.says(await code_of(web))
    assert shows(phone, "link-from-here")
    assert word("btn-do-link") not in phone.labels
    assert await person_of(phone) != await person_of(web)


async def test_a_role_that_came_between_the_question_and_the_yes_stays_where_it_is(
    web: Chat, phone: Chat
) -> None:
    await phone.says(await code_of(web))
    await becomes(phone, Role.ORGANISER)
    await phone.presses(word("btn-do-link"))
    assert shows(phone, "link-from-here")
    assert await person_of(phone) != await person_of(web)


async def test_after_registering_in_the_web_chat_joining_is_offered_until_it_is_done(
    web: Chat, phone: Chat
) -> None:
    await registers(web, "Webinar virus")
    assert shows(web, "web-join-too")
    await web.presses(word("btn-link"))
    line = next(line for line in web.text.split("\n") if typed_link(line))
    await joins(phone, line)
    await web.says("/register", "confirm")
    assert shows(web, "saved")
    assert not shows(web, "web-only-while-open")
    assert word("btn-link") not in web.labels


async def test_privacy_says_who_reads_along_in_each_of_their_chats(web: Chat, phone: Chat) -> None:
    await joins(phone, await code_of(web))
    await web.says("/privacy")
    assert word("notice-reads-web") in web.text
    assert word("notice-reads-whatsapp") in web.text
    assert word("notice-reads-telegram") not in web.text


async def test_a_block_stops_the_chat_that_was_blocked(web: Chat, phone: Chat) -> None:
    await joins(phone, await code_of(web))
    await phone.happens(Event.BLOCKED)
    async with web.bot.storage.reading() as tx:
        person = await tx.people.get(await person_of(web))
        assert person is not None
        reachable = {a.channel: a.reachable for a in await tx.people.addresses(person.id)}
    assert person.announcements
    assert reachable == {"web": True, "whatsapp": False}


async def last(chat: Chat, said: str) -> Message:
    """The answer to this."""
    await chat.says(said)
    return chat.screen[chat.last]


def shows_button(message: Message, label: str) -> bool:
    """Whether it has this button."""
    return any(button.label == label for row in message.rows for button in row)


async def test_both_chats_at_the_same_moment_are_both_heard(
    bot: Bot, web: Chat, phone: Chat
) -> None:
    await joins(phone, await code_of(web))
    bot.calendar.passes(timedelta(minutes=1))
    before = len(web.screen), len(phone.screen)
    now = bot.calendar.now
    takes = [
        bot.reception.take(
            replace(BY_TEXT, channel=channel, sender=account, id="same", alias=None, text=said)
        )
        for channel, account, said in (("web", web.account, "/menu"), ("whatsapp", "+964", "/help"))
    ]
    for taken in takes:
        await taken
    await bot.quiet(web.account)
    await bot.on("whatsapp").quiet("+964")
    assert (len(web.screen), len(phone.screen)) == (before[0] + 1, before[1] + 1)
    assert bot.calendar.now == now


async def test_a_yes_while_the_other_chat_is_heard_is_a_yes(
    bot: Bot, web: Chat, phone: Chat
) -> None:
    await phone.says(await code_of(web))
    number, yes = phone.button(word("btn-do-link"))
    bot.calendar.passes(timedelta(minutes=1))
    agreeing = replace(
        BY_TEXT, sender="+964", alias=None, text=None, choice=yes, message=str(number)
    )
    asking = replace(BY_TEXT, channel="web", sender=web.account, alias=None, text="/help")
    for taken in [bot.reception.take(asking), bot.reception.take(agreeing)]:
        await taken
    await bot.quiet(web.account)
    await bot.on("whatsapp").quiet("+964")
    assert shows(phone, "linked")
    assert "/menu" in "".join(message.text for message in web.screen.values())
    assert await person_of(phone) == await person_of(web)


async def test_my_data_and_forgetting_are_about_both(bot: Bot, web: Chat, phone: Chat) -> None:
    await joins(phone, await code_of(web))
    await phone.says("/mydata")
    assert "Account: web chat" in phone.text
    assert "Account: WhatsApp" in phone.text
    await phone.presses("As a file")
    accounts = file_of(phone)["accounts"]
    assert {each["channel"] for each in accounts} == {"web", "whatsapp"}
    await web.says("/forget")
    assert "in all your chats: the web chat and the chat on WhatsApp" in web.text
    await web.presses(word("btn-forget-really"), word("btn-forget-now"))
    async with bot.storage.reading() as tx:
        assert await tx.people.find("web", web.account) is None
        assert await tx.people.find("whatsapp", "+964") is None
