"""Holding up what is on its way: a second tap changes nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection

from dialogue.words import Reply
from handlers.announcing import screen
from handlers.announcing.overview import overview
from handlers.turn import Turn
from storage.broadcasting.broadcasts import Phase


def to(phase: Phase, expected: Collection[Phase]) -> Callable[[Turn, str], Awaitable[list[Reply]]]:
    """The handler that brings an announcement from one of these phases to this one."""

    async def change(turn: Turn, value: str) -> list[Reply]:
        broadcast = await screen.find(turn, value)
        if broadcast is None:
            return await overview(turn)
        store = turn.storage.broadcasts
        done = broadcast.phase in expected and await store.set_phase(
            broadcast.id, phase, expected, turn.now
        )
        now = await store.get(broadcast.id)
        if done and now is not None:
            return [screen.changed(turn, now)]
        return await screen.show(turn, now or broadcast)

    return change


pause = to(Phase.PAUSED, {Phase.RUNNING})
resume = to(Phase.RUNNING, {Phase.PAUSED})
cancel = to(Phase.CANCELLING, {Phase.FREEZING, Phase.RUNNING, Phase.PAUSED})
