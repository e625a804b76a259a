"""What is done with a question on the board: the same calls of the storage as on the phone."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from dialogue.stages import Stage
from dialogue.words import Text
from handlers.deed import Outcome, came_to
from storage import Transaction
from storage.asking.moderation import Claimed, Handled
from storage.community.boards import Place, Seat
from storage.ids import id_in
from storage.roles import Role
from web.board.cards import seen
from web.board.ways import Sheet, ways

Told: TypeAlias = Callable[[Transaction, Place, Sequence[int]], Awaitable[None]]
"""Has the askers of these questions hear what is new, in the same commit."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A press of a button under a question, or on the sheet that such a button opened."""

    to: Stage | Sheet
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
_TO: dict[str, Stage | Sheet] = {str(each): each for each in (*Stage, *Sheet)}
AT_THE_STAGE = frozenset({Stage.LIVE, Stage.FOLLOW_UP})
"""What was put to the guest experts is theirs to answer in writing."""


def read_wish(carried: str, reason: str | None = None) -> Wish | None:
    """The wish that a button carries as `way.question.seen`; None for anything else."""
    found = _WISH.fullmatch(carried)
    to = _TO.get(found[1]) if found else None
    id = id_in(found[2]) if found else None
    return None if found is None or to is None or id is None else Wish(to, id, found[3], reason)


def answers_here(place: Place) -> bool:
    """Whether somebody at the stage answers there: a guest expert, and not just any screen."""
    return place.seat is Seat.STAGE and place.role is Role.SPEAKER


async def act(tx: Transaction, place: Place, wish: Wish, now: datetime, told: Told) -> Result:
    """Bring a question to a stage; one that was changed or taken meanwhile stays as it is.

    That others support it, or that it was taken and given back, is no change.
    """
    if not isinstance(wish.to, Stage):
        raise TypeError(wish.to)
    found = await in_hand(tx, place, wish, now)
    if isinstance(found, Result):
        return found
    reason = wish.reason if wish.to is Stage.DECLINED else None
    moved = await tx.moderation.move(found.id, place.person, wish.to, now, reason, found.version)
    if moved is None:
        return await too_late(tx, place, wish, now)
    await told(tx, place, [moved.id])
    return Result(Outcome.DONE, came_to(moved.kind, moved.stage))


async def in_hand(
    tx: Transaction, place: Place, wish: Wish, now: datetime, *, keep: bool = False
) -> Handled | Result:
    """The question as it was shown, if this may be done with it; else why not.

    What is new is claimed, and with `keep` whatever it is.
    """
    found: Handled | Claimed | None = await tx.moderation.get(wish.question)
    if found is None or found.webinar != place.webinar or found.stage is Stage.WITHDRAWN:
        return Result(Outcome.GONE, Text("board-gone"))
    if keep or found.stage in (Stage.RECEIVED, Stage.IN_REVIEW):
        if not _is_as_shown(found, place, wish):
            return await too_late(tx, place, wish, now)
        # A review of one's own, too, may be about to lapse.
        found = await tx.moderation.claim(wish.question, place.person, now)
    if not isinstance(found, Handled) or not _is_as_shown(found, place, wish):
        return await too_late(tx, place, wish, now)
    return found


def _is_as_shown(question: Handled, place: Place, wish: Wish) -> bool:
    if place.seat is Seat.STAGE:
        allowed = wish.to is Sheet.ANSWER and question.stage in AT_THE_STAGE
    else:
        allowed = any(way.to is wish.to for way in ways(question.kind, question.stage))
    return allowed and seen(question) == wish.seen


async def too_late(tx: Transaction, place: Place, wish: Wish, now: datetime) -> Result:
    """Why nothing comes of it: somebody else has it, or it is not what it was."""
    holder = await tx.moderation.holder(wish.question, place.person, now)
    if isinstance(holder, Claimed):
        return Result(Outcome.TAKEN, Text("moderate-taken", {"role": Text(f"role-{holder.role}")}))
    return Result(Outcome.CHANGED, Text("board-changed"))
