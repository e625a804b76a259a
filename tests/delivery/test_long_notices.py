"""What concerns one person does not wait until thousands have been told of a webinar."""

from __future__ import annotations

from storage.broadcasting.broadcasts import Kind
from tests.delivery.newsroom import Newsroom

PEOPLE = tuple(f"p{number}" for number in range(60))
MOST = 45
"""So many of them have it at the latest when something else has gone in between."""


async def is_told_of_a_webinar(room: Newsroom) -> None:
    """Everybody is being told, one after the other."""
    await room.meets(*PEOPLE)
    await room.announces("moved", kind=Kind.NOTICE)
    room.opens()
    await room.platform.hears(10)


def told(room: Newsroom) -> int:
    """How many know of it."""
    return sum(room.copies("moved").values())


async def test_whoever_announces_sees_how_far_it_is(slow_room: Newsroom) -> None:
    room = slow_room
    owner = await room.has_owner()
    await is_told_of_a_webinar(room)
    await room.announces("news", made_by=owner)
    await room.lands("progress running")
    assert told(room) <= MOST
