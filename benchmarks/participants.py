"""Participants of a webinar that runs: what they write is offered as a question, and they tap."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.platform import Platform
from benchmarks.similar import TRAINING, asked

QUESTIONS = [each.text for each in asked(TRAINING)]
"""What participants write, each of them many times and with another number."""
NUMBER = re.compile(rb"\(q(\d+)\)")
"""How a question is known again wherever it is shown."""
SEND = "go:now:"
"""What the button carries that sends the text to the webinar that runs."""


class Participants:
    """Writes at random moments, and taps as soon as the offer is there."""

    def __init__(self, platform: Platform, asked: Callable[[int, float], None]) -> None:
        """`asked` is told the number of a question and when its tap was handed to the bot."""
        self._platform = platform
        self._asked = asked
        self._asking: dict[int, int] = {}
        self._tapped: dict[int, int] = {}
        platform.replied = self._replied
        platform.handed_out = self._handed_out
        self.kept = 0
        """How many were told that their question is there."""
        self._expected = 0
        self._all = asyncio.Event()

    async def ask(
        self, people: Sequence[int], count: int, per_second: float, seed: int = 1
    ) -> None:
        """So many questions, by one after the other of these; returns once all were answered."""
        chance, due = random.Random(seed), time.perf_counter()
        self._expected = count
        for number in range(count):
            due += chance.expovariate(per_second)
            await asyncio.sleep(due - time.perf_counter())
            person = people[number % len(people)]
            assert person not in self._asking, "somebody asks who has not been answered"
            self._asking[person] = number
            text = f"{QUESTIONS[number % len(QUESTIONS)]} (q{number})"
            content = {**_envelope(person, 7), "text": text}
            self._platform.brings(person, "message", content)
        await asyncio.wait_for(self._all.wait(), 30)

    def _replied(self, person: int, reply: dict[str, Any]) -> None:
        number = self._asking.get(person)
        if number is not None:
            self._tap(person, number, reply)
        elif self._tapped.pop(person, None) is not None:
            self.kept += 1
            if self.kept == self._expected:
                self._all.set()

    def _tap(self, person: int, number: int, reply: dict[str, Any]) -> None:
        rows = reply["reply_markup"]["inline_keyboard"]
        carried = [str(button.get("callback_data")) for row in rows for button in row]
        choice = next(each for each in carried if each.startswith(SEND))
        del self._asking[person]
        self._tapped[person] = number
        query = {
            "id": f"{person}{number}",
            "from": _envelope(person, 0)["from"],
            "message": {**_envelope(person, int(reply["message_id"])), "text": reply["text"]},
            "chat_instance": f"{person}",
            "data": choice,
        }
        self._platform.brings(person, "callback_query", query)

    def _handed_out(self, person: int) -> None:
        number = self._tapped.get(person)
        if number is not None:
            self._asked(number, time.perf_counter())


def _envelope(person: int, message: int) -> dict[str, Any]:
    author = {
        "id": person,
        "is_bot": False,
        "first_name": f"Person {person}",
        "language_code": "ar",
    }
    return {
        "message_id": message,
        "from": author,
        "chat": {"id": person, "first_name": f"Person {person}", "type": "private"},
        "date": int(time.time()),
    }
