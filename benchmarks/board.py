"""`make bench`, fourth part: a session with its boards open, while everybody asks."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from statistics import median

import aiohttp

from benchmarks.core import apart
from benchmarks.participants import Participants
from benchmarks.parties import TADAMUN, Running, environment
from benchmarks.platform import Platform
from benchmarks.report import DOCUMENT, conditions, write
from benchmarks.screens import Moderator, Screen
from benchmarks.session_books import WEBINAR, fill
from benchmarks.trial import free_port
from storage.community.boards import Seat

FIRST = 1_000_000
EVERY = 1.0
"""Seconds from one question that is put to the experts to the next."""
GRACE = 5.0
"""Seconds after the last question in which a board may still show it."""
HEAD = (
    "| | p50 ms | p99 ms | worst ms | shown | lost |\n"
    "|---|---:|---:|---:|---:|---:|"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """How many do what."""

    people: int = 2_000
    per_second: float = 50.0
    seconds: float = 60.0
    desks: int = 40
    projectors: int = 10

    @property
    def questions(self) -> int:
        """How many are asked in all."""
        return int(self.per_second * self.seconds)


@dataclass(frozen=True, slots=True)
class Shown:
    """How long something took to be seen, in milliseconds, on all screens that show it."""

    taken: tuple[float, ...]
    lost: int
    """What some screen never showed."""

    def percentile(self, percent: float) -> float:
        """So many of a hundred were at most as slow."""
        ordered = sorted(self.taken)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


@dataclass(frozen=True, slots=True)
class Found:
    """What a session came to."""

    asked: Shown
    """From handing a tap to the bot until a desk shows the question."""
    live: Shown
    """From pressing "live" until a projector shows it."""
    resident: float
    """The bot's memory at the end, in MB."""
    cpu: float
    """The part of its core that the bot used."""
    loading: float
    """Milliseconds that a desk took to load at the end, with all questions on it."""
    own: float
    """The part of its core that this side used."""


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="benchmarks.board", description=__doc__)
    parser.add_argument("--rounds", type=int, default=1)
    for field in fields(Plan):
        kind = int if isinstance(field.default, int) else float
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=kind, default=field.default)
    parser.add_argument("--write", action="store_true", help=f"also into {DOCUMENT.name}")
    asked = parser.parse_args()
    plan = Plan(**{field.name: getattr(asked, field.name) for field in fields(Plan)})
    found = apart(lambda core: _run(asked.rounds, plan, core))
    told = conditions(asked.rounds, plan.people, datetime.now().astimezone(), ("starlette",))
    print(f"{told}\n\n{_table(found)}")
    if asked.write:
        write("board", f"{told}\n\n{_table(found)}")


async def _run(rounds: int, plan: Plan, core: int) -> list[Found]:
    found: list[Found] = []
    for number in range(rounds):
        found.append(await measure(plan, core))
        print(f"round {number + 1}, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    return found


async def measure(plan: Plan, core: int) -> Found:
    """One session."""
    with tempfile.TemporaryDirectory(prefix="tadamun-bench-") as folder:
        home, port = Path(folder), free_port()
        platform = Platform(port)
        await platform.start()
        env = environment("polling", platform.url, port, home)
        people = range(FIRST, FIRST + plan.people)
        seats = [Seat.DESK] * (plan.desks + 1) + [Seat.STAGE] * plan.projectors
        try:
            links = await fill(platform, env, home, core, people, seats)
            running = Running.start(TADAMUN, env, home, core)
            try:
                await asyncio.wait_for(platform.connected.wait(), 30)
                await running.alive(port)
                return await running.outlasting(
                    _session(platform, running, port, plan, people, links)
                )
            except BaseException:
                print((home / "log").read_text()[-4000:], file=sys.stderr)
                raise
            finally:
                await running.stop()
        finally:
            platform.stop()


async def _session(
    platform: Platform,
    running: Running,
    port: int,
    plan: Plan,
    people: range,
    links: Sequence[str],
) -> Found:
    async with aiohttp.ClientSession(
        f"http://127.0.0.1:{port}",
        connector=aiohttp.TCPConnector(limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),
    ) as client:
        late, *desks = [Screen(client, WEBINAR, "desk") for _ in range(plan.desks + 1)]
        projectors = [Screen(client, WEBINAR, "projector") for _ in range(plan.projectors)]
        late_link, *others = links
        for screen, link in zip([*desks, *projectors], others, strict=True):
            await screen.enter(link)
        async with asyncio.TaskGroup() as tasks:
            open_lines = [tasks.create_task(each.listen()) for each in [*desks, *projectors]]
            for screen in [*desks, *projectors]:
                await screen.listening.wait()
            handed: dict[int, float] = {}
            moderator = Moderator(desks[0])
            participants = Participants(platform, handed.__setitem__)
            moderating = tasks.create_task(_moderate(moderator))
            cpu, own, began = running.cpu, time.process_time(), time.perf_counter()
            await participants.ask(people, plan.questions, plan.per_second)
            moderating.cancel()
            wall = time.perf_counter() - began
            cpu, own = running.cpu - cpu, time.process_time() - own
            await _all_seen(desks, handed)
            loading = await late.enter(late_link)
            resident = running.resident
            for line in open_lines:
                line.cancel()
    return Found(
        asked=_shown(handed, desks),
        live=_shown(moderator.live, projectors),
        resident=resident,
        cpu=cpu / wall,
        loading=loading * 1000,
        own=own / wall,
    )


async def _moderate(moderator: Moderator) -> None:
    """Puts one question after the other to the experts, until cancelled."""
    while True:
        await asyncio.sleep(EVERY)
        card = moderator.newest()
        if card is None:
            continue
        await moderator.bring(card, "approved", "queued", "live")
        await asyncio.sleep(EVERY / 2)
        await moderator.bring(card, "answered")


async def _all_seen(desks: Sequence[Screen], handed: Mapping[int, float]) -> None:
    """Returns once every desk has shown everything, or when what is missing is lost."""
    deadline = time.perf_counter() + GRACE
    while time.perf_counter() < deadline:
        if all(len(desk.seen) >= len(handed) for desk in desks):
            return
        await asyncio.sleep(0.05)


def _shown(began: Mapping[int, float], screens: Sequence[Screen]) -> Shown:
    taken = [
        (screen.seen[number] - at) * 1000
        for screen in screens
        for number, at in began.items()
        if number in screen.seen
    ]
    lost = sum(any(number not in screen.seen for screen in screens) for number in began)
    return Shown(tuple(taken), lost)


def _table(found: Sequence[Found]) -> str:
    def line(what: str, shown: Sequence[Shown]) -> str:
        middle = [median(each.percentile(p) for each in shown) for p in (50, 99, 100)]
        count, lost = sum(len(each.taken) for each in shown), sum(each.lost for each in shown)
        times = " | ".join(f"{each:,.0f}" for each in middle)
        return f"| {what} | {times} | {count:,} | {lost} |"

    def middle(name: str) -> float:
        return median(getattr(each, name) for each in found)

    return "\n".join(
        [
            HEAD,
            line("from a participant's tap to the desks", [each.asked for each in found]),
            line('from "live" to the projectors', [each.live for each in found]),
            "",
            f"The bot used {middle('cpu'):.0%} of its core and {middle('resident'):.0f} MB, this "
            f"side {middle('own'):.0%} of the other; then a desk with all questions loaded in "
            f"{middle('loading'):,.0f} ms.",
        ]
    )


if __name__ == "__main__":
    main()
