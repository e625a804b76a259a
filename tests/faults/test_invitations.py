"""Invitations from the command line, beside a running bot and without one; and their first use."""

from __future__ import annotations

import json
import signal
from datetime import datetime, timedelta
from typing import Any

import pytest

from storage.community.people import Arrival, Consent
from storage.roles import Role
from tests.faults.crowd import meets
from tests.faults.home import Home, Running, now
from tests.faults.test_commands import refused
from tests.platforms.telegram import TelegramServer, unauthorized

ANNA = 70_170_001


async def invites(home: Home, role: str = "owner", *options: str) -> dict[str, Any]:
    """What the command prints for programs."""
    process = await home.command("invite", role, "--json", *options)
    assert process.ended == 0, process.logged
    (line,) = process.said
    return json.loads(line)


async def takes(telegram: TelegramServer, link: str) -> None:
    """Somebody who has agreed to the notice follows this link, accepts, and is told so."""
    chat = telegram.chat(ANNA)
    telegram.people.says(ANNA, f"/start {link.partition('?start=')[2]}")
    await telegram.wait_for(lambda: "You are invited" in chat.last.text)
    telegram.people.presses(ANNA, chat.last, "Accept the invitation")
    await telegram.wait_for(lambda: "Confirmed, thank you." in chat.last.text)


@pytest.mark.parametrize("role", Role)
async def test_an_invitation_has_links_a_code_and_an_end(home: Home, role: Role) -> None:
    before = now()
    made = await invites(home, role)
    assert (made["role"], made["telegram"]) == (role, None)
    assert made["web"].startswith(f"{home.web}/chat?i=")
    assert len(made["web"].partition("?i=")[2]) == 32
    assert len(made["code"]) == 10
    made_at = datetime.fromisoformat(made["expires"]) - timedelta(minutes=15)
    assert before.replace(microsecond=0) <= made_at <= now()


async def test_it_is_told_to_people_too(home: Home) -> None:
    process = await home.command("invite", "organiser")
    assert process.ended == 0
    assert "organiser" in process.said[0]
    assert f"{home.web}/chat?i=" in process.said[1]
    assert len(process.said) == 3


async def test_how_long_it_lasts_is_a_setting(home: Home) -> None:
    home.set(TADAMUN_STAFF__INVITE_MINUTES="90")
    made = await invites(home)
    left = datetime.fromisoformat(made["expires"]) - now()
    assert timedelta(minutes=89) < left <= timedelta(minutes=90)


async def test_an_unknown_role_is_wrong_usage(home: Home) -> None:
    process = await home.command("invite", "king")
    assert process.ended == 2
    assert not any("Traceback" in line for line in process.logged)


async def test_where_telegram_cannot_be_reached_the_rest_is_printed(
    home: Home, telegram: TelegramServer
) -> None:
    home.on_telegram(telegram.url)
    telegram.fail("getMe", unauthorized())
    made = await invites(home)
    assert made["telegram"] is None
    assert made["web"]


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside-a-bot"])
async def test_the_link_makes_the_first_owner_once(
    home: Home, telegram: TelegramServer, *, beside: bool
) -> None:
    home.on_telegram(telegram.url)
    made = None if beside else await invites(home)
    async with home.running() as bot:
        made = made or await invites(home)
        assert made["telegram"].startswith("https://t.me/stand_in_bot?start=i-")
        await meets(telegram, ANNA)
        await takes(telegram, made["telegram"])
        assert await bot.end(signal.SIGTERM) == 0
        assert bot.logged == []
    async with home.storage() as storage, storage.reading() as tx:
        assert await tx.staff.has_owner()
        assert [member.role for member in await tx.staff.members()] == [Role.OWNER]


async def owns(home: Home, account: str) -> int:
    """Make this account an owner, as the first one is made; returns who that is."""
    async with home.storage() as storage, storage.transaction() as tx:
        arrival = Arrival("telegram", account, "1")
        _, person = await tx.people.welcome(arrival, "en", Consent("1", "0123abcd", "en"), now())
        made = await tx.staff.invite(Role.OWNER, None, now())
        member = await tx.staff.redeem(made.token, person.id, now())
        assert member is not None
    return person.id


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside-a-bot"])
async def test_who_runs_the_server_begins_anew_when_the_only_owner_is_lost(
    home: Home, telegram: TelegramServer, *, beside: bool
) -> None:
    home.on_telegram(telegram.url)
    lost = await owns(home, "70170099")
    made = None if beside else await invites(home, "owner", "--owner-lost")
    async with home.running() as bot:
        made = made or await invites(home, "owner", "--owner-lost")
        await meets(telegram, ANNA)
        await takes(telegram, made["telegram"])
        assert await bot.end(signal.SIGTERM) == 0
    async with home.storage() as storage, storage.reading() as tx:
        (member,) = await tx.staff.members()
    assert (member.role, member.active) == (Role.OWNER, True)
    assert member.person != lost


async def test_while_there_is_an_owner_an_invitation_alone_takes_nothing_from_them(
    home: Home,
) -> None:
    owner = await owns(home, "70170099")
    await invites(home)
    refused(await home.command("invite", "organiser", "--owner-lost"), 2, "owner alone")
    async with home.storage() as storage, storage.reading() as tx:
        assert await tx.staff.owners() == [owner]


async def offered(bot: Running) -> str:
    """The line with the web link that a bot at a terminal prints."""
    return await bot.says("/chat?i=")


async def test_a_terminal_is_offered_ownership_while_there_is_no_owner(
    home: Home, telegram: TelegramServer
) -> None:
    home.on_telegram(telegram.url)
    async with home.running(terminal=True) as bot:
        link = (await bot.says("t.me/stand_in_bot?start=i-")).split()[-1]
        await offered(bot)
        await meets(telegram, ANNA)
        await takes(telegram, link)
        assert await bot.end(signal.SIGTERM) == 0
    async with home.running(terminal=True) as bot:
        telegram.people.says(ANNA, "/team")
        await telegram.wait_for(lambda: "Who helps here" in telegram.chat(ANNA).last.text)
        assert await bot.end(signal.SIGTERM) == 0
        assert len(bot.said) == 1


async def test_what_is_no_terminal_is_offered_nothing(home: Home) -> None:
    async with home.running() as bot:
        assert await bot.end(signal.SIGTERM) == 0
        assert bot.said == [f"Tadamun is at {home.web}/chat (stop it with Ctrl-C)."]


async def test_a_terminal_without_telegram_is_offered_the_web(home: Home) -> None:
    async with home.running(terminal=True) as bot:
        await offered(bot)
        assert await bot.end(signal.SIGTERM) == 0
        assert not any("t.me" in line for line in bot.said)


async def test_a_bot_stops_while_telegram_does_not_tell_its_name(
    home: Home, telegram: TelegramServer
) -> None:
    home.on_telegram("http://127.0.0.1:9")
    async with home.running(terminal=True) as bot:
        await offered(bot)
        assert await bot.end(signal.SIGTERM) == 0


async def test_an_invitation_into_a_damaged_database_is_refused(home: Home) -> None:
    home.database.parent.mkdir()
    home.database.write_bytes(b"This is not a database at all." * 100)
    refused(await home.command("invite", "owner"), 1, "damaged")
