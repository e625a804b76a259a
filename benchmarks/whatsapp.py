"""`make bench`, third part: WhatsApp, a broadcast and what comes in, side by side with peers."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from statistics import median
from typing import TypeAlias, TypeVar

from benchmarks.core import apart
from benchmarks.report import DOCUMENT, conditions, write
from benchmarks.whatsapp_trials import HEARERS, SENDERS, Announced, Taken, announced, taken

T = TypeVar("T")
Table: TypeAlias = dict[str, list[T]]

PARTS = ("broadcast", "inbound")
LIBRARIES = ("twilio", "starlette", "uvicorn", "aiohttp")
SENT_HEAD = (
    "| | people | messages/s | 429s | p50 ms | p99 ms | unanswered | lost | twice "
    "| statuses | refused | their p99 ms | noted | RSS MB | CPU µs |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
)
TAKEN_HEAD = (
    "| | webhooks/s | p50 ms | p99 ms | refused | replies | RSS MB | CPU µs | stand-in busy |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|"
)


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(prog="benchmarks.whatsapp", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--people", type=int, help="10,000 get a broadcast, 5,000 write")
    bots = sorted({*SENDERS, *HEARERS})
    parser.add_argument("--only", nargs="*", choices=bots, default=bots)
    parser.add_argument("--part", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument("--write", action="store_true", help=f"also into {DOCUMENT.name}")
    asked = parser.parse_args()
    for part in asked.part:
        people = asked.people or (10_000 if part == "broadcast" else 5_000)
        table = apart(lambda core, part=part, people=people: _run(asked, part, people, core))
        told = conditions(asked.rounds, people, datetime.now().astimezone(), LIBRARIES)
        print(f"{told}\n\n{table}\n")
        if asked.write:
            write(f"whatsapp {part}", f"{told}\n\n{table}")


async def _run(asked: argparse.Namespace, part: str, people: int, core: int) -> str:
    sent: Table[Announced] = {}
    heard: Table[Taken] = {}
    for number in range(asked.rounds):
        for name in asked.only:
            if part == "broadcast" and name in SENDERS:
                found = await announced(SENDERS[name], core, people)
                sent.setdefault(SENDERS[name].name, []).append(found)
            elif part == "inbound" and name in HEARERS:
                found = await taken(HEARERS[name], core, people)
                heard.setdefault(HEARERS[name].name, []).append(found)
            else:
                continue
            gc.collect()
            print(f"round {number + 1}, {name}: {found}", file=sys.stderr)
    return _sent_table(sent, people) if part == "broadcast" else _taken_table(heard)


def _sent_table(found: Mapping[str, Sequence[Announced]], people: int) -> str:
    return "\n".join([SENT_HEAD, *(_sent(name, people, all) for name, all in found.items())])


def _sent(name: str, people: int, found: Sequence[Announced]) -> str:
    sent = [one.sent for one in found]
    noted = min(-1 if one.arrived is None else one.arrived for one in found)
    cells = (
        f"{people:,}",
        f"{_middle(sent, 'per_second'):,.1f}",
        f"{_middle(sent, 'refused'):,.0f}",
        f"{_middle(sent, 'p50'):,.1f}",
        f"{_middle(sent, 'p99'):,.1f}",
        *(str(_worst(sent, field)) for field in ("unanswered", "lost", "twice")),
        f"{_middle(found, 'told'):,.0f}",
        str(_worst(found, "refused")),
        f"{_middle(found, 'told_p99'):,.1f}",
        "" if noted < 0 else f"{noted:,}",
        f"{_middle(sent, 'resident'):.0f}",
        f"{_middle(sent, 'cpu'):,.0f}",
    )
    return f"| {name} | {' | '.join(cells)} |"


def _taken_table(found: Mapping[str, Sequence[Taken]]) -> str:
    return "\n".join([TAKEN_HEAD, *(_taken(name, all) for name, all in found.items())])


def _taken(name: str, found: Sequence[Taken]) -> str:
    cells = (
        f"{_middle(found, 'per_second'):,.0f}",
        f"{_middle(found, 'p50'):.1f}",
        f"{_middle(found, 'p99'):.1f}",
        str(_worst(found, "refused")),
        f"{_middle(found, 'replies'):,.0f}",
        f"{_middle(found, 'resident'):.0f}",
        f"{_middle(found, 'cpu'):,.0f}",
        f"{_middle(found, 'platform_busy'):.0%}",
    )
    return f"| {name} | {' | '.join(cells)} |"


def _middle(found: Sequence[object], field: str) -> float:
    return median(getattr(one, field) for one in found)


def _worst(found: Sequence[object], field: str) -> int:
    return max(getattr(one, field) for one in found)


if __name__ == "__main__":
    main()
