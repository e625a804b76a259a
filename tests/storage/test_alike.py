"""What seems to ask the same: two ids and a number, erased with either of the two."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from storage import Storage
from storage.asking.alike import Alike
from storage.asking.moderation import Stage
from tests.storage.community import Guest
from tests.storage.conftest import Clock
from tests.storage.moderating import (
    ONE,
    approved,
    ask,
    brought,
    following,
    resident,
    with_webinars,
)


async def found(storage: Storage, *ids: int) -> dict[int, list[int]]:
    """What these are like."""
    async with storage.reading() as tx:
        return {id: [o.id for o in others] for id, others in (await tx.alike.of(ids)).items()}


async def put(storage: Storage, id: int, *others: int) -> None:
    """The worker has found that this one is like those, the first more than the next."""
    likes = [Alike(other, 900 - at) for at, other in enumerate(others)]
    async with storage.transaction() as tx:
        await tx.alike.put({id: likes})


@pytest.fixture
async def guest(storage: Storage, clock: Clock) -> Guest:
    """Somebody who asks."""
    await with_webinars(storage, "one", "two")
    return await resident(storage, "1", clock.now)


async def three(storage: Storage, guest: Guest, clock: Clock) -> list[int]:
    """Three questions that were approved."""
    return [await approved(storage, guest, text, clock.now) for text in "abc"]


async def test_either_of_two_leads_to_the_other_the_likest_first(
    storage: Storage, guest: Guest, clock: Clock
) -> None:
    a, b, c = await three(storage, guest, clock)
    await put(storage, a, c, b)
    assert await found(storage, a, b, c) == {a: [c, b], b: [a], c: [a]}
    async with storage.reading() as tx:
        assert await tx.alike.of([b]) == {b: [Alike(a, 899)]}


async def test_what_is_found_anew_takes_the_place_of_what_was_found(
    storage: Storage, guest: Guest, clock: Clock
) -> None:
    a, b, c = await three(storage, guest, clock)
    await put(storage, b, c)
    await put(storage, a, b)
    await put(storage, a, c)
    assert await found(storage, a, b) == {a: [c], b: [c]}
    await put(storage, c)
    assert await found(storage, a, b, c) == {}


async def test_what_is_found_beside_it_takes_nothing_away(
    storage: Storage, guest: Guest, clock: Clock
) -> None:
    a, b, c = await three(storage, guest, clock)
    await put(storage, a, b)
    async with storage.transaction() as tx:
        await tx.alike.also({c: [Alike(a, 500)], b: []})
        version = await tx.moderation.version()
    assert await found(storage, a, b, c) == {a: [b, c], b: [a], c: [a]}
    async with storage.reading() as tx:
        changed = await tx.alike.wordings("one", version - 1, 9)
        assert [each.id for each in changed] == [c]
    async with storage.transaction() as tx:
        await tx.alike.also({c: [Alike(a, 500)]})
        assert await tx.moderation.version() == version


async def test_a_board_sees_what_is_new_of_it_and_nothing_else(
    storage: Storage, guest: Guest, clock: Clock
) -> None:
    a, b, c = await three(storage, guest, clock)
    await put(storage, a, b)

    async def shown_anew(*others: int) -> set[int]:
        async with storage.reading() as tx:
            version = await tx.moderation.version()
        await put(storage, a, *others)
        async with storage.reading() as tx:
            return {each.id for each in await tx.moderation.changed_since("one", version)}

    assert await shown_anew(b) == set()
    # That it is like one more is seen wherever it is looked for; it was like some before.
    assert await shown_anew(b, c) == {c}
    assert await shown_anew() == {a, b, c}


async def test_what_was_merged_is_found_as_the_one_that_it_follows(
    storage: Storage, guest: Guest, clock: Clock
) -> None:
    root = await approved(storage, guest, "root", clock.now)
    child = await following(storage, guest, "child", root, clock.now)
    other = await approved(storage, guest, "other", clock.now)
    await put(storage, other, child, root)
    await put(storage, child, root, other)
    assert await found(storage, root, child, other) == {
        root: [other],
        child: [other],
        other: [root],
    }


@pytest.mark.parametrize("end", ["declined", "withdrawn", "reworded", "forgotten", "muted"])
async def test_what_is_no_more_to_be_merged_into_is_not_found(
    storage: Storage, clock: Clock, guest: Guest, end: str
) -> None:
    gone = await resident(storage, "2", clock.now)
    root = await approved(storage, guest, "root", clock.now)
    asked = await ask(storage, gone, "like it", clock.now)
    await put(storage, root, asked.id)
    assert await found(storage, root) == {root: [asked.id]}
    if end == "declined":
        await brought(storage, asked.id, Stage.IN_REVIEW, Stage.DECLINED, now=clock.now)
    async with storage.transaction() as tx:
        if end == "withdrawn":
            assert await tx.questions.withdraw(gone.person.id, asked.id)
        elif end == "reworded":
            assert await tx.questions.rewrite(gone.person.id, asked.id, "another", None)
        elif end == "forgotten":
            await tx.people.forget(gone.person.id)
        elif end == "muted":
            assert await tx.hush.mute(asked.id, clock.now)
    assert await found(storage, root, asked.id) == (
        # Of what is still there the other one stays to be found.
        {asked.id: [root]} if end in ("declined", "muted") else {}
    )


async def test_an_idea_is_like_no_question(storage: Storage, guest: Guest, clock: Clock) -> None:
    question = await approved(storage, guest, "Trees?", clock.now)
    async with storage.transaction() as tx:
        ideas = [
            await tx.questions.add(
                guest.person.id, "one", "idea", words, True, "en", None, clock.now
            )
            for words in ("Trees", "Trees!")
        ]
    first, second = (each.id for each in ideas)
    await put(storage, first, question, second)
    assert await found(storage, question, first, second) == {first: [second], second: [first]}


async def test_a_question_that_went_meanwhile_is_like_nothing(
    storage: Storage, guest: Guest, clock: Clock
) -> None:
    a, b, _ = await three(storage, guest, clock)
    async with storage.transaction() as tx:
        assert await tx.questions.withdraw(guest.person.id, b)
    await put(storage, a, b, 7)
    assert await found(storage, a, b) == {}
    async with storage.reading() as tx:
        (rows,) = await tx.desk.connection.fetch("SELECT COUNT(*) FROM alike")
    assert rows[0] == 0


async def test_the_worker_reads_what_has_changed_webinar_by_webinar(
    storage: Storage, guest: Guest, clock: Clock
) -> None:
    first = await ask(storage, guest, "first", clock.now)
    async with storage.reading() as tx:
        version = await tx.moderation.version()
    second = await ask(storage, guest, "second", clock.now, "two")
    third = await ask(storage, guest, "third", clock.now, None)
    async with storage.transaction() as tx:
        assert await tx.questions.withdraw(guest.person.id, third.id)
    async with storage.reading() as tx:
        assert await tx.alike.scopes(0) == ["one", "two", None]
        assert await tx.alike.scopes(version) == ["two", None]
        assert await tx.alike.scopes(await tx.moderation.version()) == []
        (one,) = await tx.alike.wordings("one", 0, 10)
        (gone,) = await tx.alike.wordings(None, 0, 10)
        assert (one.id, one.text, one.language, one.version) == (first.id, "first", "ar", version)
        assert (gone.id, gone.text) == (third.id, None)
        assert await tx.alike.wordings("two", await tx.moderation.version(), 10) == []
        assert await tx.alike.ids("two") == {second.id}


async def test_of_very_many_the_last_ones_are_read(
    storage: Storage, guest: Guest, clock: Clock
) -> None:
    ids = [(await ask(storage, guest, str(n), clock.now)).id for n in range(4)]
    async with storage.transaction() as tx:
        await tx.moderation.claim(ids[0], ONE, clock.now)
    async with storage.reading() as tx:
        assert [each.id for each in await tx.alike.wordings("one", 0, 2)] == [ids[0], ids[3]]


async def test_with_its_webinars_time_a_pair_is_over(
    storage: Storage, guest: Guest, clock: Clock
) -> None:
    a, b, _ = await three(storage, guest, clock)
    await put(storage, a, b)
    async with storage.reading() as tx:
        ends = max(each.starts_at for each in (await tx.webinars.programme()).webinars)

    async def left(now: datetime) -> int:
        await storage.sweep(now)
        async with storage.reading() as tx:
            ((rows,),) = await tx.desk.connection.fetch("SELECT COUNT(*) FROM alike")
        return rows

    assert await left(ends) == 1
    assert await left(ends + timedelta(days=31)) == 0
