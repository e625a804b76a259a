"""Where the buttons of moderators lead."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from dialogue.stages import Stage
from dialogue.words import Reply
from handlers.moderating import (
    acting,
    answering,
    danger,
    declining,
    hushing,
    intake,
    merging,
    overview,
    parting,
    screen,
    writing,
)
from handlers.roles import MODERATORS
from handlers.turn import StaffWay, Turn

moderate = overview.moderate

CONVERSATIONS = (writing.CONVERSATION, answering.CONVERSATION)

_HANDLERS: Mapping[str, Callable[[Turn, str], Awaitable[list[Reply]]]] = {
    "mo": overview.open_one,
    "mo-all": overview.every,
    "mo-count": overview.overview,
    "mo-order": overview.order,
    "mo-see": screen.look,
    "mo-skip": screen.skip,
    "mo-one": screen.one,
    "mo-text": screen.unfold,
    "mo-ok": acting.to(Stage.APPROVED),
    "mo-put": acting.queue,
    "mo-live": acting.to(Stage.LIVE),
    "mo-done": acting.to(Stage.ANSWERED),
    "mo-read": acting.to(Stage.ANSWERED),
    "mo-later": acting.to(Stage.FOLLOW_UP),
    "mo-back": acting.back,
    "mo-open": acting.reopen,
    "mo-no": declining.ask,
    "mo-why": declining.decline,
    "mo-own": writing.own_reason,
    "mo-edit": writing.edit,
    "mo-merge": merging.ask,
    "mo-into": merging.merge,
    "mo-parts": parting.ask,
    "mo-heard": writing.heard,
    "mo-hush": hushing.ask,
    "mo-strike": hushing.strike,
    "mo-mute": hushing.mute,
    "mo-unmute": hushing.unmute,
    "mo-block": hushing.block,
    "mo-block1": hushing.block_now,
    "mo-unblock": hushing.unblock,
    "mo-danger": danger.ask,
    "mo-danger1": danger.tell,
    "mo-intake": intake.intake,
    "mo-answer": answering.answer,
}

WAYS: Mapping[str, StaffWay] = {name: StaffWay(run, MODERATORS) for name, run in _HANDLERS.items()}
