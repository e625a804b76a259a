"""`make bench`, second part: broadcasts of two libraries, and of this bot, side by side."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import TypeAlias

from benchmarks.broadcast import Sent
from benchmarks.core import apart
from benchmarks.report import DOCUMENT, conditions, write
from benchmarks.senders import SENDERS, Run, measure
from benchmarks.strict import Strictness

Table: TypeAlias = dict[str, list[Sent]]

PACES: Mapping[str, tuple[int, int | None]] = {
    "30": (30, 30),
    "1000": (1_000, 1_000),
    "none": (10_000, None),
}
"""What our settings allow, and what the stand-in lets through, by the name of a pace."""
SLOW_NETWORK = (0.030, 0.080)
HEAD = (
    "| | people | messages/s | 429s | p50 ms | p99 ms | unanswered | lost | twice | RSS MB "
    "| CPU µs |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
)


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="benchmarks.broadcasts", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--only", nargs="*", choices=SENDERS, default=list(SENDERS))
    parser.add_argument("--pace", nargs="*", choices=PACES, default=["30"])
    parser.add_argument("--slow", action="store_true", help="a stand-in that takes 30 to 80 ms")
    parser.add_argument("--books", type=Path, help="keep our filled books there, to copy later")
    parser.add_argument("--parts", action="store_true", help="also how the last round went on")
    parser.add_argument("--write", action="store_true", help=f"also into {DOCUMENT.name}")
    asked = parser.parse_args()
    found = apart(lambda core: _run(asked, core))
    told = conditions(asked.rounds, asked.people, datetime.now().astimezone())
    print(f"{told}\n\n{_table(found, asked.people)}")
    if asked.parts:
        print(*(_course(name, sent[-1]) for name, sent in found.items()), sep="")
    if asked.write:
        write("broadcasts", f"{told}\n\n{_table(found, asked.people)}")


async def _run(asked: argparse.Namespace, bot_core: int) -> Table:
    found: Table = {}
    for number in range(asked.rounds):
        for pace in asked.pace:
            ours, theirs = PACES[pace]
            asks = Strictness(theirs, SLOW_NETWORK) if asked.slow else Strictness(theirs)
            run = Run(bot_core, asked.people, asks, ours, asked.books)
            for sender in (SENDERS[name] for name in asked.only):
                sent = await measure(sender, run)
                name = f"{sender.name}, {_spoken(pace)}"
                found.setdefault(name, []).append(sent)
                gc.collect()
                print(f"round {number + 1}, {name}: {sent}", file=sys.stderr)
    return found


def _spoken(pace: str) -> str:
    return "no limit" if pace == "none" else f"{int(pace):,}/s"


def _table(found: Mapping[str, Sequence[Sent]], people: int) -> str:
    return "\n".join([HEAD, *(_line(name, people, sent) for name, sent in found.items())])


def _line(name: str, people: int, sent: Sequence[Sent]) -> str:
    def middle(field: str) -> float:
        return median(getattr(one, field) for one in sent)

    def worst(field: str) -> int:
        return max(getattr(one, field) for one in sent)

    return (
        f"| {name} | {people:,} | {middle('per_second'):,.1f} | {middle('refused'):,.0f} "
        f"| {middle('p50'):,.1f} | {middle('p99'):,.1f} | {worst('unanswered')} "
        f"| {worst('lost')} | {worst('twice')} | {middle('resident'):.0f} "
        f"| {middle('cpu'):,.0f} |"
    )


def _course(name: str, sent: Sent) -> str:
    lines = (
        f"| {p.upto:.0%} | {p.per_second:,.0f} | {p.resident:.0f} | {p.cpu:,.0f} |"
        for p in sent.parts
    )
    head = f"\n| {name}, up to | messages/s | RSS MB | CPU µs |\n|---:|---:|---:|---:|"
    return "\n".join([head, *lines, ""])


if __name__ == "__main__":
    main()
