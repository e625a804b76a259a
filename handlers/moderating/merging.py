"""Putting a question together with another one that asks the same."""

from __future__ import annotations

import re
from collections.abc import Collection

from dialogue.stages import Stage
from dialogue.words import Button, Reply, text
from handlers.moderating import acting, overview, screen
from handlers.participants.own_questions import beginning
from handlers.receipts import receipts
from handlers.speaking import lists
from handlers.telling import notices
from handlers.turn import Turn
from storage.asking.moderation import Handled
from storage.ids import id_in

SHOWN = 6
LOOKED_AT = 40
"""Of the last changed, since an idea and a question are never put together."""
_INTO = re.compile(r"([^:]+):(.+)")
_MERGED_INTO = (Stage.APPROVED, Stage.QUEUED, Stage.LIVE, Stage.FOLLOW_UP, Stage.ANSWERED)


async def ask(turn: Turn, value: str) -> list[Reply]:
    """With which one: what seems to ask the same, then what was decided about last."""
    question = await screen.in_hand(turn, value)
    if not isinstance(question, Handled):
        return question
    alike = await _alike(turn, question)
    others = [*alike, *await _latest(turn, question, {each.id for each in alike})][:SHOWN]
    if not others:
        return [await screen.show(turn, question, text("moderate-merge-none"), unfolded=True)]
    named = screen.name(question)
    lines = tuple(
        text(
            "moderate-merge-alike" if each in alike else "moderate-merge-line",
            number=number,
            question=notices.beginning(each.text),
        )
        for number, each in enumerate(others, start=1)
    )
    ways = tuple(
        (Button(beginning(each.text), f"go:mo-into:{each.id:x}:{named}"),) for each in others
    )
    said = (text("words", words=question.text), text("moderate-merge"), *lines)
    return [lists.menu(turn, said, (*ways, (screen.to_one(question), overview.back())))]


async def _alike(turn: Turn, question: Handled) -> list[Handled]:
    """What seems to ask the same; what is flagged is nothing to be read in a list."""
    store = turn.storage
    found = (await store.alike.of([question.id])).get(question.id, ())
    others = [await store.moderation.get(each.id) for each in found[:SHOWN]]
    return [each for each in others if each is not None and not each.flagged]


async def _latest(turn: Turn, question: Handled, but: Collection[int]) -> list[Handled]:
    known = await turn.storage.moderation.listed(question.webinar, _MERGED_INTO, LOOKED_AT)
    return [
        each
        for each in known
        if each.id != question.id and each.id not in but and each.kind == question.kind
    ]


async def merge(turn: Turn, value: str) -> list[Reply]:
    """With the one on this button; what was asked with it goes the same way from now on."""
    found = _INTO.fullmatch(value)
    into = id_in(found[1], 16) if found else None
    if found is None or into is None:
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
