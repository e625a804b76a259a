"""The people who write: they agree to the notice, and then register by typing, in Arabic."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from benchmarks.platform import Platform

WORDS = (
    "سلام، هنا {person}",
    "متى تبدأ الندوة القادمة؟ {person}",
    "هل من جديد؟ {person}",
    "شكرًا جزيلًا {person}",
)
"""What a person writes who has no talk open: each is offered to be sent as a question."""
REGISTRATION = ("/register", "زهراء {person}", "البصرة", "1", "تخطي", "1")
"""A whole registration, up to its confirmation."""
PATIENCE = 60.0
"""Seconds without a single reply after which a benchmark gives up."""


class Unanswered(Exception):
    """The bot stopped answering."""


class Crowd:
    """People who write again once they were answered."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._now = time.perf_counter
        self._handed_out: dict[int, float] = {}
        self._answered = asyncio.Event()
        self.latencies: list[float] = []
        """Seconds from handing out an update to having its reply, for each."""
        platform.replied = self._replied
        platform.handed_out = self._note
        self._left: dict[int, list[str]] = {}
        self._buttons: dict[int, list[str]] = {}
        self.replies = 0
        self._expected = 0

    # --- what people do -------------------------------------------------------------------------

    async def agree(self, people: Sequence[int]) -> None:
        """The first of them finds the way through greeting and notice; all agree to it."""
        guide = people[0]
        await self.all_say([guide], ("/start",))
        for wanted in ("hi:ar", "ok:ar"):
            choice = next(each for each in self._buttons[guide] if each.startswith(wanted))
            if wanted == "hi:ar":
                await self._all_press([guide], choice)
            else:
                await self._all_press(people, choice)

    async def all_say(self, people: Sequence[int], texts: Sequence[str]) -> float:
        """All of them say all of this, each as soon as the last was answered; takes how long."""
        started, expected = self._now(), self.replies + len(people) * len(texts)
        for person in people:
            self._left[person] = [text.format(person=person) for text in reversed(texts)]
            self._say(person)
        await self._until(expected)
        return self._now() - started

    async def say_in_turn(
        self, people: Sequence[int], texts: Sequence[str], per_second: float, gaps: Sequence[float]
    ) -> None:
        """They say this at random moments, so many a second; `gaps` are exponential around 1."""
        expected = self.replies + len(people) * len(texts)
        due = self._now()
        for at, gap in enumerate(gaps[: len(people) * len(texts)]):
            due += gap / per_second
            await asyncio.sleep(due - self._now())
            person = people[at % len(people)]
            self._left[person] = []
            self._write(person, texts[at // len(people)].format(person=person))
        await self._until(expected)

    # --- what comes of it -----------------------------------------------------------------------

    async def _all_press(self, people: Sequence[int], choice: str) -> None:
        expected = self.replies + len(people)
        for person in people:
            self._left[person] = []
            message = {**_envelope(person), "text": "?"}
            query = {
                "id": f"{person}",
                "from": _author(person),
                "message": message,
                "chat_instance": f"{person}",
                "data": choice,
            }
            self._platform.brings(person, "callback_query", query)
        await self._until(expected)

    def says(self, person: int, text: str) -> None:
        """One person says one thing, and may wait for the reply as long as it takes."""
        self._left[person] = []
        self._write(person, text)

    @property
    def unanswered(self) -> int:
        """How many have said something and had no reply yet."""
        return len(self._handed_out)

    def _say(self, person: int) -> None:
        self._write(person, self._left[person].pop())

    def _write(self, person: int, text: str) -> None:
        content: dict[str, Any] = {**_envelope(person), "text": text}
        if text.startswith("/"):
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        self._platform.brings(person, "message", content)

    def _note(self, person: int) -> None:
        self._handed_out[person] = self._now()

    def _replied(self, person: int, reply: dict[str, Any]) -> None:
        self.replies += 1
        handed_out = self._handed_out.pop(person, None)
        if handed_out is not None:
            self.latencies.append(self._now() - handed_out)
        if isinstance(reply.get("reply_markup"), dict):
            self._buttons[person] = [
                str(button.get("callback_data"))
                for row in reply["reply_markup"]["inline_keyboard"]
                for button in row
            ]
        if self._left.get(person):
            self._say(person)
        if self.replies >= self._expected:
            self._answered.set()

    async def _until(self, expected: int) -> None:
        self._expected = expected
        self._answered.clear()
        while (before := self.replies) < expected:
            try:
                await asyncio.wait_for(self._answered.wait(), PATIENCE)
            except TimeoutError:
                if self.replies == before:
                    missing = expected - self.replies
                    raise Unanswered(f"{missing} messages were not answered") from None
        assert self.replies == expected, f"{self.replies - expected} replies too many"


def _author(person: int) -> dict[str, Any]:
    return {
        "id": person,
        "is_bot": False,
        "first_name": f"Person {person}",
        "language_code": "ar",
    }


def _envelope(person: int) -> dict[str, Any]:
    return {
        "message_id": 7,
        "from": _author(person),
        "chat": {"id": person, "first_name": f"Person {person}", "type": "private"},
        "date": int(time.time()),
    }
