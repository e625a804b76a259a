"""What a broadcast would come to if it left then: looked at before anybody agrees to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from storage.broadcasting.audiences import (
    COUNT_WAYS,
    NEXT_STEP,
    UNREACHABLE,
    filtered,
    rule_values,
    statement,
)
from storage.broadcasting.broadcast import ANNOUNCING, Kind
from storage.broadcasting.rules import Rule
from storage.desk import Desk
from storage.engines.port import Value
from storage.post.preference import preference_values

STEP = 20_000
"""People who are looked at with one statement: so that none takes long."""


@dataclass(frozen=True, slots=True)
class Preflight:
    """How many people, and how each of them can be written to."""

    open: int = 0
    """Inside a window: any message may go to them."""
    template: int = 0
    """Outside of theirs: only an approved template, which is paid for."""
    unreachable: int = 0
    """It is meant for them, and none of their addresses can be written to."""
    by_channel: Mapping[str, int] = field(default_factory=dict[str, int])
    by_language: Mapping[str, int] = field(default_factory=dict[str, int])
    templates: Mapping[str, int] = field(default_factory=dict[str, int])
    """The languages of those that `template` counts: each needs one of its own."""
    total: int = 0
    """All who can be written to, on whichever channel."""


async def preflight(
    desk: Desk,
    rule: Rule,
    about: int | None,
    kind: Kind,
    now: datetime,
    served: Collection[str],
    step: int = STEP,
) -> Preflight:
    """As `Recipients.preflight`, so many people at a time."""
    values: dict[str, Value] = {
        **rule_values(desk.vault, rule, about),
        **preference_values(kind in ANNOUNCING, now, served),
        "reminders": int(kind is Kind.REMINDER),
        "limit": step,
    }
    ways: Counter[tuple[str, str, str]] = Counter()
    unreachable, after = 0, 0
    while True:
        values["after"] = after
        ((upto, _),) = await desk.connection.fetch(statement(NEXT_STEP, rule.who), values)
        if upto is None:
            return added_up(ways, unreachable)
        these = {**values, "upto": upto}
        for *way, count in await desk.connection.fetch(statement(COUNT_WAYS, rule.who), these):
            ways[way[0], way[1], way[2]] += count
        ((nowhere,),) = await desk.connection.fetch(filtered(UNREACHABLE, rule.who), these)
        unreachable, after = unreachable + nowhere, upto


def added_up(ways: Counter[tuple[str, str, str]], unreachable: int) -> Preflight:
    """The numbers of these (channel, language, way)."""
    by_channel: Counter[str] = Counter()
    by_language: Counter[str] = Counter()
    by_way: Counter[str] = Counter()
    templates: Counter[str] = Counter()
    for (channel, language, way), count in ways.items():
        by_channel[channel] += count
        by_language[language] += count
        by_way[way] += count
        if way == "template":
            templates[language] += count
    return Preflight(
        open=by_way["open"],
        template=by_way["template"],
        unreachable=unreachable,
        by_channel=dict(by_channel),
        by_language=dict(by_language),
        templates=dict(templates),
        total=by_way.total(),
    )
