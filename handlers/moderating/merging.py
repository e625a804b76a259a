"""Putting a question together with another one that asks the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from dialogue.stages import Stage
from dialogue.words import Button, Reply, text
from handlers import lists, notices, receipts
from handlers.moderating import acting, overview, screen
from handlers.questions import beginning
from handlers.turn import Turn
from storage.moderation import Handled

SHOWN = 6
LATELY = 1000
"""So many of the last changes are looked through."""
_INTO = re.compile(r"([0-9a-f]{1,16}):(.+)")
_LARGEST_ID = 2**63 - 1
_MERGED_INTO = (Stage.APPROVED, Stage.QUEUED, Stage.LIVE, Stage.FOLLOW_UP, Stage.ANSWERED)


class Similar(Protocol):
    """Finds what a question may be merged into."""

    async def __call__(self, turn: Turn, question: Handled) -> Sequence[Handled]:
        """The others of its webinar that it may be merged into, the likeliest first."""
        ...


async def latest(turn: Turn, question: Handled) -> Sequence[Handled]:
    """Those that were decided about last."""
    store = turn.storage.moderation
    since = max(0, await store.version() - LATELY)
    known = await store.changed_since(question.webinar, since)
    return [
        each for each in reversed(known) if each.stage in _MERGED_INTO and each.id != question.id
    ][:SHOWN]


async def ask(turn: Turn, value: str, similar: Similar = latest) -> list[Reply]:
    """With which one."""
    question = await screen.in_hand(turn, value)
    if not isinstance(question, Handled):
        return question
    others = await similar(turn, question)
    if not others:
        return [screen.show(turn, question, text("moderate-merge-none"))]
    named = screen.name(question)
    lines = tuple(
        text("moderate-merge-line", number=number, question=notices.beginning(each.text))
        for number, each in enumerate(others, start=1)
    )
    ways = tuple(
        (Button(beginning(each.text), f"go:mo-into:{each.id:x}:{named}"),) for each in others
    )
    said = (text("words", words=question.text), text("moderate-merge"), text("lines", lines=lines))
    return [lists.menu(turn, said, (*ways, (screen.to_one(question), overview.back())))]


async def merge(turn: Turn, value: str) -> list[Reply]:
    """With the one on this button; what was asked with it goes the same way from now on."""
    found = _INTO.fullmatch(value)
    into = int(found[1], 16) if found else 0
    if found is None or into > _LARGEST_ID:
        return await overview.here(turn)
    question = await screen.in_hand(turn, found[2])
    if not isinstance(question, Handled):
        return question
    store = turn.storage.moderation
    kept = await store.merge(question.id, into, turn.person.id, turn.now)
    if kept is None:
        return await acting.again(turn, question.id)
    await receipts.tell(turn, [kept.id])
    screen.without(turn)
    return await screen.next_one(turn, text("moderated-merged"))
