"""The running bot of a conversation test: all of its parts as `bot.py run` puts them together."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Literal

from delivery import Clock
from delivery.clock import wait_until_set
from service import Service, absence, invite, load_example, open_storage, shown
from settings import SHIPPED, Settings, load
from storage import Storage
from storage.broadcasts import Phase
from storage.roles import Role
from tests.conversations.people import Person, Rest
from tests.conversations.telegram_person import TelegramPerson
from tests.conversations.web_person import WebPerson
from tests.platforms.telegram import TOKEN, TelegramServer
from tests.postgres import free_port

SECRET = "a-secret-that-only-telegram-knows-0001"

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

STEP = timedelta(seconds=15)
"""What people need at least to read and to answer."""

HALF_A_DAY = timedelta(hours=12)

HASTE = 400.0
"""Seconds that pass for the post office in each of ours, where a test does not say otherwise."""

Way = Literal["polling", "webhook", "forms", "scripts"]
"""How people reach the bot: on Telegram by either mode, on the web with or without scripts."""

USERS = count(7_000_000_001)


@dataclass
class Community(Rest):
    """The bot at work, with a calendar that moves when somebody does something."""

    settings: Settings
    clock: Clock
    service: Service
    storage: Storage
    telegram: TelegramServer
    way: Way
    now: datetime
    step: timedelta = STEP
    people: list[WebPerson] = field(default_factory=list[WebPerson])

    def person(self, hint: str = "en") -> Person:
        """Somebody whom nobody here has met, and whose phone speaks this language."""
        if self.way in ("polling", "webhook"):
            return self.on_telegram(hint)
        return self.on_the_web(hint)

    def on_telegram(self, hint: str = "en") -> TelegramPerson:
        """The same, on Telegram."""
        return TelegramPerson(self.telegram, next(USERS), self, hint)

    def on_the_web(self, hint: str = "en") -> WebPerson:
        """The same, in the web chat."""
        person = WebPerson(self.service.address, self, hint, scripted=self.way == "scripts")
        self.people.append(person)
        return person

    async def invitation(self, role: Role) -> dict[str, str]:
        """What `bot.py invite` prints: the link by channel, and the code."""
        made = await invite(self.storage, self.settings, self.clock, role)
        return shown(made, self.service.address, self.service.telegram_name)

    def begins(self) -> None:
        self.now += self.step

    async def ends(self, person: Person) -> None:
        stirred = asyncio.Event()
        async with asyncio.timeout(10):
            while not await self._is_quiet(person):
                await wait_until_set(stirred, 0.002)

    async def until(self, person: Person, condition: Callable[[], bool]) -> None:
        """It holds by now, or it never will: every act has been seen to its end."""

    async def passes(self, time: timedelta) -> None:
        """Nobody does anything for so long."""
        await self.reaches(self.now + time)

    async def reaches(self, moment: datetime) -> None:
        """It is this time, and all is done that is due by then."""
        assert moment >= self.now
        while self.now < moment:
            self.now = min(moment, self.now + HALF_A_DAY)
            # Telegram reaches the bot all the while.
            await absence.note(self.storage, "telegram", self.now)
            await self.settles()

    async def settles(self) -> None:
        """All is done that is due: nothing waits, and no broadcast is on its way."""
        pause, settled = asyncio.Event(), 0
        async with asyncio.timeout(40):
            # What was just claimed is for a moment neither in the outbox nor counted as waiting.
            while settled < 2:
                settled = settled + 1 if await self._is_settled() else 0
                await wait_until_set(pause, 0.002)

    async def _is_settled(self) -> bool:
        if self.telegram.updates.waiting:
            return False
        for channel, counts in self.service.office.counts.items():
            if counts.waiting or counts.in_flight:
                return False
            async with self.storage.reading() as tx:
                due = await tx.outbox.next_due(channel)
            if due is not None and due <= self.now:
                return False
        async with self.storage.reading() as tx:
            remind = await tx.reminders.next_due()
            under_way = await tx.broadcasts.due(self.now)
            fetching = await tx.posters.wanted()
        moves = [each for each in under_way if each.phase is not Phase.PAUSED]
        return (remind is None or remind > self.now) and not moves and not fetching

    async def _is_quiet(self, person: Person) -> bool:
        if self.telegram.updates.waiting:
            return False
        counts = self.service.office.counts[person.channel]
        if counts.waiting or counts.in_flight:
            return False
        async with self.storage.reading() as tx:
            due = await tx.outbox.next_due(person.channel)
            address = await tx.people.find(person.channel, person.account)
        if due is not None and due <= self.now:
            return False
        return address is None or address.last_message is not None or not address.reachable


@asynccontextmanager
async def community(
    folder: Path,
    way: Way,
    url: str | None = None,
    *,
    now: datetime = NOW,
    haste: float = HASTE,
) -> AsyncGenerator[Community]:
    """The bot with the example series, until the block ends; then nothing may have been amiss."""
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(TelegramServer())
        settings = load(SHIPPED, environment(folder, way, telegram, url), dotenv=None)
        calendar = Calendar(now)
        clock = hurried(calendar, haste)
        storage = await stack.enter_async_context(open_storage(settings, clock))
        await load_example(storage, settings, clock.now())
        service = Service(settings, storage, clock)
        running = asyncio.create_task(service.run())
        await service.server.started.wait()
        here = calendar.community = Community(settings, clock, service, storage, telegram, way, now)
        try:
            yield here
        finally:
            for person in here.people:
                await person.leaves()
            service.stop()
            await running
    assert telegram.violations == []


def environment(
    folder: Path, way: Way, telegram: TelegramServer, url: str | None
) -> dict[str, str]:
    """The settings, as somebody who runs the bot would give them."""
    told = {
        "TADAMUN_KEYRING": f"{folder}/keys/keyring.json",
        "TADAMUN_STORAGE__URL": url or f"sqlite:///{folder}/data/tadamun.db",
        "TADAMUN_WEB__PORT": str(free_port()),
        "TADAMUN_TELEGRAM__TOKEN": TOKEN,
        "TADAMUN_TELEGRAM__API_URL": telegram.url,
    }
    if way == "webhook":
        told["TADAMUN_TELEGRAM__MODE"] = "webhook"
        told["TADAMUN_TELEGRAM__WEBHOOK_SECRET"] = SECRET
    return told


class Calendar:
    """The community's calendar, from before there is one."""

    def __init__(self, now: datetime) -> None:
        self.community: Community | None = None
        self._now = now

    def __call__(self) -> datetime:
        return self.community.now if self.community else self._now


def hurried(calendar: Calendar, haste: float) -> Clock:
    """A clock on which the post office need not wait long for the platform's pace."""
    began = time.monotonic()

    async def wait(event: asyncio.Event, seconds: float | None) -> None:
        await wait_until_set(event, None if seconds is None else seconds / haste)

    return Clock(calendar, lambda: (time.monotonic() - began) * haste, wait, lambda: 0.0)
