"""What is held of a person: shown for a short while, and erased for good."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from handlers.house import Rules
from handlers.participants import privacy
from handlers.participants.privacy import SHOWN_FOR
from storage.community.staff import Role
from tests.handlers.chatting import Bot, Chat, bot_at_work, plain, webinar


async def test_my_data_is_shown_for_ten_minutes(bot: Bot, anna: Chat) -> None:
    await anna.says("/mydata")
    assert "Language: English" in anna.text
    shown = anna.last
    bot.calendar.passes(SHOWN_FOR)
    await anna.says("/menu")
    assert shown not in anna.screen


async def test_what_is_said_next_is_not_deleted_with_it(bot: Bot, anna: Chat) -> None:
    await anna.presses("Settings")
    await anna.says("/mydata")
    shown = anna.last
    await anna.presses("Menu")
    menu = anna.last
    assert menu != shown
    bot.calendar.passes(SHOWN_FOR + timedelta(minutes=1))
    await anna.says("/help")
    assert shown not in anna.screen
    assert menu in anna.screen


async def test_the_file_holds_everything_on_a_second_tap(anna: Chat) -> None:
    await anna.says("/register", "Nour", "Baghdad", "1", "skip", "confirm", "/mydata")
    assert "Nickname: Nour" in anna.text
    assert anna.screen[anna.last].file is None
    await anna.presses("As a file")
    file = anna.screen[anna.last].file
    assert file is not None
    held = json.loads(file.content)
    assert held["profile"][0]["nickname"] == "Nour"
    assert [kept["webinar"] for kept in held["registrations"]] == ["virus"]


async def held_in_the_file(chat: Chat) -> dict[str, Any]:
    """What a second tap brings."""
    await chat.says("/mydata")
    await chat.presses("As a file")
    file = chat.screen[chat.last].file
    assert file is not None
    return json.loads(file.content)


async def test_a_role_is_shown_to_whoever_has_it_and_to_whoever_waits_for_it(
    bot: Bot, anna: Chat
) -> None:
    assert (await held_in_the_file(anna))["staff"] == []
    now = bot.calendar.now
    async with bot.storage.transaction() as tx:
        address = await tx.people.find("web", "anna")
        assert address is not None
        secret = await tx.staff.invite(Role.ORGANISER, None, now)
        member = await tx.staff.redeem(secret.code, address.person, now)
        assert member is not None
    assert "Role: organiser, waiting to be confirmed" in (await anna.says("/mydata"))
    (kept,) = (await held_in_the_file(anna))["staff"]
    assert (kept["role"], kept["active"]) == ("organiser", False)
    assert kept["words"] == list(member.words)
    async with bot.storage.transaction() as tx:
        await tx.staff.activate(address.person)
        await tx.staff.invite(Role.SPEAKER, address.person, now)
    assert "Role: organiser\n" in await anna.says("/mydata")
    (kept,) = (await held_in_the_file(anna))["staff"]
    assert kept["active"]
    assert [invitation["role"] for invitation in kept["invitations"]] == ["speaker"]


async def test_a_registration_that_waits_for_approval_says_so(bot: Bot, anna: Chat) -> None:
    async with bot.storage.transaction() as tx:
        await tx.webinars.put(webinar("virus", 10, approval=True))
        address = await tx.people.find("web", "anna")
        assert address is not None
        await tx.registrations.put(address.person, "virus", {}, bot.calendar.now, approved=False)
    assert "Waiting for approval:\n• Webinar virus" in await anna.says("/mydata")
    assert (await held_in_the_file(anna))["registrations"][0]["approved"] is False
    async with bot.storage.transaction() as tx:
        await tx.registrations.approve(address.person, "virus")
    assert "Registrations:\n• Webinar virus" in await anna.says("/mydata")


async def test_forgetting_takes_two_taps(bot: Bot, anna: Chat) -> None:
    await anna.says("/forget")
    number, first = anna.button("Delete my data now")
    await anna.presses("Delete my data now")
    await anna.presses_value(first, number)
    assert "Delete my data now" in anna.labels, "a token works once"
    await anna.presses("Delete my data now", "Yes, erase it all")
    assert "Everything was erased" in plain(anna.text)
    assert anna.labels == ["العربية", "English"], "the way to begin anew"
    async with bot.storage.reading() as tx:
        assert await tx.people.find("web", "anna") is None
    assert "not secret" in await anna.presses("English")


async def test_whoever_agrees_knows_of_a_machine_that_is_elsewhere(tmp_path: Path) -> None:
    rules = Rules(translator="translate.example.org")
    async with bot_at_work(tmp_path, rules=rules) as bot:
        anna = bot.person()
        await anna.says("/start")
        await anna.presses("English", "Read more")
        assert "translate.example.org" in anna.text
        house = bot.receiver.house
        assert privacy.version(house) != privacy.version(replace(house, rules=Rules()))
