"""Declining a question, with a reason that its asker reads."""

from __future__ import annotations

import re

from dialogue.stages import Stage
from dialogue.words import Button, Reply, Text, text
from handlers.moderating import acting, overview, screen
from handlers.receipts import reasons
from handlers.speaking import lists
from handlers.turn import Turn
from storage.asking.moderation import Handled

_REASON = re.compile(r"([a-z]{1,8}):(.+)")


async def ask(turn: Turn, value: str) -> list[Reply]:
    """Why: one of a few reasons, or one's own words."""
    question = await screen.in_hand(turn, value)
    if not isinstance(question, Handled):
        return question
    named = screen.name(question)
    ways = (
        *(Button(Text(f"btn-reason-{why}"), f"go:mo-why:{why}:{named}") for why in reasons.REASONS),
        Button(text("btn-reason-own"), f"go:mo-own:{named}"),
    )
    rows = (*lists.in_rows(ways, 2), (screen.to_one(question), overview.back()))
    said = (screen.words(question), text("moderate-why"))
    return [lists.menu(turn, said, rows)]


async def decline(turn: Turn, value: str) -> list[Reply]:
    """For the reason on this button."""
    found = _REASON.fullmatch(value)
    if found is None or found[1] not in reasons.REASONS:
        return await overview.here(turn)
    question = await screen.in_hand(turn, found[2])
    if not isinstance(question, Handled):
        return question
    return await acting.move(turn, question, Stage.DECLINED, reason=reasons.kept(found[1]))
