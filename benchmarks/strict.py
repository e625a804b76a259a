"""The stand-in as strict as Telegram may be: so many messages a second, and one to a chat."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

from benchmarks.platform import Platform, message_of
from benchmarks.wire import Answer

WINDOW = 1.0
TOO_MANY = json.dumps(
    {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }
).encode()


@dataclass(slots=True)
class Strictness:
    """What the stand-in asks of a bot."""

    per_second: int | None = None
    """Messages in any second; None lets everything pass."""
    own: tuple[float, float] = (0.002, 0.005)
    """Seconds that it takes over a message, at least and at most."""


@dataclass(slots=True)
class Passed:
    """What came by, and when."""

    refused: int = 0
    """Answered with 429."""
    accepted: int = 0
    copies: Counter[int] = field(default_factory=Counter[int])
    """Announcements by person."""
    first: float | None = None
    """When the first announcement came, and the last: in seconds of the loop's clock."""
    last: float | None = None
    since_first: int = 0
    """Messages of any kind since then."""
    expected: int = 0
    everybody: asyncio.Event = field(default_factory=asyncio.Event)
    """As many as are expected have had the announcement."""

    def count(self, person: int, announces: bool, now: float) -> None:
        """A message was taken; maybe it was an announcement."""
        self.accepted += 1
        if announces:
            self.copies[person] += 1
            self.first, self.last = self.first or now, now
            if len(self.copies) == self.expected:
                self.everybody.set()
        if self.first is not None:
            self.since_first += 1


class StrictPlatform(Platform):
    """Refuses what comes too fast, and counts announcements: texts in which `mark` stands."""

    def __init__(self, webhook_port: int, mark: str, seed: int = 1) -> None:
        super().__init__(webhook_port)
        self.asks = Strictness()
        self.passed = Passed()
        self._mark = mark
        self._chance = random.Random(seed)
        self._recent: deque[float] = deque()
        self._by_chat: dict[int, float] = {}
        self._number = 100_000_000

    def sent(self, fields: dict[str, Any], answer: Answer) -> None:
        """Takes a message after its own time, or refuses it at once."""
        loop = asyncio.get_running_loop()
        now, chat = loop.time(), int(fields["chat_id"])
        if not self._may(chat, now):
            self.passed.refused += 1
            answer(TOO_MANY, 429)
            return
        self.passed.count(chat, self._mark in str(fields["text"]), now)
        self._number += 1
        loop.call_later(
            self._chance.uniform(*self.asks.own), answer, message_of(fields, self._number)
        )
        self.replied(chat, fields)

    def _may(self, chat: int, now: float) -> bool:
        if self.asks.per_second is None:
            return True
        while self._recent and self._recent[0] <= now - WINDOW:
            self._recent.popleft()
        if (
            len(self._recent) >= self.asks.per_second
            or self._by_chat.get(chat, -1.0) > now - WINDOW
        ):
            return False
        self._recent.append(now)
        self._by_chat[chat] = now
        return True
