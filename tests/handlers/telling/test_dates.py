"""Whoever has proved an address gets there what they registered for, with its date."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from dialogue.words import Message
from handlers.house import Rules
from handlers.receiving.beside import confirm_by_mail
from tests.handlers.chatting import WEBINARS, Bot, Chat, bot_at_work, plain, webinar
from tests.handlers.digest.test_digest import Mails, mails, proves, settled
from tests.handlers.organising import opens, organiser, put, registered, taps
from tests.handlers.staff.team import person_of
from tests.safety.people import newcomer
from tests.safety.seen import says

NOUR = "nour@example.org"
VIRUS = WEBINARS[0]


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncGenerator[Bot]:
    """The bot, with mail set up."""
    async with bot_at_work(tmp_path, None, Rules(mail_is_set_up=True), None, Mails()) as bot:
        yield bot


@pytest.fixture
async def anna(bot: Bot) -> Chat:
    """Somebody in the web chat who has proved an address."""
    anna = await newcomer(bot, "anna")
    await proves(bot, anna, NOUR)
    return anna


async def mailed(bot: Bot) -> list[Message]:
    """All that came there."""
    await settled(bot)
    return mails(bot, NOUR)


async def test_whoever_registers_gets_the_date_by_mail(bot: Bot, anna: Chat) -> None:
    await anna.opens("virus")
    await anna.presses("Register")
    await anna.says("skip", "Basrah", NOUR, "skip", "confirm")
    (mail,) = await mailed(bot)
    assert says(plain(mail.text), "mail-registered")
    assert "Webinar virus" in plain(mail.text)
    (date,) = mail.meetings
    assert (date.id, plain(date.title), date.starts_at, date.minutes, date.cancelled) == (
        *("virus", "Webinar virus", VIRUS.starts_at, VIRUS.minutes),
        False,
    )
    await anna.opens("small")
    await anna.presses("Register")
    _, another = await mailed(bot)
    assert [date.id for date in another.meetings] == ["small"]


async def test_where_an_organiser_has_to_agree_no_date_is_sent(bot: Bot, anna: Chat) -> None:
    async with bot.storage.transaction() as tx:
        await tx.webinars.put(webinar("closed", 14, approval=True))
    await registered(anna, "virus")
    await anna.opens("closed")
    await anna.presses("Register")
    assert await mailed(bot) == []


async def test_whoever_is_approved_and_told_by_mail_gets_the_date_then(
    bot: Bot, anna: Chat
) -> None:
    olga = await organiser(bot)
    await put(bot, approval=True)
    await registered(anna, "salma", approved=False)
    await opens(olga, "salma")
    await taps(olga, "btn-registrations", "btn-look-waiting", "btn-approve")
    (mail,) = await mailed(bot)
    assert says(plain(mail.text), "approval-given")
    assert [(date.id, date.cancelled) for date in mail.meetings] == [("salma", False)]


async def test_whoever_proves_an_address_later_gets_the_dates_then(bot: Bot) -> None:
    anna = await newcomer(bot, "anna")
    for id in ("small", "past", "virus", "off"):
        await registered(anna, id)
    await registered(anna, "work", approved=False)
    person, now = await person_of(anna), bot.calendar.now
    await proves(bot, anna, NOUR)
    async with bot.storage.transaction() as tx:
        next_id = bot.storage.ids.delivery
        await confirm_by_mail(bot.receiver.house, tx, person, now, lambda: next_id(now))
    (mail,) = await mailed(bot)
    assert [date.id for date in mail.meetings] == ["virus", "small"]


async def test_who_has_registered_for_nothing_gets_no_mail(bot: Bot, anna: Chat) -> None:
    person, now = await person_of(anna), bot.calendar.now
    async with bot.storage.transaction() as tx:
        next_id = bot.storage.ids.delivery
        await confirm_by_mail(bot.receiver.house, tx, person, now, lambda: next_id(now))
    assert await mailed(bot) == []
