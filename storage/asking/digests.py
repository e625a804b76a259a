"""What the experts get of a webinar's questions, in its order, and when it was sent.

Nothing in it tells of whoever asked: neither a token nor a name leaves this file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dialogue.ranking import Wish, ranked
from dialogue.stages import Stage
from storage.asking.asked import Kind
from storage.desk import Desk
from storage.engines.port import Row, Value, Values
from storage.engines.times import epoch_ms, from_epoch_ms
from storage.errors import Unreadable
from storage.sealing.vault import Field


class Part(StrEnum):
    """Which of the two it is."""

    BEFORE = "before"
    """What is to be put."""
    AFTER = "after"
    """What became of it."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A question as the experts have it; of a declined one no more than why."""

    id: int
    stage: Stage
    text: str
    language: str
    voices: int
    """How many people asked or support it."""
    reference: int
    """Names it in a reply; the same whenever it is sent."""
    answer: str | None
    """Where it is for all who registered."""
    answered_language: str | None
    reason: str | None
    """As it is stored, of a declined one."""


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


WAITING = (Stage.LIVE, Stage.QUEUED, Stage.APPROVED)
"""What is still to be put."""
OVER = (Stage.ANSWERED, Stage.FOLLOW_UP)
AHEAD = {Stage.LIVE: 1, Stage.QUEUED: 2}

# What follows another one is told with it; where it comes from counts as heard with it.
QUESTIONS = """
SELECT q.id, q.state, q.text, q.language, q.supports, q.ordinal, q.answer, q.answered_language,
       q.reason, q.asker_key, q.place_key, r.state, q.answer_public
FROM questions q LEFT JOIN questions r ON r.id = q.merged_into
WHERE COALESCE(q.webinar, '') = :webinar AND q.kind = :kind AND q.state IN (
    'approved', 'queued', 'live', 'answered', 'follow_up', 'declined', 'merged')
ORDER BY q.ordinal
"""
NOTE = """
INSERT INTO digests (webinar, version, part, sent, at, unasked)
VALUES (:webinar, :version, :part, 1, :now, :unasked)
ON CONFLICT (webinar, version, part) DO UPDATE
SET sent = digests.sent + 1, at = excluded.at,
    unasked = CASE WHEN excluded.unasked = 1 THEN 1 ELSE digests.unasked END
WHERE digests.sent = :times AND (excluded.unasked = 0 OR digests.unasked = 0)
RETURNING sent
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
        rows = await self._rows(webinar, "question")
        heard = [wish(row) for row in rows if Stage(row[11] or row[1]) in OVER]
        asked = [wish(row) for row in rows if Stage(row[1]) in WAITING]
        by_id = {row[0]: row for row in rows}
        order = [each.id for each in ranked(asked, heard)]
        past = [row[0] for row in rows if Stage(row[1]) in (*OVER, Stage.DECLINED)]
        return [*self._readable(by_id[id] for id in (*order, *past))]

    async def ideas(self, webinar: str) -> list[Listed]:
        """The ideas that came past the moderators, the oldest first."""
        rows = await self._rows(webinar, "idea")
        return [*self._readable(row for row in rows if Stage(row[1]) in (*WAITING, *OVER))]

    async def _rows(self, webinar: str, kind: Kind) -> Sequence[Row]:
        return await self._connection.fetch(QUESTIONS, {"webinar": webinar, "kind": kind})

    async def note(
        self, due: Due, part: Part, times: int, now: datetime, *, unasked: bool = False
    ) -> bool:
        """It is sent now, with this transaction, as after it was sent so many `times`.

        False when it was sent since, or, `unasked`, ever by itself: then it must not be.
        """
        values: dict[str, Value] = {
            "webinar": due.webinar,
            "version": due.version,
            "part": part,
            "times": times,
            "now": epoch_ms(now),
            "unasked": int(unasked),
        }
        rows = await self._connection.fetch(NOTE, values)
        # Where none was noted before, `times` compares with nothing.
        return bool(rows) and rows[0][0] == times + 1

    async def nudge(self, due: Due, now: datetime) -> bool:
        """Moderators are told now that questions wait for them; False when they were already."""
        values: dict[str, Value] = {
            "webinar": due.webinar,
            "version": due.version,
            "part": "nudge",
            "times": 0,
            "now": epoch_ms(now),
            "unasked": 1,
        }
        return bool(await self._connection.fetch(NOTE, values))

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

    def _readable(self, rows: Iterable[Row]) -> Iterable[Listed]:
        for row in rows:
            try:
                yield self._listed(row)
            except Unreadable:
                continue

    def _listed(self, row: Row) -> Listed:
        id, state, text, language, supports, order, answer, answered, reason = row[:9]
        stage, for_all = Stage(state), bool(row[12])

        def opened(column: str, sealed: bytes | None) -> str | None:
            if sealed is None:
                return None
            return self._desk.vault.open(sealed, Field("questions", column, id))

        declined = stage is Stage.DECLINED
        return Listed(
            id=id,
            stage=stage,
            # No expert was given the words of what moderators have declined.
            text="" if declined else opened("text", text) or "",
            language=language,
            voices=supports + 1,
            reference=order,
            # What was said to one person goes to no mailbox of anybody else.
            answer=opened("answer", answer) if stage is Stage.ANSWERED and for_all else None,
            answered_language=answered,
            reason=opened("reason", reason) if declined else None,
        )


def wish(row: Row) -> Wish:
    """A row of QUESTIONS, as it is ranked."""
    id, state, _, _, supports, order, _, _, _, asker, place = row[:11]
    return Wish(id, supports, order, asker, place or "", AHEAD.get(Stage(state), 0))


def waiting(questions: Sequence[Listed]) -> list[Listed]:
    """Those that are still to be put."""
    return [each for each in questions if each.stage in WAITING]


async def clear_digests(desk: Desk, webinars: list[str]) -> None:
    """That something was sent for these is not to be known any more."""
    await desk.connection.run(GONE, {"webinars": webinars})


GONE = "DELETE FROM digests WHERE webinar IN (SELECT value FROM each_text(:webinars) AS given)"
