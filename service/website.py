"""The web server, put together: what the chat, the boards and the pages behind mails are given."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry

from channels.webchat import WebChat
from delivery import Clock, PostOffice
from dialogue.words import Text
from handlers.digest import unasked
from handlers.participants import privacy
from handlers.receipts import reasons
from handlers.receiving import beside
from handlers.receiving.receive import Receiver
from handlers.receiving.reception import Reception
from locales import Languages
from service.platform import Platform
from settings import Settings
from storage import Storage, Transaction
from storage.asking.guest import Guest
from storage.community.boards import Place, Seat
from web.app import WebParts, create_app
from web.board.parts import BoardParts
from web.health import Health
from web.mail.parts import AskingParts
from web.mail.rooms import MailParts
from web.metrics import DeliveryMetrics
from web.posters import StoredPosters
from web.server import WebServer

if TYPE_CHECKING:
    from service.email import OnEmail


@dataclass(frozen=True, slots=True)
class Website:
    """What all pages together need of the rest of the process."""

    settings: Settings
    storage: Storage
    clock: Clock
    languages: Languages
    chat: WebChat
    receiver: Receiver
    reception: Reception
    office: PostOffice
    platforms: Sequence[Platform]
    email: OnEmail | None
    telegram_name: Callable[[], str | None]
    """The bot's name on Telegram, once known."""
    moved: Callable[[], None]
    """Told once something of a question was committed on a page."""

    def server(self) -> WebServer:
        """The server, which listens once it is run."""
        web = self.settings.web
        registry = CollectorRegistry()
        registry.register(DeliveryMetrics(lambda: self.office.counts))
        token = web.metrics_token
        health = Health(
            self.storage.writable,
            self._connected,
            registry,
            token.get_secret_value() if token else None,
        )
        parts = WebParts(
            reception=self.reception,
            chat=self.chat,
            health=health,
            posters=StoredPosters(self.storage, self.clock.now),
            say=lambda code, key: self.languages.voice(code).say(Text(key)),
            languages=self.languages.codes,
            community=dict(self.settings.community.name),
            now=self.clock.now,
            token=lambda: secrets.token_urlsafe(32),
            # Not made anew at each start: the pages that people have open outlive it.
            form_key=self.storage.secret("forms"),
            public_url=web.public_url or None,
            telegram_username=self.telegram_name,
            hooks=[hook for platform in self.platforms for hook in platform.hooks],
            board=self._board(),
            mail=self._mail_pages(),
        )
        return WebServer(create_app(parts), self.chat, web.host, web.port)

    def _mail_pages(self) -> MailParts | None:
        if self.email is None:
            return None
        return MailParts(
            storage=self.storage,
            say=lambda code, said: self.languages.voice(code).say(said),
            account_in=self.email.account_in,
            agreed=self._guest_agreed,
            proved=self._address_proved,
            queued=self.office.look,
            asking=self._asking_pages(),
        )

    async def _guest_agreed(self, tx: Transaction, guest: Guest) -> None:
        now = self.clock.now()
        next_id = self.storage.ids.delivery
        await unasked.welcome(self.receiver.house, tx, guest, now, lambda: next_id(now))

    async def _address_proved(self, tx: Transaction, person: int) -> None:
        now = self.clock.now()
        next_id = self.storage.ids.delivery
        await beside.confirm_by_mail(self.receiver.house, tx, person, now, lambda: next_id(now))

    def _asking_pages(self) -> AskingParts | None:
        email = self.email
        if email is None or email.inbox is None:
            return None
        return AskingParts(
            open_link=email.words_in,
            notice=lambda: (
                privacy.notice(self.receiver.house, email.channel.name),
                privacy.version(self.receiver.house),
            ),
            fetch=email.inbox.once_more,
            take=self.reception.take,
        )

    def _board(self) -> BoardParts:
        async def told(tx: Transaction, place: Place, questions: Sequence[int]) -> None:
            await self.receiver.tell_askers(tx, place.person, questions)

        async def answered(tx: Transaction, place: Place, questions: Sequence[int]) -> None:
            await self.receiver.tell_askers(tx, place.person, questions, answered=True)

        return BoardParts(
            storage=self.storage,
            say=lambda code, said: self.languages.voice(code).say(said),
            told=told,
            answered=answered,
            moved=self.moved,
            reasons=[(reasons.kept(each), Text(f"btn-reason-{each}")) for each in reasons.REASONS],
            question_length=self.settings.limits.question_length,
            revealed=self.receiver.tell_of_reveal,
            reveals_per_day=self.settings.board.reveals_per_day,
            codes=[Seat(seat) for seat in self.settings.board.codes],
        )

    def _connected(self) -> Mapping[str, bool]:
        # While another process takes what comes in, whether it does is that one's to say.
        ours = [
            platform
            for platform in self.platforms
            if self.office.duties[platform.channel.name].on.is_set()
        ]
        return {"web": True, **{each.channel.name: each.connected for each in ours}}
