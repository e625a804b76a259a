"""Where whoever has used a link up is asked for a code."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from storage import Storage
from storage.community.boards import Passage, Seat
from storage.community.codes import TRIES, Verdict
from storage.community.doors import LASTING, Door
from storage.ids import Randomness
from storage.roles import Role
from tests.codes import STEP, code_at, wrong_code
from tests.storage.community import welcome
from tests.storage.conftest import Clock
from tests.storage.needles import on_disk
from tests.storage.test_boards import WEBINAR, linked, on_the_staff, placed

TICK = timedelta(milliseconds=1)


@pytest.fixture
def randomness() -> Randomness:
    """The same each time: of two secrets, or two steps, one code in a million is alike."""
    return Random(1).randbytes


async def at_the_door(storage: Storage, person: int, clock: Clock) -> str:
    """What the browser holds of whoever has just used a link up."""
    token = await linked(storage, person, clock)
    async with storage.transaction() as tx:
        passage = await tx.boards.open(token, clock.now)
        assert passage is not None
        held = await tx.doors.begin(passage, clock.now)
    assert held is not None
    return held


async def found(storage: Storage, held: str, clock: Clock) -> Door | None:
    async with storage.reading() as tx:
        return await tx.doors.find(held, clock.now)


async def entered(
    storage: Storage, held: str, typed: str, clock: Clock
) -> tuple[Verdict, str | None]:
    async with storage.transaction() as tx:
        return await tx.doors.enter(held, typed, clock.now)


async def secret_of(storage: Storage, held: str, clock: Clock) -> str:
    """What is shown at this door to set a code up."""
    door = await found(storage, held, clock)
    assert door is not None
    assert door.secret is not None
    return door.secret


async def settled(storage: Storage, person: int, clock: Clock) -> str:
    """The secret of somebody who has set their code up at a door."""
    held = await at_the_door(storage, person, clock)
    secret = await secret_of(storage, held, clock)
    verdict, _ = await entered(storage, held, code_at(secret, clock.now), clock)
    assert verdict is Verdict.RIGHT
    clock.forward(STEP)
    return secret


async def test_the_first_time_a_code_is_set_up_and_opens_the_seat(
    storage: Storage, clock: Clock
) -> None:
    person = await on_the_staff(storage, clock)
    held = await at_the_door(storage, person, clock)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", held)
    door = await found(storage, held, clock)
    assert door is not None
    assert door.passage == Passage(person, Role.MODERATOR, Seat.DESK, WEBINAR)
    assert door.language == "ar"
    secret = await secret_of(storage, held, clock)
    assert re.fullmatch(r"[A-Z2-7]{32}", secret)
    verdict, session = await entered(storage, held, code_at(secret, clock.now), clock)
    assert (verdict, session is not None) == (Verdict.RIGHT, True)
    place = await placed(storage, session or "", clock)
    assert place is not None
    assert (place.person, place.seat, place.webinar) == (person, Seat.DESK, WEBINAR)


async def test_the_next_time_nothing_is_shown_and_the_code_is_asked_for(
    storage: Storage, clock: Clock
) -> None:
    person = await on_the_staff(storage, clock)
    secret = await settled(storage, person, clock)
    held = await at_the_door(storage, person, clock)
    door = await found(storage, held, clock)
    assert door is not None
    assert door.secret is None
    assert await entered(storage, held, wrong_code(secret, clock.now), clock) == ("wrong", None)
    verdict, session = await entered(storage, held, code_at(secret, clock.now), clock)
    assert verdict is Verdict.RIGHT
    assert session is not None


async def test_what_is_held_at_a_door_is_no_session(storage: Storage, clock: Clock) -> None:
    held = await at_the_door(storage, await on_the_staff(storage, clock), clock)
    assert await placed(storage, held, clock) is None


async def test_a_door_is_there_for_a_quarter_of_an_hour(storage: Storage, clock: Clock) -> None:
    held = await at_the_door(storage, await on_the_staff(storage, clock), clock)
    secret = await secret_of(storage, held, clock)
    clock.forward(LASTING - TICK)
    assert await found(storage, held, clock) is not None
    clock.forward(TICK)
    assert await found(storage, held, clock) is None
    typed = code_at(secret, clock.now)
    assert await entered(storage, held, typed, clock) == (Verdict.NONE, None)


async def test_a_door_is_gone_once_it_was_gone_through(storage: Storage, clock: Clock) -> None:
    person = await on_the_staff(storage, clock)
    secret = await settled(storage, person, clock)
    held = await at_the_door(storage, person, clock)
    assert (await entered(storage, held, code_at(secret, clock.now), clock))[1] is not None
    clock.forward(STEP)
    typed = code_at(secret, clock.now)
    assert await entered(storage, held, typed, clock) == (Verdict.NONE, None)


async def test_of_ten_who_send_the_right_code_at_once_one_gets_in(
    storage: Storage, clock: Clock
) -> None:
    person, secret = await on_the_staff(storage, clock), ""
    for _ in range(2):  # To set it up, and then to use it.
        held = await at_the_door(storage, person, clock)
        door = await found(storage, held, clock)
        assert door is not None
        secret = door.secret or secret
        typed = code_at(secret, clock.now)
        all_of_them = await asyncio.gather(
            *(entered(storage, held, typed, clock) for _ in range(10))
        )
        assert len([session for _, session in all_of_them if session]) == 1
        assert sorted(verdict for verdict, _ in all_of_them) == ["none"] * 9 + ["right"]
        clock.forward(STEP)
    # Nothing of it counts as a wrong code.
    async with storage.reading() as tx:
        assert await tx.desk.connection.fetch("SELECT id FROM code_tries") == []


async def test_each_door_shows_another_secret_and_the_first_that_is_set_up_counts(
    storage: Storage, clock: Clock
) -> None:
    person = await on_the_staff(storage, clock)
    doors = [await at_the_door(storage, person, clock) for _ in range(2)]
    first, second = [await secret_of(storage, held, clock) for held in doors]
    assert first != second
    assert (await entered(storage, doors[0], code_at(first, clock.now), clock))[0] == "right"
    clock.forward(STEP)
    door = await found(storage, doors[1], clock)
    assert door is not None
    assert door.secret is None
    assert (await entered(storage, doors[1], code_at(second, clock.now), clock))[0] == "wrong"
    assert (await entered(storage, doors[1], code_at(first, clock.now), clock))[0] == "right"


async def test_a_door_ends_with_the_role(storage: Storage, clock: Clock) -> None:
    person = await on_the_staff(storage, clock)
    held = await at_the_door(storage, person, clock)
    secret = await secret_of(storage, held, clock)
    token = await linked(storage, person, clock)
    async with storage.transaction() as tx:
        passage = await tx.boards.open(token, clock.now)
        assert passage is not None
        await tx.staff.revoke(person)
        assert await tx.doors.begin(passage, clock.now) is None
    assert await found(storage, held, clock) is None
    typed = code_at(secret, clock.now)
    assert await entered(storage, held, typed, clock) == (Verdict.NONE, None)


async def test_a_door_that_was_open_before_a_reset_leads_nowhere(
    storage: Storage, clock: Clock
) -> None:
    person = await on_the_staff(storage, clock)
    secret = await settled(storage, person, clock)
    held = await at_the_door(storage, person, clock)
    async with storage.transaction() as tx:
        await tx.codes.reset(person)
    assert await found(storage, held, clock) is None
    assert (await entered(storage, held, code_at(secret, clock.now), clock))[1] is None


async def test_a_door_leads_nowhere_once_two_are_one(storage: Storage, clock: Clock) -> None:
    person = await on_the_staff(storage, clock)
    held = await at_the_door(storage, person, clock)
    kept = (await welcome(storage, "77003", clock.now)).person.id
    async with storage.transaction() as tx:
        assert await tx.people.join(kept, person, clock.now) is not None
    assert await found(storage, held, clock) is None


async def test_too_many_wrong_codes_at_one_door_count_at_the_next(
    storage: Storage, clock: Clock
) -> None:
    person = await on_the_staff(storage, clock)
    secret = await settled(storage, person, clock)
    held = await at_the_door(storage, person, clock)
    for _ in range(TRIES):
        wrong = wrong_code(secret, clock.now)
        assert await entered(storage, held, wrong, clock) == (Verdict.WRONG, None)
    for door in (held, await at_the_door(storage, person, clock)):
        typed = code_at(secret, clock.now)
        assert await entered(storage, door, typed, clock) == (Verdict.WAIT, None)


async def test_nothing_of_a_door_can_be_read_on_the_disk_and_it_is_swept(
    sqlite: Storage, sqlite_file: Path, clock: Clock
) -> None:
    held = await at_the_door(sqlite, await on_the_staff(sqlite, clock), clock)
    secret = await secret_of(sqlite, held, clock)
    content = on_disk(sqlite_file)
    assert held.encode() not in content
    assert secret.encode() not in content
    left: list[int] = []
    for age in (LASTING - TICK, LASTING):
        await sqlite.sweep(clock.now + age)
        async with sqlite.reading() as tx:
            left += (await tx.desk.connection.fetch("SELECT COUNT(*) FROM board_doors"))[0]
    assert left == [1, 0]
