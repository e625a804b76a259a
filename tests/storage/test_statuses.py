"""What a platform says of a message after it took it: in any order, as often as it likes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import chain, combinations, permutations

from dialogue.words import Lane
from storage import Storage
from storage.broadcasting.broadcasts import Kind, Rule
from storage.outbox import Delivery, Draft, Settlement, State, Status
from tests.storage.community import Guest, draft, welcome
from tests.storage.conftest import Clock
from tests.storage.crowd import claim, frozen, phase, resident

SECOND = timedelta(seconds=1)
ANSWER = "the answer to the sending"
EVENTS = (ANSWER, State.SENT, State.DELIVERED, State.READ, State.FAILED)
TELLS_MOST = (State.READ, State.DELIVERED, State.FAILED, State.SENT)
ORDERS = [
    *chain.from_iterable(
        permutations(some) for n in range(1, 6) for some in combinations(EVENTS, n)
    )
]


def end_of(events: Sequence[str]) -> State:
    """What is true once all of these were heard."""
    heard = {State.SENT if event == ANSWER else State(event) for event in events}
    return next(state for state in TELLS_MOST if state in heard)


async def sending(storage: Storage, guest: Guest, clock: Clock, lane: Lane = Lane.REPLY) -> Draft:
    """A message on its way."""
    row = draft(storage, guest, "x", clock.now, state=State.SENDING, lane=lane)
    async with storage.transaction() as tx:
        await tx.outbox.add([row])
    return row


async def state_of(storage: Storage, id: int) -> State | None:
    async with storage.reading() as tx:
        return await tx.outbox.state(id)


async def messages(storage: Storage, guest: Guest, clock: Clock) -> list[str]:
    async with storage.reading() as tx:
        return await tx.outbox.messages(guest.address.id, clock.now - timedelta(days=1))


async def test_statuses_end_alike_in_all_orders_wherever_the_answer_comes(
    storage: Storage, clock: Clock
) -> None:
    guest = await welcome(storage, "whatsapp:+9647", clock.now, "whatsapp")
    rows = [draft(storage, guest, "x", clock.now, state=State.SENDING) for _ in ORDERS]
    assert len(ORDERS) == 5 + 20 + 60 + 120 + 120
    async with storage.transaction() as tx:
        await tx.outbox.add(rows)
        # Step by step, and in each step of all rows at once.
        for step in range(len(EVENTS)):
            heard = [(row.id, order[step]) for row, order in zip(rows, ORDERS, strict=True)
                     if step < len(order)]  # fmt: skip
            await tx.outbox.settle(
                [Settlement(id, State.SENT, f"SM{id}", attempts=1)
                 for id, event in heard if event == ANSWER]
            )  # fmt: skip
            said = [Status(id, State(event), f"SM{id}") for id, event in heard if event != ANSWER]
            await tx.outbox.statuses(said)
            assert await tx.outbox.statuses(said) == [False] * len(said)
    async with storage.reading() as tx:
        ends = [await tx.outbox.state(row.id) for row in rows]
        kept = await tx.outbox.messages(guest.address.id, clock.now)
        assert await tx.outbox.next_due("whatsapp") is None
    assert ends == [end_of(order) for order in ORDERS]
    assert kept == [f"SM{row.id}" for row in rows]


async def test_what_the_platform_speaks_of_is_not_sent_again(
    storage: Storage, clock: Clock
) -> None:
    guests = [await welcome(storage, str(n), clock.now, "whatsapp") for n in range(2)]
    crashed, unsure = [await sending(storage, guest, clock) for guest in guests]
    async with storage.transaction() as tx:
        again = Settlement(unsure.id, State.QUEUED, due=clock.now, ambiguous=True, attempts=1)
        await tx.outbox.settle([again])
        assert await tx.outbox.status(crashed.id, State.SENT, "SM1")
        assert await tx.outbox.status(unsure.id, State.DELIVERED, "SM2")
        assert await tx.outbox.recover("whatsapp", clock.now) == []
        assert await tx.outbox.claim("whatsapp", clock.now, 9) == []
        # The answer that comes late is no news, whatever it is.
        await tx.outbox.settle([Settlement(crashed.id, State.QUEUED, due=clock.now, attempts=1)])
        await tx.outbox.settle([Settlement(unsure.id, State.UNKNOWN, attempts=1)])
        assert await tx.outbox.claim("whatsapp", clock.now, 9) == []
    assert await state_of(storage, crashed.id) is State.SENT
    assert await state_of(storage, unsure.id) is State.DELIVERED


async def test_what_was_given_up_as_unknown_is_known_once_the_platform_tells(
    storage: Storage, clock: Clock
) -> None:
    guest = await welcome(storage, "1", clock.now, "whatsapp")
    row = await sending(storage, guest, clock)
    async with storage.transaction() as tx:
        await tx.outbox.settle([Settlement(row.id, State.UNKNOWN, reason="unsure")])
        assert await tx.outbox.status(row.id, State.READ, "SM1")
    assert await state_of(storage, row.id) is State.READ
    assert await messages(storage, guest, clock) == ["SM1"]


async def test_nothing_is_believed_of_what_never_left(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "1", clock.now, "whatsapp")
    row = draft(storage, guest, "x", clock.now)
    async with storage.transaction() as tx:
        await tx.outbox.add([row])
        assert not await tx.outbox.status(row.id, State.DELIVERED, "SM1")
        assert not await tx.outbox.status(12345, State.DELIVERED, "SM1")
        assert [d.id for d in await tx.outbox.claim("whatsapp", clock.now, 9)] == [row.id]


async def test_an_older_copy_that_fails_says_nothing_of_the_newer(
    storage: Storage, clock: Clock
) -> None:
    guest = await welcome(storage, "1", clock.now, "whatsapp")
    row = await sending(storage, guest, clock)
    async with storage.transaction() as tx:
        await tx.outbox.settle([Settlement(row.id, State.SENT, "SM2")])
        assert not await tx.outbox.status(row.id, State.FAILED, "SM1")
        assert await tx.outbox.status(row.id, State.DELIVERED, "SM1")
    assert await state_of(storage, row.id) is State.DELIVERED
    assert await messages(storage, guest, clock) == ["SM2"]


async def broadcast_row(
    storage: Storage, clock: Clock, *, kind: Kind = Kind.ANNOUNCEMENT
) -> tuple[Guest, Delivery]:
    """A row of a broadcast on its way over WhatsApp."""
    guest = await resident(storage, "amal", clock.now, channel="whatsapp")
    await frozen(storage, clock.now, kind=kind)
    (delivery,) = await claim(storage, clock.now, channel="whatsapp")
    return guest, delivery


async def test_what_is_refused_afterwards_goes_once_more_and_only_once(
    storage: Storage, clock: Clock
) -> None:
    guest, first = await broadcast_row(storage, clock)
    async with storage.transaction() as tx:
        await tx.outbox.settle([Settlement(first.id, State.SENT, "SM1", attempts=1)])
        assert await tx.outbox.status(first.id, State.FAILED, "SM1", "closed")
        assert await tx.outbox.requeue(first.id, clock.now, "SM1")
        assert not await tx.outbox.requeue(first.id, clock.now, "SM1")
        # What is still said of the refused one, however late.
        for state in (State.SENT, State.FAILED):
            assert not await tx.outbox.status(first.id, state, "SM1")
        await tx.outbox.settle([Settlement(first.id, State.SENT, "SM1", attempts=1)])
    (second,) = await claim(storage, clock.now, channel="whatsapp")
    assert (second.id, second.ambiguous) == (first.id, 0)
    async with storage.transaction() as tx:
        # It may be said of the second before the answer to it, and of the first even now.
        assert not await tx.outbox.status(first.id, State.FAILED, "SM1", "closed")
        assert await tx.outbox.status(first.id, State.SENT, "SM2")
        assert not await tx.outbox.status(first.id, State.FAILED, "SM1", "closed")
        assert await tx.outbox.status(first.id, State.FAILED, "SM2", "closed")
        assert not await tx.outbox.requeue(first.id, clock.now, "SM2")
    assert await state_of(storage, first.id) is State.FAILED
    assert await messages(storage, guest, clock) == ["SM2"]


async def test_a_refusal_before_the_answer_lets_it_go_once_more(
    storage: Storage, clock: Clock
) -> None:
    _, first = await broadcast_row(storage, clock)
    async with storage.transaction() as tx:
        assert await tx.outbox.requeue(first.id, clock.now, "SM1")
        await tx.outbox.settle([Settlement(first.id, State.SENT, "SM1", attempts=1)])
    assert await state_of(storage, first.id) is State.QUEUED
    (second,) = await claim(storage, clock.now, channel="whatsapp")
    async with storage.transaction() as tx:
        await tx.outbox.settle([Settlement(first.id, State.SENT, "SM2", attempts=second.attempts)])
        assert not await tx.outbox.status(first.id, State.FAILED, "SM1")
    assert await state_of(storage, first.id) is State.SENT


async def test_words_that_are_kept_can_go_once_more_until_they_arrive(
    storage: Storage, clock: Clock
) -> None:
    guests = [await welcome(storage, str(n), clock.now, "whatsapp") for n in range(3)]
    erased, kept, arrived = [await sending(storage, guest, clock) for guest in guests]
    async with storage.transaction() as tx:
        await tx.outbox.settle([
            Settlement(erased.id, State.SENT, "SM0"),
            Settlement(kept.id, State.SENT, "SM1", keep_words=True),
            Settlement(arrived.id, State.SENT, "SM2", keep_words=True),
        ])  # fmt: skip
        await tx.outbox.status(arrived.id, State.DELIVERED, "SM2")
        assert await tx.outbox.status(kept.id, State.FAILED, "SM1", "refused")
        assert not await tx.outbox.requeue(erased.id, clock.now, "SM0")
        assert not await tx.outbox.requeue(arrived.id, clock.now, "SM2")
        assert await tx.outbox.requeue(kept.id, clock.now + SECOND, "SM1")
        assert await tx.outbox.claim("whatsapp", clock.now, 9) == []
        (again,) = await tx.outbox.claim("whatsapp", clock.now + SECOND, 9)
        ((left,),) = await tx.desk.connection.fetch(
            "SELECT COUNT(*) FROM outbox WHERE message IS NOT NULL"
        )
    assert (again.id, again.message) == (kept.id, kept.message)
    assert left == 1


async def test_what_is_in_doubt_is_told_apart_from_what_is_held_and_from_replies(
    storage: Storage, clock: Clock
) -> None:
    guests = [await welcome(storage, str(n), clock.now, "whatsapp") for n in range(3)]
    reply = await sending(storage, guests[0], clock)
    lost, held = [await sending(storage, guest, clock, Lane.REMINDER) for guest in guests[1:]]
    _, bulk = await broadcast_row(storage, clock)
    later = clock.forward(120 * SECOND)
    async with storage.transaction() as tx:
        assert await tx.outbox.doubtful("whatsapp", later - 120 * SECOND) == []
        doubts = await tx.outbox.doubtful("whatsapp", later, held=[held.id])
        taken = [s.id for s in await tx.outbox.recover("whatsapp", later, keep=True)]
    assert taken == [reply.id]
    assert [(d.id, d.account, d.attempts, d.ambiguous, d.taken) for d in doubts] == [
        (lost.id, "1", 1, 0, later - 120 * SECOND),
        (bulk.id, "amal", 1, 0, later - 120 * SECOND),
    ]
    assert [d.broadcast is None for d in doubts] == [True, False]


async def test_what_the_disk_has_spoilt_of_one_keeps_no_status_of_the_others(
    storage: Storage, clock: Clock
) -> None:
    guest = await welcome(storage, "1", clock.now, "whatsapp")
    rows = [await sending(storage, guest, clock) for _ in range(2)]
    async with storage.transaction() as tx:
        await tx.outbox.settle([Settlement(row.id, State.SENT, f"SM{row.id}") for row in rows])
        spoils = "UPDATE outbox SET platform_id = :spoilt WHERE id = :id"
        await tx.desk.connection.run(spoils, {"spoilt": bytes(64), "id": rows[0].id})
        said = [Status(row.id, State.DELIVERED, f"SM{row.id}") for row in rows]
        assert await tx.outbox.statuses(said) == [True, True]
    assert [await state_of(storage, row.id) for row in rows] == [State.DELIVERED] * 2


async def test_what_is_in_doubt_and_spoilt_fails_when_it_is_to_go_again(
    storage: Storage, clock: Clock
) -> None:
    guest = await welcome(storage, "1", clock.now, "whatsapp")
    lost = await sending(storage, guest, clock, Lane.REMINDER)
    later = clock.forward(120 * SECOND)
    async with storage.transaction() as tx:
        spoils = "UPDATE addresses SET account = :spoilt WHERE id = :id"
        await tx.desk.connection.run(spoils, {"spoilt": bytes(64), "id": guest.address.id})
        (doubt,) = await tx.outbox.doubtful("whatsapp", later)
        assert (doubt.id, doubt.account) == (lost.id, "")
        await tx.outbox.settle([Settlement(lost.id, State.QUEUED, due=later, ambiguous=True)])
        assert await tx.outbox.claim("whatsapp", later, 9) == []
    assert await state_of(storage, lost.id) is State.FAILED


async def test_what_failed_for_certain_goes_to_another_address_once(
    storage: Storage, clock: Clock
) -> None:
    guest, first = await broadcast_row(storage, clock)
    others = [await welcome(storage, f"other{n}", clock.now, channel)
              for n, channel in enumerate(("web", "telegram"))]  # fmt: skip
    async with storage.transaction() as tx:
        for other in others:
            await tx.people.join(guest.person.id, other.person.id, clock.now)
        await tx.outbox.settle([Settlement(first.id, State.FAILED, reason="gone", attempts=1)])
        assert await tx.outbox.reroute(first.id, clock.now, ["whatsapp"]) is None
        assert await tx.outbox.reroute(first.id, clock.now, ["web", "telegram"]) == "telegram"
        assert await tx.outbox.reroute(first.id, clock.now, ["web"]) is None
    assert await claim(storage, clock.now, channel="whatsapp") == []
    (moved,) = await claim(storage, clock.now)
    assert (moved.id, moved.address, moved.account) == (first.id, others[1].address.id, "other1")
    await settle_failed(storage, moved)
    async with storage.transaction() as tx:
        assert await tx.outbox.reroute(first.id, clock.now, ["web", "telegram"]) is None


async def settle_failed(storage: Storage, delivery: Delivery) -> None:
    async with storage.transaction() as tx:
        await tx.outbox.settle(
            [Settlement(delivery.id, State.FAILED, reason="gone", attempts=delivery.attempts)]
        )


async def test_nothing_that_may_have_arrived_goes_elsewhere(storage: Storage, clock: Clock) -> None:
    guest, first = await broadcast_row(storage, clock)
    other = await welcome(storage, "other", clock.now)
    async with storage.transaction() as tx:
        await tx.people.join(guest.person.id, other.person.id, clock.now)
        again = Settlement(first.id, State.QUEUED, due=clock.now, ambiguous=True)
        await tx.outbox.settle([again])
    (second,) = await claim(storage, clock.now, channel="whatsapp")
    await settle_failed(storage, second)
    async with storage.transaction() as tx:
        assert await tx.outbox.reroute(first.id, clock.now, ["telegram"]) is None
    assert await claim(storage, clock.now) == []


async def test_who_is_reached_by_delivered_and_read_counts_as_reached(
    storage: Storage, clock: Clock
) -> None:
    guest, first = await broadcast_row(storage, clock)
    async with storage.transaction() as tx:
        await tx.outbox.settle([Settlement(first.id, State.SENT, "SM1", attempts=1)])
        for state in (State.DELIVERED, State.READ):
            await tx.outbox.status(first.id, state, "SM1")
            made = (await tx.broadcasts.of_staff(1))[0].id
            reached = await tx.recipients.audience(Rule("reached"), made, Kind.CORRECTION)
            assert reached.total == 1
            assert (await tx.recipients.counts(made)).by_state == {state: 1}
            assert not await tx.recipients.is_open(made)
    assert await messages(storage, guest, clock) == ["SM1"]
    assert await phase(storage, made) == "running"
