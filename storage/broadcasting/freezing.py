"""Turns a broadcast's rule into rows, some thousands at a time, and takes rows back.

What somebody confirmed is written down at once, while it is held; all else when it begins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from storage.broadcasting import confirmed, recalling
from storage.broadcasting.audiences import ADD_ROWS, COUNT, NEXT_STEP, rule_values, statement
from storage.broadcasting.broadcast import ANNOUNCING, Broadcast, Counts, Kind
from storage.broadcasting.rules import Rule
from storage.desk import Desk
from storage.engines.port import Row, Value
from storage.engines.times import epoch_ms
from storage.post.deliveries import LANES
from storage.post.preference import preference_values

STEP = 20_000
"""People who are counted with one statement: so that none takes long."""

# Taken first: whoever else freezes or cancels the same broadcast waits until this is committed.
WHERE_IT_STANDS = """
UPDATE broadcasts SET frozen_to = COALESCE(frozen_to, 0) WHERE id = :id AND stale = 0
  AND (state = 'freezing'
       OR (state IN ('held', 'waiting') AND confirmed IS NOT NULL AND frozen IS NULL))
RETURNING frozen_to, frozen
"""
FROZEN_TO = "UPDATE broadcasts SET frozen_to = :to WHERE id = :id"
ALL_FROZEN = "UPDATE broadcasts SET state = 'running' WHERE id = :id AND state = 'freezing'"
SPREAD = """
UPDATE reminders SET state = 'sent' WHERE state = 'spreading' AND NOT EXISTS (
    SELECT 1 FROM covers c JOIN broadcasts b ON b.id = c.broadcast
    WHERE c.reminder = reminders.id AND b.state = 'freezing')
"""
# The order is that of the index of those that wait: by their people, all that have left would be
# passed before the first of them. So it is below, and the sums keep other indexes out of it.
CANCEL = """
UPDATE outbox SET state = 'cancelled', settled = :now
WHERE id IN (SELECT id FROM outbox WHERE broadcast = :id AND state = 'queued'
             ORDER BY channel, due, id LIMIT :limit)
  AND state = 'queued' RETURNING id
"""
NEXT_CHANNEL = """
SELECT MIN(channel) FROM outbox WHERE broadcast = :id AND state = 'queued' AND channel > :after
"""
GIVE_UP = """
UPDATE outbox SET state = 'failed', fault = 'unreachable', settled = :now
WHERE broadcast = :id AND state = 'queued' AND channel = :channel
"""
# Whether any row of it waits or is on its way: part of a statement.
SOMEBODY_WAITS = """
((SELECT MIN(channel) FROM outbox WHERE broadcast = :id AND state = 'queued') IS NOT NULL
 OR EXISTS (SELECT 1 FROM outbox WHERE state = 'sending' AND channel > '' AND broadcast + 0 = :id))
"""
OPEN = f"SELECT 1 WHERE {SOMEBODY_WAITS}"
AWAITS_WORD = """
SELECT 1 FROM outbox WHERE settled > :since AND broadcast + 0 = :id AND state = 'sent'
  AND channel IN (SELECT value FROM each_text(:channels) AS given) LIMIT 1
"""
SOME_ROWS = """
SELECT state, fault, channel, language, COUNT(*), MAX(person) FROM (
    SELECT o.state, o.fault, o.channel, COALESCE(p.language, '') AS language, o.person
    FROM outbox o LEFT JOIN people p ON p.id = o.person
    WHERE o.broadcast = :id AND o.person > :after ORDER BY o.person LIMIT :limit) AS portion
GROUP BY state, fault, channel, language
"""


async def freeze(desk: Desk, broadcast: Broadcast, limit: int, served: Collection[str]) -> int:
    """As `Recipients.freeze`."""
    connection = desk.connection
    standing = await connection.fetch(WHERE_IT_STANDS, {"id": broadcast.id})
    if not standing:
        return 0
    ((after, frozen),) = standing
    if frozen is not None:
        return await look_again(desk, broadcast, after, limit, served)
    values = audience_values(desk, broadcast.rule, broadcast.about, broadcast.kind, served)
    if recalled := broadcast.kind is Kind.RECALL:
        values |= await recalling.deletable_values(desk, broadcast.about, broadcast.id)
    step = {**values, "after": after, "limit": limit}
    who, reminded = broadcast.rule.who, broadcast.kind is Kind.REMINDER
    ((upto, passed),) = await connection.fetch(statement(NEXT_STEP, who), step)
    if upto is None:
        await connection.run(ALL_FROZEN, {"id": broadcast.id})
        if reminded:
            await connection.run(SPREAD)
        return 0
    rows = row_values(desk, broadcast, passed)
    add = recalling.ADD_ROWS if recalled else statement(ADD_ROWS, who, reminded=reminded)
    await connection.run(add, {**step, **rows, "upto": upto})
    await connection.run(FROZEN_TO, {"id": broadcast.id, "to": upto})
    return passed


async def look_again(
    desk: Desk, broadcast: Broadcast, after: int, limit: int, served: Collection[str]
) -> int:
    """Go on with what was written down at the confirmation: it is to be true when it leaves."""
    upto, passed = await confirmed.look_again(desk, broadcast, after, limit, served)
    if upto is None:
        await desk.connection.run(ALL_FROZEN, {"id": broadcast.id})
    else:
        await desk.connection.run(FROZEN_TO, {"id": broadcast.id, "to": upto})
    return passed


async def count_audience(
    desk: Desk, rule: Rule, about: int | None, kind: Kind, served: Collection[str]
) -> Counts:
    """As `Recipients.audience`."""
    found: list[tuple[str, str, int]] = []
    values: dict[str, Value] = {
        **audience_values(desk, rule, about, kind, served),
        "limit": STEP,
    }
    count, after = statement(COUNT, rule.who), 0
    if kind is Kind.RECALL:
        count, values = recalling.COUNT, values | await recalling.deletable_values(desk, about, 0)
    while True:
        values["after"] = after
        ((upto, _),) = await desk.connection.fetch(statement(NEXT_STEP, rule.who), values)
        if upto is None:
            break
        rows = await desk.connection.fetch(count, {**values, "upto": upto})
        found += [(channel, language, count) for channel, language, count in rows]
        after = upto
    return added_up([("", None, channel, language, count) for channel, language, count in found])


async def count_rows(desk: Desk, broadcast_id: int) -> Counts:
    """As `Recipients.counts`."""
    found: list[Row] = []
    after: int | None = 0
    while after is not None:
        values: dict[str, Value] = {"id": broadcast_id, "after": after, "limit": STEP}
        rows = await desk.connection.fetch(SOME_ROWS, values)
        found += rows
        after = max((row[5] for row in rows), default=None)
    return added_up(found)


async def cancel_rows(desk: Desk, broadcast_id: int, limit: int) -> int:
    """As `Recipients.cancel_rows`."""
    now = epoch_ms(desk.clock())
    values: dict[str, Value] = {"id": broadcast_id, "limit": limit, "now": now}
    return len(await desk.connection.fetch(CANCEL, values))


async def give_up(desk: Desk, broadcast_id: int, channels: Collection[str]) -> None:
    """As `Recipients.give_up`."""
    fetch, now = desk.connection.fetch, epoch_ms(desk.clock())
    ((channel,),) = await fetch(NEXT_CHANNEL, {"id": broadcast_id, "after": ""})
    while channel is not None:
        if channel not in channels:
            given_up = {"id": broadcast_id, "channel": channel, "now": now}
            await desk.connection.run(GIVE_UP, given_up)
        ((channel,),) = await fetch(NEXT_CHANNEL, {"id": broadcast_id, "after": channel})


async def is_open(desk: Desk, broadcast_id: int) -> bool:
    """As `Recipients.is_open`."""
    return bool(await desk.connection.fetch(OPEN, {"id": broadcast_id}))


async def awaits_word(
    desk: Desk, broadcast_id: int, channels: Collection[str], since: datetime
) -> bool:
    """As `Recipients.awaits_word`."""
    values: dict[str, Value] = {
        "id": broadcast_id,
        "channels": [*channels],
        "since": epoch_ms(since),
    }
    return bool(await desk.connection.fetch(AWAITS_WORD, values))


def audience_values(
    desk: Desk, rule: Rule, about: int | None, kind: Kind, served: Collection[str]
) -> dict[str, Value]:
    """The parameters of an audience's statements."""
    return {
        **rule_values(desk.vault, rule, about),
        **preference_values(kind in ANNOUNCING, desk.clock(), served),
        "reminders": int(kind is Kind.REMINDER),
    }


def row_values(desk: Desk, broadcast: Broadcast, count: int) -> dict[str, Value]:
    """The parameters of ADD_ROWS, with ids for so many rows."""
    now = desk.clock()
    return {
        "broadcast": broadcast.id,
        "first": desk.ids.deliveries(now, count) - 1,
        "lane": LANES.index(broadcast.kind.lane),
        "due": due_of(broadcast.kind, broadcast.starts_at),
        "not_after": None if broadcast.not_after is None else epoch_ms(broadcast.not_after),
    }


def due_of(kind: Kind, starts_at: datetime) -> int:
    """From when on its rows may go: what has begun does not wait for a clock that was set back.

    Only a reminder does: it is not to come long before its time.
    """
    return epoch_ms(starts_at) if kind is Kind.REMINDER else 0


def added_up(rows: list[Row] | list[tuple[str, str | None, str, str, int]]) -> Counts:
    """The counts in these (state, fault, channel, language, count …)."""
    by: tuple[Counter[str], ...] = (Counter(), Counter(), Counter(), Counter())
    total = 0
    for row in rows:
        for counter, value in zip(by, row[:4], strict=True):
            if value:
                counter[value] += row[4]
        total += row[4]
    states, faults, channels, languages = map(dict, by)
    return Counts(states, faults, channels, languages, total)
