"""Merged questions: they follow one, their voices are counted there, and they may part again."""

from __future__ import annotations

from storage import Storage
from storage.asking.moderation import Handled, Stage
from tests.storage.conftest import Clock
from tests.storage.moderating import (
    ONE,
    TWO,
    approved,
    ask,
    brought,
    following,
    resident,
    standing,
    supported,
    supports,
    with_webinars,
)


async def merge(storage: Storage, clock: Clock, id: int, into: int) -> Handled | None:
    async with storage.transaction() as tx:
        return await tx.moderation.merge(id, into, ONE, clock.now)


async def test_whatever_is_merged_into_a_merged_one_follows_the_same(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guests = [await resident(storage, str(n), clock.now) for n in range(4)]
    ids = [await approved(storage, guest, "?", clock.now) for guest in guests]
    assert await merge(storage, clock, ids[2], ids[1]) is not None
    found = await merge(storage, clock, ids[1], ids[0])
    last = await merge(storage, clock, ids[3], ids[2])
    assert found is not None
    assert last is not None
    assert (found.id, found.supports, last.id, last.supports) == (ids[0], 2, ids[0], 3)
    await brought(storage, ids[0], Stage.QUEUED, now=clock.now)
    for guest, id in zip(guests, ids, strict=True):
        assert await standing(storage, guest) == {id: Stage.QUEUED}


async def test_no_question_follows_itself_or_one_that_it_cannot(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage, "one", "two")
    guest = await resident(storage, "1", clock.now)
    root = await approved(storage, guest, "?", clock.now)
    child = await following(storage, guest, "?", root, clock.now)
    elsewhere = await ask(storage, guest, "?", clock.now, "two")
    taken_back = await ask(storage, guest, "?", clock.now)
    put = await approved(storage, guest, "?", clock.now)
    await brought(storage, put, Stage.QUEUED, now=clock.now)
    async with storage.transaction() as tx:
        await tx.questions.withdraw(guest.person.id, taken_back.id)
    for id, into in (
        (root, root), (root, child), (root, elsewhere.id), (root, taken_back.id), (root, 7),
        (put, root), (child, put), (7, root),
    ):  # fmt: skip
        assert await merge(storage, clock, id, into) is None
    async with storage.transaction() as tx:
        assert await tx.moderation.claim(root, TWO, clock.now) is not None
    assert await merge(storage, clock, root, put) is None


async def test_a_voice_is_a_person_however_often_they_ask(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    asker, twice, other = [await resident(storage, n, clock.now) for n in "123"]
    root = await approved(storage, asker, "?", clock.now)
    assert await supported(storage, root, twice, other, other, asker) == [True, True, False, False]
    await following(storage, twice, "?", root, clock.now)
    await following(storage, twice, "?", root, clock.now)
    await following(storage, asker, "?", root, clock.now)
    assert await supports(storage, root) == 2


async def test_the_voices_of_a_merged_one_count_where_it_goes_and_leave_with_it(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guests = [await resident(storage, str(n), clock.now) for n in range(4)]
    root, child = [await approved(storage, guest, "?", clock.now) for guest in guests[:2]]
    await supported(storage, child, *guests[2:])
    assert await merge(storage, clock, child, root) is not None
    assert await supports(storage, root) == 3
    # Whoever supported the one that was merged has their voice there, and may take it back there.
    assert await supported(storage, root, guests[2]) == [False]
    async with storage.transaction() as tx:
        assert await tx.support.supported(guests[2].person.id, "one") == {root}
        assert await tx.support.withdraw(root, guests[2].person.id)
    assert await supports(storage, root) == 2
    alone = await brought(storage, child, Stage.IN_REVIEW, now=clock.now)
    assert (alone.merged, alone.supports, await supports(storage, root)) == (None, 1, 0)


async def test_followers_are_new_again_when_the_first_is_taken_back(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    first, second = [await resident(storage, n, clock.now) for n in "12"]
    root = await approved(storage, first, "?", clock.now)
    child = await following(storage, second, "?", root, clock.now)
    async with storage.transaction() as tx:
        assert await tx.questions.withdraw(first.person.id, root)
    assert await standing(storage, first) == {root: Stage.WITHDRAWN}
    assert await standing(storage, second) == {child: Stage.RECEIVED}


async def test_whoever_takes_a_merged_one_back_takes_their_voice_along(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    first, second = [await resident(storage, n, clock.now) for n in "12"]
    root = await approved(storage, first, "?", clock.now)
    child = await following(storage, second, "?", root, clock.now)
    async with storage.transaction() as tx:
        assert await tx.questions.withdraw(second.person.id, child)
        assert not await tx.questions.withdraw(second.person.id, child)
    assert await supports(storage, root) == 0
    assert await standing(storage, first) == {root: Stage.APPROVED}


async def test_a_merged_one_is_no_longer_its_askers_once_the_other_is_queued(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    first, second = [await resident(storage, n, clock.now) for n in "12"]
    root = await approved(storage, first, "?", clock.now)
    child = await following(storage, second, "?", root, clock.now)
    await brought(storage, root, Stage.QUEUED, now=clock.now)
    async with storage.transaction() as tx:
        assert not await tx.questions.withdraw(second.person.id, child)
        assert not await tx.questions.rewrite(second.person.id, child, "!", None)
    assert await standing(storage, second) == {child: Stage.QUEUED}


async def test_other_words_of_the_asker_are_new_and_nobody_has_approved_them(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    first, second, third = [await resident(storage, n, clock.now) for n in "123"]
    root = await approved(storage, first, "?", clock.now)
    child = await following(storage, second, "?", root, clock.now)
    await supported(storage, root, third)
    async with storage.transaction() as tx:
        assert await tx.questions.rewrite(first.person.id, root, "Something else?", None)
        found = await tx.moderation.get(root)
        assert await tx.moderation.move(root, ONE, Stage.QUEUED, clock.now) is None
    assert found is not None
    assert (found.text, found.stage, found.supports) == ("Something else?", Stage.RECEIVED, 0)
    assert await standing(storage, second) == {child: Stage.RECEIVED}


async def test_a_decision_about_words_that_changed_meanwhile_is_not_taken(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guest = await resident(storage, "1", clock.now)
    asked = await ask(storage, guest, "?", clock.now)
    read = await brought(storage, asked.id, Stage.IN_REVIEW, now=clock.now)
    async with storage.transaction() as tx:
        assert await tx.questions.rewrite(guest.person.id, asked.id, "!", None)
        assert await tx.moderation.move(asked.id, ONE, Stage.APPROVED, clock.now) is None
        assert await tx.moderation.claim(asked.id, ONE, clock.now) is not None
        stale = await tx.moderation.move(
            asked.id, ONE, Stage.APPROVED, clock.now, version=read.version
        )
        assert stale is None
