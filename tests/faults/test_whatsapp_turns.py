"""Killed at any moment while people on WhatsApp write: each word of theirs counts once."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from tests.faults.crowd import ASKING
from tests.faults.home import Home
from tests.faults.test_whatsapp_webhook import questions
from tests.faults.whatsapp import meets_on_whatsapp
from tests.platforms.twilio import TwilioServer

FIRST = 9_647_703_000_000
PEOPLE = 10
SOON = 0.2
"""Seconds, at most, from a message to the kill."""


@pytest.mark.timeout(480)
async def test_whatever_was_being_said_is_understood_once(home: Home, twilio: TwilioServer) -> None:
    chance = Random(7)
    await home.load_example()
    async with home.running():
        writers = [await meets_on_whatsapp(twilio, FIRST + number) for number in range(PEOPLE)]
    for line, answer in ASKING:
        seen = [len(writer.chat.texts) for writer in writers]
        async with home.running():
            for number, writer in enumerate(writers):
                twilio.people.says(writer.chat, line.format(n=number))
            await asyncio.sleep(chance.uniform(0, SOON))
        async with home.running():
            for number, (writer, before) in enumerate(zip(writers, seen, strict=True)):
                await writer.hears(answer.format(n=number), before)
    for number, writer in enumerate(writers):
        assert await questions(home, writer) == [f"How {number}?"]
    assert twilio.violations == []
