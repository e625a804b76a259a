"""How long it takes to take rows out of the ledger, from the first recipient to the last.

No bot and no platform: the storage alone claims as many rows as a bot without a limit has in its
hands, and settles them, until nobody waits. So what claims cost is told apart from all the rest.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from benchmarks.broadcast import FIRST, MARK, PARTS
from benchmarks.report import conditions, write
from delivery.recipients import CHUNK
from dialogue.words import Lane
from storage import Storage
from storage.broadcasting.broadcasts import Kind, Phase, Rule
from storage.community.people import Arrival, Consent
from storage.outbox import Delivery, Settlement, State

AT_ONCE = 64
"""Rows in one claim: what is on its way at 1,000 messages a second."""
FEW = 1_000
"""People who are written down in one transaction."""
HEAD = (
    "| up to | claim, p50 ms | p99 ms | CPU µs a row | settle, p50 ms | p99 ms | CPU µs a row |\n"
    "|---:|---:|---:|---:|---:|---:|---:|"
)


@dataclass(frozen=True, slots=True)
class Took:
    """One transaction: seconds until it was committed, and seconds of CPU, for so many rows."""

    seconds: float
    cpu: float
    rows: int


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="benchmarks.claims", description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--books", type=Path, help="filled books, as benchmarks.broadcasts keeps")
    parser.add_argument("--write", action="store_true", help="also into BENCHMARKS.md")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tadamun-bench-") as folder:
        home = Path(folder)
        kept = asked.books and asked.books / str(asked.people)
        if kept:
            shutil.copytree(kept, home, dirs_exist_ok=True)
        frozen, claims, settles = asyncio.run(_run(home, asked.people, filled=bool(kept)))
    told = conditions(1, asked.people, datetime.now().astimezone(), ("aiosqlite",))
    written = f"{len(claims)} claims, after all had been written down in {frozen:.1f} s."
    table = f"{told}\n\n{_table(claims, settles)}\n\n{written}"
    print(table)
    if asked.write:
        write("claims", table)


async def _run(home: Path, people: int, *, filled: bool) -> tuple[float, list[Took], list[Took]]:
    keyring = home / "keys" / "keyring.json"
    url = f"sqlite:///{home}/data/tadamun.db"
    async with await Storage.open(url, keyring, None, _now) as storage:
        if not filled:
            await _fill(storage, people)
        frozen = await _freeze(storage)
        gc.collect()
        gc.freeze()
        return frozen, *await _send(storage)


async def _fill(storage: Storage, people: int) -> None:
    for start in range(FIRST, FIRST + people, FEW):
        async with storage.transaction() as tx:
            for person in range(start, min(start + FEW, FIRST + people)):
                arrival = Arrival("telegram", str(person), "1")
                await tx.people.welcome(arrival, "ar", Consent("1", "1", "ar"), _now())


async def _freeze(storage: Storage) -> float:
    """How many seconds it took to write them down, as many at a time as the bot does."""
    content = {"texts": {"ar": MARK, "en": MARK}, "webinar": None, "posters": {}}
    async with storage.transaction() as tx:
        made = await tx.broadcasts.put(
            Kind.ANNOUNCEMENT, Rule("all"), content, _now(), phase=Phase.HELD, starts_at=_now()
        )
        await tx.broadcasts.begin(made.id, _now())
    began, passed = time.perf_counter(), 1
    while passed:
        async with storage.transaction() as tx:
            passed = await tx.recipients.freeze(made.id, CHUNK)
    return time.perf_counter() - began


async def _send(storage: Storage) -> tuple[list[Took], list[Took]]:
    claims: list[Took] = []
    settles: list[Took] = []
    while True:
        now, cpu = time.perf_counter(), time.process_time()
        rows = await _claimed(storage)
        if not rows:
            return claims, settles
        claims.append(Took(time.perf_counter() - now, time.process_time() - cpu, len(rows)))
        now, cpu = time.perf_counter(), time.process_time()
        async with storage.transaction() as tx:
            await tx.outbox.settle([Settlement(row.id, State.SENT, str(row.id)) for row in rows])
        settles.append(Took(time.perf_counter() - now, time.process_time() - cpu, len(rows)))


async def _claimed(storage: Storage) -> list[Delivery]:
    later = _now() + timedelta(seconds=1)
    async with storage.transaction() as tx:
        return await tx.outbox.claim("telegram", later, AT_ONCE, tuple(Lane))


def _table(claims: Sequence[Took], settles: Sequence[Took]) -> str:
    lines = [HEAD]
    for part in range(PARTS):
        between = slice(len(claims) * part // PARTS, len(claims) * (part + 1) // PARTS)
        cells = (cell for took in (claims, settles) for cell in _cells(took[between]))
        lines.append(f"| {(part + 1) / PARTS:.0%} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cells(took: Sequence[Took]) -> tuple[str, str, str]:
    seconds = sorted(each.seconds for each in took)
    cpu = median(each.cpu / each.rows for each in took)
    p99 = seconds[len(seconds) * 99 // 100]
    return f"{median(seconds) * 1e3:.2f}", f"{p99 * 1e3:.2f}", f"{cpu * 1e6:.0f}"


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    main()
