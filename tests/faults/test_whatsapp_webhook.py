"""What is told at WhatsApp's webhook by others than Twilio, or more than once."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from random import Random

import pytest

from tests.faults.forging import Forger, Request, differs, posted
from tests.faults.home import Home, Running
from tests.faults.whatsapp import Writer, meets_on_whatsapp
from tests.platforms.twilio import TwilioServer
from tests.platforms.twilio.sending import status_form
from tests.platforms.twilio.webhooks import Webhooks

NOUR = 9_647_701_000_001
MEGABYTE = 1024 * 1024


@pytest.fixture
async def bot(home: Home, twilio: TwilioServer) -> AsyncGenerator[Running]:
    """A bot with a number on WhatsApp."""
    await home.load_example()
    async with home.running() as bot:
        yield bot
    assert twilio.violations == []


def forger(home: Home, twilio: TwilioServer, path: str, form: dict[str, str]) -> Forger:
    """Somebody who has seen one true request."""
    others = Webhooks("another-token", lambda: None)
    return Forger(home.web, path, form, twilio.webhooks.sign, others.sign, Random(41))


def forgeries(forgers: list[Forger], count: int) -> Iterator[Request]:
    """So many requests, none of which was ever signed so."""
    made = 0
    while made < count:
        forger = forgers[made % len(forgers)]
        request = forger.forged()
        if differs(request, forger.genuine()):
            made += 1
            yield request


def memory(process: int) -> int:
    """Bytes that this process has in memory."""
    pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    return int(pages) * 4096


@pytest.mark.timeout(900)
@pytest.mark.parametrize("count", [10_000, pytest.param(100_000, marks=pytest.mark.soak)])
async def test_of_forged_requests_none_is_taken(
    home: Home, twilio: TwilioServer, bot: Running, count: int
) -> None:
    nour = await meets_on_whatsapp(twilio, NOUR)
    await twilio.wait_for(lambda: not twilio.busy)
    message = {**twilio.people.form(nour.chat, "SM" + "f" * 32, {"Body": "/ask "})}
    left = twilio.log.by_sid[nour.chat.last.sid]
    told = {**status_form(left, "failed"), "ErrorCode": "63014"}
    place = left.callback.removeprefix(home.web)
    forgers = [forger(home, twilio, "/whatsapp", message), forger(home, twilio, place, told)]
    await posted(home.port, forgeries(forgers, 200))
    before, seen = memory(bot.pid), len(nour.chat.texts)
    answers = await posted(home.port, forgeries(forgers, count))
    assert answers.total() == count
    assert answers.keys() <= {403, 413}
    assert memory(bot.pid) - before < 16 * MEGABYTE
    # Nothing was asked, and nobody has blocked the bot.
    await nour.follows([("/help", "Here you can")])
    assert len(nour.chat.texts) == seen + 1
    assert await bot.end(15) == 0


async def test_a_replayed_request_is_taken_once(
    home: Home, twilio: TwilioServer, bot: Running
) -> None:
    nour = await meets_on_whatsapp(twilio, NOUR)
    lines = ("/ask", "Why?", "The series as a whole", "Idea", "Confirm")
    for number, line in enumerate(lines, 1):
        form = twilio.people.form(nour.chat, f"SM{number:032x}", {"Body": line})
        true = forger(home, twilio, "/whatsapp", form).genuine()
        assert await posted(home.port, [true] * 100, lines=20) == {200: 100}
    await nour.hears("Received")
    assert await bot.end(15) == 0
    assert await questions(home, nour) == ["Why?"]
    assert Counter(nour.chat.texts).most_common(1)[0][1] == 1


async def questions(home: Home, person: Writer) -> list[str]:
    """What this person has asked."""
    async with home.storage() as storage, storage.reading() as tx:
        address = await tx.people.find("whatsapp", f"whatsapp:{person.chat.user}")
        assert address is not None
        return [question.text for question in await tx.questions.of(address.person)]
