"""One process, put together: what it starts, and in which order it stops."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from channels import Channel
from channels.webchat import WebChat
from delivery import Clock, Grapevine, PostOffice
from dialogue.incoming import Incoming
from handlers.commands import Commands
from handlers.meter import Meter
from handlers.receiving.receive import Receiver
from handlers.receiving.reception import Reception
from handlers.wording.broadcast_words import BroadcastWords
from locales import Languages
from service import across, chores, digesting, drafting, given, translations
from service.hearsay import Hearsay
from service.likening import Likening
from service.platform import Platform
from service.storing import taken_later
from service.telegram import OnTelegram
from service.website import Website
from settings import Settings
from storage import Storage
from web.mailboxes import StoredMailboxes

if TYPE_CHECKING:
    from service.email import OnEmail
    from service.whatsapp import OnWhatsApp


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
        self.server = Website(
            settings=settings,
            storage=storage,
            clock=clock,
            languages=self.languages,
            chat=self._chat,
            receiver=self._receiver,
            reception=self._reception,
            office=self.office,
            platforms=self._platforms,
            email=self._email,
            telegram_name=lambda: self.telegram_name,
            moved=self._moved,
        ).server()
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
            others = [tasks.create_task(each) for each in (*self._beside(), *self._attended())]
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

    def _beside(self) -> Iterator[Coroutine[Any, Any, None]]:
        """What goes on beside turns and deliveries."""
        storage, clock = self._storage, self._clock
        hearsay = Hearsay(self.office, self._chat.bells)
        yield Grapevine(storage, clock, hearsay.hear, hearsay.missed).run()
        # A database that is damaged ends the process with its sentence.
        yield storage.sound()
        yield chores.scrub(storage, self._reception.erased)
        yield chores.sweep(storage, clock, self._retention)
        yield Likening(storage, clock).run()
        if self._settings.moderation.across_languages:
            yield across.compare(storage, clock)
        yield digesting.run(storage, clock, lambda: self._receiver.house, self.office)
        yield translations.give_up_waiting(storage, clock, self._receiver.tell_overdue, self._moved)
        if self._settings.translation.url:
            yield drafting.draft(self._settings.translation, storage, clock)

    def _attended(self) -> Iterator[Coroutine[Any, Any, None]]:
        """What each platform does while this process serves it."""
        for platform in self._platforms:
            yield platform.run(self.office.duties[platform.channel.name])

    def _moved(self) -> None:
        """Something of a question was committed elsewhere than in a turn."""
        self.office.look()
        self.office.wake_broadcasts()

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
