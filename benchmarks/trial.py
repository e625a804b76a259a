"""One bot, measured once in one mode."""

from __future__ import annotations

import asyncio
import random
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.crowd import Crowd
from benchmarks.parties import Party, Running, environment
from benchmarks.platform import Platform

PEOPLE = 5_000
FIRST = 1_000_000
"""The number of the first of the people."""
CALM_RATE = 200.0
CALM_PEOPLE = 500
WITHOUT_TRACE = 2
"""The greeting and the notice, which the first of the people sees: nothing is kept of them."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a trial found."""

    per_second: float
    p50: float
    """Milliseconds, at 200 updates a second."""
    p99: float
    resident: float
    """MB, after everything."""
    cpu: float
    """Microseconds of the bot's CPU for each update."""
    platform_busy: float
    """How much of its core the stand-in used while updates were counted: 0 to 1."""
    start: float | None = None
    """Seconds to the first /healthz with 200, once it has all these people in its books."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is the same for every trial of a run."""

    bot_core: int
    people: int = PEOPLE
    calm_people: int = CALM_PEOPLE
    seed: int = 1


async def measure(party: Party, mode: str, home: Path, plan: Plan) -> Measured:
    """Runs the bot and the crowd; what it keeps, it keeps in `home`."""
    port = free_port()
    platform = Platform(port)
    await platform.start()
    env = environment(mode, platform.url, port, home)
    running = Running.start(party, env, home, plan.bot_core)
    try:
        await asyncio.wait_for(platform.connected.wait(), 30)
        found = await running.outlasting(_with_crowd(party, platform, running, port, plan))
        await running.stop()
        if party.durable:
            # Again, with all that is kept by now.
            running = Running.start(party, env, home, plan.bot_core)
            found = replace(found, start=await running.alive(port))
        return found
    finally:
        platform.stop()
        await running.stop()


async def _with_crowd(
    party: Party,
    platform: Platform,
    running: Running,
    port: int,
    plan: Plan,
) -> Measured:
    crowd = Crowd(platform)
    many = range(FIRST, FIRST + plan.people)
    few = range(many.stop, many.stop + plan.calm_people)
    if party.durable:
        await crowd.agree([*few, *many])
    else:
        await crowd.all_say(few, ("warming up",))
    cpu, own, wall = running.cpu, time.process_time(), time.perf_counter()
    texts = party.texts
    seconds = await crowd.all_say(many, texts)
    own = (time.process_time() - own) / (time.perf_counter() - wall)
    used = (running.cpu - cpu) / (len(many) * len(texts))
    crowd.latencies.clear()
    chance = random.Random(plan.seed)
    gaps = [chance.expovariate(1.0) for _ in range(len(few) * len(texts))]
    await crowd.say_in_turn(few, texts, CALM_RATE, gaps)
    latencies = sorted(crowd.latencies)
    assert platform.callers is None or not platform.callers.refused
    if party.durable:
        await _settled(running, port, crowd)
    return Measured(
        per_second=len(many) * len(texts) / seconds,
        p50=_percentile(latencies, 50) * 1000,
        p99=_percentile(latencies, 99) * 1000,
        resident=running.resident,
        cpu=used * 1e6,
        platform_busy=own,
    )


async def _settled(running: Running, port: int, crowd: Crowd) -> None:
    """Everything that was said, but for what came before the guide's consent, is in the books."""
    async with asyncio.timeout(10):
        while True:
            if await running.sent(port) >= crowd.replies - WITHOUT_TRACE:
                return
            await asyncio.sleep(0.05)


def _percentile(ordered: Sequence[float], percent: int) -> float:
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
