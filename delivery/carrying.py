"""Carries letters to the platform: one turnstile, and a few workers side by side behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import inf

from channels import Unsure
from delivery.books import Books
from delivery.desk import Desk
from delivery.judging import needless
from delivery.letters import Letter
from delivery.reconciling import Reconciling
from dialogue.words import Act

BREATH = 16
"""After so many letters a worker lets the others run, however quick the channel is."""


class Carrying:
    """Lets one letter after the other through, as soon as the pace allows."""

    def __init__(
        self, desk: Desk, books: Books, reconciling: Reconciling, left: Callable[[], None]
    ) -> None:
        self._desk = desk
        self._books = books
        self._reconciling = reconciling
        self._left = left
        self._turnstile = asyncio.Lock()
        self._news = asyncio.Event()
        self._wakes_at = -inf
        """Until when the one who waits for news rests; `-inf` while nobody does."""
        self._closing = False

    def stir(self) -> None:
        """There is something new in the lanes, or an answer came."""
        self._news.set()

    def close(self) -> None:
        """Lets no further letter through."""
        self._closing = True
        self._news.set()

    async def work(self) -> None:
        """Carries one letter after the other until closed."""
        carried = 0
        while (letter := await self._next()) is not None:
            await self._carry(letter)
            carried += 1
            if not carried % BREATH:
                await asyncio.sleep(0)

    async def _next(self) -> Letter | None:
        """The next letter; None when nothing may start any more."""
        # Nothing is awaited between the look and the start, so the pace still agrees, and whoever
        # is free may look. Only one waits for news; the others wait for that one.
        letter, at = self._look()
        if letter is not None or at < self._wakes_at:
            # Whoever rests knows neither what this letter left behind nor that it may be sooner.
            self._news.set()
        if letter is not None or self._closing:
            return letter
        async with self._turnstile:
            while not self._closing:
                letter, at = self._look()
                if letter is not None:
                    return letter
                await self._rest(at)
        return None

    async def _rest(self, at: float) -> None:
        """Returns at this moment, or when there are news."""
        self._news.clear()
        self._wakes_at = at
        clock = self._desk.clock
        await clock.wait(self._news, None if at == inf else at - clock.monotonic())
        # From here on it looks by itself.
        self._wakes_at = -inf

    def _look(self) -> tuple[Letter | None, float]:
        """The letter that starts now; else None, and the moment before which only news matter."""
        desk = self._desk
        while not self._closing:
            now = desk.clock.monotonic()
            letter, at = desk.lanes.next(now, broadcasts=self._few_in_doubt())
            if letter is None or not self._spare(letter):
                return letter, at
        return None, inf

    def _few_in_doubt(self) -> bool:
        # What is answered but not written yet would be sent again after a crash, too.
        in_doubt = self._desk.counts.in_flight + self._desk.settling.unwritten
        return in_doubt < self._desk.channel.limits.at_once

    def _spare(self, letter: Letter) -> bool:
        """Ends a letter that need not be sent; an edit of nothing becomes a message."""
        if letter.answer is not None and letter.answer.done():
            self._desk.lanes.done(letter.account)
            return True
        verdict = None if letter.doubtful else needless(letter, self._desk.clock.now())
        if verdict is not None and letter.delivery is not None:
            self._books.end(letter, letter.delivery, verdict)
            return True
        if letter.act is Act.EDIT and letter.target is None:
            letter.act = Act.SEND
        return False

    async def _carry(self, letter: Letter) -> None:
        desk = self._desk
        started = desk.clock.monotonic()
        desk.pace.start(letter.account, started, letter.broadcast)
        desk.counts.in_flight += 1
        self._left()
        outcome: str | Exception | None
        try:
            outcome = await self._outcome(letter)
        except asyncio.CancelledError:
            if letter.answer is not None and not letter.answer.done():
                letter.answer.set_exception(Unsure("The process ended before the answer."))
            raise
        except Exception as error:
            outcome = error
        finally:
            desk.counts.in_flight -= 1
            desk.pace.answered(started, desk.clock.monotonic())
        # Then this worker looks for the next letter, and so for what became possible by this one.
        if outcome is not None:
            self._books.note(letter, outcome)
        self._left()

    async def _outcome(self, letter: Letter) -> str | None:
        """The platform's id of the message; None when it was not sent, and is to be now."""
        if letter.doubtful and letter.delivery is not None:
            found = await self._reconciling.found(letter.delivery, letter.slip)
            if found is None:
                letter.doubtful = False
                self._desk.lanes.put_back(letter)
            return found
        return await self._desk.channel.send(
            letter.account, letter.act, letter.target, letter.message, letter.slip
        )
