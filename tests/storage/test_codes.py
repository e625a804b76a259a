"""Codes of an authenticator app: what they are worth, once, and for whom."""

from __future__ import annotations

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from storage import Storage
from storage.community.boards import Seat
from storage.community.codes import TRIED, TRIES, Verdict
from storage.ids import Randomness
from storage.roles import Role
from tests.codes import STEP, code_at, wrong_code
from tests.storage.community import welcome
from tests.storage.conftest import Clock
from tests.storage.needles import on_disk
from tests.storage.test_boards import linked, on_the_staff, opened, placed, session

TICK = timedelta(milliseconds=1)
# https://www.rfc-editor.org/rfc/rfc6238#appendix-B, the last six of their eight digits.
VECTORS = (
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
)
OF_THE_VECTORS = base64.b32encode(b"12345678901234567890").decode("ascii")


@pytest.fixture
def randomness() -> Randomness:
    """The same each time: of two secrets, or two steps, one code in a million is alike."""
    return Random(1).randbytes


async def set_up(storage: Storage, person: int, clock: Clock) -> str:
    """The secret that is this person's from now on; the code of this moment is used up."""
    async with storage.transaction() as tx:
        secret = tx.codes.drawn()
        typed = code_at(secret, clock.now)
        assert await tx.codes.set_up(person, secret, typed, clock.now) is Verdict.RIGHT
    clock.forward(2 * STEP)
    return secret


async def checked(storage: Storage, person: int, typed: str, clock: Clock) -> Verdict:
    async with storage.transaction() as tx:
        return await tx.codes.check(person, typed, clock.now)


async def missed(storage: Storage, person: int, secret: str, clock: Clock, times: int) -> None:
    for _ in range(times):
        wrong = wrong_code(secret, clock.now)
        assert await checked(storage, person, wrong, clock) is Verdict.WRONG


async def has_one(storage: Storage, person: int) -> bool:
    async with storage.reading() as tx:
        return await tx.codes.has(person)


async def test_the_codes_are_those_of_the_standard(storage: Storage, clock: Clock) -> None:
    person = await on_the_staff(storage, clock)
    (first, typed), *others = VECTORS
    at = datetime.fromtimestamp(first, UTC)
    async with storage.transaction() as tx:
        assert await tx.codes.set_up(person, OF_THE_VECTORS, typed, at) is Verdict.RIGHT
    for seconds, code in others:
        clock.now = datetime.fromtimestamp(seconds, UTC)
        assert await checked(storage, person, code, clock) is Verdict.RIGHT, seconds


async def test_who_has_set_nothing_up_is_told_apart(storage: Storage, clock: Clock) -> None:
    person = await on_the_staff(storage, clock)
    assert await checked(storage, person, "123456", clock) is Verdict.NONE
    assert not await has_one(storage, person)


async def test_only_a_right_code_makes_a_secret_theirs(storage: Storage, clock: Clock) -> None:
    person = await on_the_staff(storage, clock)
    async with storage.transaction() as tx:
        secret = tx.codes.drawn()
        wrong = wrong_code(secret, clock.now)
        assert await tx.codes.set_up(person, secret, wrong, clock.now) is Verdict.WRONG
    assert not await has_one(storage, person)
    async with storage.transaction() as tx:
        typed = code_at(secret, clock.now)
        assert await tx.codes.set_up(person, secret, typed, clock.now) is Verdict.RIGHT
    assert await has_one(storage, person)


async def test_a_secret_that_is_there_is_not_set_up_anew(storage: Storage, clock: Clock) -> None:
    person = await on_the_staff(storage, clock)
    secret = await set_up(storage, person, clock)
    async with storage.transaction() as tx:
        other = tx.codes.drawn()
        typed = code_at(other, clock.now)
        assert await tx.codes.set_up(person, other, typed, clock.now) is Verdict.WRONG
    assert await checked(storage, person, code_at(secret, clock.now), clock) is Verdict.RIGHT


async def test_the_code_that_set_it_up_counts_no_more(storage: Storage, clock: Clock) -> None:
    person = await on_the_staff(storage, clock)
    secret = await set_up(storage, person, clock)
    clock.now -= 2 * STEP
    assert await checked(storage, person, code_at(secret, clock.now), clock) is Verdict.WRONG


async def test_a_code_counts_once(storage: Storage, clock: Clock) -> None:
    person = await on_the_staff(storage, clock)
    secret = await set_up(storage, person, clock)
    typed = code_at(secret, clock.now)
    assert await checked(storage, person, typed, clock) is Verdict.RIGHT
    assert await checked(storage, person, typed, clock) is Verdict.WRONG
    clock.forward(STEP)
    assert await checked(storage, person, typed, clock) is Verdict.WRONG
    assert await checked(storage, person, code_at(secret, clock.now), clock) is Verdict.RIGHT


async def test_of_many_who_send_the_same_code_at_once_one_is_right(
    storage: Storage, clock: Clock
) -> None:
    person = await on_the_staff(storage, clock)
    secret = await set_up(storage, person, clock)
    typed = code_at(secret, clock.now)
    found = await asyncio.gather(*(checked(storage, person, typed, clock) for _ in range(5)))
    assert sorted(found) == [Verdict.RIGHT, *[Verdict.WRONG] * 4]


@pytest.mark.parametrize(
    ("steps", "verdict"),
    [(-2, Verdict.WRONG), (-1, Verdict.RIGHT), (1, Verdict.RIGHT), (2, Verdict.WRONG)],
)
async def test_a_clock_may_be_one_step_off(
    storage: Storage, clock: Clock, steps: int, verdict: Verdict
) -> None:
    person = await on_the_staff(storage, clock)
    secret = await set_up(storage, person, clock)
    clock.forward(STEP)
    typed = code_at(secret, clock.now + steps * STEP)
    assert await checked(storage, person, typed, clock) is verdict


@pytest.mark.parametrize(
    "written",
    ["{}", " {} ", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}", "\u200f{}\u200e", "\u2067{}\u2069"],
)
@pytest.mark.parametrize("digits", ["0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹"])
async def test_digits_of_any_script_are_taken_with_spaces_or_without(
    sqlite: Storage, clock: Clock, digits: str, written: str
) -> None:
    person = await on_the_staff(sqlite, clock)
    secret = await set_up(sqlite, person, clock)
    shown = code_at(secret, clock.now).translate(str.maketrans("0123456789", digits))
    assert await checked(sqlite, person, written.format(shown), clock) is Verdict.RIGHT


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "½23456", "hello", "1" * 9000])
async def test_what_cannot_be_a_code_is_wrong_and_no_try(
    sqlite: Storage, clock: Clock, typed: str
) -> None:
    person = await on_the_staff(sqlite, clock)
    secret = await set_up(sqlite, person, clock)
    for _ in range(TRIES + 1):
        assert await checked(sqlite, person, typed, clock) is Verdict.WRONG
    assert await checked(sqlite, person, code_at(secret, clock.now), clock) is Verdict.RIGHT


async def test_after_five_wrong_ones_none_is_looked_at_for_a_quarter_of_an_hour(
    storage: Storage, clock: Clock
) -> None:
    person, other = [await on_the_staff(storage, clock, account=each) for each in ("1", "2")]
    secret, theirs = [await set_up(storage, each, clock) for each in (person, other)]
    first = clock.now
    await missed(storage, person, secret, clock, TRIES)
    clock.forward(TRIED - TICK)
    for typed in (wrong_code(secret, clock.now), code_at(secret, clock.now)):
        assert await checked(storage, person, typed, clock) is Verdict.WAIT
    async with storage.reading() as tx:
        assert await tx.codes.waits_until(person, clock.now) == first + TRIED
        assert await tx.codes.waits_until(other, clock.now) is None
    assert await checked(storage, other, code_at(theirs, clock.now), clock) is Verdict.RIGHT
    clock.forward(TICK)
    # What was typed meanwhile was not used up, nor did it make the wait any longer.
    assert await checked(storage, person, code_at(secret, clock.now), clock) is Verdict.RIGHT


async def test_the_wait_counts_from_the_first_of_five(storage: Storage, clock: Clock) -> None:
    person = await on_the_staff(storage, clock)
    secret = await set_up(storage, person, clock)
    first = clock.now
    for _ in range(TRIES):
        await missed(storage, person, secret, clock, 1)
        clock.forward(timedelta(minutes=2))
    async with storage.reading() as tx:
        assert await tx.codes.waits_until(person, clock.now) == first + TRIED
    clock.now = first + TRIED
    await missed(storage, person, secret, clock, 1)
    assert await checked(storage, person, code_at(secret, clock.now), clock) is Verdict.WAIT


async def test_guessing_at_what_is_being_set_up_is_limited_too(
    storage: Storage, clock: Clock
) -> None:
    person = await on_the_staff(storage, clock)
    for verdict in (*[Verdict.WRONG] * TRIES, Verdict.WAIT):
        async with storage.transaction() as tx:
            secret = tx.codes.drawn()
            wrong = wrong_code(secret, clock.now)
            assert await tx.codes.set_up(person, secret, wrong, clock.now) is verdict


async def test_a_code_goes_with_the_role(storage: Storage, clock: Clock) -> None:
    person = await on_the_staff(storage, clock)
    await set_up(storage, person, clock)
    async with storage.transaction() as tx:
        assert await tx.codes.holders() == {person}
        await tx.staff.revoke(person)
        assert await tx.codes.holders() == set()


async def test_a_code_goes_with_the_person(storage: Storage, clock: Clock) -> None:
    person = await on_the_staff(storage, clock)
    secret = await set_up(storage, person, clock)
    await missed(storage, person, secret, clock, 1)
    async with storage.transaction() as tx:
        await tx.people.forget(person)
        for table in ("codes", "code_tries", "board_doors"):
            assert await tx.desk.connection.fetch(f"SELECT person FROM {table}") == []  # noqa: S608


async def test_a_reset_has_it_set_up_anew_and_closes_what_is_open(
    storage: Storage, clock: Clock
) -> None:
    person = await on_the_staff(storage, clock)
    secret = await set_up(storage, person, clock)
    await missed(storage, person, secret, clock, TRIES)
    desk, _ = await session(storage, person, clock)
    link = await linked(storage, person, clock, Seat.STAGE)
    async with storage.transaction() as tx:
        assert await tx.codes.reset(person)
        assert not await tx.codes.reset(person)
    assert await checked(storage, person, code_at(secret, clock.now), clock) is Verdict.NONE
    assert await placed(storage, desk, clock) is None
    assert await opened(storage, link, clock) is None
    anew = await set_up(storage, person, clock)
    assert await checked(storage, person, code_at(anew, clock.now), clock) is Verdict.RIGHT


async def test_it_stays_theirs_who_become_one_with_another_chat(
    storage: Storage, clock: Clock
) -> None:
    person = await on_the_staff(storage, clock)
    secret = await set_up(storage, person, clock)
    used = code_at(secret, clock.now)
    assert await checked(storage, person, used, clock) is Verdict.RIGHT
    await missed(storage, person, secret, clock, TRIES - 2)
    kept = (await welcome(storage, "77003", clock.now)).person.id
    async with storage.transaction() as tx:
        assert await tx.people.join(kept, person, clock.now) is not None
        assert await tx.codes.holders() == {kept}
    assert await checked(storage, kept, used, clock) is Verdict.WRONG
    clock.forward(STEP)
    assert await checked(storage, kept, code_at(secret, clock.now), clock) is Verdict.RIGHT
    # What was mistyped before counts as well.
    await missed(storage, kept, secret, clock, 1)
    assert await checked(storage, kept, code_at(secret, clock.now), clock) is Verdict.WAIT


@pytest.mark.parametrize("higher_is_kept", [True, False])
async def test_of_two_codes_the_one_stays_whose_role_does(
    storage: Storage, clock: Clock, higher_is_kept: bool
) -> None:
    owner = await on_the_staff(storage, clock, Role.OWNER, "1")
    interpreter = await on_the_staff(storage, clock, Role.INTERPRETER, "2")
    secret, other = [await set_up(storage, each, clock) for each in (owner, interpreter)]
    kept, gone = (owner, interpreter) if higher_is_kept else (interpreter, owner)
    async with storage.transaction() as tx:
        assert await tx.people.join(kept, gone, clock.now) is not None
        assert await tx.codes.holders() == {kept}
    assert await checked(storage, kept, code_at(other, clock.now), clock) is Verdict.WRONG
    assert await checked(storage, kept, code_at(secret, clock.now), clock) is Verdict.RIGHT


async def test_a_lesser_roles_code_does_not_open_what_the_higher_one_had_none_for(
    storage: Storage, clock: Clock
) -> None:
    owner = await on_the_staff(storage, clock, Role.OWNER, "1")
    interpreter = await on_the_staff(storage, clock, Role.INTERPRETER, "2")
    await set_up(storage, interpreter, clock)
    async with storage.transaction() as tx:
        assert await tx.people.join(interpreter, owner, clock.now) is not None
        assert await tx.codes.holders() == set()


async def spoilt(storage: Storage, person: int, clock: Clock) -> str:
    """The secret of somebody of which the disk has kept nothing that can be read."""
    secret = await set_up(storage, person, clock)
    async with storage.transaction() as tx:
        values = {"person": person, "secret": bytes(64)}
        spoils = "UPDATE codes SET secret = :secret WHERE person = :person"
        await tx.desk.connection.run(spoils, values)
    return secret


async def test_nothing_fits_a_secret_that_the_disk_has_spoilt_until_it_is_reset(
    storage: Storage, clock: Clock
) -> None:
    person = await on_the_staff(storage, clock)
    secret = await spoilt(storage, person, clock)
    assert await checked(storage, person, code_at(secret, clock.now), clock) is Verdict.WRONG
    async with storage.transaction() as tx:
        assert await tx.codes.reset(person)
    await set_up(storage, person, clock)


async def test_a_spoilt_secret_keeps_nobody_from_becoming_one_with_another_chat(
    storage: Storage, clock: Clock
) -> None:
    person = await on_the_staff(storage, clock)
    await spoilt(storage, person, clock)
    other = (await welcome(storage, "77002", clock.now)).person.id
    async with storage.transaction() as tx:
        assert await tx.people.join(other, person, clock.now) is not None
    assert not await has_one(storage, other)


async def test_no_secret_can_be_read_on_the_disk(
    sqlite: Storage, sqlite_file: Path, clock: Clock
) -> None:
    secret = await set_up(sqlite, await on_the_staff(sqlite, clock), clock)
    content = on_disk(sqlite_file)
    assert secret.encode() not in content
    assert base64.b32decode(secret) not in content


async def test_what_was_mistyped_is_swept_once_it_counts_no_more(
    storage: Storage, clock: Clock
) -> None:
    person = await on_the_staff(storage, clock)
    secret = await set_up(storage, person, clock)
    await missed(storage, person, secret, clock, 2)
    left: list[int] = []
    for age in (TRIED - TICK, TRIED):
        await storage.sweep(clock.now + age)
        async with storage.reading() as tx:
            left += (await tx.desk.connection.fetch("SELECT COUNT(*) FROM code_tries"))[0]
    assert left == [2, 0]
