"""How far a question has come, which stage may follow which, and what its asker sees of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Stage(StrEnum):
    """How far a question has come; several of these are the same to the asker."""

    RECEIVED = "received"
    IN_REVIEW = "in_review"
    """Taken by a moderator."""
    APPROVED = "approved"
    """May be supported by others."""
    QUEUED = "queued"
    """Next for the expert."""
    LIVE = "live"
    """Being put now."""
    ANSWERED = "answered"
    FOLLOW_UP = "follow_up"
    """An answer is promised for later."""
    DECLINED = "declined"
    MERGED = "merged"
    """Put together with another one, whose stages are those of this one from then on."""
    WITHDRAWN = "withdrawn"


class Seen(StrEnum):
    """How far a question has come, as its asker is told."""

    RECEIVED = "received"
    IN_REVIEW = "in_review"
    WITH_EXPERTS = "with_experts"
    ANSWERED = "answered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


FOLLOWS: Mapping[Stage, frozenset[Stage]] = {
    Stage.RECEIVED: frozenset({Stage.IN_REVIEW, Stage.WITHDRAWN}),
    Stage.IN_REVIEW: frozenset(
        {Stage.APPROVED, Stage.DECLINED, Stage.MERGED, Stage.WITHDRAWN},
    ),
    Stage.APPROVED: frozenset(
        {Stage.QUEUED, Stage.DECLINED, Stage.MERGED, Stage.ANSWERED, Stage.WITHDRAWN},
    ),
    Stage.QUEUED: frozenset({Stage.LIVE, Stage.APPROVED, Stage.ANSWERED}),
    Stage.LIVE: frozenset({Stage.ANSWERED, Stage.FOLLOW_UP, Stage.QUEUED}),
    Stage.FOLLOW_UP: frozenset({Stage.ANSWERED}),
    Stage.ANSWERED: frozenset({Stage.IN_REVIEW}),
    Stage.DECLINED: frozenset({Stage.IN_REVIEW}),
    Stage.MERGED: frozenset({Stage.IN_REVIEW}),
    Stage.WITHDRAWN: frozenset(),
}
"""Which stages may come after which; a review may end again where it came from, as if it had not
begun. In writing, an answer may come before its question was put."""

STILL_THEIRS = frozenset({Stage.RECEIVED, Stage.IN_REVIEW, Stage.APPROVED})
"""Until it is queued for the expert, a question is the asker's to change."""
NEVER_GIVEN = STILL_THEIRS | {Stage.DECLINED, Stage.MERGED, Stage.WITHDRAWN}
"""No expert was given the words of a question at one of these."""
HEARD = frozenset({Stage.QUEUED, Stage.LIVE, Stage.FOLLOW_UP, Stage.ANSWERED})
"""Whoever has a question at one of these had their turn."""
ANSWERABLE = frozenset(stage for stage, after in FOLLOWS.items() if Stage.ANSWERED in after) | {
    Stage.ANSWERED
}
"""At these a question may be given an answer, or another one."""

SEEN_AS: Mapping[Stage, Seen] = {
    Stage.RECEIVED: Seen.RECEIVED,
    Stage.IN_REVIEW: Seen.IN_REVIEW,
    Stage.APPROVED: Seen.IN_REVIEW,
    Stage.QUEUED: Seen.WITH_EXPERTS,
    Stage.LIVE: Seen.WITH_EXPERTS,
    Stage.FOLLOW_UP: Seen.WITH_EXPERTS,
    Stage.ANSWERED: Seen.ANSWERED,
    Stage.DECLINED: Seen.DECLINED,
    Stage.MERGED: Seen.IN_REVIEW,
    Stage.WITHDRAWN: Seen.WITHDRAWN,
}


def before(stage: Stage) -> frozenset[Stage]:
    """The stages from which a question may come to this one."""
    return frozenset(earlier for earlier, after in FOLLOWS.items() if stage in after)


def seen_by_asker(stage: Stage) -> Seen:
    """What the asker is told; of a merged question ask with the stage of the one it follows."""
    return SEEN_AS[stage]
