"""The number on WhatsApp: put together, and kept in step with what Twilio has and knows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from channels import FAULTS
from channels.whatsapp import (
    ANSWER,
    ANSWER_TYPE,
    CHANNEL,
    PATH,
    SIGNATURE_HEADER,
    STATUS_PATH,
    Contents,
    Report,
    Signed,
    TwilioApi,
    Webhook,
    WhatsApp,
    account_in,
    account_of,
    callback,
)
from delivery import Clock, Duty, PostOffice
from delivery.retries import back_off
from dialogue.incoming import Incoming, TryAgain
from handlers.house import House
from service import templates
from service.platform import Poison
from service.twilio_log import TwilioLog
from settings import Settings
from storage import Storage, Unavailable
from storage.outbox import State
from web.webhook import Call, Hook

log = logging.getLogger("tadamun.whatsapp")

LOOK_EVERY = timedelta(minutes=5)
"""So often Twilio's log is asked for what never reached us."""


class OnWhatsApp:
    """One number (a `Platform`)."""

    def __init__(
        self,
        settings: Settings,
        storage: Storage,
        clock: Clock,
        *,
        take: Callable[[Incoming], Awaitable[None]],
        poison: Poison,
        office: Callable[[], PostOffice],
    ) -> None:
        """`office` gives who is told what became of a message."""
        self._storage = storage
        self._clock = clock
        self._poison = poison
        self._office = office
        self._sender = account_of(settings.whatsapp.sender)
        self.api = line_to(settings)
        days = timedelta(days=settings.whatsapp.delete_days)
        self._log = TwilioLog(storage, self.api, self._sender, take, clock, days)
        self._contents = Contents()
        self.channel = self._channel(settings)
        self._webhook = Webhook(
            Signed(token_of(settings), settings.web.address),
            clock=clock.now,
            take=self._log.take,
            poison=self._set_aside,
            told=self._told,
        )
        self.connected = False
        """Whether Twilio answered when it was asked last; as long as it is not our turn to ask,
        whoever asks says that."""

    @property
    def hooks(self) -> tuple[Hook, Hook]:
        """As `Platform.hooks`: for what people wrote, and for what became of what we wrote."""

        def take_message(call: Call) -> Awaitable[int]:
            return self._webhook.message(call.proof, call.query, call.read)

        def take_status(call: Call) -> Awaitable[int]:
            return self._webhook.status(call.proof, call.query, call.read)

        return (
            Hook(PATH, SIGNATURE_HEADER, take_message, ANSWER, ANSWER_TYPE),
            Hook(STATUS_PATH, SIGNATURE_HEADER, take_status, ANSWER, ANSWER_TYPE),
        )

    async def run(self, duty: Duty) -> None:
        """As `Platform.run`: what comes in is brought; what never reached us is asked for."""
        attempts = 0
        while True:
            try:
                await self.learn()
                if duty.on.is_set():
                    await self._log.catch_up()
                    await self._ask_again()
                    await self._log.tidy()
            except (*FAULTS, TryAgain, Unavailable) as error:
                log.warning("Twilio's log could not be taken: %s", type(error).__name__)
                self.connected = False
                self._log.let_in()
                attempts += 1
                seconds = back_off(attempts, self._clock.chance())
            else:
                self.connected = True
                attempts, seconds = 0, LOOK_EVERY.total_seconds()
            # What was missed is asked for as soon as it is our turn, not only minutes later.
            woken = asyncio.Event() if duty.on.is_set() else duty.on
            await self._clock.wait(woken, seconds)

    async def hang_up(self) -> None:
        """As `Platform.hang_up`: the web server takes no more calls."""

    async def learn(self) -> None:
        """Read which prompts and templates Twilio holds for us."""
        async with self._storage.reading() as tx:
            self._contents.learn(await tx.contents.get_all())

    async def lay_down(self, house: House) -> templates.Held:
        """As `templates.lay_down`; what is made counts from now on."""
        held = await templates.lay_down(self._storage, self.api, house, self._clock.now())
        await self.learn()
        return held

    async def held(self) -> templates.Held:
        """What Twilio holds, as far as is known."""
        return await templates.held(self._storage)

    async def close(self) -> None:
        """As `Platform.close`."""
        await self.api.close()

    async def _ask_again(self) -> None:
        """Templates that WhatsApp has decided on since count from now on."""
        async with self._storage.reading() as tx:
            known = await tx.contents.get_all()
        if await templates.refresh(self._storage, self.api, known):
            await self.learn()

    def _channel(self, settings: Settings) -> WhatsApp:
        address, whatsapp = settings.web.address, settings.whatsapp
        return WhatsApp(
            self.api,
            whatsapp.sender,
            self._contents,
            whatsapp.messages_per_second,
            lambda delivery: callback(address, delivery),
            lambda hash: f"{address}/media/{hash}",
            clock=self._clock.now,
            chance=self._clock.chance,
            first_messages_per_day=whatsapp.first_messages_per_day,
            reconcile_seconds=whatsapp.reconcile_seconds,
        )

    async def _told(self, delivery: int, report: Report, /) -> None:
        state = State(report.state)
        self.channel.told(delivery, report.error)
        await self._office().told(CHANNEL, delivery, state, report.id, report.error)

    async def _set_aside(self, raw: str, reason: str, /) -> None:
        await self._poison(CHANNEL, account_in(raw), raw, reason)


def line_to(settings: Settings) -> TwilioApi:
    """The line to the account at Twilio."""
    told = settings.whatsapp
    return TwilioApi(told.account_sid, token_of(settings), told.api_url, told.content_api_url)


def token_of(settings: Settings) -> str:
    """The account's token."""
    token = settings.whatsapp.auth_token
    return "" if token is None else token.get_secret_value()
