"""The broadcasts whose rows may leave, with what a claim of rows needs to know of each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dialogue.words import Lane
from storage.broadcasting.broadcast import Kind, opened
from storage.broadcasting.precedence import Standing, in_order
from storage.broadcasting.rules import Rule
from storage.desk import Desk
from storage.engines.port import Row
from storage.engines.times import epoch_ms, moment
from storage.errors import Unreadable

# What was put back is due later than when it was written down (`freezing.due_of`).
RUNNING = """
SELECT b.id, b.kind, b.rule, b.began, b.ahead_on, b.ahead, b.webinar, b.not_after,
       CASE WHEN b.kind = 'notice' THEN b.content END,
       (SELECT MIN(o.due) FROM outbox o
        WHERE o.broadcast = b.id AND o.channel = :channel AND o.state = 'queued' AND o.due <= :now
          AND o.due > CASE WHEN b.kind = 'reminder' THEN b.starts_at ELSE 0 END)
FROM broadcasts b WHERE b.state = 'running' ORDER BY b.id
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
    again: int | None = None
    """From when on those were due (epoch ms) who go once more, if any may go now: they have waited
    longer than everybody else."""
    behind: tuple[int, ...] = ()
    """Whoever is still to get one of these gets that first."""


async def running(desk: Desk, channel: str, now: datetime) -> dict[Lane, list[Running]]:
    """The broadcasts whose rows may leave there, by lane; who goes first comes first."""
    rows = await desk.connection.fetch(RUNNING, {"channel": channel, "now": epoch_ms(now)})
    by_id = {row[0]: row for row in rows}
    standing = [
        Standing(row[0], Kind(row[1]), row[6], row[7], content_of(desk, row)) for row in rows
    ]
    by_lane: dict[Lane, list[Running]] = {}
    for each in in_order(standing):
        behind = tuple(other.id for other in standing if each.follows(other))
        broadcast = replace(running_from(by_id[each.id]), behind=behind)
        by_lane.setdefault(each.kind.lane, []).append(broadcast)
    return by_lane


def content_of(desk: Desk, row: Row) -> Mapping[str, Any]:
    """What the notice in this row says; nothing of any other, or where that cannot be read."""
    try:
        return opened(desk.vault, row[0], row[8] or b"")
    except (Unreadable, ValueError):
        return {}


def running_from(row: Row) -> Running:
    """The broadcast in a row of RUNNING."""
    id, name, told, began, ahead_on, ahead, *_, again = row
    kind, rule = Kind(name), Rule.from_json(told)
    webinar = rule.webinar if rule.who in ("registered", "told") else None
    approved = kind is Kind.REMINDER or rule.who == "told"
    rows = () if ahead_on is None else tuple(json.loads(ahead))
    return Running(id, kind, webinar, approved, moment(began), ahead_on, rows, again)
