"""Mail: put together, what leaves and what comes in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from channels import LATER
from channels.email import (
    Connection,
    Desk,
    EmailChannel,
    Posters,
    Thread,
    Words,
    addressed,
    holds,
    relay_of,
)
from delivery import Clock, Duty, PostOffice
from dialogue.incoming import Incoming
from dialogue.words import Text
from locales import Languages
from service.platform import Poison
from service.posters import content_of
from service.proving import Proving
from settings import Settings
from storage import Storage
from web.mail.stopping import PATH as STOP_PATH
from web.webhook import Hook

LONGEST_WAIT = 300.0
"""Seconds between two tries whether the server lets us in."""
STOP = "mail-stop"
"""What the links are sealed for that stop mail."""

log = logging.getLogger("tadamun.mail")

if TYPE_CHECKING:
    from channels.email.reading import Mail
    from service.inbox import MailIn


class OnEmail:
    """One sender's mail (a `Platform`)."""

    def __init__(
        self,
        settings: Settings,
        storage: Storage,
        clock: Clock,
        languages: Languages,
        *,
        address: Callable[[], str],
        office: Callable[[], PostOffice],
        take: Callable[[Incoming], Awaitable[None]],
        poison: Poison,
    ) -> None:
        """`address` is where people reach us; `office` gives who lets mails leave."""
        self._storage = storage
        self._clock = clock
        self._languages = languages
        self._address = address
        self._proving = Proving(
            storage, clock, languages, dict(settings.community.name), address, office
        )
        self._line = line_to(settings)
        key = storage.secret("mails")
        desk = Desk(
            sender=settings.mail.sender,
            words={code: self._words(code) for code in languages.codes},
            chat=lambda: f"{address()}/chat",
            stop=self.stop_link,
            key=key,
        )
        per_second = settings.mail.messages_per_second
        posters = Posters(lambda hash: content_of(storage, hash))
        self.channel = EmailChannel(self._line, desk, per_second, clock.now, posters)
        self.inbox = self._inbox(settings, key, take, poison)
        """What comes in; None where nothing does."""

    @property
    def hooks(self) -> tuple[Hook, ...]:
        """As `Platform.hooks`: nobody brings mail by a call."""
        return ()

    @property
    def connected(self) -> bool:
        """As `Platform.connected`: whether the servers let us in when they were tried last."""
        return self._line.let_in and (self.inbox is None or self.inbox.connected)

    async def run(self, duty: Duty) -> None:
        """As `Platform.run`: sends what proves addresses; tries whether the server is there."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch(duty))
            tasks.create_task(self._proving.run(duty))
            if self.inbox is not None:
                tasks.create_task(self.inbox.run(duty))

    async def hang_up(self) -> None:
        """As `Platform.hang_up`."""
        if self.inbox is not None:
            self.inbox.hang_up()

    async def close(self) -> None:
        """As `Platform.close`."""
        await self._line.close()

    def stop_link(self, account: str) -> str:
        """Where mail to this account is stopped."""
        return f"{self._address()}{STOP_PATH}{self._storage.seal_link(STOP, account)}"

    def account_in(self, token: str) -> str | None:
        """Whose mail the token of such a link is about."""
        return self._storage.open_link(STOP, token)

    def page_link(self, page: str, words: str) -> str:
        """The address of this page, with what it is to hold sealed in it."""
        return f"{self._address()}/mail/{page}/{self._storage.seal_link(f'mail-{page}', words)}"

    def words_in(self, page: str, token: str) -> str | None:
        """What was sealed in the address of such a page."""
        return self._storage.open_link(f"mail-{page}", token)

    def _inbox(
        self,
        settings: Settings,
        key: bytes,
        take: Callable[[Incoming], Awaitable[None]],
        poison: Poison,
    ) -> MailIn | None:
        url, clock = settings.mail.imap_url, self._clock
        if url is None:
            return None
        # Here, since not everybody whose mail leaves has some come in.
        from channels.email.imap import box_of
        from channels.email.reading import Known
        from channels.email.vouching import Vouching
        from service.inbox import MailIn

        def noted(mail: Mail) -> None:
            if mail.message_id.startswith("<"):
                subject = None if mail.doubtful else mail.subject
                thread = Thread(mail.message_id, subject)
                self.channel.threads.note(mail.account, thread, clock.now())

        known = Known(
            ours=addressed(settings.mail.sender).addr_spec,
            is_ours=lambda account, id: holds(key, account, id),
            vouching=Vouching(settings.mail.vouched_by, settings.mail.trust_from),
        )
        return MailIn(
            box_of(url.get_secret_value()),
            known,
            self._storage,
            clock,
            take=take,
            poison=poison,
            noted=noted,
            days=settings.mail.delete_days,
        )

    async def _watch(self, duty: Duty) -> None:
        """Try once whether the server lets us in; later, what is sent shows it."""
        await duty.on.wait()
        attempt = 0
        while not self._line.let_in:
            try:
                await self._line.check()
            except LATER as fault:
                log.warning("the mail server cannot be used: %s", fault)
                attempt += 1
                await self._clock.wait(asyncio.Event(), min(LONGEST_WAIT, 2.0**attempt))

    def _words(self, code: str) -> Words:
        def said(key: str) -> str:
            return self._languages.voice(code).say(Text(key))

        return Words(
            in_chat=said("mail-in-chat"),
            about=said("mail-about"),
            stop=said("mail-stop-here"),
            no_subject=said("mail-no-subject"),
            poster=said("web-poster"),
        )


def line_to(settings: Settings) -> Connection:
    """The line to the server that takes our mail."""
    url = settings.mail.smtp_url
    return Connection(relay_of("" if url is None else url.get_secret_value()))
