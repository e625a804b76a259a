"""Where the commands, buttons and conversations of the staff lead.

A subject plugs in with a line in each table; who may give which command stands in
`commands.STAFF`, who may go which way beside the way, who may have a conversation in it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from dialogue.words import Reply
from handlers.announcing import ways as announcements
from handlers.commands import STAFF
from handlers.digest import ways as digests
from handlers.interpreting import ways as interpreting
from handlers.moderating import ways as moderating
from handlers.staff import board, codes, new_outage, outages, team
from handlers.turn import Conversation, StaffWay, Turn
from handlers.webinars import table as webinars

Handler = Callable[[Turn], Awaitable[list[Reply]]]

COMMANDS: Mapping[str, Handler] = {
    "team": team.team,
    "announce": announcements.announce,
    "new": webinars.command,
    "outages": outages.outages,
    "moderate": moderating.moderate,
    "interpret": interpreting.interpret,
    "board": board.board,
}

WAYS: Mapping[str, StaffWay] = {
    **team.WAYS,
    **codes.WAYS,
    **announcements.WAYS,
    **webinars.WAYS,
    **outages.WAYS,
    **new_outage.WAYS,
    **moderating.WAYS,
    **interpreting.WAYS,
    **board.WAYS,
    **digests.WAYS,
}
"""Buttons `go:<way>:<value>`; the names of everybody's ways are in `public_routes`."""

CONVERSATIONS: tuple[Conversation, ...] = (
    *announcements.CONVERSATIONS,
    *webinars.CONVERSATIONS,
    new_outage.CONVERSATION,
    *moderating.CONVERSATIONS,
    *interpreting.CONVERSATIONS,
    *digests.CONVERSATIONS,
)
"""Each with its `may`."""


async def go(turn: Turn, name: str, value: str) -> list[Reply] | None:
    """Where this button leads somebody with this role; None for everybody else."""
    if name in STAFF and not value and turn.role in STAFF[name]:
        return await COMMANDS[name](turn)
    way = WAYS.get(name)
    if way is not None and turn.role in way.may:
        return await way.run(turn, value)
    return None
