"""The questions of a webinar by how far they have come, as moderators go through them."""

from __future__ import annotations

from collections.abc import Mapping

from dialogue.stages import Stage

VIEWS: Mapping[str, frozenset[Stage]] = {
    "new": frozenset({Stage.RECEIVED, Stage.IN_REVIEW}),
    "approved": frozenset({Stage.APPROVED}),
    "experts": frozenset({Stage.QUEUED, Stage.LIVE}),
    "promised": frozenset({Stage.FOLLOW_UP}),
    "answered": frozenset({Stage.ANSWERED}),
    "declined": frozenset({Stage.DECLINED}),
}
"""By the name that is also the end of its words' key."""


def number(counts: Mapping[Stage, int], view: str) -> int:
    """How many questions there are in this view."""
    return sum(counts.get(stage, 0) for stage in VIEWS[view])


def view_of(stage: Stage) -> str | None:
    """In which view questions at this stage are; None for those that nobody goes through."""
    return next((name for name, stages in VIEWS.items() if stage in stages), None)
