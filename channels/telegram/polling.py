"""Asking Telegram for updates, and confirming only those that were taken."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

from channels import Busy, Unreachable, Unsure
from channels.telegram.api import BotApi
from channels.telegram.backoff import LONGEST, Backoff
from channels.telegram.batch import Unparsable, number_of, raw_of, updates_in
from channels.telegram.faults import FAULTS, SecondCopy
from channels.telegram.updates import Reader, Unreadable
from dialogue.incoming import Incoming, TryAgain

log = logging.getLogger(__name__)

Wait = Callable[[float], Awaitable[None]]

BREATH = 0.05
"""Seconds from one empty poll to the next, at least."""

LAST_WORD = 3.0
"""Seconds that confirming the last batch may take."""


class Take(Protocol):
    """Where what was read goes; returns once it may be confirmed, raises when it may not."""

    def __call__(self, incoming: Incoming, /) -> Awaitable[None]: ...


class Poison(Protocol):
    """Where an update goes that cannot be read: its raw text, and what is wrong with it."""

    async def __call__(self, raw: str, reason: str, /) -> None: ...


class Polling:
    """Long polls for one bot, for ever."""

    def __init__(
        self,
        api: BotApi,
        reader: Reader,
        *,
        take: Take,
        poison: Poison,
        chance: Callable[[], float],
        wait: Wait = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        poll_seconds: float = 25.0,
        last_word: float = LAST_WORD,
    ) -> None:
        self._api = api
        self._reader = reader
        self._take = take
        self._poison = poison
        self._wait = wait
        self._monotonic = monotonic
        self._poll_seconds = poll_seconds
        self._last_word = last_word
        self._backoff = Backoff(chance)
        self._offset = 0
        self._may_poll = False
        self._stopping = False
        self._patience: asyncio.Timeout | None = None
        self._nameless: set[str] = set()
        self.connected = False
        """Whether Telegram answered the last time."""

    async def run(self) -> None:
        """Polls until `stop`, and then confirms what was taken.

        When it is cancelled instead, what it has not confirmed comes again at the next start.
        """
        pause = 0.0
        while not self._stopping:
            try:
                async with asyncio.timeout(None) as self._patience:
                    if pause:
                        await self._wait(pause)
                    updates = await self._ask()
            except TimeoutError:
                break  # by `stop`
            finally:
                self._patience = None
            pause = 0.0 if await self._confirm(updates) else self._backoff.next()
        self.connected = False
        if self._offset:
            with suppress(*FAULTS, TimeoutError):
                async with asyncio.timeout(self._last_word):
                    await self._api.get_updates(self._offset, 0)

    def stop(self) -> None:
        """Lets `run` end: a poll is broken off, a batch that was fetched is taken first."""
        self._stopping = True
        if self._patience is not None:
            self._patience.reschedule(0)

    async def _ask(self) -> list[object]:
        """The updates of the next poll that succeeds."""
        while True:
            try:
                if not self._may_poll:
                    await self._api.delete_webhook()
                    self._may_poll = self.connected = True
                asked = self._monotonic()
                updates = updates_in(await self._api.get_updates(self._offset, self._poll_seconds))
            except (*FAULTS, Unreadable) as error:
                self.connected = False
                await self._wait(self._after(error))
                continue
            self.connected = True
            if updates:
                return updates
            self._backoff.reset()
            if self._monotonic() - asked < BREATH:
                # Not every server keeps a poll that has nothing to say waiting.
                await self._wait(BREATH)

    def _after(self, error: Exception) -> float:
        """Says what is wrong in the log, and how long to wait."""
        match error:
            case SecondCopy():
                log.error("ALERT: a second copy of the bot runs, or its token was stolen")
                return self._backoff.next(at_least=5.0)
            case Busy(seconds=seconds):
                return self._backoff.next(at_least=seconds)
            case Unreachable() | Unsure() | Unreadable():
                log.warning("no updates from Telegram: %s", error)
                return self._backoff.next()
            case _:
                log.error("ALERT: Telegram refuses to hand out updates: %s", error)
                return self._backoff.next(at_least=LONGEST)

    async def _confirm(self, updates: list[object]) -> bool:
        """Hands all of them on, in order and at once; moves the offset past those taken.

        False when some were not taken, or nothing can be confirmed.
        """
        outcomes = await asyncio.gather(
            *[self._hand_on(update) for update in updates], return_exceptions=True
        )
        moved = False
        for update, outcome in zip(updates, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                # Everything from here on comes again; what was taken is known by its number.
                level = logging.WARNING if isinstance(outcome, TryAgain) else logging.ERROR
                log.log(level, "an update was not taken (%s)", type(outcome).__name__)
                return False
            number = number_of(update)
            if number is not None and number >= self._offset:
                self._offset, moved = number + 1, True
        if moved:
            self._backoff.reset()
        return moved

    def _hand_on(self, update: object) -> Awaitable[None]:
        try:
            if isinstance(update, Unparsable):
                raise Unreadable("not JSON that can be read")
            incoming = self._reader.read(update)
        except Unreadable as error:
            return self._set_aside(update, str(error))
        return _ignore() if incoming is None else self._take(incoming)

    async def _set_aside(self, update: object, reason: str) -> None:
        raw = raw_of(update)
        if number_of(update) is None:
            # Nothing confirms it, so it comes again with every poll.
            if raw in self._nameless:
                return
            self._nameless.add(raw)
        log.error("ALERT: an update from Telegram cannot be read: %s", reason)
        await self._poison(raw, reason)


async def _ignore() -> None:
    """What concerns nobody is taken as soon as it is there."""
