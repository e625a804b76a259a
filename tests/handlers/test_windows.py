"""On a platform that takes back nothing it said, and lets us write for a day after each message."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from channels import NO_SLIP, Limits, Slip
from dialogue.incoming import Incoming
from dialogue.words import Act, Message
from handlers.arrivals import arrival
from storage.community.people import Address
from tests.handlers.chatting import Bot, Phones, bot_at_work
from tests.safety.people import newcomer
from tests.safety.seen import all_text, says, shows

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
BY_TEXT = Incoming("whatsapp", "whatsapp:IQ.1", "SM1", AT, text="hello", alias="whatsapp:+964")


class WhatsApp(Phones):
    """What was said there stays as it was said."""

    name = "whatsapp"
    limits = Limits(text_units=1600, per_second=1000, chat_burst=100, chat_seconds=0.0, edits=False)

    async def send(
        self, account: str, act: Act, target: str | None, message: Message, slip: Slip = NO_SLIP
    ) -> str:
        """Show it, if it is a new message."""
        assert act is Act.SEND, "nothing else is asked of a platform that cannot do it"
        return await super().send(account, act, target, message, slip)


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncGenerator[Bot]:
    """The bot on WhatsApp."""
    async with bot_at_work(tmp_path, phones=WhatsApp()) as bot:
        yield bot


async def address_of(bot: Bot, account: str) -> Address:
    """Where this account is written to."""
    async with bot.storage.reading() as tx:
        address = await tx.people.find("whatsapp", account)
    assert address is not None
    return address


def test_each_message_opens_a_window_of_a_day() -> None:
    came = arrival(BY_TEXT)
    assert came.opens_until == AT + timedelta(hours=24)
    assert came.alias == "whatsapp:+964"
    assert arrival(replace(BY_TEXT, channel="telegram")).opens_until is None


async def test_the_window_is_open_from_consent_on_and_longer_with_each_message(bot: Bot) -> None:
    anna = await newcomer(bot, "anna")
    agreed = bot.calendar.now
    assert (await address_of(bot, "anna")).open_until == agreed + timedelta(hours=24)
    bot.calendar.passes(timedelta(days=3))
    await anna.says("/menu")
    assert (await address_of(bot, "anna")).open_until == bot.calendar.now + timedelta(hours=24)


async def test_every_answer_is_a_new_message_before_consent_and_after(bot: Bot) -> None:
    anna = await newcomer(bot, "anna")
    assert len(anna.screen) == 3
    first = dict(anna.screen)
    await anna.presses("Settings", "Reminders off", "Menu")
    assert len(anna.screen) == 6
    assert {number: anna.screen[number] for number in first} == first


async def test_who_is_known_by_another_id_is_known(bot: Bot) -> None:
    await newcomer(bot, "+964")
    answered = bot.phones.screens["+964"]
    before = len(answered)
    bot.calendar.passes(timedelta(minutes=1))
    incoming = replace(BY_TEXT, sender="IQ.1", alias="+964", text="/menu", at=bot.calendar.now)
    await bot.reception.take(incoming)
    await bot.quiet("+964")
    assert len(answered) == before + 1
    assert (await address_of(bot, "IQ.1")).account == "+964"


async def test_nobody_is_promised_that_what_stays_is_deleted(bot: Bot) -> None:
    anna = await newcomer(bot, "anna")
    await anna.says("/mydata")
    assert shows(anna, "stays-here")
    await anna.presses("As a file")
    assert shows(anna, "stays-here")
    assert not says(all_text(anna), "mydata-gone")
