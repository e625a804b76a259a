"""A broadcast to many, while a few others go on talking to the bot: how fast, and who waits."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from benchmarks.parties import Running
from benchmarks.strict import Passed

FIRST = 5_000_000
"""The number of the first of the recipients."""
TALKERS = range(1_000_000, 1_000_200)
"""The people who go on talking; each is quiet for long before it is their turn again."""
TALK_PER_SECOND = 2.0
MARK = "Webinar on Friday at 19:00 (Baghdad): how associations survive a shutdown."
"""What is announced, and how an announcement is known."""


PARTS = 10
LOOK_EVERY = 0.1
"""Seconds from one look at how far it is to the next."""


@dataclass(frozen=True, slots=True)
class Part:
    """About a tenth of the recipients, in the order in which they had it."""

    upto: float
    """How many of all had it by then: up to 1."""
    per_second: float
    """Announcements that were taken in a second."""
    resident: float
    """The bot's memory when this part was over, in MB."""
    cpu: float
    """Microseconds of the bot's CPU for each announcement of this part."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a broadcast came to."""

    per_second: float
    """Messages of any kind that were taken in a second while it ran."""
    refused: int
    """429s."""
    p50: float
    """Milliseconds from handing out somebody else's update to taking the reply."""
    p99: float
    unanswered: int
    """Updates of others that had no reply when the broadcast was over."""
    lost: int
    twice: int
    resident: float
    """The bot's memory at the end, in MB."""
    cpu: float
    """Microseconds of the bot's CPU for each message that was taken while it ran."""
    parts: tuple[Part, ...] = field(repr=False)


class Counting(Protocol):
    """A stand-in that counts what it takes."""

    passed: Passed


class Talkative(Protocol):
    """People who write beside the broadcast."""

    latencies: list[float]
    """Seconds from handing out what they wrote to having its reply, for each."""

    @property
    def unanswered(self) -> int: ...

    def says(self, person: int, text: str) -> None: ...


async def broadcast(
    platform: Counting,
    crowd: Talkative,
    running: Running,
    people: range,
    begin: Callable[[], Awaitable[None]],
    seconds: float,
) -> Sent:
    """Begins, talks meanwhile, and ends with the last announcement or when the time is over."""
    platform.passed = Passed(expected=len(people))
    crowd.latencies.clear()
    await begin()
    cpu = running.cpu
    course = _Course(platform.passed, running)
    beside = [asyncio.create_task(work) for work in (_talk(crowd), course.watch())]
    with suppress(TimeoutError):
        await asyncio.wait_for(platform.passed.everybody.wait(), seconds)
    for task in beside:
        task.cancel()
    course.look()
    used = running.cpu - cpu
    passed, waited = platform.passed, sorted(crowd.latencies)
    unanswered = crowd.unanswered
    took = (passed.last or 0.0) - (passed.first or 0.0)
    return Sent(
        per_second=(passed.since_first - 1) / took if took else 0.0,
        refused=passed.refused,
        p50=_percentile(waited, 50),
        p99=_percentile(waited, 99),
        unanswered=unanswered,
        lost=sum(person not in passed.copies for person in people),
        twice=sum(copies > 1 for copies in passed.copies.values()),
        resident=running.resident,
        cpu=used / max(1, passed.since_first) * 1e6,
        parts=tuple(course.parts),
    )


class _Course:
    """Looks at how far it is, and at the bot's memory, as long as it is watched."""

    def __init__(self, passed: Passed, running: Running) -> None:
        self.parts: list[Part] = []
        self._passed = passed
        self._running = running
        self._before: tuple[int, float, float] | None = None

    async def watch(self) -> None:
        """Looks until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(LOOK_EVERY)

    def look(self) -> None:
        """Notes a part if one is over."""
        passed = self._passed
        if passed.first is None or passed.last is None:
            return
        if self._before is None:
            self._before = 1, passed.first, self._running.cpu
        done, (before, since, used) = len(passed.copies), self._before
        if done * PARTS // passed.expected > before * PARTS // passed.expected:
            more, cpu = done - before, self._running.cpu
            self.parts.append(
                Part(
                    upto=done / passed.expected,
                    per_second=more / (passed.last - since),
                    resident=self._running.resident,
                    cpu=(cpu - used) / more * 1e6,
                )
            )
            self._before = done, passed.last, cpu


async def _talk(crowd: Talkative) -> None:
    """Two messages a second, at random moments, until cancelled."""
    chance, number = random.Random(1), 0
    while True:
        await asyncio.sleep(chance.expovariate(TALK_PER_SECOND))
        crowd.says(TALKERS[number % len(TALKERS)], f"سلام {number}")
        number += 1


def _percentile(ordered: list[float], percent: int) -> float:
    if not ordered:
        return float("nan")
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1000


def environment_of_peer(way: str, people: range) -> dict[str, str]:
    """What a peer's program is told beside the usual."""
    return {"FIRST": str(people.start), "COUNT": str(len(people)), "MARK": MARK, "WAY": way}
