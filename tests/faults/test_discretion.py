"""Whatever happens, and however much is logged: nothing that is written tells who said what."""

from __future__ import annotations

import re
import signal
from html import unescape

import aiohttp

from tests.faults.home import Home, Running
from tests.faults.test_database import full
from tests.faults.test_turns import corrupt_talk
from tests.faults.test_webhook import POISON
from tests.platforms.telegram import (
    TOKEN,
    TelegramServer,
    blocked,
    garbled,
    gateway,
    reset,
    too_many,
    unauthorized,
)

ANNA = 70_170_177
PHONES = ("+964 770 123 4567", "9647701234567", "%2B9647701234567", "07701234567")
SAID = ("k4nary-nick", " ".join(("k4nary@example.org", "k4nary question", *PHONES)))
CANARIES = ("k4nary", TOKEN, TOKEN.partition(":")[2], str(ANNA), "7701234567", "770 123 4567")


def tells(bot: Running) -> list[str]:
    """Lines with something that nobody may read there."""
    lines = [*bot.said, *bot.logged]
    return [line for line in lines if any(canary in line for canary in CANARIES)]


async def talk(telegram: TelegramServer) -> None:
    """Anna registers, asks, and says all that she should not."""
    telegram.people.introduce(ANNA, first_name="k4nary-first", username="k4nary_name")
    lines = ("/start", "English", "I agree", "/register", SAID[0], "Baghdad")
    for line in (*lines, "Coronavirus: how it spreads and how to contain it", *SAID[1:]):
        before = len(telegram.chat(ANNA).texts)
        telegram.people.says(ANNA, line)
        await telegram.wait_for(lambda n=before: len(telegram.chat(ANNA).texts) > n)


async def talk_on_the_web(home: Home) -> None:
    """The same, said in part on the page."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        for line in ("English", "I agree", *SAID):
            async with session.get(f"{home.web}/chat") as page:
                html = await page.text()
            fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html)
            form = {name: unescape(value) for name, value in fields} | {"text": line}
            async with session.post(f"{home.web}/chat", data=form) as answer:
                assert answer.status == 200, await answer.text()


async def test_not_even_at_debug_level_does_anything_tell(
    home: Home, telegram: TelegramServer
) -> None:
    home.on_telegram(telegram.url)
    home.set(TADAMUN_LOGS__LEVEL="debug")
    await home.load_example()
    async with home.running() as bot:
        await talk(telegram)
        await talk_on_the_web(home)
        for fault in (too_many(1), gateway(), reset(taken=False), garbled(), unauthorized()):
            telegram.fail("sendMessage", fault)
        telegram.people.says(ANNA, "k4nary again")
        chat = f'{{"id": {ANNA}, "type": "private", "first_name": "k4nary"}}'.encode()
        for each in POISON:
            number = telegram.updates.take_id()
            telegram.updates.add_raw(number, each % (number, chat))
        await bot.logs("ALERT: an update from Telegram cannot be read", times=len(POISON))
        with full(home, bot):
            telegram.people.says(ANNA, "k4nary in vain")
            await bot.logs("ALERT: the database cannot be written")
        await telegram.wait_for(lambda: not telegram.updates.waiting)
        assert await bot.end(signal.SIGTERM) == 0
    await corrupt_talk(home, ANNA)
    async with home.running() as again:
        telegram.fail("sendMessage", blocked())
        telegram.people.says(ANNA, "k4nary at last")
        await again.logs("ALERT: a turn failed and is in quarantine")
        assert await again.end(signal.SIGTERM) == 0
    assert any(" DEBUG " in line for line in bot.logged)
    assert tells(bot) + tells(again) == []
    assert not any("Traceback" in line for line in (*bot.logged, *again.logged))
