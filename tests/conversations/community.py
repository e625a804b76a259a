"""The running bot of a conversation test: all of its parts as `bot.py run` puts them together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from delivery import Clock
from delivery.clock import wait_until_set
from service import Service, absence, invite, load_example, open_storage, shown
from service.twilio_log import HEARD
from settings import SHIPPED, Settings, load
from storage import Storage
from storage.broadcasting.broadcasts import Phase
from storage.roles import Role
from tests.conversations.given import Way, environment, on_whatsapp
from tests.conversations.people import Person, Rest
from tests.conversations.telegram_person import TelegramPerson
from tests.conversations.web_person import WebPerson
from tests.conversations.whatsapp_person import WhatsAppPerson
from tests.idle import is_idle
from tests.platforms.telegram import TelegramServer
from tests.platforms.twilio import TwilioServer
from tests.platforms.waiting import PATIENCE
from tests.tempo import Tempo

__all__ = ["Community", "Way", "community"]

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

STEP = timedelta(seconds=15)
"""What people need at least to read and to answer."""

HALF_A_DAY = timedelta(hours=12)

HASTE = 400.0
"""Seconds that pass for the post office in each of ours, where a test does not say otherwise."""

NOTHING: Mapping[str, str] = {}

USERS = count(7_000_000_001)
NUMBERS = count(9_647_700_000_001)


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
    twilio: TwilioServer | None = None
    step: timedelta = STEP
    people: list[WebPerson] = field(default_factory=list[WebPerson])
    tempo: Tempo = field(default_factory=lambda: Tempo(HASTE))

    def person(self, hint: str = "en") -> Person:
        """Somebody whom nobody here has met, and whose phone speaks this language."""
        if self.way in ("polling", "webhook"):
            return self.on_telegram(hint)
        return self.on_whatsapp() if self.way == "whatsapp" else self.on_the_web(hint)

    def on_telegram(self, hint: str = "en") -> TelegramPerson:
        """The same, on Telegram."""
        return TelegramPerson(self.telegram, next(USERS), self, hint)

    def on_whatsapp(self) -> WhatsAppPerson:
        """The same, on WhatsApp, which says nothing of their language."""
        assert self.twilio is not None
        return WhatsAppPerson(self.twilio, f"+{next(NUMBERS)}", self)

    def on_the_web(self, hint: str = "en") -> WebPerson:
        """The same, in the web chat."""
        person = WebPerson(self.service.address, self, hint, scripted=self.way == "scripts")
        self.people.append(person)
        return person

    async def invitation(self, role: Role) -> dict[str, str]:
        """What `bot.py invite` prints: the link by channel, and the code, which is for WhatsApp."""
        made = await invite(self.storage, self.settings, self.clock, role)
        links = shown(made, self.service.address, self.service.telegram_name)
        return {**links, "whatsapp": links["code"]}

    def begins(self) -> None:
        self.now += self.step

    async def ends(self, person: Person) -> None:
        stirred = asyncio.Event()
        async with asyncio.timeout(PATIENCE):
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
            await absence.note(self.storage, "telegram", self.clock.now)
            await self.settles()

    async def settles(self) -> None:
        """All is done that is due: nothing waits, and no broadcast is on its way."""
        pause = asyncio.Event()
        async with asyncio.timeout(PATIENCE):
            while not await self._is_settled():
                await wait_until_set(pause, 0.002)

    async def catches_up(self) -> None:
        """All that stands in Twilio's log by now is taken, and what came of it is done."""
        pause = asyncio.Event()
        async with asyncio.timeout(PATIENCE):
            while not await self._is_caught_up():
                await wait_until_set(pause, 0.002)
        await self.settles()

    async def _is_caught_up(self) -> bool:
        async with self.storage.reading() as tx:
            heard = await tx.meta.get(HEARD)
        return heard is not None and datetime.fromisoformat(heard) >= self.now

    def _is_told(self) -> bool:
        """The bot has heard all that the platforms have to tell it, and answered each press."""
        telegram, twilio = self.telegram, self.twilio
        heard = not telegram.updates.waiting and not telegram.people.queries
        return heard and not (twilio and twilio.busy)

    async def _is_settled(self) -> bool:
        if not self._is_told():
            return False
        async with self.storage.reading() as tx:
            remind = await tx.reminders.next_due()
            under_way = await tx.broadcasts.due(self.now)
            fetching = await tx.posters.wanted()
        moves = [each for each in under_way if each.phase is not Phase.PAUSED]
        if (remind is not None and remind <= self.now) or moves or fetching:
            return False
        # Last, since whatever ends has something said.
        for channel in self.service.office.counts:
            if not await self._is_idle(channel):
                return False
        return self._is_told()

    async def _is_quiet(self, person: Person) -> bool:
        if not (self._is_told() and await self._is_idle(person.channel) and self._is_told()):
            return False
        async with self.storage.reading() as tx:
            address = await tx.people.find(person.channel, person.account)
        return address is None or address.last_message is not None or not address.reachable

    async def _is_idle(self, channel: str) -> bool:
        return await is_idle(self.service.office, self.storage, channel, self.now)


@asynccontextmanager
async def community(
    folder: Path,
    way: Way,
    url: str | None = None,
    *,
    now: datetime = NOW,
    haste: float = HASTE,
    whatsapp: bool = False,
    twilio: TwilioServer | None = None,
    given: Mapping[str, str] = NOTHING,
) -> AsyncGenerator[Community]:
    """The bot with the example series, until the block ends; then nothing may have been amiss.

    It has a number on WhatsApp when people reach it so, or when `whatsapp` says so, or by way of
    this `twilio`, which has been running before it and goes on after it. Of the settings, those
    that are `given` are others.
    """
    async with AsyncExitStack() as stack:
        telegram = await stack.enter_async_context(TelegramServer())
        told = environment(folder, way, telegram, url)
        if twilio is None and (whatsapp or way == "whatsapp"):
            twilio = await stack.enter_async_context(TwilioServer())
        if twilio is not None:
            told |= on_whatsapp(twilio)
        settings = load(SHIPPED, {**told, **given}, dotenv=None)
        calendar, tempo = Calendar(now), Tempo(haste)
        clock = Clock(calendar, tempo.monotonic, tempo.wait, lambda: 0.0)
        storage = await stack.enter_async_context(open_storage(settings, clock))
        await load_example(storage, settings, clock.now())
        service = Service(settings, storage, clock)
        running = asyncio.create_task(service.run())
        await service.server.started.wait()
        await knows_its_name(service)
        here = Community(
            *(settings, clock, service, storage, telegram, way, now, twilio), tempo=tempo
        )
        calendar.community = here
        if twilio is not None:
            twilio.people.clock = lambda: calendar().timestamp()
            twilio.webhooks.url = f"{service.address}/whatsapp"
        try:
            yield here
        finally:
            for person in here.people:
                await person.leaves()
            service.stop()
            await running
    assert telegram.violations == []
    assert twilio is None or twilio.violations == []


async def knows_its_name(service: Service) -> None:
    """Returns once Telegram has told the bot's name, which is in every link that leads there."""
    pause = asyncio.Event()
    async with asyncio.timeout(PATIENCE):
        while service.telegram_name is None:
            await wait_until_set(pause, 0.002)


class Calendar:
    """The community's calendar, from before there is one."""

    def __init__(self, now: datetime) -> None:
        self.community: Community | None = None
        self._now = now

    def __call__(self) -> datetime:
        return self.community.now if self.community else self._now
