"""The broadcasts whose rows may leave, with what a claim of rows needs to know of each."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from dialogue.words import Lane
from storage.broadcasting.broadcast import Kind
from storage.broadcasting.rules import Rule
from storage.desk import Desk
from storage.engines.times import moment

RUNNING = """
SELECT id, kind, rule, began, ahead_on, ahead FROM broadcasts WHERE state = 'running' ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Running:
    """What a claim needs to know about a broadcast."""

    id: int
    kind: Kind
    webinar: str | None
    """Only those are written to who are still registered for it; None is everybody."""
    approved: bool
    """It may let people in, so only those are written to whom an organiser has agreed to."""
    began: datetime | None
    ahead_on: str | None = None
    ahead: tuple[int, ...] = ()
    """On that channel only these rows may leave, until they have brought what goes with them."""


async def running(desk: Desk) -> dict[Lane, list[Running]]:
    """The broadcasts whose rows may leave, by lane, the oldest first."""
    by_lane: dict[Lane, list[Running]] = {}
    for id, kind, rule, began, ahead_on, ahead in await desk.connection.fetch(RUNNING):
        broadcast = running_from(id, Kind(kind), Rule.from_json(rule), moment(began))
        if ahead_on is not None:
            broadcast = replace(broadcast, ahead_on=ahead_on, ahead=tuple(json.loads(ahead)))
        by_lane.setdefault(broadcast.kind.lane, []).append(broadcast)
    return by_lane


def running_from(id: int, kind: Kind, rule: Rule, began: datetime | None) -> Running:
    """What a claim needs to know about the broadcast with this rule."""
    webinar = rule.webinar if rule.who in ("registered", "told") else None
    approved = kind is Kind.REMINDER or rule.who == "told"
    return Running(id, kind, webinar, approved, began)
