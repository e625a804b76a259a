"""What becomes of a question: approved, put to the experts, answered, opened again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from dialogue.stages import Stage
from dialogue.words import Reply, text
from handlers.deed import came_to
from handlers.moderating import screen
from handlers.receipts import receipts
from handlers.turn import Turn
from storage.asking.moderation import Handled

Way = Callable[[Turn, str], Awaitable[list[Reply]]]


def to(*stages: Stage) -> Way:
    """A way that has a question come to the last of these stages, by the others."""

    async def run(turn: Turn, value: str) -> list[Reply]:
        question = await screen.in_hand(turn, value)
        if not isinstance(question, Handled):
            return question
        return await move(turn, question, *stages)

    return run


async def queue(turn: Turn, value: str) -> list[Reply]:
    """Next for the expert; what is new is approved by it, too."""
    question = await screen.in_hand(turn, value)
    if not isinstance(question, Handled):
        return question
    first = () if question.stage is Stage.APPROVED else (Stage.APPROVED,)
    return await move(turn, question, *first, Stage.QUEUED)


async def back(turn: Turn, value: str) -> list[Reply]:
    """One step back: what is being put waits again, what waits is approved and no more."""
    question = await screen.in_hand(turn, value)
    if not isinstance(question, Handled):
        return question
    return await move(turn, question, BEFORE.get(question.stage, Stage.APPROVED))


async def reopen(turn: Turn, value: str) -> list[Reply]:
    """Into review once more, before the eyes of whoever opens it; a merged one on its own again."""
    question = await screen.in_hand(turn, value)
    if not isinstance(question, Handled):
        return question
    moved = await turn.storage.moderation.move(
        question.id, turn.person.id, Stage.IN_REVIEW, turn.now
    )
    if moved is None:
        return await again(turn, question.id)
    await receipts.tell(turn, [moved.id])
    return [await screen.show(turn, moved, text("moderated-in_review"))]


async def move(
    turn: Turn, question: Handled, *stages: Stage, reason: str | None = None
) -> list[Reply]:
    """Have a question that is in hand come this far, and its asker hear of it."""
    moved: Handled | None = question
    for stage in stages:
        moved = await turn.storage.moderation.move(
            question.id, turn.person.id, stage, turn.now, reason
        )
        if moved is None:
            return await again(turn, question.id)
    assert moved is not None  # noqa: S101 - there is a stage at least
    await receipts.tell(turn, [moved.id])
    return await screen.after(turn, moved, came_to(moved.kind, moved.stage))


async def again(turn: Turn, question_id: int) -> list[Reply]:
    """It cannot be done any more: the question as it is by now."""
    question = await screen.take(turn, question_id)
    if not isinstance(question, Handled):
        return question
    return [await screen.show(turn, question, text("moderate-changed"))]


BEFORE = {Stage.LIVE: Stage.QUEUED, Stage.QUEUED: Stage.APPROVED}
