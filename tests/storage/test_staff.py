"""The staff: invitations that work once, powers that begin with an owner's yes, and their end."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from storage import Storage
from storage.community.invites import LETTERS
from storage.community.staff import Ended, Invitation, Invite, Member, OpenInvite, Role
from storage.ids import Randomness
from tests.storage.community import welcome
from tests.storage.conftest import MASTER, Clock
from tests.storage.needles import on_disk

TICK = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
WRONG = "BCDFGHJKMN"


@pytest.fixture
def randomness() -> Randomness:
    """The same each time: the words of two invitations are alike one time in 262,144."""
    return Random(1).randbytes


async def invited(
    storage: Storage, clock: Clock, role: Role = Role.ORGANISER, made_by: int | None = None
) -> Invitation:
    async with storage.transaction() as tx:
        return await tx.staff.invite(role, made_by, clock.now)


async def looked(storage: Storage, secret: str, clock: Clock) -> Invite | None:
    async with storage.transaction() as tx:
        return await tx.staff.look(secret, clock.now)


async def redeemed(storage: Storage, secret: str, person: int, clock: Clock) -> Member | None:
    async with storage.transaction() as tx:
        return await tx.staff.redeem(secret, person, clock.now)


async def person(storage: Storage, account: str, clock: Clock) -> int:
    return (await welcome(storage, account, clock.now)).person.id


async def owner(storage: Storage, clock: Clock) -> int:
    """The id of the first owner, whose powers have begun."""
    id = await person(storage, "owner", clock)
    member = await redeemed(storage, (await invited(storage, clock, Role.OWNER)).token, id, clock)
    assert member is not None
    assert member.active
    return id


# --- invitations --------------------------------------------------------------------------------


async def test_an_invitation_has_a_link_of_192_bits_and_a_code_of_ten_letters(
    storage: Storage, clock: Clock
) -> None:
    many = [await invited(storage, clock) for _ in range(50)]
    for one in many:
        assert re.fullmatch(r"[A-Za-z0-9_-]{32}", one.token)
        assert re.fullmatch(f"[{LETTERS}]{{10}}", one.code)
        assert one.expires == clock.now + 15 * MINUTE
    assert len({one.token for one in many} | {one.code for one in many}) == 100
    assert {letter for one in many for letter in one.code} == set(LETTERS)


async def test_link_and_code_lead_to_the_same_and_looking_uses_nothing_up(
    storage: Storage, clock: Clock
) -> None:
    maker = await owner(storage, clock)
    one = await invited(storage, clock, Role.MODERATOR, maker)
    for secret in (one.token, one.code, one.token, f" {one.token}\n"):
        assert await looked(storage, secret, clock) == Invite(Role.MODERATOR, maker)


async def test_a_code_may_be_typed_as_people_type(storage: Storage, clock: Clock) -> None:
    one = await invited(storage, clock)
    first, second = one.code[:5], one.code[5:]
    for typed in (one.code.lower(), f"{first}-{second}", f"{first}–{second}", " ".join(one.code)):
        assert await looked(storage, typed, clock) == Invite(Role.ORGANISER, None)


async def test_the_case_of_a_link_counts(storage: Storage, clock: Clock) -> None:
    one = await invited(storage, clock)
    assert await looked(storage, one.token.swapcase(), clock) is None


async def test_an_invitation_ends_after_fifteen_minutes(storage: Storage, clock: Clock) -> None:
    one = await invited(storage, clock)
    clock.now = one.expires - TICK
    assert await looked(storage, one.code, clock) is not None
    clock.forward(TICK)
    assert await looked(storage, one.code, clock) is None
    assert await looked(storage, one.token, clock) is None
    assert await redeemed(storage, one.token, await person(storage, "1", clock), clock) is None


async def test_an_invitation_works_once_for_link_and_code_together(
    storage: Storage, clock: Clock
) -> None:
    one = await invited(storage, clock)
    first, second = await person(storage, "1", clock), await person(storage, "2", clock)
    assert await redeemed(storage, one.code, first, clock) is not None
    for secret in (one.code, one.token):
        assert await looked(storage, secret, clock) is None
        assert await redeemed(storage, secret, second, clock) is None
    async with storage.reading() as tx:
        assert [member.person for member in await tx.staff.members()] == [first]


@pytest.mark.parametrize("secret", ["", "?", "A" * 4096, "\ud83d", "م" * 10, "٣" * 10, "A\0B"])
async def test_whatever_is_typed_is_just_wrong(storage: Storage, clock: Clock, secret: str) -> None:
    await invited(storage, clock)
    assert await looked(storage, secret, clock) is None


async def test_after_ten_misses_in_an_hour_the_right_code_is_wrong_too(
    storage: Storage, clock: Clock
) -> None:
    for _ in range(10):
        assert await looked(storage, WRONG, clock) is None
        clock.forward(MINUTE)
    began = clock.now - 10 * MINUTE
    one = await invited(storage, clock)
    guest = await person(storage, "1", clock)
    assert await looked(storage, one.code, clock) is None
    assert await redeemed(storage, one.code, guest, clock) is None
    clock.now = began + HOUR - TICK
    another = await invited(storage, clock)
    assert await looked(storage, another.code, clock) is None
    clock.now = began + HOUR
    assert await looked(storage, another.code, clock) is not None


@pytest.mark.parametrize("wrong", [WRONG, "w" * 32], ids=["codes", "links"])
async def test_a_right_link_opens_while_codes_are_locked(
    storage: Storage, clock: Clock, wrong: str
) -> None:
    """A stranger who guesses on purpose keeps nobody out who was given a link."""
    one = await invited(storage, clock)
    for _ in range(12):
        assert await looked(storage, wrong, clock) is None
    assert await looked(storage, one.code, clock) is None
    assert await looked(storage, one.token, clock) == Invite(Role.ORGANISER, None)
    assert await looked(storage, one.code, clock) is None
    assert await redeemed(storage, one.token, await person(storage, "1", clock), clock) is not None
    assert await looked(storage, one.token, clock) is None


async def test_a_link_that_opens_while_codes_are_locked_unlocks_none(
    storage: Storage, clock: Clock
) -> None:
    one = await invited(storage, clock)
    for _ in range(10):
        await looked(storage, WRONG, clock)
    for _ in range(3):
        assert await looked(storage, one.token, clock) is not None
    assert await looked(storage, one.code, clock) is None


async def test_after_nine_misses_the_right_one_still_works_however_often_it_is_looked_at(
    storage: Storage, clock: Clock
) -> None:
    one = await invited(storage, clock)
    for _ in range(9):
        assert await looked(storage, WRONG, clock) is None
    for _ in range(20):
        assert await looked(storage, one.code, clock) is not None
    assert await redeemed(storage, one.code, await person(storage, "1", clock), clock) is not None


async def test_who_goes_on_guessing_does_not_lock_others_out_for_longer(
    storage: Storage, clock: Clock
) -> None:
    for _ in range(10):
        assert await looked(storage, WRONG, clock) is None
    clock.forward(HOUR - TICK)
    for _ in range(10):
        assert await looked(storage, WRONG, clock) is None
    clock.forward(TICK)
    one = await invited(storage, clock)
    assert await looked(storage, one.code, clock) is not None


async def test_guessing_at_a_redemption_counts_as_well(storage: Storage, clock: Clock) -> None:
    guest = await person(storage, "1", clock)
    for _ in range(10):
        assert await redeemed(storage, WRONG, guest, clock) is None
    one = await invited(storage, clock)
    assert await redeemed(storage, one.code, guest, clock) is None


async def test_the_misses_count_across_a_restart(
    url: str, storage: Storage, keyring: Path, clock: Clock
) -> None:
    for _ in range(10):
        assert await looked(storage, WRONG, clock) is None
    one = await invited(storage, clock)
    await storage.close()
    async with await Storage.open(url, keyring, MASTER, clock) as again:
        assert await looked(again, one.code, clock) is None


async def test_neither_link_nor_code_reaches_the_disk(
    sqlite: Storage, sqlite_file: Path, clock: Clock
) -> None:
    one = await invited(sqlite, clock)
    await looked(sqlite, WRONG, clock)
    content = on_disk(sqlite_file)
    for secret in (one.token, one.code, WRONG):
        assert secret.encode() not in content
    with closing(sqlite3.connect(sqlite_file)) as database:
        ((key, code_key),) = database.execute("SELECT key, code_key FROM invites").fetchall()
    assert len(key) == len(code_key) == 22


async def test_what_one_invited_others_to_can_be_listed_while_it_is_open(
    storage: Storage, clock: Clock
) -> None:
    maker = await owner(storage, clock)
    first = await invited(storage, clock, Role.SPEAKER, maker)
    clock.forward(MINUTE)
    second = await invited(storage, clock, Role.INTERPRETER, maker)
    await redeemed(storage, first.token, await person(storage, "1", clock), clock)
    async with storage.reading() as tx:
        assert await tx.staff.invited(maker) == [OpenInvite(Role.INTERPRETER, second.expires)]
        assert await tx.staff.invited(1) == []


# --- several at once ----------------------------------------------------------------------------


async def test_of_two_who_take_one_invitation_at_once_one_is_in(
    storage: Storage, clock: Clock
) -> None:
    one = await invited(storage, clock)
    ids = [await person(storage, account, clock) for account in "12"]
    secrets = (one.token, one.code)
    members = await asyncio.gather(
        *(redeemed(storage, secret, id, clock) for secret, id in zip(secrets, ids, strict=True))
    )
    assert sum(member is not None for member in members) == 1


async def test_of_two_first_owners_at_once_one_waits_for_the_other(
    storage: Storage, clock: Clock
) -> None:
    offers = [await invited(storage, clock, Role.OWNER) for _ in range(2)]
    ids = [await person(storage, account, clock) for account in "12"]
    members = await asyncio.gather(
        *(redeemed(storage, each.token, id, clock) for each, id in zip(offers, ids, strict=True))
    )
    assert sorted(member.active for member in members if member is not None) == [False, True]


async def test_ten_misses_are_ten_however_many_guess_at_once(
    storage: Storage, clock: Clock
) -> None:
    await asyncio.gather(*(looked(storage, WRONG, clock) for _ in range(25)))
    async with storage.reading() as tx:
        ((counted,),) = await tx.desk.connection.fetch("SELECT COUNT(*) FROM invite_tries")
    assert counted == 10


async def second_owner(storage: Storage, clock: Clock, account: str = "second") -> int:
    """The id of another owner, whose powers have begun."""
    id = await person(storage, account, clock)
    await redeemed(storage, (await invited(storage, clock, Role.OWNER)).token, id, clock)
    async with storage.transaction() as tx:
        assert await tx.staff.activate(id)
    return id


async def ended(
    storage: Storage, whose: int, by: int, together: asyncio.Barrier | None = None
) -> Ended:
    async with storage.transaction() as tx:
        # As a turn does, which has read the staff before it acts on it.
        assert await tx.staff.owners()
        if together is not None:
            await together.wait()
        return await tx.staff.end(whose, by)


def meeting(url: str) -> asyncio.Barrier:
    """Where two transactions wait for each other; on SQLite there is one at a time anyway."""
    return asyncio.Barrier(2 if url.startswith("postgresql") else 1)


async def test_of_two_owners_who_end_each_others_role_at_once_one_is_left(
    url: str, storage: Storage, clock: Clock
) -> None:
    one, two = await owner(storage, clock), await second_owner(storage, clock)
    met = meeting(url)
    came = await asyncio.gather(ended(storage, one, two, met), ended(storage, two, one, met))
    assert sorted(came) == [Ended.ENDED, Ended.NOT_THEIRS]
    async with storage.reading() as tx:
        assert len(await tx.staff.owners()) == 1


async def test_of_three_owners_whoever_was_ended_first_ends_nobody(
    url: str, storage: Storage, clock: Clock
) -> None:
    one, two = await owner(storage, clock), await second_owner(storage, clock)
    third = await second_owner(storage, clock, "third")
    met = meeting(url)
    await asyncio.gather(ended(storage, one, two, met), ended(storage, two, one, met))
    async with storage.reading() as tx:
        assert len(left := await tx.staff.owners()) == 2
    assert third in left


async def test_of_two_owners_who_both_leave_at_once_one_stays(
    url: str, storage: Storage, clock: Clock
) -> None:
    one, two = await owner(storage, clock), await second_owner(storage, clock)
    met = meeting(url)
    came = await asyncio.gather(ended(storage, one, one, met), ended(storage, two, two, met))
    assert sorted(came) == [Ended.ENDED, Ended.LAST_OWNER]


# --- powers -------------------------------------------------------------------------------------


async def test_the_first_owner_needs_no_yes(storage: Storage, clock: Clock) -> None:
    async with storage.reading() as tx:
        assert not await tx.staff.has_owner()
    id = await owner(storage, clock)
    async with storage.reading() as tx:
        member = await tx.staff.get(id)
        assert await tx.staff.has_owner()
    assert member == Member(id, Role.OWNER, True, (), clock.now.replace(minute=0, second=0))


@pytest.mark.parametrize("by_an_owner", [True, False], ids=["invited by the owner", "by command"])
async def test_a_second_owner_waits_for_the_first(
    storage: Storage, clock: Clock, by_an_owner: bool
) -> None:
    maker = await owner(storage, clock) if by_an_owner else None
    if not by_an_owner:
        await owner(storage, clock)
    one = await invited(storage, clock, Role.OWNER, maker)
    member = await redeemed(storage, one.token, await person(storage, "1", clock), clock)
    assert member is not None
    assert not member.active


async def test_an_owner_whom_a_forgotten_owner_invited_waits_although_there_is_none(
    storage: Storage, clock: Clock
) -> None:
    maker = await owner(storage, clock)
    one = await invited(storage, clock, Role.OWNER, maker)
    async with storage.transaction() as tx:
        # Not `revoke`, which takes the invitation with it.
        await tx.desk.connection.run("DELETE FROM staff")
    member = await redeemed(storage, one.token, await person(storage, "1", clock), clock)
    assert member is not None
    assert not member.active


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
async def test_nobody_else_begins_without_a_yes(storage: Storage, clock: Clock, role: Role) -> None:
    one = await invited(storage, clock, role)
    id = await person(storage, "1", clock)
    member = await redeemed(storage, one.token, id, clock)
    assert member is not None
    assert (member.role, member.active) == (role, False)
    assert len(member.words) == 3
    assert all(0 <= word < 64 for word in member.words)
    async with storage.reading() as tx:
        assert await tx.staff.get(id) == member
        assert await tx.staff.members() == [member]


async def test_a_yes_begins_the_powers_once_and_the_words_are_gone(
    storage: Storage, clock: Clock
) -> None:
    id = await person(storage, "1", clock)
    await redeemed(storage, (await invited(storage, clock)).code, id, clock)
    clock.forward(2 * HOUR)
    async with storage.transaction() as tx:
        assert await tx.staff.activate(id)
        assert not await tx.staff.activate(id)
        assert not await tx.staff.activate(1)
        member = await tx.staff.get(id)
    began = clock.now.replace(minute=0, second=0)
    assert member == Member(id, Role.ORGANISER, True, (), began)


async def test_a_yes_to_other_words_begins_nothing(storage: Storage, clock: Clock) -> None:
    id = await person(storage, "1", clock)
    first = await redeemed(storage, (await invited(storage, clock, Role.SPEAKER)).code, id, clock)
    second = await redeemed(
        storage, (await invited(storage, clock, Role.ORGANISER)).code, id, clock
    )
    assert first is not None
    assert second is not None
    async with storage.transaction() as tx:
        # What the owner said yes to was the speaker.
        assert not await tx.staff.activate(id, first.words)
        assert await tx.staff.activate(id, second.words)
        assert (await tx.staff.get(id)) is not None


async def test_who_is_active_stays_so_and_leaves_the_invitation_open(
    storage: Storage, clock: Clock
) -> None:
    id = await owner(storage, clock)
    one = await invited(storage, clock, Role.SPEAKER, id)
    member = await redeemed(storage, one.token, id, clock)
    assert member is not None
    assert (member.role, member.active) == (Role.OWNER, True)
    assert await looked(storage, one.token, clock) == Invite(Role.SPEAKER, id)


async def test_an_organiser_becomes_the_owner_where_there_is_none(
    storage: Storage, clock: Clock
) -> None:
    id = await person(storage, "1", clock)
    await redeemed(storage, (await invited(storage, clock)).code, id, clock)
    async with storage.transaction() as tx:
        await tx.staff.activate(id)
    one = await invited(storage, clock, Role.OWNER)
    member = await redeemed(storage, one.token, id, clock)
    assert member is not None
    assert (member.role, member.active) == (Role.OWNER, True)


async def test_a_revoked_member_has_nothing_and_their_invitations_are_void(
    storage: Storage, clock: Clock
) -> None:
    id = await owner(storage, clock)
    one = await invited(storage, clock, Role.SPEAKER, id)
    async with storage.transaction() as tx:
        assert await tx.staff.revoke(id)
        assert not await tx.staff.revoke(id)
        assert await tx.staff.get(id) is None
        assert not await tx.staff.has_owner()
    assert await looked(storage, one.token, clock) is None


async def test_the_only_owner_cannot_end_their_own_role(storage: Storage, clock: Clock) -> None:
    id = await owner(storage, clock)
    waiting = await person(storage, "1", clock)
    await redeemed(storage, (await invited(storage, clock, Role.OWNER)).token, waiting, clock)
    assert await ended(storage, id, id) is Ended.LAST_OWNER
    assert await ended(storage, waiting, id) is Ended.ENDED
    assert await ended(storage, waiting, id) is Ended.NOBODY
    assert await ended(storage, id, waiting) is Ended.NOT_THEIRS
    async with storage.reading() as tx:
        assert await tx.staff.owners() == [id]


async def test_a_role_comes_with_the_turn_once_powers_have_begun(
    storage: Storage, clock: Clock
) -> None:
    guest, other = await welcome(storage, "1", clock.now), await welcome(storage, "2", clock.now)
    id = guest.person.id
    await redeemed(storage, (await invited(storage, clock)).code, id, clock)

    async def roles() -> list[Role | None]:
        async with storage.transaction() as tx:
            found, _ = await tx.turns.load([guest.arrival, other.arrival])
        return [each.role for each in found]

    assert await roles() == [None, None]
    async with storage.transaction() as tx:
        await tx.staff.activate(id)
    assert await roles() == [Role.ORGANISER, None]
    async with storage.transaction() as tx:
        await tx.staff.revoke(id)
    assert await roles() == [None, None]
