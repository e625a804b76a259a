"""How many people may be written to first within a day."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from channels import Closed
from dialogue.words import Filled, Lane, Message
from storage import Storage
from storage.broadcasting.broadcasts import Phase
from tests.delivery.hurry import NOON
from tests.delivery.newsroom import Leaping, Newsroom
from tests.delivery.test_reminders import holds, leaps_to
from tests.delivery.windows import LIMITS, WAIT, WindowedPlatform

REACH = 5
LONG_AGO = timedelta(days=3)


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Newsroom]:
    """An office on a number that may write to five people first within a day."""
    hurry = Leaping(20)
    platform = WindowedPlatform(hurry, replace(LIMITS, first_messages_per_day=REACH))
    url = f"sqlite:///{tmp_path}/data/tadamun.db"
    keyring = tmp_path / "keys" / "keyring.json"
    async with await Storage.open(url, keyring, "m" * 43, hurry.now) as storage:
        room = Newsroom(storage, hurry, platform)
        yield room
        await room.closes()


async def people(room: Newsroom, *names: str, ago: timedelta = LONG_AGO) -> list[int]:
    """Their addresses; they wrote to us so long ago."""
    assert isinstance(room.platform, WindowedPlatform)
    return [(await room.platform.writes(room.storage, name, ago)).id for name in names]


def reached(room: Newsroom) -> list[str]:
    """Whom the platform has taken something for, in order."""
    return [heard.account for heard in room.platform.taken]


async def takes(room: Newsroom, count: int) -> None:
    """Returns when the platform has taken so many."""

    async def there() -> bool:
        return len(room.platform.taken) >= count

    await room.until(there)


async def a_day_passes(room: Newsroom) -> None:
    room.hurry.leap += timedelta(hours=24, minutes=1)
    room.office.look()


async def test_a_broadcast_beyond_the_reach_is_spread_over_days(small: Newsroom) -> None:
    names = [f"p{n}" for n in range(12)]
    await people(small, *names)
    broadcast = await small.announces()
    small.opens()
    for so_far in (5, 10, 12):
        await takes(small, so_far)
        await small.passes(10.0)
        assert len(small.platform.heard) == so_far
        await a_day_passes(small)
    assert sorted(reached(small)) == sorted(names)
    assert (await small.comes_to(broadcast, Phase.DONE)).phase is Phase.DONE


async def test_whoever_has_just_written_costs_nothing_of_it(small: Newsroom) -> None:
    await people(small, *[f"p{n}" for n in range(8)])
    await people(small, *[f"open{n}" for n in range(8)], ago=timedelta(0))
    await small.announces()
    small.opens()
    await takes(small, 8 + REACH)
    await small.passes(10.0)
    assert len(reached(small)) == 8 + REACH
    assert sum(name.startswith("open") for name in reached(small)) == 8


async def test_whoever_was_written_to_today_costs_nothing_more(small: Newsroom) -> None:
    await people(small, *[f"p{n}" for n in range(REACH)])
    for number, text in enumerate(("one", "two", "three"), start=1):
        await small.announces(text)
        if number == 1:
            small.opens()
        await takes(small, number * REACH)
    assert set(reached(small)) == {f"p{n}" for n in range(REACH)}


async def test_a_new_process_knows_whom_the_old_one_reached(small: Newsroom) -> None:
    await people(small, *[f"p{n}" for n in range(8)])
    await small.announces()
    small.opens()
    await takes(small, REACH)
    await small.dies()
    await small.passes(2 * WAIT)
    assert len(small.platform.heard) == REACH
    await a_day_passes(small)
    await takes(small, 8)


async def test_a_message_to_one_person_waits_for_its_turn_too(small: Newsroom) -> None:
    first = await people(small, *[f"p{n}" for n in range(REACH)])
    await small.announces()
    small.opens()
    await takes(small, REACH)
    (late,) = await people(small, "late")
    for address in (first[0], late):
        await small.tells(
            address, Message("moved", template=Filled("notice", ("x",))), Lane.REMINDER
        )
    await takes(small, REACH + 1)
    await small.passes(10.0)
    assert reached(small)[REACH:] == ["p0"]
    await a_day_passes(small)
    await takes(small, REACH + 2)
    assert reached(small)[-1] == "late"


async def test_announcements_leave_as_many_places_as_reminders_need_within_a_day(
    small: Newsroom,
) -> None:
    registered = list[int]()
    await people(small, "r0", "r1")
    async with small.storage.transaction() as tx:
        for name in ("r0", "r1"):
            address = await tx.people.find("windowed", name)
            assert address is not None
            registered.append(address.person)
        for person in registered:
            found = await tx.people.get(person)
            assert found is not None
            await tx.people.update(replace(found, announcements=False), small.hurry.now())
    await people(small, *[f"p{n}" for n in range(8)])
    await holds(small, "one", 5 * 60, *registered)
    await small.announces()
    small.opens()
    await takes(small, REACH - 2)
    await small.passes(10.0)
    assert all(name.startswith("p") for name in reached(small))
    assert len(small.platform.heard) == REACH - 2
    leaps_to(small, NOON + timedelta(hours=4, seconds=1))
    small.office.look()
    await takes(small, REACH)
    assert sorted(reached(small)[-2:]) == ["r0", "r1"]


async def test_a_template_that_replaced_words_under_way_counts(small: Newsroom) -> None:
    (leyla,) = await people(small, "leyla", ago=timedelta(0))
    small.platform.will("leyla", Closed())
    await small.announces()
    small.opens()
    await takes(small, 1)
    since = small.hurry.now() - timedelta(hours=1)

    async def counted() -> bool:
        async with small.storage.reading() as tx:
            return await tx.reach.has(leyla, since)

    await small.until(counted)
