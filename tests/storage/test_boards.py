"""Ways to the board: links that work once, and sessions that last as long as the role."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from storage import Storage
from storage.community.boards import IDLE, LASTING, LONGEST, Place, Seat
from storage.roles import Role
from tests.storage.community import welcome
from tests.storage.conftest import Clock
from tests.storage.needles import on_disk

TICK = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)
WEBINAR = "corona-1"


async def on_the_staff(
    storage: Storage, clock: Clock, role: Role = Role.MODERATOR, account: str = "77001"
) -> int:
    """The id of somebody whose powers have begun."""
    person = (await welcome(storage, account, clock.now)).person.id
    async with storage.transaction() as tx:
        invitation = await tx.staff.invite(role, None, clock.now)
        await tx.staff.redeem(invitation.token, person, clock.now)
        await tx.staff.activate(person)
    return person


async def linked(storage: Storage, person: int, clock: Clock, seat: Seat = Seat.DESK) -> str:
    async with storage.transaction() as tx:
        return await tx.boards.link(person, seat, WEBINAR, clock.now)


async def opened(storage: Storage, token: str, clock: Clock) -> str | None:
    async with storage.transaction() as tx:
        found = await tx.boards.open(token, clock.now)
        assert found is None or found.webinar == WEBINAR
        return found and await tx.boards.begin(found, clock.now)


async def session(
    storage: Storage, person: int, clock: Clock, seat: Seat = Seat.DESK
) -> tuple[str, str]:
    """The secret and the key of a session that has just begun."""
    secret = await opened(storage, await linked(storage, person, clock, seat), clock)
    assert secret is not None
    found = await placed(storage, secret, clock)
    assert found is not None
    return secret, found.key


async def placed(storage: Storage, secret: str, clock: Clock) -> Place | None:
    async with storage.reading() as tx:
        return await tx.boards.place(secret, clock.now)


async def test_a_link_opens_a_session_once(storage: Storage, clock: Clock) -> None:
    person = await on_the_staff(storage, clock)
    token = await linked(storage, person, clock)
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", token)
    secret = await opened(storage, token, clock)
    assert secret is not None
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", secret)
    place = await placed(storage, secret, clock)
    assert place is not None
    assert place == Place(place.key, person, Role.MODERATOR, Seat.DESK, WEBINAR, "ar")
    assert await opened(storage, token, clock) is None


async def test_a_link_is_good_for_a_quarter_of_an_hour(storage: Storage, clock: Clock) -> None:
    person = await on_the_staff(storage, clock)
    token = await linked(storage, person, clock)
    clock.forward(LASTING)
    assert await opened(storage, token, clock) is None
    token = await linked(storage, person, clock)
    clock.forward(LASTING - TICK)
    assert await opened(storage, token, clock) is not None


async def test_a_new_link_to_the_same_seat_makes_the_older_one_void(
    storage: Storage, clock: Clock
) -> None:
    person = await on_the_staff(storage, clock)
    older, stage = (
        await linked(storage, person, clock),
        await linked(storage, person, clock, Seat.STAGE),
    )
    newer = await linked(storage, person, clock)
    assert await opened(storage, older, clock) is None
    assert await opened(storage, newer, clock) is not None
    assert await opened(storage, stage, clock) is not None


async def test_nobody_but_the_staff_gets_in(storage: Storage, clock: Clock) -> None:
    guest = (await welcome(storage, "77009", clock.now)).person.id
    assert await opened(storage, await linked(storage, guest, clock), clock) is None
    assert await placed(storage, "A" * 43, clock) is None


async def test_a_session_that_nobody_uses_ends(storage: Storage, clock: Clock) -> None:
    secret, key = await session(storage, await on_the_staff(storage, clock), clock)
    clock.forward(IDLE - TICK)
    assert await placed(storage, secret, clock) is not None
    async with storage.transaction() as tx:
        await tx.boards.touch(key, clock.now)
    clock.forward(IDLE - TICK)
    assert await placed(storage, secret, clock) is not None
    clock.forward(TICK)
    assert await placed(storage, secret, clock) is None


async def test_no_session_lasts_longer_than_eight_hours(storage: Storage, clock: Clock) -> None:
    secret, key = await session(storage, await on_the_staff(storage, clock), clock)
    began = clock.now
    while clock.now < began + LONGEST - 10 * MINUTE:
        clock.forward(10 * MINUTE)
        async with storage.transaction() as tx:
            await tx.boards.touch(key, clock.now)
    clock.forward(10 * MINUTE - TICK)
    assert await placed(storage, secret, clock) is not None
    clock.forward(TICK)
    assert await placed(storage, secret, clock) is None


async def test_a_screen_beside_the_desk_has_a_session_of_its_own(
    storage: Storage, clock: Clock
) -> None:
    person = await on_the_staff(storage, clock)
    secret, key = await session(storage, person, clock)
    place = await placed(storage, secret, clock)
    assert place is not None
    async with storage.transaction() as tx:
        screen = await tx.boards.beside(place, clock.now)
        await tx.boards.close(key)
    assert screen is not None
    beside = await placed(storage, screen, clock)
    assert beside is not None
    assert beside.seat is Seat.STAGE
    async with storage.transaction() as tx:
        await tx.staff.revoke(person)
    assert await placed(storage, screen, clock) is None
    async with storage.transaction() as tx:
        assert await tx.boards.beside(place, clock.now) is None


@pytest.mark.parametrize("end", ["revoked", "another role", "closed", "forgotten"])
async def test_a_session_ends_with_what_it_stands_on(
    storage: Storage, clock: Clock, end: str
) -> None:
    person = await on_the_staff(storage, clock)
    secret, key = await session(storage, person, clock)
    other = await on_the_staff(storage, clock, Role.SPEAKER, "77002")
    others, theirs = await session(storage, other, clock, Seat.STAGE)
    async with storage.transaction() as tx:
        match end:
            case "closed":
                await tx.boards.close(key)
            case "forgotten":
                await tx.people.forget(person)
            case _:
                await tx.staff.revoke(person)
    if end == "another role":
        async with storage.transaction() as tx:
            invitation = await tx.staff.invite(Role.INTERPRETER, None, clock.now)
            await tx.staff.redeem(invitation.token, person, clock.now)
            await tx.staff.activate(person)
    assert await placed(storage, secret, clock) is None
    assert await placed(storage, others, clock) is not None
    async with storage.reading() as tx:
        assert await tx.boards.standing([key, theirs], clock.now) == {theirs}


async def test_whoever_becomes_one_with_another_chat_of_theirs_keeps_the_board(
    storage: Storage, clock: Clock
) -> None:
    person = await on_the_staff(storage, clock)
    secret, _ = await session(storage, person, clock)
    token = await linked(storage, person, clock, Seat.STAGE)
    kept = (await welcome(storage, "77003", clock.now)).person.id
    async with storage.transaction() as tx:
        assert await tx.people.join(kept, person, clock.now) is not None
    place = await placed(storage, secret, clock)
    assert place is not None
    assert place.person == kept
    assert await opened(storage, token, clock) is not None
    async with storage.transaction() as tx:
        await tx.staff.revoke(kept)
    assert await placed(storage, secret, clock) is None


async def test_a_link_ends_with_the_role_that_it_was_made_for(
    storage: Storage, clock: Clock
) -> None:
    person = await on_the_staff(storage, clock)
    token = await linked(storage, person, clock)
    async with storage.transaction() as tx:
        await tx.staff.revoke(person)
    assert await opened(storage, token, clock) is None


async def test_neither_links_nor_sessions_can_be_read_on_the_disk(
    sqlite: Storage, sqlite_file: Path, clock: Clock
) -> None:
    person = await on_the_staff(sqlite, clock)
    token = await linked(sqlite, person, clock, Seat.STAGE)
    secret, _ = await session(sqlite, person, clock)
    content = on_disk(sqlite_file)
    assert token.encode() not in content
    assert secret.encode() not in content


async def test_what_is_over_is_swept(sqlite: Storage, sqlite_file: Path, clock: Clock) -> None:
    person = await on_the_staff(sqlite, clock)
    await linked(sqlite, person, clock, Seat.STAGE)
    await session(sqlite, person, clock)
    left: list[tuple[int, int]] = []
    for age in (IDLE - TICK, IDLE):
        await sqlite.sweep(clock.now + age)
        with closing(sqlite3.connect(sqlite_file)) as database:
            counts = (
                "SELECT (SELECT COUNT(*) FROM board_links), (SELECT COUNT(*) FROM board_sessions)"
            )
            left += database.execute(counts).fetchall()
    assert left == [(1, 1), (0, 0)]
