"""One process, put together: what it starts, and in which order it stops."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Mapping, Sequence
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry

from channels import Channel
from channels.webchat import WebChat
from delivery import Clock, Grapevine, PostOffice
from dialogue.incoming import Incoming
from dialogue.words import Text
from handlers import privacy, reasons
from handlers.broadcast_words import BroadcastWords
from handlers.commands import Commands
from handlers.digest import unasked
from handlers.meter import Meter
from handlers.receive import Receiver
from handlers.reception import Reception
from locales import Languages
from service import chores, digesting, drafting, given, translations
from service.likening import Likening
from service.platform import Platform
from service.storing import taken_later
from service.telegram import OnTelegram
from settings import Settings
from storage import Storage, Transaction, news
from storage.boards import Place
from storage.guests import Guest
from web.app import WebParts, create_app
from web.board.parts import BoardParts
from web.health import Health
from web.mail.asking import AskingParts
from web.mail.rooms import MailParts
from web.mailboxes import StoredMailboxes
from web.metrics import DeliveryMetrics
from web.posters import StoredPosters
from web.server import WebServer

if TYPE_CHECKING:
    from service.email import OnEmail
    from service.whatsapp import OnWhatsApp

log = logging.getLogger("tadamun")


class Service:
    """One process: storage, receive loop, post office, web server, and the platforms set up."""

    def __init__(self, settings: Settings, storage: Storage, clock: Clock) -> None:
        self._settings = settings
        self._storage = storage
        self._clock = clock
        self._retention = given.retention(settings)
        self.languages = Languages.load(settings.community.languages, settings.community.time_zone)
        self._chat = WebChat(StoredMailboxes(storage, clock.now), clock.now)
        self._telegram = self._on_telegram()
        self._whatsapp = self._on_whatsapp()
        self._email = self._on_email()
        self._platforms: Sequence[Platform] = [
            platform
            for platform in (self._telegram, self._whatsapp, self._email)
            if platform is not None
        ]
        channels: list[Channel] = [self._chat, *(each.channel for each in self._platforms)]
        rules = given.rules(settings)
        words = BroadcastWords(self.languages, rules)
        self.office = PostOffice(channels, storage, clock, words, rules.reminders)
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

    @property
    def telegram_name(self) -> str | None:
        """The bot's name on Telegram, once known."""
        return self._telegram.name if self._telegram else None

    async def templates(self, *, make: bool) -> list[str]:
        """What Twilio holds for us, line by line, once what is missing was made if it is to be.

        Raises Unavailable, or what the channel may raise.
        """
        if self._whatsapp is None:
            return []
        held = self._whatsapp.lay_down(self._receiver.house) if make else self._whatsapp.held()
        return (await held).lines

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
            others = [
                tasks.create_task(grapevine.run()),
                # Beside all else; a database that is damaged ends the process with its sentence.
                tasks.create_task(self._storage.sound()),
                tasks.create_task(chores.scrub(self._storage, self._reception.erased)),
                tasks.create_task(chores.sweep(self._storage, self._clock, self._retention)),
                tasks.create_task(Likening(self._storage, self._clock).run()),
                tasks.create_task(
                    digesting.run(
                        self._storage, self._clock, lambda: self._receiver.house, self.office
                    )
                ),
                tasks.create_task(self._answers_that_waited()),
            ]
            if self._settings.translation.url:
                machine = drafting.draft(self._settings.translation, self._storage, self._clock)
                others.append(tasks.create_task(machine))
            others += [
                tasks.create_task(platform.run(self.office.duties[platform.channel.name]))
                for platform in self._platforms
            ]
            await self._stop.wait()
            # First nothing new comes in, then what came in is answered, then it is delivered.
            await asyncio.gather(*(platform.hang_up() for platform in self._platforms))
            self.server.stop()
            self._reception.stop()
            await asyncio.wait([receiving], timeout=10)
            await self.office.stop()
            await asyncio.wait([posting, serving], timeout=10)
            for task in (receiving, posting, serving, *others):
                task.cancel()
        await asyncio.gather(*(platform.close() for platform in self._platforms))

    async def _answers_that_waited(self) -> None:
        await translations.give_up_waiting(
            self._storage, self._clock, self._receiver.tell_overdue, self._moved
        )

    def _moved(self) -> None:
        """Something of a question was committed elsewhere than in a turn."""
        self.office.look()
        self.office.wake_broadcasts()

    def _hear(self, word: str) -> None:
        """Another process has committed something that concerns this one, too."""
        match word.split():
            case [news.OUTBOX]:
                self.office.look()
            case [news.BROADCASTS]:
                self.office.wake_broadcasts()
            case [news.ERASURES]:
                self.office.wake_erasing()
            case [news.PROOFS]:
                pass  # Whoever serves mail looks every second.
            case [news.LETTERS, shelf]:
                self._chat.bells.ring_shelf(int(shelf))
            case _:
                log.warning("another process says something that this version does not know")

    def _missed(self) -> None:
        """Something may have been said before this process listened."""
        self.office.look()
        self.office.wake_broadcasts()
        self.office.wake_erasing()
        self._chat.bells.ring_all()

    async def poison(self, channel: str, account: str | None, raw: str, reason: str) -> None:
        """Seal what could not be read into quarantine; raises TryAgain when that fails.

        Of somebody who has not agreed to the notice not even this is kept.
        """
        with taken_later():
            async with self._storage.transaction() as tx:
                if account is None or await tx.people.find(channel, account) is not None:
                    await tx.quarantine.put(channel, raw, reason, self._clock.now(), account)

    def _take(self, incoming: Incoming, /) -> Awaitable[None]:
        return self._reception.take(incoming)

    def _on_telegram(self) -> OnTelegram | None:
        access = given.access(self._settings)
        if access is None:
            return None
        return OnTelegram(
            access,
            given.profile(self.languages),
            self._storage,
            self._clock,
            take=self._take,
            poison=self.poison,
            posters_wanted=lambda: self._reception.posters_wanted,
        )

    def _on_whatsapp(self) -> OnWhatsApp | None:
        if not self._settings.whatsapp.account_sid:
            return None
        # Here, since its library takes memory that nobody else has a use for.
        from service.whatsapp import OnWhatsApp

        return OnWhatsApp(
            self._settings,
            self._storage,
            self._clock,
            take=self._take,
            poison=self.poison,
            office=lambda: self.office,
        )

    def _on_email(self) -> OnEmail | None:
        if not self._settings.mail.on:
            return None
        # Here, for the same reason.
        from service.email import OnEmail

        return OnEmail(
            self._settings,
            self._storage,
            self._clock,
            self.languages,
            address=lambda: self.address,
            office=lambda: self.office,
            take=self._take,
            poison=self.poison,
        )

    def _build_receiver(self) -> Receiver:
        told = given.Told(
            lambda: self.address,
            lambda: self.telegram_name,
            uploader=self._uploader,
            mail_link=self._email.page_link if self._email else lambda page, words: "",
        )
        return Receiver(
            house=given.house(self._settings, self.languages, told),
            commands=Commands(self.languages),
            meter=Meter(self._settings.limits.messages_per_minute),
            door=self.office,
            clock=self._clock.now,
            next_id=self._storage.ids.delivery,
        )

    def _uploader(self, channel: str) -> str | None:
        telegram = self._telegram
        ours = telegram is not None and channel == telegram.channel.name
        return telegram.uploader if telegram is not None and ours else None

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
        parts = WebParts(
            reception=self._reception,
            chat=self._chat,
            health=health,
            posters=StoredPosters(self._storage, self._clock.now),
            say=lambda code, key: self.languages.voice(code).say(Text(key)),
            languages=self.languages.codes,
            community=dict(self._settings.community.name),
            now=self._clock.now,
            token=lambda: secrets.token_urlsafe(32),
            # Not made anew at each start: the pages that people have open outlive it.
            form_key=self._storage.secret("forms"),
            public_url=web.public_url or None,
            telegram_username=lambda: self.telegram_name,
            hooks=[hook for platform in self._platforms for hook in platform.hooks],
            board=self._board(),
            mail=self._mail_pages(),
        )
        return WebServer(create_app(parts), self._chat, web.host, web.port)

    def _mail_pages(self) -> MailParts | None:
        if self._email is None:
            return None
        return MailParts(
            storage=self._storage,
            say=lambda code, said: self.languages.voice(code).say(said),
            account_in=self._email.account_in,
            agreed=self._guest_agreed,
            queued=self.office.look,
            asking=self._asking_pages(),
        )

    async def _guest_agreed(self, tx: Transaction, guest: Guest) -> None:
        now = self._clock.now()
        next_id = self._storage.ids.delivery
        await unasked.welcome(self._receiver.house, tx, guest, now, lambda: next_id(now))

    def _asking_pages(self) -> AskingParts | None:
        email = self._email
        if email is None or email.inbox is None:
            return None
        return AskingParts(
            open_link=email.words_in,
            notice=lambda: (
                privacy.notice(self._receiver.house, email.channel.name),
                privacy.version(self._receiver.house),
            ),
            fetch=email.inbox.once_more,
            take=self._take,
        )

    def _board(self) -> BoardParts:
        async def told(tx: Transaction, place: Place, questions: Sequence[int]) -> None:
            await self._receiver.tell_askers(tx, place.person, questions)

        async def answered(tx: Transaction, place: Place, questions: Sequence[int]) -> None:
            await self._receiver.tell_askers(tx, place.person, questions, answered=True)

        return BoardParts(
            storage=self._storage,
            say=lambda code, said: self.languages.voice(code).say(said),
            told=told,
            answered=answered,
            moved=self._moved,
            reasons=[(reasons.kept(each), Text(f"btn-reason-{each}")) for each in reasons.REASONS],
            question_length=self._settings.limits.question_length,
        )

    def _connected(self) -> Mapping[str, bool]:
        # While another process takes what comes in, whether it does is that one's to say.
        ours = [
            platform
            for platform in self._platforms
            if self.office.duties[platform.channel.name].on.is_set()
        ]
        return {"web": True, **{each.channel.name: each.connected for each in ours}}
