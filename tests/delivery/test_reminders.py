"""Reminders at their time: with clocks that leap, webinars that move, networks that are cut."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from channels import Unreachable
from dialogue.words import Localised
from storage.broadcasting.broadcasts import Kind, Phase, Rule
from storage.series.webinars import Webinar
from tests.delivery.hurry import NOON
from tests.delivery.newsroom import Newsroom

MINUTE = timedelta(minutes=1)
HOUR, DAY = 60 * MINUTE, timedelta(days=1)


def webinar(id: str, starts_at: datetime) -> Webinar:
    title = Localised({"en": id})
    return Webinar(id, "series", starts_at, 60, "published", title, title)


async def holds(room: Newsroom, id: str, in_minutes: float, *people: int) -> datetime:
    """A webinar that starts so many minutes after noon, for which these people are registered."""
    start = NOON + in_minutes * MINUTE
    async with room.storage.transaction() as tx:
        await tx.webinars.put(webinar(id, start))
        for person in people:
            await tx.registrations.put(person, id, {}, NOON)
        await tx.reminders.replan_all(room.offsets, NOON)
    return start


def leaps_to(room: Newsroom, at: datetime) -> None:
    """The clock says this now, and goes on from there."""
    room.hurry.leap += at - room.hurry.now()


async def remembered(room: Newsroom, what: str, *accounts: str) -> None:
    """Returns when these, and nobody else, were reminded of this once."""
    await room.lands(what)
    await room.until(lambda: nothing_open(room))
    assert room.copies(what) == dict.fromkeys(accounts, 1)


async def nothing_open(room: Newsroom) -> bool:
    async with room.storage.reading() as tx:
        return not await tx.broadcasts.due(room.hurry.now())


async def test_each_comes_at_its_time_to_those_registered(room: Newsroom) -> None:
    people = await room.meets("a", "b")
    await room.meets("c")
    start = await holds(room, "one", 90, *people)
    room.opens()
    for minutes in room.offsets:
        leaps_to(room, start - minutes * MINUTE - timedelta(seconds=10))
        await room.passes(5)
        assert room.copies(f"remember one-{minutes}") == {}
        await remembered(room, f"remember one-{minutes}", "a", "b")


async def test_a_clock_that_leaps_over_one_leaves_it_out_and_tells_who_is_in_charge(
    room: Newsroom,
) -> None:
    people = await room.meets("a")
    await room.has_owner()
    start = await holds(room, "one", 120, *people)
    room.opens()
    await room.passes(2)
    leaps_to(room, start - 5 * MINUTE)
    # The hour is over; the ten minutes are not.
    await room.lands("report done expired=1")
    await remembered(room, "remember one-10", "a")
    assert room.copies("remember one-60") == {}


@pytest.mark.parametrize("leap", [timedelta(hours=-48), timedelta(hours=48)])
async def test_a_clock_that_leaps_and_comes_back_repeats_and_misses_nothing(
    room: Newsroom, leap: timedelta
) -> None:
    people = await room.meets("a")
    start = await holds(room, "one", 60 * 100, *people)
    room.opens()
    leaps_to(room, start - HOUR)
    await remembered(room, "remember one-60", "a")
    room.hurry.leap += leap if leap < timedelta(0) else -leap
    await room.passes(3)
    room.hurry.leap -= leap if leap < timedelta(0) else -leap
    for minutes in (10, 0):
        leaps_to(room, start - minutes * MINUTE)
        await remembered(room, f"remember one-{minutes}", "a")
    assert room.copies("remember one-60") == {"a": 1}


async def test_a_webinar_that_moves_while_reminders_go_out_reminds_nobody_twice(
    slow_room: Newsroom,
) -> None:
    room = slow_room
    names = [f"p{n}" for n in range(40)]
    people = await room.meets(*names)
    start = await holds(room, "one", 120, *people)
    room.opens()
    leaps_to(room, start - HOUR)
    await room.platform.hears(10)
    later = start + DAY
    notice = await room.announces(
        "moved",
        kind=Kind.NOTICE,
        rule=Rule("registered", "one"),
        webinar="one",
        change={"starts_at": int(later.timestamp() * 1000)},
    )
    done = await room.comes_to(notice, Phase.DONE)
    assert done.counts is not None
    assert done.counts.by_state == {"sent": 40}
    before = room.copies("remember one-60")
    assert len(before) < 40
    room.platform.taken.clear()
    leaps_to(room, later - HOUR)
    await remembered(room, "remember one-60", *names)


async def test_with_the_network_away_nobody_is_reminded_late(room: Newsroom) -> None:
    people = await room.meets("a", "b")
    await room.has_owner()
    start = await holds(room, "one", 120, *people)
    room.platform.weather = Unreachable
    room.opens()
    leaps_to(room, start - HOUR)
    await room.platform.hears(2)
    for hours in (2, 4, 30):
        leaps_to(room, start + hours * HOUR)
        await room.passes(2)
    room.platform.weather = lambda: None

    # The hour, the ten minutes and the start, each for two people.
    async def reported() -> bool:
        told = [h.text for h in room.platform.taken if h.account == "owner"]
        return told.count("report done expired=2") == 3

    await room.until(reported)
    assert [h for h in room.platform.taken if h.text.startswith("remember")] == []


async def test_dying_at_the_moment_of_a_reminder_repeats_nothing_that_was_settled(
    slow_room: Newsroom,
) -> None:
    room = slow_room
    names = [f"p{n}" for n in range(30)]
    people = await room.meets(*names)
    start = await holds(room, "one", 120, *people)
    room.opens()
    leaps_to(room, start - HOUR)
    for n in (3, 9, 16, 22):
        await room.platform.hears(n)
        await room.dies()
    await room.until(lambda: nothing_open(room))
    copies = room.copies("remember one-60")
    assert set(copies) == set(names)
    assert max(copies.values()) <= 2


async def test_whoever_switched_reminders_off_in_the_middle_gets_none(
    slow_room: Newsroom,
) -> None:
    room = slow_room
    names = [f"p{n}" for n in range(30)]
    people = await room.meets(*names)
    start = await holds(room, "one", 120, *people)
    room.opens()
    leaps_to(room, start - HOUR)
    await room.platform.hears(5)
    async with room.storage.transaction() as tx:
        for person in people:
            off = "UPDATE people SET reminders = 0 WHERE id = :id"
            await tx.desk.connection.run(off, {"id": person})
    await room.until(lambda: nothing_open(room))
    assert len(room.copies("remember one-60")) < 15
