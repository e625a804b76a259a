"""The order in which questions come to moderators, and what does not come at all."""

from __future__ import annotations

import pytest

from storage import Storage
from storage.asking.moderation import Order, Stage
from tests.storage.conftest import Clock
from tests.storage.moderating import (
    ONE,
    approved,
    ask,
    brought,
    following,
    given,
    resident,
    supported,
    with_webinars,
)


async def order_of(storage: Storage, clock: Clock, order: Order) -> list[int]:
    """All that a moderator gets in this order while they pass over each."""
    found: list[int] = []
    while True:
        one = await given(storage, ONE, clock.now, order, *found)
        if one is None:
            return found
        found.append(one.id)


async def test_new_ones_come_oldest_or_newest_first_and_before_approved_ones(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guest = await resident(storage, "1", clock.now)
    ready = await approved(storage, guest, "ready", clock.now)
    first, second = [(await ask(storage, guest, text, clock.now)).id for text in ("a", "b")]
    assert await order_of(storage, clock, Order.OLDEST) == [first, second, ready]
    assert await order_of(storage, clock, Order.NEWEST) == [second, first, ready]


@pytest.mark.parametrize("order", list(Order))
async def test_a_question_that_the_disk_has_spoilt_keeps_nobody_from_the_others(
    storage: Storage, clock: Clock, order: Order
) -> None:
    await with_webinars(storage)
    guest = await resident(storage, "1", clock.now)
    first, other, last = [(await ask(storage, guest, text, clock.now)).id for text in "abc"]
    spoils = "UPDATE questions SET text = :spoilt WHERE id IN (:first, :last)"
    async with storage.transaction() as tx:
        values = {"spoilt": bytes(64), "first": first, "last": last}
        await tx.desk.connection.run(spoils, values)
    assert await order_of(storage, clock, order) == [other]


@pytest.mark.parametrize("order", list(Order))
async def test_what_is_flagged_comes_after_all_others_that_are_new(
    storage: Storage, clock: Clock, order: Order
) -> None:
    await with_webinars(storage)
    guest = await resident(storage, "1", clock.now)
    other = await resident(storage, "2", clock.now)
    async with storage.transaction() as tx:
        flagged = await tx.questions.add(
            other.person.id, "one", "question", "!", True, "ar", None, clock.now, flagged=True
        )
    plain = (await ask(storage, guest, "?", clock.now)).id
    ready = await approved(storage, guest, "ready", clock.now)
    assert await order_of(storage, clock, order) == [plain, flagged.id, ready]


@pytest.mark.parametrize("end", ["approved", "put in other words"])
async def test_what_a_moderator_has_read_is_flagged_no_more(
    storage: Storage, clock: Clock, end: str
) -> None:
    await with_webinars(storage)
    guest = await resident(storage, "1", clock.now)
    async with storage.transaction() as tx:
        asked = await tx.questions.add(
            guest.person.id, "one", "question", "!", True, "ar", None, clock.now, flagged=True
        )
    taken = await brought(storage, asked.id, Stage.IN_REVIEW, now=clock.now)
    assert taken.flagged
    async with storage.transaction() as tx:
        found = (
            await tx.moderation.move(asked.id, ONE, Stage.APPROVED, clock.now)
            if end == "approved"
            else await tx.moderation.edit(asked.id, ONE, "?", clock.now)
        )
    assert found is not None
    assert not found.flagged


async def test_the_most_supported_come_first(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    guests = [await resident(storage, str(n), clock.now) for n in range(4)]
    ids = [await approved(storage, guests[0], str(n), clock.now) for n in range(3)]
    await supported(storage, ids[2], *guests[1:])
    await supported(storage, ids[1], guests[1])
    assert await order_of(storage, clock, Order.SUPPORTED) == [ids[2], ids[1], ids[0]]


@pytest.mark.parametrize("order", Order)
async def test_what_is_put_comes_first_and_then_what_was_queued_first(
    storage: Storage, clock: Clock, order: Order
) -> None:
    await with_webinars(storage)
    guest = await resident(storage, "1", clock.now)
    first, second, third = [await approved(storage, guest, n, clock.now) for n in "123"]
    for id in (third, first, second):
        await brought(storage, id, Stage.QUEUED, now=clock.now)
    await brought(storage, first, Stage.LIVE, now=clock.now)
    found: list[int] = []
    for _ in range(3):
        async with storage.transaction() as tx:
            stages = {Stage.QUEUED, Stage.LIVE}
            next_one = await tx.moderation.next("one", ONE, order, clock.now, found, stages)
        assert next_one is not None
        found.append(next_one.id)
    assert found == [first, third, second]
    # Whatever is put off waits where it was.
    await brought(storage, first, Stage.QUEUED, now=clock.now)
    async with storage.transaction() as tx:
        known = [await tx.moderation.get(id) for id in (third, first, second)]
    places = [each.queued for each in known if each is not None]
    assert places == sorted({*places})


@pytest.mark.parametrize("heard", [Stage.QUEUED, Stage.LIVE, Stage.ANSWERED, Stage.FOLLOW_UP])
async def test_in_fair_order_people_come_first_who_were_not_heard_then_their_places(
    storage: Storage, clock: Clock, heard: Stage
) -> None:
    await with_webinars(storage)
    speaks = await resident(storage, "speaks", clock.now, "BG")
    neighbour = await resident(storage, "neighbour", clock.now, "BG")
    silent = await resident(storage, "silent", clock.now)
    far = await resident(storage, "far", clock.now, "BA")
    put = await approved(storage, speaks, "put", clock.now)
    way = [Stage.QUEUED, Stage.LIVE]
    if heard in way:
        way = way[: way.index(heard) + 1]
    else:
        way.append(heard)
    await brought(storage, put, *way, now=clock.now)
    again, next_door, nowhere, elsewhere = [
        (await ask(storage, guest, "?", clock.now)).id for guest in (speaks, neighbour, silent, far)
    ]
    assert [id for id in await order_of(storage, clock, Order.FAIR) if id != put] == [
        elsewhere, next_door, nowhere, again,
    ]  # fmt: skip


async def test_whose_question_was_put_with_anothers_was_heard(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    first, second, third = [await resident(storage, n, clock.now) for n in "123"]
    root = await approved(storage, first, "?", clock.now)
    await following(storage, second, "?", root, clock.now)
    of_second, of_third = [(await ask(storage, g, "!", clock.now)).id for g in (second, third)]
    assert await order_of(storage, clock, Order.FAIR) == [of_second, of_third, root]
    await brought(storage, root, Stage.QUEUED, now=clock.now)
    assert await order_of(storage, clock, Order.FAIR) == [of_third, of_second]


async def test_a_moderator_gets_what_is_for_their_webinar_alone(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage, "one", "two")
    guest = await resident(storage, "1", clock.now)
    ids = {scope: (await ask(storage, guest, "?", clock.now, scope)).id for scope in ("two", None)}
    for scope, id in ids.items():
        async with storage.transaction() as tx:
            found = await tx.moderation.next(scope, ONE, Order.FAIR, clock.now)
        assert found is not None
        assert (found.id, found.webinar) == (id, scope)
    assert await order_of(storage, clock, Order.OLDEST) == []


async def test_a_moderator_may_ask_for_those_at_one_stage(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    guest = await resident(storage, "1", clock.now)
    await ask(storage, guest, "new", clock.now)
    queued = await approved(storage, guest, "queued", clock.now)
    await brought(storage, queued, Stage.QUEUED, now=clock.now)
    async with storage.transaction() as tx:
        found = await tx.moderation.next("one", ONE, Order.OLDEST, clock.now, stages={Stage.QUEUED})
    assert found is not None
    assert (found.id, found.stage) == (queued, Stage.QUEUED)
