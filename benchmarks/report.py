"""The numbers as tables."""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TypeAlias

from benchmarks.trial import Measured

Results: TypeAlias = dict[tuple[str, str], list[Measured]]

HEAD = (
    "| | updates/s | p50 ms | p99 ms | RSS MB | start s | CPU µs/update | stand-in busy |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|"
)
DOCUMENT = Path(__file__).parents[1] / "docs" / "BENCHMARKS.md"
BEGIN, END = "<!-- measured: {} -->\n", "<!-- end -->\n"


def table(results: Mapping[tuple[str, str], Sequence[Measured]]) -> str:
    """The medians, in Markdown."""
    return "\n".join([HEAD, *(_line(*key, found) for key, found in results.items())])


LIBRARIES = ("python-telegram-bot", "aiogram", "aiohttp")


def conditions(rounds: int, people: int, now: datetime, named: Sequence[str] = LIBRARIES) -> str:
    """On what, when and with what was measured."""
    cpuinfo = Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.+)", cpuinfo)
    libraries = ", ".join(f"{name} {version(name)}" for name in named)
    load = os.getloadavg()[2]
    return (
        f"Measured on {now:%Y-%m-%d} with Python {platform.python_version()}, {libraries}, on "
        f"{os.cpu_count()} cores of {model[1] if model else platform.machine()}; medians of "
        f"{rounds}, {people:,} people, load of the machine in the last 15 minutes {load:.1f}."
    )


def write(what: str, measured: str) -> None:
    """Puts this into the document, in the place of what was measured of it before."""
    before, begin, rest = DOCUMENT.read_text("utf-8").partition(BEGIN.format(what))
    after = rest.partition(END)[2]
    DOCUMENT.write_text(f"{before}{begin}\n{measured}\n\n{END}{after}", "utf-8")


def _line(mode: str, party: str, found: Sequence[Measured]) -> str:
    def middle(name: str) -> float:
        return median(getattr(one, name) for one in found)

    start = f"{middle('start'):.2f}" if found[0].start is not None else ""
    return (
        f"| {party}, {mode} | {middle('per_second'):,.0f} | {middle('p50'):.1f} "
        f"| {middle('p99'):.1f} | {middle('resident'):.0f} | {start} | {middle('cpu'):,.0f} "
        f"| {middle('platform_busy'):.0%} |"
    )
