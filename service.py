"""The running bot: every room put together, started in order, and stopped so that nothing is lost.

`bot` calls it; nothing imports it besides.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncGenerator, Awaitable, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry

from channels import Channel
from channels.telegram import Access, ProfileTexts, TelegramLine
from channels.webchat import WebChat
from delivery import Clock, Grapevine, PostOffice
from dialogue.incoming import Incoming, TryAgain
from dialogue.words import Localised, Text
from handlers import content
from handlers.commands import LISTED, Commands
from handlers.meter import Meter
from handlers.receive import Receiver
from handlers.reception import Reception
from handlers.routes import CONVERSATIONS
from handlers.turn import Community, House, Rules
from locales import Languages
from settings import Settings
from storage import Storage, Unavailable, news
from storage.sweep import Retention
from storage.webinars import Programme
from web.app import WebParts, create_app
from web.control import listening
from web.health import Health
from web.mailboxes import StoredMailboxes
from web.metrics import DeliveryMetrics
from web.server import WebServer

log = logging.getLogger("tadamun")

SWEEP_EVERY = timedelta(hours=1)
SWEEP_AGAIN = timedelta(minutes=1)
SCRUB_AGAIN = timedelta(seconds=2)
EXAMPLE = Path(__file__).with_name("examples") / "icssi.toml"


class Service:
    """One process: storage, receive loop, post office, web server, and Telegram if it is set up."""

    def __init__(self, settings: Settings, storage: Storage, clock: Clock) -> None:
        self._settings = settings
        self._storage = storage
        self._clock = clock
        self.languages = Languages.load(settings.community.languages, settings.community.time_zone)
        self._chat = WebChat(StoredMailboxes(storage, clock.now), clock.now)
        self._telegram = self._telegram_line()
        channels: list[Channel] = [self._chat]
        if self._telegram is not None:
            channels.append(self._telegram.channel)
        self.office = PostOffice(channels, storage, clock)
        self._receiver = self._build_receiver()
        self._reception = Reception(storage, self._receiver, self.office)
        self.server = self._web_server()
        self._stop = asyncio.Event()

    @property
    def address(self) -> str:
        """What people type to get here; names the port that was found free for port 0."""
        web = self._settings.web
        if web.public_url or web.port:
            return web.address
        return web.model_copy(update={"port": self.server.port}).address

    def stop(self) -> None:
        """Have `run` return, once what is under way is done."""
        self._stop.set()

    async def run(self) -> None:
        """Run until `stop`."""
        async with asyncio.TaskGroup() as tasks:
            receiving = tasks.create_task(self._reception.run())
            posting = tasks.create_task(self.office.run())
            serving = tasks.create_task(self.server.run())
            grapevine = Grapevine(self._storage, self._clock, self._hear, self._missed)
            chores = (self._sweep(), self._scrub(), grapevine.run())
            others = [tasks.create_task(chore) for chore in chores]
            listening_to = None
            if self._telegram is not None:
                listening_to = tasks.create_task(self._listen(self._telegram))
                introduce = self._telegram.introduce(self._profile(), _Digest(self._storage))
                others.append(tasks.create_task(introduce))
            await self._stop.wait()
            # First nothing new comes in, then what came in is answered, then it is delivered.
            if self._telegram is not None and listening_to is not None:
                self._telegram.stop()
                if self._settings.telegram.mode == "webhook":
                    listening_to.cancel()  # nothing was fetched that must still be taken
                others.append(listening_to)
                await asyncio.wait([listening_to], timeout=5)
            self.server.stop()
            self._reception.stop()
            await asyncio.wait([receiving], timeout=10)
            await self.office.stop()
            await asyncio.wait([posting, serving], timeout=10)
            for task in (receiving, posting, serving, *others):
                task.cancel()
        if self._telegram is not None:
            await self._telegram.close()

    async def _listen(self, telegram: TelegramLine) -> None:
        """Take updates as long as this process, and no other, serves Telegram."""
        duty = self.office.duties[telegram.channel.name]
        while not self._stop.is_set():
            await _either(duty.on, self._stop)
            if self._stop.is_set():
                return
            async with asyncio.TaskGroup() as tasks:
                asking = tasks.create_task(telegram.listen())
                await _either(duty.off, self._stop)
                if not self._stop.is_set():
                    # What was not confirmed comes again, to whoever asks now.
                    asking.cancel()

    def _hear(self, word: str) -> None:
        """Another process has committed something that concerns this one, too."""
        match word.split():
            case [news.OUTBOX]:
                self.office.look()
            case [news.ERASURES]:
                self.office.wake_erasing()
            case [news.LETTERS, shelf]:
                self._chat.bells.ring_shelf(int(shelf))
            case _:
                log.warning("another process says something that this version does not know")

    def _missed(self) -> None:
        """Something may have been said before this process listened."""
        self.office.look()
        self.office.wake_erasing()
        self._chat.bells.ring_all()

    async def poison(self, raw: str, reason: str) -> None:
        """Seal what could not be read into quarantine; raises TryAgain when that fails."""
        with _taken_later():
            async with self._storage.transaction() as tx:
                await tx.quarantine.put("telegram", raw, reason, self._clock.now())

    async def _sweep(self) -> None:
        """Erase what has been kept long enough, every hour, in one process at a time."""
        while True:
            try:
                async with self._storage.only_one("sweep") as lost:
                    while not lost.is_set():
                        await self._storage.sweep(self._clock.now(), _retention(self._settings))
                        await self._clock.wait(lost, SWEEP_EVERY.total_seconds())
            except Unavailable as error:
                log.error("ALERT: what is too old could not be erased: %s", error)
            await asyncio.sleep(SWEEP_AGAIN.total_seconds())

    async def _scrub(self) -> None:
        """After an erasure leave no byte of it in the files; several erasures share one scrub."""
        if await self._storage.owes_scrub():
            # The process before was stopped too early for it.
            self._reception.erased.set()
        while True:
            await self._reception.erased.wait()
            self._reception.erased.clear()
            try:
                clean = await self._storage.scrub()
            except Unavailable as error:
                log.error("ALERT: what was erased is still in the files: %s", error)
                clean = False
            if not clean:
                self._reception.erased.set()
                await asyncio.sleep(SCRUB_AGAIN.total_seconds())

    def _telegram_line(self) -> TelegramLine | None:
        telegram, web = self._settings.telegram, self._settings.web
        if telegram.token is None:
            return None
        secret = telegram.webhook_secret
        by_webhook = telegram.mode == "webhook"
        access = Access(
            token=telegram.token.get_secret_value(),
            server=telegram.api_url,
            proxy=telegram.proxy.get_secret_value() or None,
            per_second=telegram.messages_per_second,
            webhook_url=f"{web.address}/telegram" if by_webhook else None,
            webhook_secret=secret.get_secret_value() if secret else None,
        )

        def take(incoming: Incoming, /) -> Awaitable[None]:
            return self._reception.take(incoming)

        return TelegramLine(
            access,
            clock=self._clock.now,
            chance=self._clock.chance,
            take=take,
            poison=self.poison,
        )

    def _build_receiver(self) -> Receiver:
        house = House(
            languages=self.languages,
            community=_community(self._settings),
            rules=_rules(self._settings),
            programme=Programme(-1),
            conversations=CONVERSATIONS,
            random_token=lambda: secrets.token_urlsafe(6),
            telegram_name=self._telegram_name,
        )
        return Receiver(
            house=house,
            commands=Commands(self.languages),
            meter=Meter(self._settings.limits.messages_per_minute),
            door=self.office,
            clock=self._clock.now,
            next_id=self._storage.ids.delivery,
        )

    def _telegram_name(self) -> str | None:
        return self._telegram.username if self._telegram else None

    def _web_server(self) -> WebServer:
        web = self._settings.web
        registry = CollectorRegistry()
        registry.register(DeliveryMetrics(lambda: self.office.counts))
        token = web.metrics_token
        health = Health(
            self._storage.writable,
            self._connected,
            registry,
            token.get_secret_value() if token else None,
        )
        line = self._telegram
        by_webhook = line is not None and self._settings.telegram.mode == "webhook"
        parts = WebParts(
            reception=self._reception,
            chat=self._chat,
            health=health,
            say=lambda code, key: self.languages.voice(code).say(Text(key)),
            languages=self.languages.codes,
            community=dict(self._settings.community.name),
            now=self._clock.now,
            token=lambda: secrets.token_urlsafe(32),
            # Not made anew at each start: the pages that people have open outlive it.
            form_key=self._storage.secret("forms"),
            public_url=web.public_url or None,
            telegram_username=self._telegram_name,
            telegram_webhook=line.webhook if line is not None and by_webhook else None,
        )
        return WebServer(create_app(parts), self._chat, web.host, web.port)

    def _connected(self) -> Mapping[str, bool]:
        states = {"web": True}
        # While another process asks for updates, whether they come in is that one's to say.
        if self._telegram is not None and self.office.duties["telegram"].on.is_set():
            states["telegram"] = self._telegram.connected
        return states

    def _profile(self) -> ProfileTexts:
        """The platform's own menu and description, in every language."""

        def said(code: str, key: str) -> str:
            return self.languages.voice(code).say(Text(key))

        codes = self.languages.codes
        return ProfileTexts(
            commands={
                code: [(name, said(code, f"command-{name}")) for name in LISTED] for code in codes
            },
            descriptions={code: said(code, "bot-description") for code in codes},
            short_descriptions={code: said(code, "bot-short-description") for code in codes},
        )


async def _either(*events: asyncio.Event) -> None:
    """Returns once one of these is set."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()


class _Digest:
    """The mark of the bot profile that was set last, in the database."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def get(self) -> str | None:
        with _taken_later():
            async with self._storage.reading() as tx:
                return await tx.meta.get("telegram-profile")

    async def put(self, digest: str) -> None:
        with _taken_later():
            async with self._storage.transaction() as tx:
                await tx.meta.put("telegram-profile", digest)


@contextmanager
def _taken_later() -> Generator[None]:
    """A database that cannot be used now becomes a wish to try again."""
    try:
        yield
    except Unavailable as error:
        raise TryAgain("The database cannot be used.") from error


def _community(settings: Settings) -> Community:
    told = settings.community
    partners = tuple(Localised(dict(partner)) for partner in told.partners)
    return Community(Localised(dict(told.name)), partners, told.contact, told.time_zone)


def _rules(settings: Settings) -> Rules:
    limits, retention = settings.limits, settings.retention
    return Rules(
        messages_per_minute=limits.messages_per_minute,
        questions_per_window=limits.questions_per_ten_minutes,
        question_length=limits.question_length,
        nickname_length=limits.nickname_length,
        retention_days=retention.webinar_days,
        reask_days=retention.subscriber_days,
        backup_days=retention.backup_days,
    )


def _retention(settings: Settings) -> Retention:
    told = settings.retention
    return Retention(
        after_webinar=timedelta(days=told.webinar_days),
        work=timedelta(days=told.delivery_days),
        quarantine=timedelta(hours=told.quarantine_hours),
        letters=timedelta(days=told.mailbox_days),
    )


@asynccontextmanager
async def open_storage(settings: Settings, clock: Clock) -> AsyncGenerator[Storage]:
    """The community's memory, closed again at the end; raises StorageError."""
    master_key = settings.master_key
    storage = await Storage.open(
        settings.storage.url.get_secret_value(),
        settings.keyring,
        master_key.get_secret_value() if master_key else None,
        clock.now,
    )
    try:
        yield storage
    finally:
        await storage.close()


def socket_path(settings: Settings) -> Path | None:
    """Where a running process listens to other commands; None where the database is a server."""
    url = settings.storage.url.get_secret_value()
    if not url.startswith("sqlite:///"):
        return None
    return Path(url.removeprefix("sqlite:///")).with_suffix(".sock")


async def import_series(
    storage: Storage, settings: Settings, source: str, now: datetime, *, replace: bool
) -> content.Report:
    """Load a series of webinars; raises content.ContentError, and then nothing has changed."""
    told = settings.community
    read = content.read(source, now, told.time_zone, told.languages)
    async with storage.transaction() as tx:
        return await content.load(tx, read, replace=replace)


async def load_example(storage: Storage, settings: Settings, now: datetime) -> None:
    """Put the example series into a database that has no programme yet."""
    async with storage.reading() as tx:
        programme = await tx.webinars.programme()
    if not programme.series:
        await import_series(storage, settings, EXAMPLE.read_text("utf-8"), now, replace=False)


def told(report: content.Report) -> str:
    """What an import did, one line a kind."""
    lines = [f"series: {report.series}"]
    for kind in ("added", "changed", "same", "left"):
        if ids := getattr(report, kind):
            lines.append(f"{kind}: {', '.join(ids)}")
    return "\n".join(lines)


@asynccontextmanager
async def answering(settings: Settings, storage: Storage, clock: Clock) -> AsyncGenerator[None]:
    """Other commands of this machine are answered until the block ends."""
    path = socket_path(settings)
    if path is None:
        yield
        return

    async def take_import(asked: Mapping[str, Any]) -> dict[str, Any]:
        try:
            report = await import_series(
                storage,
                settings,
                str(asked.get("source", "")),
                clock.now(),
                replace=bool(asked.get("replace")),
            )
        except (content.ContentError, Unavailable) as error:
            return {"error": str(error)}
        return {"report": told(report)}

    async def pong(_asked: Mapping[str, Any]) -> dict[str, Any]:
        return {}

    async with listening(path, {"import": take_import, "ping": pong}):
        yield
