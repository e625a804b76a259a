"""An address of mail is somebody's once they have used the link that was mailed there."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from dialogue.words import Lane
from storage import Storage
from storage.community.proofs import LASTING, Proof
from storage.persons import MAILED, preferred
from tests.storage.community import Guest, draft, welcome
from tests.storage.conftest import Clock
from tests.storage.crowd import claim, frozen, recipients

NOUR = "nour@example.org"
HOUR = timedelta(hours=1)


async def wanted(storage: Storage, guest: Guest, clock: Clock, account: str = NOUR) -> bool:
    async with storage.transaction() as tx:
        return await tx.proofs.want(guest.person.id, account, clock.now)


async def waiting(storage: Storage, clock: Clock) -> list[Proof]:
    async with storage.reading() as tx:
        return await tx.proofs.waiting(clock.now)


async def mailed(storage: Storage, clock: Clock) -> str:
    """The link's token, once its mail has left."""
    async with storage.transaction() as tx:
        (proof,) = await tx.proofs.waiting(clock.now)
        token = await tx.proofs.begin(proof.id, clock.now)
        await tx.proofs.sent(proof.id)
    assert token is not None
    return token


async def redeemed(storage: Storage, token: str, clock: Clock) -> int | None:
    async with storage.transaction() as tx:
        return await tx.proofs.redeem(token, clock.now)


async def accounts(storage: Storage, person: int) -> list[str]:
    """Where this person has mail sent to."""
    async with storage.reading() as tx:
        mine = await tx.people.addresses(person)
    return [address.account for address in mine if address.channel == MAILED]


async def proved(storage: Storage, guest: Guest, clock: Clock, account: str = NOUR) -> None:
    assert await wanted(storage, guest, clock, account)
    assert await redeemed(storage, await mailed(storage, clock), clock) == guest.person.id


async def test_the_link_that_was_mailed_makes_the_address_theirs(storage: Storage, clock: Clock):
    guest = await welcome(storage, "cookie", clock.now, channel="web")
    assert await wanted(storage, guest, clock)
    (proof,) = await waiting(storage, clock)
    assert (proof.account, proof.language, proof.taken) == (NOUR, "ar", False)
    token = await mailed(storage, clock)
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", token)
    assert await accounts(storage, guest.person.id) == []
    assert await redeemed(storage, token, clock) == guest.person.id
    async with storage.reading() as tx:
        mine = await tx.people.addresses(guest.person.id)
        found = await tx.people.find(MAILED, NOUR)
        assert await tx.proofs.pending(guest.person.id, clock.now) is None
    assert found in mine
    assert all(address.linked for address in mine)
    first = preferred(mine)
    assert first is not None
    assert first.channel == MAILED


async def test_a_link_counts_once(storage: Storage, clock: Clock):
    guest = await welcome(storage, "77001", clock.now)
    await wanted(storage, guest, clock)
    token = await mailed(storage, clock)
    assert await redeemed(storage, token, clock) is not None
    async with storage.transaction() as tx:
        await tx.proofs.drop(guest.person.id, clock.now)
    assert await redeemed(storage, token, clock) is None
    assert await accounts(storage, guest.person.id) == []


async def test_a_link_is_good_for_a_day_and_at_most_an_hour_more(storage: Storage, clock: Clock):
    first = await welcome(storage, "77001", clock.now)
    second = await welcome(storage, "77002", clock.now)
    await wanted(storage, first, clock, "a@example.org")
    good = await mailed(storage, clock)
    await wanted(storage, second, clock, "b@example.org")
    late = await mailed(storage, clock)
    clock.forward(LASTING - timedelta(seconds=1))
    assert await redeemed(storage, good, clock) == first.person.id
    clock.forward(HOUR)
    assert await redeemed(storage, late, clock) is None


async def test_a_link_for_another_address_voids_the_one_before(storage: Storage, clock: Clock):
    guest = await welcome(storage, "77001", clock.now)
    await wanted(storage, guest, clock, "a@example.org")
    before = await mailed(storage, clock)
    await wanted(storage, guest, clock, "b@example.org")
    async with storage.reading() as tx:
        assert await tx.proofs.pending(guest.person.id, clock.now) == "b@example.org"
    assert await redeemed(storage, before, clock) is None
    assert await redeemed(storage, await mailed(storage, clock), clock) is not None
    assert await accounts(storage, guest.person.id) == ["b@example.org"]


async def test_another_address_takes_the_place_of_the_one_before(storage: Storage, clock: Clock):
    guest = await welcome(storage, "77001", clock.now)
    await proved(storage, guest, clock, "a@example.org")
    await proved(storage, guest, clock, "b@example.org")
    assert await accounts(storage, guest.person.id) == ["b@example.org"]
    async with storage.reading() as tx:
        assert await tx.people.find(MAILED, "a@example.org") is None


async def test_three_mails_a_day_and_no_more_leave_for_one_person(storage: Storage, clock: Clock):
    guest = await welcome(storage, "77001", clock.now)
    given = [await wanted(storage, guest, clock, f"{n}@example.org") for n in range(4)]
    assert given == [True, True, True, False]
    # Not even the one before is sent any more: it is not what they want by now.
    assert await waiting(storage, clock) == []
    clock.forward(LASTING + HOUR)
    assert await wanted(storage, guest, clock, "4@example.org")


async def test_three_mails_a_day_and_no_more_go_to_one_address(storage: Storage, clock: Clock):
    guests = [await welcome(storage, f"7700{n}", clock.now) for n in range(4)]
    given = [await wanted(storage, guest, clock) for guest in guests]
    assert given == [True, True, True, False]


async def test_whoever_is_forgotten_and_comes_again_fills_no_mailbox(
    storage: Storage, clock: Clock
):
    given: list[bool] = []
    for number in range(4):
        guest = await welcome(storage, f"7700{number}", clock.now)
        given.append(await wanted(storage, guest, clock))
        async with storage.transaction() as tx:
            await tx.people.forget(guest.person.id)
    assert given == [True, True, True, False]
    assert await waiting(storage, clock) == []
    clock.forward(LASTING + HOUR)
    guest = await welcome(storage, "77009", clock.now)
    assert await wanted(storage, guest, clock)


async def test_what_the_server_does_not_take_is_given_up_after_a_day_and_keeps_no_other(
    storage: Storage, clock: Clock
):
    guest, other = [await welcome(storage, account, clock.now) for account in ("77001", "77002")]
    await wanted(storage, guest, clock, "deferred@example.org")
    (deferred,) = await waiting(storage, clock)
    await wanted(storage, other, clock)
    async with storage.reading() as tx:
        (first,) = await tx.proofs.waiting(clock.now, limit=1, skip=[deferred.id])
    assert first.account == NOUR
    for _ in range(26):
        async with storage.transaction() as tx:
            if await tx.proofs.begin(deferred.id, clock.now) is not None:
                await tx.proofs.again(deferred.id)
        clock.forward(HOUR)
    assert await waiting(storage, clock) == []


async def test_what_is_somebody_elses_already_cannot_be_proved(storage: Storage, clock: Clock):
    owner = await welcome(storage, "77001", clock.now)
    other = await welcome(storage, "77002", clock.now)
    await wanted(storage, other, clock)
    token = await mailed(storage, clock)
    await proved(storage, owner, clock)
    assert await redeemed(storage, token, clock) is None
    assert await accounts(storage, owner.person.id) == [NOUR]
    assert await wanted(storage, other, clock)
    (proof,) = await waiting(storage, clock)
    assert proof.taken


async def test_a_mail_that_did_not_leave_goes_again_with_another_link(
    storage: Storage, clock: Clock
):
    guest = await welcome(storage, "77001", clock.now)
    await wanted(storage, guest, clock)
    (proof,) = await waiting(storage, clock)
    async with storage.transaction() as tx:
        lost = await tx.proofs.begin(proof.id, clock.now)
    assert lost is not None
    assert await waiting(storage, clock) == []
    async with storage.transaction() as tx:
        await tx.proofs.again(proof.id)
    assert await redeemed(storage, lost, clock) is None
    async with storage.transaction() as tx:
        await tx.proofs.begin(proof.id, clock.now)
    async with storage.transaction() as tx:
        # As the next process does, after this one ended in between.
        await tx.proofs.recover()
    assert [each.id for each in await waiting(storage, clock)] == [proof.id]


async def test_whoever_gives_mail_up_gets_nothing_there_any_more(storage: Storage, clock: Clock):
    guest = await welcome(storage, "77001", clock.now)
    await proved(storage, guest, clock)
    async with storage.reading() as tx:
        (mail,) = [
            each for each in await tx.people.addresses(guest.person.id) if each.channel == MAILED
        ]
    to_mail = Guest(guest.arrival, mail, guest.person)
    async with storage.transaction() as tx:
        await tx.outbox.add([draft(storage, to_mail, "a receipt", clock.now)])
        await tx.proofs.drop(guest.person.id, clock.now)
    async with storage.transaction() as tx:
        assert await tx.people.find(MAILED, NOUR) is None
        (left,) = await tx.people.addresses(guest.person.id)
        assert not left.linked
        assert await tx.outbox.claim(MAILED, clock.now, 5) == []


async def test_two_who_become_one_keep_what_is_still_to_be_proved(storage: Storage, clock: Clock):
    kept = await welcome(storage, "77001", clock.now)
    other = await welcome(storage, "cookie", clock.now, channel="web")
    await wanted(storage, other, clock)
    token = await mailed(storage, clock)
    async with storage.transaction() as tx:
        await tx.people.join(kept.person.id, other.person.id, clock.now)
    assert await redeemed(storage, token, clock) == kept.person.id


async def test_the_sweep_takes_what_was_not_proved(storage: Storage, clock: Clock):
    guest = await welcome(storage, "77001", clock.now)
    await wanted(storage, guest, clock)
    await storage.sweep(clock.now)
    assert len(await waiting(storage, clock)) == 1
    clock.forward(LASTING + HOUR)
    await storage.sweep(clock.now)
    async with storage.reading() as tx:
        rows = await tx.desk.connection.fetch("SELECT COUNT(*) FROM proofs")
    assert rows[0][0] == 0


async def preferring_mail(storage: Storage, clock: Clock) -> tuple[Guest, int]:
    """Somebody who wishes to be written to by mail, and the id of that address."""
    guest = await welcome(storage, "77001", clock.now)
    await proved(storage, guest, clock)
    async with storage.transaction() as tx:
        mine = await tx.people.addresses(guest.person.id)
        (mail,) = [each.id for each in mine if each.channel == MAILED]
        await tx.people.prefer(guest.person.id, mail)
    return guest, mail


async def test_what_waits_goes_elsewhere_when_mail_is_given_up(storage: Storage, clock: Clock):
    guest, mail = await preferring_mail(storage, clock)
    made = await frozen(storage, clock.now)
    assert await recipients(storage, made.id) == [(guest.person.id, mail)]
    async with storage.transaction() as tx:
        await tx.proofs.drop(guest.person.id, clock.now)
    assert await recipients(storage, made.id) == [(guest.person.id, guest.address.id)]
    (left,) = await claim(storage, clock.now)
    assert left.account == guest.arrival.account


async def test_an_answer_that_waits_goes_elsewhere_when_mail_is_given_up(
    storage: Storage, clock: Clock
):
    guest, mail = await preferring_mail(storage, clock)
    by_mail = replace(guest, address=replace(guest.address, id=mail))
    answer = draft(storage, by_mail, "answer", clock.now, lane=Lane.REMINDER, slot="news")
    # What was said to a mail, and what is for mailboxes alone, is nothing for a chat.
    others = [
        draft(storage, by_mail, "reply", clock.now),
        draft(storage, by_mail, "digest", clock.now, lane=Lane.REMINDER),
    ]
    async with storage.transaction() as tx:
        await tx.outbox.add([answer, *others])
        await tx.proofs.drop(guest.person.id, clock.now)
    async with storage.transaction() as tx:
        left = await tx.outbox.claim("telegram", clock.now, 10, tuple(Lane))
    assert [(each.id, each.account) for each in left] == [(answer.id, guest.arrival.account)]


async def test_what_has_perhaps_left_goes_nowhere_else(storage: Storage, clock: Clock):
    guest, _ = await preferring_mail(storage, clock)
    made = await frozen(storage, clock.now)
    (_left,) = await claim(storage, clock.now, channel=MAILED)
    async with storage.transaction() as tx:
        await tx.proofs.drop(guest.person.id, clock.now)
        rows = await tx.desk.connection.fetch(
            "SELECT state, fault FROM outbox WHERE broadcast = :made", {"made": made.id}
        )
    assert [tuple(row) for row in rows] == [("unknown", "unknown")]
    assert await claim(storage, clock.now) == []


async def test_one_that_cannot_be_read_keeps_no_other_from_leaving(
    sqlite: Storage, sqlite_file: Path, clock: Clock
):
    guest, other = [await welcome(sqlite, account, clock.now) for account in ("77001", "77002")]
    await wanted(sqlite, guest, clock)
    with closing(sqlite3.connect(sqlite_file)) as database, database:
        database.execute("UPDATE proofs SET mail = zeroblob(64)")
    await wanted(sqlite, other, clock, "other@example.org")
    assert [each.account for each in await waiting(sqlite, clock)] == ["other@example.org"]
    async with sqlite.reading() as tx:
        assert await tx.proofs.pending(guest.person.id, clock.now) is None
    assert await redeemed(sqlite, await mailed(sqlite, clock), clock) == other.person.id
