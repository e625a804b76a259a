"""Where the buttons of announcements lead; each carries the announcement's id."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from dialogue.words import Reply, text
from handlers.announcing import (
    afterwards,
    agreeing,
    confirming,
    recalling,
    running,
    screen,
    spreading,
    trying,
    writing,
)
from handlers.announcing.overview import overview
from handlers.roles import ORGANISERS
from handlers.turn import StaffWay, Turn
from storage.broadcasting.broadcasts import Phase

announce = writing.announce

CONVERSATIONS = (writing.CONVERSATION, confirming.CONVERSATION)


async def _open(turn: Turn, value: str) -> list[Reply]:
    broadcast = await screen.find(turn, value)
    return await (overview(turn) if broadcast is None else screen.show(turn, broadcast))


async def _list(turn: Turn, _value: str) -> list[Reply]:
    return await overview(turn)


async def _discard(turn: Turn, value: str) -> list[Reply]:
    broadcast = await screen.find(turn, value)
    if broadcast is None or broadcast.phase is not Phase.DRAFT:
        return await _open(turn, value)
    store = turn.storage.broadcasts
    await store.set_phase(broadcast.id, Phase.CANCELLED, {Phase.DRAFT}, turn.now)
    return await overview(turn, text("announce-discarded"))


_HANDLERS: Mapping[str, Callable[[Turn, str], Awaitable[list[Reply]]]] = {
    "an": _open,
    "an-all": _list,
    "an-new": writing.new,
    "an-this": writing.of_draft,
    "an-edit": writing.edit,
    "an-pic": writing.picture,
    "an-for": writing.about,
    "an-see": trying.see,
    "an-test": trying.test,
    "an-spread": spreading.spread,
    "an-send": confirming.send,
    "an-drop": _discard,
    "an-undo": agreeing.undo,
    "an-ok": agreeing.agree,
    "an-no": agreeing.refuse,
    "an-pause": running.pause,
    "an-resume": running.resume,
    "an-cancel": running.cancel,
    "an-again": afterwards.retry,
    "an-fix": afterwards.correct,
    "an-recall": recalling.ask,
    "an-back": recalling.recall,
}

WAYS: Mapping[str, StaffWay] = {name: StaffWay(run, ORGANISERS) for name, run in _HANDLERS.items()}
