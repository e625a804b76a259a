"""Questions, voices and claims of who leaves, and of two accounts that become one person's."""

from __future__ import annotations

from datetime import timedelta

from storage import Storage
from storage.asking.moderation import Stage
from storage.outbox import Settlement, State
from tests.storage.community import Guest, draft, welcome
from tests.storage.conftest import Clock
from tests.storage.moderating import (
    ONE,
    approved,
    ask,
    brought,
    following,
    given,
    resident,
    standing,
    supported,
    supports,
    ways,
    with_webinars,
)


async def forget(storage: Storage, guest: Guest) -> None:
    async with storage.transaction() as tx:
        await tx.people.forget(guest.person.id)


async def join(storage: Storage, kept: Guest, other: Guest, clock: Clock) -> None:
    async with storage.transaction() as tx:
        assert await tx.people.join(kept.person.id, other.person.id, clock.now) is not None


async def test_who_leaves_takes_their_voices_and_leaves_followers_on_their_own(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    leaving, other, third = [await resident(storage, n, clock.now) for n in "123"]
    root = await approved(storage, leaving, "?", clock.now)
    child = await following(storage, other, "?", root, clock.now)
    others = await approved(storage, third, "?", clock.now)
    mine = await following(storage, leaving, "?", others, clock.now)
    supported_too = await approved(storage, third, "?", clock.now)
    await supported(storage, supported_too, leaving, other)
    async with storage.transaction() as tx:
        version = await tx.moderation.version()
    await forget(storage, leaving)
    assert await standing(storage, other) == {child: Stage.RECEIVED}
    assert (await supports(storage, others), await supports(storage, supported_too)) == (0, 1)
    async with storage.reading() as tx:
        assert not {root, mine} & await tx.moderation.ids("one")
        shown = {each.id for each in await tx.moderation.changed_since("one", version)}
        assert shown == {child, others, supported_too}


async def test_what_was_merged_into_one_that_was_put_goes_and_the_other_stays(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    first, second = [await resident(storage, n, clock.now) for n in "12"]
    root = await approved(storage, first, "?", clock.now)
    child = await following(storage, second, "?", root, clock.now)
    await brought(storage, root, Stage.QUEUED, now=clock.now)
    await forget(storage, second)
    await forget(storage, first)
    async with storage.reading() as tx:
        found = await tx.moderation.get(root)
        assert await tx.moderation.get(child) is None
    assert found is not None
    assert (found.stage, found.text, found.asker, found.supports) == (Stage.QUEUED, "?", "", 0)


async def test_what_a_moderator_had_in_hand_is_free_when_they_leave(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guest, member = await resident(storage, "1", clock.now), await welcome(storage, "2", clock.now)
    asked = await ask(storage, guest, "?", clock.now)
    assert await given(storage, member.person.id, clock.now) is not None
    assert await given(storage, ONE, clock.now) is None
    await forget(storage, member)
    found = await given(storage, ONE, clock.now)
    assert found is not None
    assert found.id == asked.id


async def test_of_two_accounts_of_one_person_one_voice_is_left(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    asker = await resident(storage, "0", clock.now)
    kept, other = [await resident(storage, n, clock.now) for n in "12"]
    both, alone = [await approved(storage, asker, "?", clock.now) for _ in range(2)]
    own = await approved(storage, kept, "?", clock.now)
    await supported(storage, both, kept, other)
    await supported(storage, alone, other)
    await supported(storage, own, other)
    await join(storage, kept, other, clock)
    counted = [await supports(storage, id) for id in (both, alone, own)]
    assert counted == [1, 1, 0]
    assert await supported(storage, alone, kept) == [False]
    found = {way.question: way.supporters for way in await ways(storage, both, alone, own)}
    assert found == {both: (kept.person.id,), alone: (kept.person.id,), own: ()}


async def test_a_way_back_that_was_erased_does_not_come_back_by_joining(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    kept, other, third = [await resident(storage, n, clock.now) for n in "123"]
    own, theirs = (
        await approved(storage, other, "?", clock.now),
        await approved(storage, third, "?", clock.now),
    )
    await supported(storage, theirs, other)
    for question in (own, theirs):
        row = draft(storage, other, "answer", clock.now, state=State.SENDING)
        async with storage.transaction() as tx:
            await tx.outbox.add([row])
            await tx.moderation.note_sent(question, other.person.id, row.id)
            await tx.outbox.settle([Settlement(row.id, State.SENT, "7")])
            assert await tx.moderation.erase_ways() == 1
    await join(storage, kept, other, clock)
    found = {way.question: way for way in await ways(storage, own, theirs)}
    assert (found[own].person, found[theirs].supporters) == (None, ())
    assert await standing(storage, kept) == {own: Stage.APPROVED}
    async with storage.reading() as tx:
        assert await tx.support.supported(kept.person.id, "one") == {theirs}


async def test_an_answer_that_is_on_its_way_is_still_known_after_joining(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    kept, other, third = [await resident(storage, n, clock.now) for n in "123"]
    theirs = await approved(storage, third, "?", clock.now)
    await supported(storage, theirs, other)
    row = draft(storage, other, "answer", clock.now, state=State.SENDING)
    async with storage.transaction() as tx:
        await tx.outbox.add([row])
        await tx.moderation.note_sent(theirs, other.person.id, row.id)
    await join(storage, kept, other, clock)
    async with storage.transaction() as tx:
        await tx.outbox.settle([Settlement(row.id, State.SENT, "7")])
        assert await tx.moderation.erase_ways() == 1
    (way,) = await ways(storage, theirs)
    assert way.supporters == ()


async def test_what_either_account_has_against_it_the_person_has(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    kept, other = [await resident(storage, n, clock.now) for n in "12"]
    mine, theirs = [await ask(storage, guest, "!", clock.now) for guest in (kept, other)]
    async with storage.transaction() as tx:
        await tx.hush.strike(mine.id)
        await tx.hush.strike(theirs.id)
        await tx.hush.mute(mine.id, clock.now, timedelta(minutes=1))
        await tx.hush.mute(theirs.id, clock.now, timedelta(minutes=3))
    await join(storage, kept, other, clock)
    async with storage.transaction() as tx:
        found = await tx.moderation.get(theirs.id)
        late = clock.now + timedelta(minutes=2)
        assert await tx.hush.is_muted(kept.person.id, "one", late)
        assert not await tx.hush.is_muted(kept.person.id, "one", late + timedelta(minutes=1))
        ((rows,),) = await tx.desk.connection.fetch("SELECT COUNT(*) FROM hushed")
    assert found is not None
    assert (found.strikes, rows) == (2, 1)


async def test_a_moderators_claims_stay_theirs_when_they_join(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guest, kept, other = [await resident(storage, n, clock.now) for n in "123"]
    await ask(storage, guest, "?", clock.now)
    mine = await given(storage, other.person.id, clock.now)
    await join(storage, kept, other, clock)
    assert mine is not None
    async with storage.transaction() as tx:
        assert await tx.moderation.release(mine.id, kept.person.id)
