"""The bot is away, people on WhatsApp write all the same, and all is taken once afterwards."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.conversations.community import NOW, STEP, community
from tests.conversations.scripts import AGREED, tap
from tests.conversations.steps import Greet, Manner, Say, See, Start, Talker
from tests.conversations.understood import Asked, understood
from tests.conversations.whatsapp_person import WhatsAppPerson
from tests.platforms.twilio import Chat, TwilioServer

AWAY = timedelta(hours=10)
PEOPLE = 8


@pytest.fixture
async def twilio() -> AsyncGenerator[TwilioServer]:
    async with TwilioServer() as twilio:
        yield twilio


def write(twilio: TwilioServer, chat: Chat, now: datetime, *lines: str) -> None:
    """They write these lines, one after the other, whether anybody listens or not."""
    for number, line in enumerate(lines):
        at = (now + number * STEP).timestamp()
        twilio.people.clock = lambda at=at: at
        twilio.people.says(chat, line)


async def test_what_people_wrote_in_ten_hours_is_taken_once(
    tmp_path: Path, twilio: TwilioServer
) -> None:
    async with community(tmp_path, "whatsapp", twilio=twilio) as here:
        talkers = [Talker(here.on_whatsapp(), "en", Manner.BUTTONS) for _ in range(PEOPLE)]
        for talker in talkers:
            await talker.follows([*AGREED, Say("/menu")])
        gone = here.now
    twilio.webhooks.url = "http://127.0.0.1:9/whatsapp"
    for number, talker in enumerate(talkers):
        chat = chat_of(talker)
        write(twilio, chat, gone, "/ask", f"Why {number}?", "5", "Idea", "Confirm", "/questions")
    seen = [len(talker.person.texts) for talker in talkers]
    async with community(tmp_path, "whatsapp", now=gone + AWAY, twilio=twilio) as here:
        await here.catches_up()
        for number, talker in enumerate(talkers):
            found = await understood(here.storage, "whatsapp", talker.person.account)
            assert found is not None
            assert found.questions == (Asked(f"Why {number}?", kind="idea"),)
            assert len(talker.person.texts) == seen[number] + 6
            talker.sees("state-received")


async def test_what_was_said_before_consent_is_not_taken_again_after_a_restart(
    tmp_path: Path, twilio: TwilioServer
) -> None:
    async with community(tmp_path, "whatsapp", twilio=twilio) as here:
        talker = Talker(here.on_whatsapp(), "en", Manner.NUMBERS)
        await talker.follows([Start(), Say("hello"), Greet(), tap("agree"), See("agreed")])
        now, seen = here.now, talker.person.texts
    async with community(tmp_path, "whatsapp", now=now + STEP, twilio=twilio) as here:
        await here.catches_up()
        assert talker.person.texts == seen


async def test_somebody_who_comes_meanwhile_is_greeted(
    tmp_path: Path, twilio: TwilioServer
) -> None:
    async with community(tmp_path, "whatsapp", twilio=twilio) as here:
        await Talker(here.on_whatsapp(), "en", Manner.BUTTONS).follows([Start()])
        newcomer = here.on_whatsapp()
    write(twilio, newcomer.chat, NOW + AWAY, "hello")
    async with community(tmp_path, "whatsapp", now=NOW + AWAY, twilio=twilio) as here:
        await here.catches_up()
        Talker(newcomer, "en", Manner.BUTTONS).sees("greeting")
        assert len(newcomer.texts) == 1


def chat_of(talker: Talker) -> Chat:
    assert isinstance(talker.person, WhatsAppPerson)
    return talker.person.chat


async def test_whoever_wrote_much_in_that_time_is_heard_to_the_end(
    tmp_path: Path, twilio: TwilioServer
) -> None:
    async with community(tmp_path, "whatsapp", twilio=twilio) as here:
        talker = Talker(here.on_whatsapp(), "en", Manner.BUTTONS)
        await talker.follows(AGREED)
        gone, seen = here.now, len(talker.person.texts)
        most = here.settings.limits.messages_per_minute
    twilio.webhooks.url = None
    write(twilio, chat_of(talker), gone, *("/menu", "/settings") * most)
    async with community(tmp_path, "whatsapp", now=gone + AWAY, twilio=twilio) as here:
        await here.catches_up()
        assert len(talker.person.texts) == seen + 2 * most
