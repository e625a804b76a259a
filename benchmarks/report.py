"""The numbers as a table."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median
from typing import TypeAlias

from benchmarks.trial import Measured

Results: TypeAlias = dict[tuple[str, str], list[Measured]]

HEAD = (
    "| | updates/s | p50 ms | p99 ms | RSS MB | start s | CPU µs/update | stand-in busy |\n"
    "|---|---:|---:|---:|---:|---:|---:|---:|"
)


def table(results: Mapping[tuple[str, str], list[Measured]]) -> str:
    """The medians, in Markdown."""
    return "\n".join([HEAD, *(_line(*key, found) for key, found in results.items())])


def _line(mode: str, party: str, found: list[Measured]) -> str:
    def middle(name: str) -> float:
        return median(getattr(one, name) for one in found)

    start = f"{middle('start'):.2f}" if found[0].start is not None else ""
    return (
        f"| {party}, {mode} | {middle('per_second'):,.0f} | {middle('p50'):.1f} "
        f"| {middle('p99'):.1f} | {middle('resident'):.0f} | {start} | {middle('cpu'):,.0f} "
        f"| {middle('platform_busy'):.0%} |"
    )
