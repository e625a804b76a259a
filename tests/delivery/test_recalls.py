"""Recalls on their way: what arrived is deleted from each chat once, as quickly as it came."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from channels import Gone, TargetGone, Unsure
from dialogue.words import Act
from storage.broadcasting.broadcasts import Kind, Phase, Rule
from tests.delivery.newsroom import SLOW, Newsroom

PEOPLE = tuple(f"p{number}" for number in range(60))


async def has_announced(room: Newsroom, *accounts: str) -> int:
    """An announcement that has reached these."""
    await room.meets(*accounts)
    made = await room.announces()
    room.opens()
    await room.comes_to(made, Phase.DONE)
    return made


async def recalls(room: Newsroom, about: int, **more: Any) -> int:
    """A recall of it that begins at once."""
    return await room.announces(kind=Kind.RECALL, rule=Rule("reached"), about=about, **more)


def brought(room: Newsroom) -> dict[str, str]:
    """The platform's id of the announcement in each chat."""
    heard = enumerate(room.platform.heard, start=1)
    return {h.account: f"m{n}" for n, h in heard if h.text == "news" and h in room.platform.taken}


def deleted(room: Newsroom) -> list[tuple[str, str | None]]:
    """What the platform was asked to delete, and where."""
    return [(h.account, h.target) for h in room.platform.heard if h.act is Act.DELETE]


async def test_each_chat_loses_what_it_got_and_its_maker_hears_of_it(room: Newsroom) -> None:
    owner = await room.has_owner()
    made = await has_announced(room, "a", "b", "c")
    recall = await recalls(room, made, made_by=owner)
    await room.comes_to(recall, Phase.DONE)
    await room.lands("report done sent=3")
    assert sorted(deleted(room)) == sorted(brought(room).items())
    assert room.copies("news") == {"a": 1, "b": 1, "c": 1}


async def test_what_is_not_there_any_more_counts_as_taken_away(room: Newsroom) -> None:
    made = await has_announced(room, "a", "b")
    room.platform.will("a", TargetGone("deleted by hand"))
    recall = await recalls(room, made)
    await room.comes_to(recall, Phase.DONE)
    assert (await room.counts(recall)).by_state == {"sent": 2}


async def test_a_chat_that_blocks_us_keeps_it_and_is_listed(room: Newsroom) -> None:
    made = await has_announced(room, "a", "b")
    room.platform.will("a", Gone("blocked"))
    recall = await recalls(room, made)
    await room.comes_to(recall, Phase.DONE)
    counts = await room.counts(recall)
    assert (counts.by_state, counts.by_fault) == ({"failed": 1, "sent": 1}, {"gone": 1})


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_an_answer_that_got_lost_is_asked_for_once_more(room: Newsroom, times: int) -> None:
    made = await has_announced(room, "a")
    lost = [Unsure("no answer")] * times
    room.platform.will("a", *lost, TargetGone("deleted already"))
    recall = await recalls(room, made)
    await room.comes_to(recall, Phase.DONE)
    assert (await room.counts(recall)).by_state == {"sent": 1}
    assert len(deleted(room)) == times + 1


async def test_it_keeps_to_the_pace_and_stops_when_it_is_told_to(slow_room: Newsroom) -> None:
    room = slow_room
    made = await has_announced(room, *PEOPLE)
    before, began = len(room.platform.heard), room.hurry.monotonic()
    recall = await recalls(room, made)
    await room.platform.hears(before + 30)
    assert room.platform.heard[before + 29].at - began >= 29 / SLOW.per_second - 1
    assert await room.sets(recall, Phase.CANCELLING, Phase.RUNNING)
    await room.comes_to(recall, Phase.CANCELLED)
    counts = await room.counts(recall)
    assert counts.of("sent") == len(deleted(room)) < len(PEOPLE)
    assert counts.of("sent", "cancelled") == len(PEOPLE)


async def test_whoever_dies_in_the_middle_deletes_it_from_everybody_in_the_end(
    slow_room: Newsroom,
) -> None:
    room = slow_room
    made = await has_announced(room, *PEOPLE)
    before = len(room.platform.heard)
    recall = await recalls(room, made)
    await room.platform.hears(before + 20)
    await room.dies()
    await room.comes_to(recall, Phase.DONE)
    assert dict(deleted(room)) == brought(room)
    assert len(deleted(room)) <= len(PEOPLE) + SLOW.at_once + 2


async def test_however_often_everybody_dies_over_it_what_can_be_deleted_twice_is_deleted(
    room: Newsroom,
) -> None:
    made = await has_announced(room, "a")
    before = len(room.platform.heard)
    room.platform.open.clear()
    recall = await recalls(room, made)
    for asked in (1, 2, 3):
        await room.platform.hears(before + asked)
        await room.dies()
    room.platform.open.set()
    await room.comes_to(recall, Phase.DONE)
    assert (await room.counts(recall)).by_state == {"sent": 1}


async def test_what_grew_too_old_in_a_pause_stays(slow_room: Newsroom) -> None:
    room = slow_room
    made = await has_announced(room, *PEOPLE)
    before = len(room.platform.heard)
    recall = await recalls(room, made)
    await room.platform.hears(before + 10)
    assert await room.sets(recall, Phase.PAUSED, Phase.RUNNING)
    await room.passes(5)
    asked = len(deleted(room))
    room.hurry.leap = timedelta(hours=48)
    assert await room.sets(recall, Phase.RUNNING, Phase.PAUSED)
    await room.comes_to(recall, Phase.DONE)
    assert (await room.counts(recall)).by_state == {"sent": asked, "expired": len(PEOPLE) - asked}
    assert len(deleted(room)) == asked
