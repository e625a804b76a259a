"""Where the commands, buttons and conversations about webinars lead."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from dialogue.words import Reply
from handlers.roles import ORGANISERS
from handlers.turn import Conversation, StaffWay, Turn
from handlers.webinars import (
    editing,
    joining,
    moving,
    new,
    publishing,
    registrations,
    screen,
    withdrawing,
)

_RUNS: Mapping[str, Callable[[Turn, str], Awaitable[list[Reply]]]] = {
    "wnew": new.begin,
    "wn": screen.screen,
    "wl": publishing.seen_as,
    "wp": publishing.publish,
    "wz": publishing.end_sure,
    "wv": publishing.end_now,
    "wd": publishing.copy,
    "we": editing.menu,
    "wf": editing.field,
    "wi": joining.change,
    "wm": moving.move,
    "wy": moving.move_now,
    "wc": moving.cancel,
    "wk": moving.cancel_now,
    "wu": moving.undo,
    "wr": registrations.overview,
    "wq": registrations.waiting,
    "wa": registrations.approve,
    "wx": registrations.decline,
    "wt": withdrawing.page,
    "wo": withdrawing.pick,
    "wh": withdrawing.drop,
    "wg": withdrawing.look_for,
}
"""Short, since a button holds 64 bytes, of which a webinar's id takes 40."""

command = new.command
"""/new."""

WAYS: Mapping[str, StaffWay] = {name: StaffWay(run, ORGANISERS) for name, run in _RUNS.items()}

CONVERSATIONS: tuple[Conversation, ...] = (
    new.CONVERSATION,
    editing.CONVERSATION,
    joining.CONVERSATION,
    moving.CONVERSATION,
    withdrawing.CONVERSATION,
)
