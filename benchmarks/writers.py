"""People who write on WhatsApp, and wait for replies; or only for being heard."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from benchmarks.account import Account
from benchmarks.crowd import PATIENCE, Unanswered
from benchmarks.phones import message

AGREEING = ("/start", "العربية", "أوافق")
"""From the first word to consent."""


class Writers:
    """People who write, each with at most one message that waits for a reply."""

    def __init__(self, account: Account) -> None:
        self._account = account
        account.replied = self._replied
        self._now = time.perf_counter
        self._handed_out: dict[int, float] = {}
        self._left: dict[int, list[str]] = {}
        self._answered = asyncio.Event()
        self.latencies: list[float] = []
        """Seconds from the moment a message leaves to having its reply, for each."""

    @property
    def unanswered(self) -> int:
        """How many have said something and had no reply yet."""
        return len(self._handed_out)

    def says(self, person: int, text: str) -> None:
        """One person says one thing."""
        self._left.setdefault(person, [])
        self._account.brings(person, text, lambda: self._note(person))

    async def all_say(self, people: Sequence[int], texts: Sequence[str]) -> None:
        """All of them say all of this, each as soon as the last was answered."""
        for person in people:
            first, *rest = texts
            self._left[person] = rest[::-1]
            self.says(person, first)
        while any(self._left.values()) or self._handed_out:
            self._answered.clear()
            try:
                await asyncio.wait_for(self._answered.wait(), PATIENCE)
            except TimeoutError:
                raise Unanswered(f"{self.unanswered} messages were not answered") from None

    def _note(self, person: int) -> None:
        self._handed_out[person] = self._now()

    def _replied(self, person: int, text: str) -> None:
        handed_out = self._handed_out.pop(person, None)
        if handed_out is None:
            return
        self.latencies.append(self._now() - handed_out)
        if self._left.get(person):
            self.says(person, self._left[person].pop())
        self._answered.set()


class Heard:
    """Messages on their way to the bot, until each was acknowledged."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._now = time.perf_counter
        account.replied = self._replied
        self._all = asyncio.Event()
        self._expected = 0
        self._said = 0
        self._answered = asyncio.Event()
        self.replies = 0
        self.latencies: list[float] = []
        """Seconds from the moment a message leaves to its acknowledgement, for each."""

    async def at_once(self, people: Sequence[int], texts: Sequence[str]) -> float:
        """All of them say all of this, each as soon as the last was heard; takes how long."""
        # Made before: signing is no work of the bot's.
        said = {person: self._requests(person, texts) for person in people}
        self._expect(len(people) * len(texts))
        started = self._now()
        for person in people:
            self._send(said[person])
        await self._heard()
        return self._now() - started

    async def in_turn(
        self,
        people: Sequence[int],
        texts: Sequence[str],
        per_second: float,
        gaps: Iterable[float],
    ) -> None:
        """They say this at random moments, so many a second; `gaps` are exponential around 1."""
        said = [self._requests(person, texts) for person in people]
        requests = [each for round_ in zip_longest(*said) for each in round_ if each is not None]
        self._expect(len(requests))
        due = self._now()
        for request, gap in zip(requests, gaps, strict=False):
            due += gap / per_second
            await asyncio.sleep(due - self._now())
            self._send([request])
        await self._heard()

    async def all_replied(self) -> None:
        """Returns once there are as many replies as messages."""
        while (before := self.replies) < self._said:
            try:
                await asyncio.wait_for(self._answered.wait(), PATIENCE)
            except TimeoutError:
                if self.replies == before:
                    raise Unanswered(f"{self._said - before} were not answered") from None
        assert self.replies == self._said, "replies too many"

    def _replied(self, person: int, text: str) -> None:
        self.replies += 1
        if self.replies == self._said:
            self._answered.set()

    def _requests(self, person: int, texts: Sequence[str]) -> list[bytes]:
        """The last one first."""
        texts = [text.format(person=person) for text in texts]
        return [message(person, text, self._account.number()) for text in reversed(texts)]

    def _send(self, requests: list[bytes]) -> None:
        """Sends the last of these, and the others behind it."""
        left = 0.0

        def leaves() -> None:
            nonlocal left
            left = self._now()

        def answered(status: int) -> None:
            self.latencies.append(self._now() - left)
            if len(self.latencies) == self._expected:
                self._all.set()
            if requests:
                self._send(requests)

        self._account.callers.send(requests.pop(), leaves, answered)

    def _expect(self, more: int) -> None:
        self.latencies.clear()
        self._expected = more
        self._said += more
        self._all.clear()
        self._answered.clear()

    async def _heard(self) -> None:
        while (before := len(self.latencies)) < self._expected:
            try:
                await asyncio.wait_for(self._all.wait(), PATIENCE)
            except TimeoutError:
                if len(self.latencies) == before:
                    raise Unanswered(f"{self._expected - before} were not heard") from None
