"""A webinar's questions as the experts have them, in the order in which they get them.

Nothing in it tells of whoever asked: neither a token nor a name leaves this file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dialogue.ranking import Wish, ranked
from dialogue.stages import Stage
from storage.asking.asked import Kind
from storage.desk import Desk
from storage.engines.port import Row
from storage.errors import Unreadable
from storage.sealing.vault import Field, Vault


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


async def questions(desk: Desk, webinar: str) -> list[Listed]:
    """As `Digests.questions`."""
    rows = await rows_of(desk, webinar, "question")
    heard = [wish(row) for row in rows if Stage(row[11] or row[1]) in OVER]
    asked = [wish(row) for row in rows if Stage(row[1]) in WAITING]
    by_id = {row[0]: row for row in rows}
    order = [each.id for each in ranked(asked, heard)]
    past = [row[0] for row in rows if Stage(row[1]) in (*OVER, Stage.DECLINED)]
    return readable(desk.vault, (by_id[id] for id in (*order, *past)))


async def ideas(desk: Desk, webinar: str) -> list[Listed]:
    """As `Digests.ideas`."""
    rows = await rows_of(desk, webinar, "idea")
    return readable(desk.vault, (row for row in rows if Stage(row[1]) in (*WAITING, *OVER)))


async def rows_of(desk: Desk, webinar: str, kind: Kind) -> Sequence[Row]:
    """The rows of QUESTIONS."""
    return await desk.connection.fetch(QUESTIONS, {"webinar": webinar, "kind": kind})


def readable(vault: Vault, rows: Iterable[Row]) -> list[Listed]:
    """The questions in these rows; those that do not open are left out."""
    found: list[Listed] = []
    for row in rows:
        try:
            found.append(listed_from(vault, row))
        except Unreadable:
            continue
    return found


def listed_from(vault: Vault, row: Row) -> Listed:
    """The question in a row of QUESTIONS."""
    id, state, text, language, supports, order, answer, answered, reason = row[:9]
    stage, for_all = Stage(state), bool(row[12])

    def opened(column: str, sealed: bytes | None) -> str | None:
        if sealed is None:
            return None
        return vault.open(sealed, Field("questions", column, id))

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
