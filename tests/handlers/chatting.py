"""A person and the bot, without a platform: real storage, post office, receive loop and words."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from channels import NO_SLIP, Limits, Slip
from delivery import Clock, PostOffice
from delivery.clock import wait_until_set
from dialogue.incoming import Event, Incoming
from dialogue.words import Act, Localised, Message
from handlers.commands import Commands
from handlers.house import Community, House, Rules
from handlers.meter import Meter
from handlers.receiving.receive import Receiver
from handlers.receiving.reception import Reception
from handlers.receiving.routes import CONVERSATIONS
from handlers.wording.broadcast_words import BroadcastWords
from locales import Languages
from storage import Storage
from storage.series.webinars import ExtraQuestion, Programme, Series, Speaker, Webinar
from tests.idle import is_idle
from tests.tempo import Tempo

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

STEP = timedelta(seconds=15)
"""What people need at least to read and answer."""

HASTE = 50.0
"""Seconds that pass for the post office in each of ours."""


@dataclass
class Calendar:
    """A clock that moves only when it is told to."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def passes(self, time: timedelta) -> None:
        """Let this much time pass."""
        self.now += time


class Phones:
    """A platform: what each account has on its screen, message by message."""

    name: str = "web"
    limits = Limits(text_units=4096, per_second=1000, chat_burst=100, chat_seconds=0.0)

    def __init__(self) -> None:
        self.screens: defaultdict[str, dict[int, Message]] = defaultdict(dict)
        self.left: list[str] = []
        self.changed = asyncio.Event()
        self._numbers = count(1)

    async def send(
        self, account: str, act: Act, target: str | None, message: Message, slip: Slip = NO_SLIP
    ) -> str:
        """Show it at once."""
        screen, number = self.screens[account], int(target or 0)
        match act:
            case Act.SEND:
                number = next(self._numbers)
                screen[number] = message
            case Act.EDIT:
                screen[number] = message
            case Act.STRIP:
                screen[number] = Message(screen[number].text)
            case Act.DELETE:
                screen.pop(number, None)
            case Act.LEAVE:
                self.left.append(account)
        self.changed.set()
        return str(number)


def both(english: str, arabic: str) -> Localised:
    """A text that an organiser wrote in both languages."""
    return Localised({"en": english, "ar": arabic})


SERIES = Series("solidarity", both("Solidarity", "تضامن"), both("A series.", "سلسلة."))


def webinar(id: str, days: int = 10, **given: object) -> Webinar:
    """A webinar in so many days, with plain words."""
    told: dict[str, object] = {
        "id": id,
        "series": SERIES.id,
        "starts_at": NOW + timedelta(days=days, hours=4),
        "minutes": 90,
        "state": "published",
        "title": both(f"Webinar {id}", f"ندوة {id}"),
        "description": both("What it is about.", "عن الندوة."),
        "speakers": (Speaker(both("Dr Huda", "د. هدى"), both("a doctor", "طبيبة")),),
        "languages": ("ar", "en"),
        **given,
    }
    return Webinar(**told)  # type: ignore[arg-type]


TOPIC = ExtraQuestion(
    "topic",
    both("Which topic first?", "أي موضوع أولًا؟"),
    (("work", both("Work", "العمل")), ("health", both("Health", "الصحة"))),
    optional=False,
)

WEBINARS = (
    webinar("virus", 10),
    webinar("work", 11, questions=(TOPIC,)),
    webinar("small", 12, capacity=1),
    webinar("past", -3),
    webinar("off", 13, state="cancelled"),
)


@dataclass
class Bot:
    """Everything between a channel and the database, at work."""

    storage: Storage
    office: PostOffice
    reception: Reception
    receiver: Receiver
    phones: Phones
    calendar: Calendar
    others: tuple[Phones, ...] = ()
    tempo: Tempo = field(default_factory=lambda: Tempo(HASTE))

    def on(self, channel: str) -> Bot:
        """The same bot, as it is met on this other channel."""
        (phones,) = (each for each in self.others if each.name == channel)
        return replace(self, phones=phones)

    def person(self, account: str = "anna") -> Chat:
        """Somebody who writes to the bot."""
        return Chat(self, account)

    async def quiet(self, account: str) -> None:
        """Returns when all that is due, on whichever channel, was said to this account and others,
        and settled."""
        async with asyncio.timeout(30):
            while not await self._is_quiet(account):
                self.phones.changed.clear()
                await wait_until_set(self.phones.changed, 0.005)

    async def _is_quiet(self, account: str) -> bool:
        # What one chat does, others hear of at once, and each channel has a postman of its own.
        for channel in self.office.counts:
            if not await is_idle(self.office, self.storage, channel, self.calendar.now):
                return False
        async with self.storage.reading() as tx:
            address = await tx.people.find(self.phones.name, account)
        return address is None or address.last_message is not None


@asynccontextmanager
async def bot_at_work(
    folder: Path,
    url: str | None = None,
    rules: Rules | None = None,
    phones: Phones | None = None,
    *others: Phones,
    broadcasting: bool = False,
) -> AsyncGenerator[Bot]:
    """The bot with the programme above, until the block ends; it sends to many if told to."""
    calendar, phones = Calendar(), phones or Phones()
    keyring = folder / "keys" / "keyring.json"
    database = url or f"sqlite:///{folder}/data/tadamun.db"
    storage = await Storage.open(database, keyring, None, calendar)
    async with storage.transaction() as tx:
        await tx.webinars.put_series(SERIES)
        for each in WEBINARS:
            await tx.webinars.put(each)
    tempo = Tempo(HASTE)
    clock = Clock(calendar, tempo.monotonic, tempo.wait, lambda: 0.0)
    languages = Languages.load(("ar", "en"), "Asia/Baghdad")
    words = BroadcastWords(languages, rules or Rules()) if broadcasting else None
    office = PostOffice([phones, *others], storage, clock, words)
    tokens = count(1)
    house = House(
        languages,
        Community(both("Tadamun", "تضامن"), (), "team@example.org", "Asia/Baghdad"),
        rules or Rules(),
        Programme(-1),
        CONVERSATIONS,
        lambda: f"token{next(tokens)}",
        lambda: "tadamun_bot",
        lambda: "https://tadamun.example.org",
        "9647700000000",
    )
    meter = Meter(house.rules.messages_per_minute)
    receiver = Receiver(house, Commands(languages), meter, office, calendar, storage.ids.delivery)
    reception = Reception(storage, receiver, office)
    async with storage, asyncio.TaskGroup() as tasks:
        tasks.create_task(reception.run())
        tasks.create_task(office.run())
        yield Bot(storage, office, reception, receiver, phones, calendar, others, tempo)
        reception.stop()
        await office.stop()


@dataclass
class Chat:
    """What one person does, and what is on their screen afterwards."""

    bot: Bot
    account: str = "anna"
    count: int = 0

    @property
    def screen(self) -> dict[int, Message]:
        """What is on the screen, by message number."""
        return self.bot.phones.screens[self.account]

    async def says(self, *words: str, start: str | None = None) -> str:
        """Write one or more messages; returns the last text on the screen."""
        for each in words:
            await self.takes(text=each, start=start)
        return self.text

    async def opens(self, webinar: str) -> str:
        """Follow a link to a webinar."""
        return await self.says("/start", start=f"w-{webinar}")

    async def presses(self, *labels: str) -> str:
        """Press buttons of the last message by their labels; a part of the label is enough."""
        for label in labels:
            number, value = self.button(label)
            await self.presses_value(value, number)
        return self.text

    async def presses_value(self, value: str, number: int | None = None) -> str:
        """Press a button that carries this, perhaps one of long ago."""
        message = self.last if number is None else number
        await self.takes(choice=value, message=str(message))
        return self.text

    async def happens(self, event: Event) -> None:
        """Something happens to the chat itself."""
        await self.takes(event=event)

    async def sends(self, media: str) -> str:
        """Send a photo or the like."""
        await self.takes(media=media)
        return self.text

    @property
    def last(self) -> int:
        """The number of the last message."""
        return max(self.screen)

    @property
    def text(self) -> str:
        """The last message, without the marks that keep directions apart."""
        return plain(self.screen[self.last].text) if self.screen else ""

    @property
    def labels(self) -> list[str]:
        """The buttons of the last message."""
        return [plain(button.label) for row in self.screen[self.last].rows for button in row]

    def button(self, label: str) -> tuple[int, str]:
        """The message and the value of the button with this label."""
        for number in sorted(self.screen, reverse=True):
            for row in self.screen[number].rows:
                for button in row:
                    if label in plain(button.label):
                        return number, button.value
        raise AssertionError(f"There is no button {label!r} on the screen: {self.labels}")

    async def takes(
        self,
        *,
        text: str | None = None,
        choice: str | None = None,
        media: str | None = None,
        photo: str | None = None,
        event: Event | None = None,
        message: str | None = None,
        start: str | None = None,
        edited: bool = False,
        id: str | None = None,
    ) -> None:
        """Hand in one thing, and wait for what comes of it."""
        self.bot.calendar.passes(STEP)
        self.count += 1
        incoming = Incoming(
            channel=self.bot.phones.name,
            sender=self.account,
            id=id or f"{self.account}-{self.count}",
            at=self.bot.calendar.now,
            text=text,
            choice=choice,
            media=media,
            photo=photo,
            event=event,
            message=message or f"m{self.count}",
            start=start,
            edited=edited,
        )
        await self.bot.reception.take(incoming)
        await self.bot.quiet(self.account)


def plain(words: str) -> str:
    """The words without the marks that keep directions apart."""
    return words.translate(dict.fromkeys(map(ord, "\u200e\u200f\u2066\u2067\u2068\u2069")))
