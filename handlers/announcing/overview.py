"""The last announcements, each with where it stands: what /announce shows when none is begun."""

from __future__ import annotations

from collections.abc import Sequence

from dialogue.words import Button, Reply, Text, text
from handlers.announcing.content import Announcement
from handlers.speaking import lists, menus
from handlers.turn import Turn
from storage.broadcasting.broadcasts import Broadcast, Phase

SHOWN = 8
LOOKED_AT = 60
"""Drafts of others are among them, too."""

NEW = Button(text("btn-announce-new"), "go:an-new")


async def overview(turn: Turn, *before: Text) -> list[Reply]:
    """The list, and a new one."""
    known = await latest(turn)
    lines = tuple(
        text(
            "announce-line",
            number=number,
            beginning=_name(turn, broadcast),
            state=_state(broadcast),
        )
        for number, broadcast in enumerate(known, start=1)
    )
    rows = tuple((Button(_name(turn, each), f"go:an:{each.id}"),) for each in known)
    heading = text("announcements") if known else text("announcements-none")
    ways = (NEW, menus.command_button("menu"))
    return [lists.menu(turn, (*before, heading, *lines), (*rows, ways))]


async def latest(turn: Turn) -> Sequence[Broadcast]:
    """What can be looked at: one's own drafts, and all that was let go; what waits comes first."""
    found = await turn.storage.broadcasts.written(LOOKED_AT)
    return [each for each in found if _is_shown(turn, each)][:SHOWN]


def _is_shown(turn: Turn, broadcast: Broadcast) -> bool:
    if not broadcast.content:
        return False
    if broadcast.phase is Phase.DRAFT:
        return broadcast.made_by == turn.person.id
    return broadcast.phase is not Phase.CANCELLED or broadcast.began is not None


def _state(broadcast: Broadcast) -> Text:
    at = {"at": broadcast.starts_at} if broadcast.phase is Phase.HELD else {}
    return Text(f"announce-state-{broadcast.phase}", at)


def _name(turn: Turn, broadcast: Broadcast) -> str:
    return Announcement.of(broadcast).beginning(turn.person.language)
