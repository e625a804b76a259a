"""Reminders: one row for each time at which those registered for a webinar are reminded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

from storage.broadcasting.broadcast import Kind, Phase, sealed
from storage.broadcasting.rules import Rule
from storage.broadcasting.saying_again import say_again
from storage.desk import Desk
from storage.engines.port import Row
from storage.engines.times import epoch_ms, from_epoch_ms
from storage.series.outages import Outages
from storage.series.programme import Webinar
from storage.series.reminding import Cut, planned
from storage.series.webinars import Webinars

TOGETHER = timedelta(minutes=30)
"""Reminders of several webinars that are due within so long become one message."""
MOST_OTHERS = 3
"""Webinars beside the first that one message speaks of."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder of one webinar, as it was when that had this version."""

    id: int
    webinar: str
    version: int
    minutes: int
    due: datetime
    not_after: datetime


DROP = """
DELETE FROM reminders
WHERE webinar = :webinar AND state = 'planned' AND (version <> :version OR due > :now)
"""
# One that went out, or is just going out, stays: nobody hears it twice.
ADD = """
INSERT INTO reminders (id, webinar, version, minutes, due, not_after, state)
VALUES (:id, :webinar, :version, :minutes, :due, :not_after, 'planned')
ON CONFLICT (webinar, version, minutes) DO NOTHING
"""
PLANNED = """
SELECT d.id, d.webinar, d.version, d.minutes, d.due, d.not_after FROM reminders d
JOIN webinars w ON w.id = d.webinar AND w.version = d.version AND w.state = 'published'
WHERE d.state = 'planned' AND d.due <= :until ORDER BY d.due, d.id
"""
NEXT_DUE = "SELECT MIN(due) FROM reminders WHERE state = 'planned'"
MARK = "UPDATE reminders SET state = :state WHERE id = :id"
STALE = """
DELETE FROM reminders WHERE state = 'planned' AND due <= :now AND NOT EXISTS (
    SELECT 1 FROM webinars w
    WHERE w.id = reminders.webinar AND w.version = reminders.version AND w.state = 'published')
"""
STOPPING = "SELECT id FROM broadcasts WHERE kind = 'reminder' AND state = 'cancelling' LIMIT 1"
ANYBODY = """
SELECT 1 FROM registrations r WHERE r.webinar = :webinar AND NOT EXISTS (
    SELECT 1 FROM each_text(:others) AS other WHERE NOT EXISTS (
        SELECT 1 FROM registrations q WHERE q.person = r.person AND q.webinar = other.value))
LIMIT 1
"""
ADD_BROADCAST = """
INSERT INTO broadcasts (id, kind, state, webinar, rule, content, made, starts_at, not_after, began)
VALUES (:id, :kind, :state, :webinar, :rule, :content, :now, :starts_at, :not_after, :now)
"""
COVER = "INSERT INTO covers (reminder, broadcast) VALUES (:reminder, :broadcast)"
GOING_OUT = """
SELECT DISTINCT b.id FROM broadcasts b
JOIN covers c ON c.broadcast = b.id JOIN reminders d ON d.id = c.reminder
WHERE d.webinar = :webinar AND b.state IN ('freezing', 'running', 'paused')
"""
STOP = """
UPDATE broadcasts SET state = 'cancelling' WHERE id IN (SELECT value FROM each_id(:ids) AS given)
"""


class Reminders:
    """The reminders in one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection

    async def plan(
        self, webinar: Webinar, offsets: Sequence[int], outages: Sequence[Cut], now: datetime
    ) -> list[datetime]:
        """Remind so many minutes before the start of this version; returns when.

        What was planned before is dropped, and what is due in the past is not made. A webinar
        that is not published reminds nobody.
        """
        standing = webinar.state == "published"
        version = webinar.version if standing else 0
        values = {"webinar": webinar.id, "version": version, "now": epoch_ms(now)}
        await self._connection.run(DROP, values)
        if not standing:
            return []
        made = planned(webinar.starts_at, offsets, outages, now)
        rows = [
            {
                "id": self._desk.ids.person(),
                "webinar": webinar.id,
                "version": version,
                "minutes": each.minutes,
                "due": epoch_ms(each.due),
                "not_after": epoch_ms(each.not_after),
            }
            for each in made
        ]
        await self._connection.run_many(ADD, rows)
        return [each.due for each in made]

    async def replan(self, webinar: Webinar, default: Sequence[int], now: datetime) -> None:
        """`plan` with the webinar's own offsets, or its series', or these, around all outages."""
        offsets = webinar.reminders
        if offsets is None:
            series = await Webinars(self._desk).series(webinar.series)
            offsets = default if series is None or series.reminders is None else series.reminders
        await self.plan(webinar, offsets, await Outages(self._desk).coming(now), now)

    async def replan_all(self, default: Sequence[int], now: datetime) -> None:
        """The same for every webinar to come, as after a change of the outages."""
        programme = await Webinars(self._desk).programme()
        for webinar in programme.webinars:
            if webinar.starts_at >= now:
                await self.replan(webinar, default, now)

    async def halt(self, webinar_id: str) -> None:
        """What is going out says the wrong time now: it stops, and the rest will not leave."""
        rows = await self._connection.fetch(GOING_OUT, {"webinar": webinar_id})
        ids = [row[0] for row in rows]
        await self._connection.run(STOP, {"ids": ids})
        await say_again(self._desk, webinar_id, ids)

    async def next_due(self) -> datetime | None:
        """When the next reminder is due."""
        ((due,),) = await self._connection.fetch(NEXT_DUE)
        return None if due is None else from_epoch_ms(due)

    async def due(self, now: datetime) -> list[Reminder]:
        """Those whose time has come, the longest due first."""
        rows = await self._connection.fetch(PLANNED, {"until": epoch_ms(now)})
        return [reminder_from(row) for row in rows]

    async def spread(self, now: datetime) -> list[int]:
        """Make broadcasts, which only need to be frozen in this order, for what is due.

        Whoever is to hear of several webinars soon hears of them at once: those broadcasts come
        first, and nobody is in a later one whom an earlier one reminds of the same.
        """
        if await self._connection.fetch(STOPPING):
            return []
        await self._connection.run(STALE, {"now": epoch_ms(now)})
        made: list[int] = []
        while due := await self.due(now):
            first = due[0]
            mine = [
                await self._broadcast((first, *others), now)
                for others in groups(first, await self.due(first.due + TOGETHER))
                if await self._anybody(first, others)
            ]
            state = "spreading" if mine else "sent"
            await self._connection.run(MARK, {"id": first.id, "state": state})
            made += mine
        return made

    async def _anybody(self, first: Reminder, others: tuple[Reminder, ...]) -> bool:
        values = {"webinar": first.webinar, "others": [other.webinar for other in others]}
        return bool(await self._connection.fetch(ANYBODY, values))

    async def _broadcast(self, reminders: tuple[Reminder, ...], now: datetime) -> int:
        id, first = self._desk.ids.delivery(now), reminders[0]
        webinars = [await Webinars(self._desk).get(each.webinar) for each in reminders]
        # So that a report can name them when the programme has long changed.
        titles = [dict(webinar.title.by_language) for webinar in webinars if webinar]
        await self._connection.run(
            ADD_BROADCAST,
            {
                "id": id,
                "kind": Kind.REMINDER,
                "state": Phase.FREEZING,
                "webinar": first.webinar,
                "rule": Rule("registered", first.webinar).to_json(),
                "content": sealed(self._desk.vault, id, {"titles": titles}),
                "now": epoch_ms(now),
                "starts_at": epoch_ms(first.due),
                "not_after": epoch_ms(min(each.not_after for each in reminders)),
            },
        )
        await self._connection.run_many(
            COVER, [{"reminder": each.id, "broadcast": id} for each in reminders]
        )
        return id


def groups(first: Reminder, near: Sequence[Reminder]) -> Iterator[tuple[Reminder, ...]]:
    """What can be said beside the first: the most webinars first, nothing last."""
    by_webinar: dict[str, Reminder] = {}
    for reminder in near:
        if reminder.webinar != first.webinar:
            by_webinar.setdefault(reminder.webinar, reminder)
    others = list(by_webinar.values())[:MOST_OTHERS]
    for size in range(len(others), -1, -1):
        yield from combinations(others, size)


def reminder_from(row: Row) -> Reminder:
    """The reminder in a row of PLANNED."""
    return Reminder(*row[:4], due=from_epoch_ms(row[4]), not_after=from_epoch_ms(row[5]))
