"""What can be done with a question, as buttons under it."""

from __future__ import annotations

from collections.abc import Mapping

from dialogue.stages import Stage
from dialogue.words import Button, Label, Text, text
from handlers.turn import Turn
from storage.asking.moderation import Handled

_WHILE_REVIEWED = ("ok", "no", "put", "edit", "merge", "hush")
WAYS_AT: Mapping[Stage, tuple[str, ...]] = {
    Stage.RECEIVED: _WHILE_REVIEWED,
    Stage.IN_REVIEW: _WHILE_REVIEWED,
    Stage.APPROVED: ("put", "no", "edit", "merge", "answer", "hush"),
    Stage.QUEUED: ("live", "done", "back", "edit", "answer"),
    Stage.LIVE: ("done", "later", "back", "answer"),
    Stage.FOLLOW_UP: ("answer", "done"),
    Stage.ANSWERED: ("answer", "open"),
    Stage.DECLINED: ("open",),
    Stage.MERGED: ("open",),
}
"""By the ends of the ways' names."""
IDEAS_AT: Mapping[Stage, tuple[str, ...]] = {
    Stage.RECEIVED: ("ok", "no", "edit", "merge", "hush"),
    Stage.IN_REVIEW: ("ok", "no", "edit", "merge", "hush"),
    Stage.APPROVED: ("read", "no", "edit", "merge", "hush"),
    Stage.QUEUED: ("read", "back"),
    Stage.LIVE: ("read", "back"),
    Stage.FOLLOW_UP: ("read",),
    Stage.ANSWERED: ("open",),
    Stage.DECLINED: ("open",),
    Stage.MERGED: ("open",),
}
"""The same for ideas: they are read, and put to nobody."""
FOLDED = ("text", "no", "hush")
"""While its words are folded away: nobody approves what they have not read."""


async def under(turn: Turn, question: Handled, named: str, *, folded: bool) -> list[Button]:
    """The buttons under this question; the one for merging says how many seem to ask the same."""
    ways_at = IDEAS_AT if question.kind == "idea" else WAYS_AT
    ways = FOLDED if folded else ways_at.get(question.stage, ())
    found = [
        Button(await _label(turn, question, way), f"go:mo-{way}:{named}")
        for way in ways
        if question.asker or way != "hush"
    ]
    if not folded and (parts := len(await turn.storage.moderation.parts(question.id))):
        found.append(Button(text("btn-mo-parts", number=parts), f"go:mo-parts:{named}"))
    return found


async def _label(turn: Turn, question: Handled, way: str) -> Label:
    if way == "merge":
        found = await turn.storage.alike.of([question.id])
        if number := len(found.get(question.id, ())):
            return text("btn-mo-merge-alike", number=number)
    return Text(f"btn-mo-{way}")
