"""Where the buttons of interpreters lead."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from dialogue.words import Reply
from handlers.interpreting import choosing, desk, writing
from handlers.roles import INTERPRETERS
from handlers.turn import StaffWay, Turn

interpret = desk.interpret

CONVERSATIONS = (writing.CONVERSATION, choosing.CONVERSATION)

_HANDLERS: Mapping[str, Callable[[Turn, str], Awaitable[list[Reply]]]] = {
    "in": desk.again,
    "in-take": desk.take_draft,
    "in-own": writing.own,
    "in-skip": desk.skip,
    "in-fix": desk.fix,
    "in-stop": desk.stop,
    "in-languages": choosing.choose,
}

WAYS: Mapping[str, StaffWay] = {
    name: StaffWay(run, INTERPRETERS) for name, run in _HANDLERS.items()
}
