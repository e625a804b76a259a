"""What the experts get before a webinar and after it, and when: so that it leaves once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from storage.asking import listed
from storage.asking.listed import Listed
from storage.desk import Desk
from storage.engines.port import Value, Values
from storage.engines.times import epoch_ms, from_epoch_ms


class Part(StrEnum):
    """Which of the two it is."""

    BEFORE = "before"
    """What is to be put."""
    AFTER = "after"
    """What became of it."""


@dataclass(frozen=True, slots=True)
class Sending:
    """How often it was sent, and when last."""

    times: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be sent by itself."""

    webinar: str
    version: int


NOTE_FIRST = """
INSERT INTO digests (webinar, version, part, sent, at, unasked)
VALUES (:webinar, :version, :part, 1, :now, :unasked)
ON CONFLICT (webinar, version, part) DO NOTHING RETURNING sent
"""
NOTE_AGAIN = """
UPDATE digests SET sent = sent + 1, at = :now,
    unasked = CASE WHEN :unasked = 1 THEN 1 ELSE unasked END
WHERE webinar = :webinar AND version = :version AND part = :part
  AND sent = :times AND (:unasked = 0 OR unasked = 0) RETURNING sent
"""
SENT = """
SELECT sent, at FROM digests WHERE webinar = :webinar AND version = :version AND part = :part
"""
# Whoever has sent it since then was faster.
DUE = {
    Part.BEFORE: """
SELECT w.id, w.version FROM webinars w
WHERE w.state = 'published' AND w.starts_at > :now AND w.starts_at <= :until
  AND NOT EXISTS (SELECT 1 FROM digests d
      WHERE d.webinar = w.id AND d.version = w.version AND d.part = 'before'
        AND (d.unasked = 1 OR d.at >= w.starts_at - :span))
ORDER BY w.starts_at, w.id
""",
    Part.AFTER: """
SELECT w.id, w.version FROM webinars w
WHERE w.state IN ('published', 'finished') AND w.starts_at + w.minutes * 60000 <= :ended
  AND w.starts_at + w.minutes * 60000 > :since
  AND NOT EXISTS (SELECT 1 FROM digests d
      WHERE d.webinar = w.id AND d.version = w.version AND d.part = 'after'
        AND (d.unasked = 1 OR d.at >= w.starts_at + w.minutes * 60000))
ORDER BY w.starts_at, w.id
""",
}
GONE = "DELETE FROM digests WHERE webinar IN (SELECT value FROM each_text(:webinars) AS given)"
LATE = timedelta(days=2)
"""What nobody could send for so long after a session is not sent by itself any more."""


class Digests:
    """The digests of one transaction."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._connection = desk.connection

    async def questions(self, webinar: str) -> list[Listed]:
        """All that came past the moderators: what is to be put as the experts get it, the rest by
        its age. Ideas are put to nobody, and are not there."""
        return await listed.questions(self._desk, webinar)

    async def ideas(self, webinar: str) -> list[Listed]:
        """The ideas that came past the moderators, the oldest first."""
        return await listed.ideas(self._desk, webinar)

    async def note(
        self, due: Due, part: Part, times: int, now: datetime, *, unasked: bool = False
    ) -> bool:
        """It is sent now, with this transaction, as after it was sent so many `times`.

        False when it was sent since, or not so often, or, `unasked`, ever by itself: then it must
        not be.
        """
        values: dict[str, Value] = {
            "webinar": due.webinar,
            "version": due.version,
            "part": part,
            "now": epoch_ms(now),
            "unasked": int(unasked),
        }
        if times:
            return bool(await self._connection.fetch(NOTE_AGAIN, {**values, "times": times}))
        return bool(await self._connection.fetch(NOTE_FIRST, values))

    async def nudge(self, due: Due, now: datetime) -> bool:
        """Moderators are told now that questions wait for them; False when they were already."""
        values: dict[str, Value] = {
            "webinar": due.webinar,
            "version": due.version,
            "part": "nudge",
            "now": epoch_ms(now),
            "unasked": 1,
        }
        return bool(await self._connection.fetch(NOTE_FIRST, values))

    async def sent(self, webinar: str, version: int, part: Part) -> Sending:
        """How often this was sent, and when last."""
        values: Values = {"webinar": webinar, "version": version, "part": part}
        rows = await self._connection.fetch(SENT, values)
        times, at = rows[0] if rows else (0, 0)
        return Sending(times, from_epoch_ms(at))

    async def due(self, part: Part, span: timedelta, now: datetime) -> list[Due]:
        """What nobody has sent by now, so long before the start or after the end."""
        if part is Part.BEFORE:
            milliseconds = int(span.total_seconds() * 1000)
            values: Values = {
                "now": epoch_ms(now),
                "until": epoch_ms(now + span),
                "span": milliseconds,
            }
        else:
            values = {"ended": epoch_ms(now - span), "since": epoch_ms(now - span - LATE)}
        return [Due(*row) for row in await self._connection.fetch(DUE[part], values)]


async def clear_digests(desk: Desk, webinars: list[str]) -> None:
    """That something was sent for these is not to be known any more."""
    await desk.connection.run(GONE, {"webinars": webinars})
