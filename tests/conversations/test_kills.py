"""kill -9 in the middle of every question: people go on as if nothing had happened."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service import EXAMPLE
from settings import SHIPPED, load
from storage import Storage
from tests.conversations.given import environment
from tests.conversations.people import Person
from tests.conversations.process import BotProcess
from tests.conversations.scripts import AGREED, REGISTERED, REGISTERING
from tests.conversations.steps import Manner, See, Talker
from tests.conversations.telegram_person import TelegramPerson
from tests.conversations.understood import understood
from tests.conversations.web_person import WebPerson
from tests.platforms.telegram import Pace, TelegramServer

SHOWING = ("sendMessage", "editMessageText", "sendDocument")


@dataclass
class Killed:
    """The bot is killed in the middle of every act on Telegram, each time at another moment.

    An act has ended when it has shown something new: that is all that can be seen from outside.
    """

    telegram: TelegramServer
    bot: BotProcess
    shown: int = 0
    acts: int = 0

    def begins(self) -> None:
        self.shown = self._count()

    async def ends(self, person: Person) -> None:
        # A form of the web chat is answered with the page that holds the answer.
        if person.channel != "telegram":
            return
        moments = (lambda: True, self._is_answered, self._is_confirmed)
        await self.telegram.wait_for(moments[self.acts % len(moments)])
        self.acts += 1
        await self.bot.is_killed()
        await self.bot.starts()
        await self.telegram.wait_for(lambda: self._is_confirmed() and self._is_answered())

    async def until(self, person: Person, condition: Callable[[], bool]) -> None:
        # What was being sent at the kill comes once more, and may come before the answer.
        with suppress(TimeoutError):
            if not isinstance(person, WebPerson):
                await self.telegram.wait_for(condition)
                return
            async with asyncio.timeout(30):
                while not condition():
                    await person.listens()

    def _is_answered(self) -> bool:
        return self._count() > self.shown

    def _is_confirmed(self) -> bool:
        return not self.telegram.updates.waiting

    def _count(self) -> int:
        return sum(self.telegram.counts[method] for method in SHOWING)


@pytest.mark.timeout(600)
async def test_a_registration_survives_a_kill_in_every_question(tmp_path: Path) -> None:
    async with TelegramServer(pace=Pace()) as telegram:
        settings = environment(tmp_path, "polling", telegram, None)
        settings["TADAMUN_LIMITS__MESSAGES_PER_MINUTE"] = "100"
        bot = BotProcess(settings, tmp_path / "log")
        await bot.imports(EXAMPLE)
        address = await bot.starts()
        rest = Killed(telegram, bot)
        huda = TelegramPerson(telegram, 7_100_000_001, rest, "ar")
        anna = WebPerson(address, rest, "en")
        talkers = [Talker(huda, "ar", Manner.BUTTONS), Talker(anna, "en", Manner.LABELS)]
        try:
            for talker in talkers:
                await talker.follows(AGREED)
            # Typed, since a button pressed in haste may still be that of an earlier question.
            talkers[0].manner = Manner.LABELS
            for step in REGISTERING:
                for talker in talkers:
                    await talker.follows([step])
        finally:
            await bot.is_killed()
            await anna.leaves()
        assert telegram.violations == []
        assert rest.acts == sum(not isinstance(step, See) for step in AGREED + REGISTERING)
        said = telegram.chat(huda.user).texts
        assert max(said.count(text) for text in said) <= 2
    assert await kept(settings, huda) == replace(REGISTERED, language="ar")
    assert await kept(settings, anna) == replace(REGISTERED, language="en")


def now() -> datetime:
    return datetime.now(UTC)


async def kept(settings: dict[str, str], person: Person) -> object:
    """What the process that was killed has left behind about this person."""
    loaded = load(SHIPPED, settings, dotenv=None)
    url = loaded.storage.url.get_secret_value()
    async with await Storage.open(url, loaded.keyring, None, now) as storage:
        return await understood(storage, person.channel, person.account)
