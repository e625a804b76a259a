"""What a moderator does on the board: the same calls of the storage as on the phone."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from dialogue.stages import Stage
from dialogue.words import Text
from storage import Transaction
from storage.boards import Place
from storage.moderation import Claimed, Handled
from web.board.cards import WAYS, seen

Told: TypeAlias = Callable[[Transaction, Place, Sequence[int]], Awaitable[None]]
"""Has the askers of these questions hear what is new, in the same commit."""


class Outcome(StrEnum):
    """What came of it."""

    DONE = "done"
    TAKEN = "taken"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Wish:
    """A press of a button under a question."""

    to: Stage
    question: int
    seen: str
    """As what it was shown: `cards.seen`."""
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a wish, and what is said of it."""

    outcome: Outcome
    said: Text


_WISH = re.compile(r"([a-z_]{1,16})\.([0-9]{1,19})\.([0-9a-f]{16})")
_LARGEST_ID = 2**63 - 1


def read_wish(carried: str, reason: str | None) -> Wish | None:
    """The wish that a button carries as `stage.question.seen`; None for anything else."""
    found = _WISH.fullmatch(carried)
    to = next((stage for stage in Stage if found and stage == found[1]), None)
    if found is None or to is None or int(found[2]) > _LARGEST_ID:
        return None
    return Wish(to, int(found[2]), found[3], reason)


async def act(tx: Transaction, place: Place, wish: Wish, now: datetime, told: Told) -> Result:
    """Carry it out; a question that was changed or taken meanwhile stays as it is.

    That others support it, or that it was taken and given back, is no change.
    """
    found: Handled | Claimed | None = await tx.moderation.get(wish.question)
    if found is None or found.webinar != place.webinar or found.stage is Stage.WITHDRAWN:
        return Result(Outcome.GONE, Text("board-gone"))
    if found.stage in (Stage.RECEIVED, Stage.IN_REVIEW):
        # A review of one's own, too, may be about to lapse.
        found = await tx.moderation.claim(wish.question, place.person, now)
    if not isinstance(found, Handled) or not _is_as_shown(found, wish):
        return await _too_late(tx, place, wish, now)
    reason = wish.reason if wish.to is Stage.DECLINED else None
    moved = await tx.moderation.move(found.id, place.person, wish.to, now, reason, found.version)
    if moved is None:
        return await _too_late(tx, place, wish, now)
    await told(tx, place, [moved.id])
    return Result(Outcome.DONE, Text(f"moderated-{moved.stage}"))


def _is_as_shown(question: Handled, wish: Wish) -> bool:
    ways = WAYS.get(question.stage, ())
    return seen(question) == wish.seen and any(way.to is wish.to for way in ways)


async def _too_late(tx: Transaction, place: Place, wish: Wish, now: datetime) -> Result:
    holder = await tx.moderation.holder(wish.question, place.person, now)
    if isinstance(holder, Claimed):
        return Result(Outcome.TAKEN, Text("moderate-taken", {"role": Text(f"role-{holder.role}")}))
    return Result(Outcome.CHANGED, Text("board-changed"))
