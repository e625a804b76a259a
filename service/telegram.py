"""The bot on Telegram: put together, and kept in step with what Telegram has."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from channels.telegram import SECRET_HEADER, Access, ProfileTexts, Take, TelegramLine, account_in
from delivery import Clock, Duty
from service import absence
from service.platform import Poison
from service.posters import PosterFetching, StoredPictures
from service.storing import ProfileDigest
from storage import Storage
from web.webhook import Hook

PATH = "/telegram"


class OnTelegram:
    """One bot (a `Platform`)."""

    def __init__(
        self,
        access: Access,
        texts: ProfileTexts,
        storage: Storage,
        clock: Clock,
        *,
        take: Take,
        poison: Poison,
        posters_wanted: Callable[[], asyncio.Event],
    ) -> None:
        """`posters_wanted` gives what is set when a picture is to be fetched."""
        self._texts = texts
        self._storage = storage
        self._clock = clock
        self._poison = poison
        self._posters_wanted = posters_wanted
        self._by_webhook = access.webhook_url is not None
        self._line = TelegramLine(
            access,
            clock=clock.now,
            chance=clock.chance,
            take=take,
            poison=self._set_aside,
            pictures=StoredPictures(storage, access.bot_id),
        )
        self.channel = self._line.channel
        self._listening: asyncio.Task[None] | None = None
        self._hung_up = asyncio.Event()

    @property
    def name(self) -> str | None:
        """The bot's name, once known."""
        return self._line.username

    @property
    def uploader(self) -> str:
        """By whose file ids its pictures are known."""
        return self._line.api.bot_id

    @property
    def hooks(self) -> tuple[Hook, ...]:
        """As `Platform.hooks`."""
        line = self._line
        if not self._by_webhook:
            return ()
        return (Hook(PATH, SECRET_HEADER, lambda call: line.webhook(call.proof, call.read)),)

    @property
    def connected(self) -> bool:
        """As `Platform.connected`."""
        return self._line.connected

    async def run(self, duty: Duty) -> None:
        """As `Platform.run`."""
        languages = tuple(self._texts.descriptions)
        fetching = PosterFetching(
            self._storage,
            self._line.api.download,
            self.uploader,
            languages,
            self._clock,
            self._posters_wanted(),
        )

        def reached() -> bool:
            return duty.on.is_set() and self.connected

        async with asyncio.TaskGroup() as tasks:
            self._listening = tasks.create_task(self._listen(duty))
            tasks.create_task(self._line.introduce(self._texts, ProfileDigest(self._storage)))
            tasks.create_task(fetching.run())
            tasks.create_task(absence.watch(self._storage, self._clock, self.channel.name, reached))

    async def hang_up(self) -> None:
        """As `Platform.hang_up`."""
        self._hung_up.set()
        self._line.stop()
        if self._listening is not None:
            if self._by_webhook:
                self._listening.cancel()  # nothing was fetched that must still be taken
            await asyncio.wait([self._listening], timeout=5)

    async def close(self) -> None:
        """As `Platform.close`."""
        await self._line.close()

    async def _listen(self, duty: Duty) -> None:
        """Take updates as long as this process, and no other, serves the bot."""
        while not self._hung_up.is_set():
            await _either(duty.on, self._hung_up)
            if self._hung_up.is_set():
                return
            async with asyncio.TaskGroup() as tasks:
                asking = tasks.create_task(self._line.listen())
                await _either(duty.off, self._hung_up)
                if not self._hung_up.is_set():
                    # What was not confirmed comes again, to whoever asks now.
                    asking.cancel()

    async def _set_aside(self, raw: str, reason: str) -> None:
        await self._poison(self.channel.name, account_in(raw), raw, reason)


async def _either(*events: asyncio.Event) -> None:
    """Returns once one of these is set."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
