"""The outbox: who goes first, what comes back, what is left of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dialogue.words import Act, File, Lane, Message, MessageButton
from storage import Storage
from storage.outbox import Draft, Settlement, State
from tests.storage.community import draft, welcome
from tests.storage.conftest import Clock

SECOND = timedelta(seconds=1)


async def test_a_message_comes_out_as_it_went_in(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "77001", clock.now)
    buttons = ((MessageButton("نعم", "r7:yes"), MessageButton("x", url="https://a.b")),)
    message = Message("سؤال\nثانٍ", buttons, "ar", File("mydata.json", b"\x00\xff"))
    one = Draft(1, guest.address.id, Act.EDIT, Lane.REPLY, message, clock.now, target="55")
    async with storage.transaction() as tx:
        await tx.outbox.add([one])
        (delivery,) = await tx.outbox.claim("telegram", clock.now, 1)
    assert delivery == one.on_its_way("telegram", "77001")


async def test_lanes_then_age_and_one_for_each_address(storage: Storage, clock: Clock) -> None:
    guests = [await welcome(storage, str(n), clock.now) for n in range(3)]
    late = draft(storage, guests[0], "late", clock.now, lane=Lane.ANNOUNCEMENT)
    replies = [draft(storage, guest, "reply", clock.now) for guest in guests[1:]]
    second = draft(storage, guests[1], "second", clock.now)
    async with storage.transaction() as tx:
        await tx.outbox.add([late, *replies, second])
        taken = await tx.outbox.claim("telegram", clock.now, 10)
        assert [d.id for d in taken] == [replies[0].id, replies[1].id, late.id]
        assert await tx.outbox.claim("telegram", clock.now, 10) == []
        await tx.outbox.settle([Settlement(replies[0].id, State.SENT, "1")])
        assert [d.id for d in await tx.outbox.claim("telegram", clock.now, 10)] == [second.id]


async def test_only_what_is_asked_for_is_claimed(storage: Storage, clock: Clock) -> None:
    here, there = await welcome(storage, "1", clock.now), await welcome(storage, "2", clock.now)
    web = await welcome(storage, "3", clock.now, channel="web")
    now = clock.now
    rows = [
        draft(storage, here, "a", now),
        draft(storage, there, "b", now, lane=Lane.PROGRESS),
        draft(storage, web, "c", now),
        draft(storage, there, "d", now, lane=Lane.REMINDER, due=now + SECOND),
    ]
    async with storage.transaction() as tx:
        await tx.outbox.add(rows)
        assert not await tx.outbox.claim("telegram", now, 9, skip_addresses=[here.address.id],
                                         lanes=[Lane.REPLY])  # fmt: skip
        assert not await tx.outbox.claim("telegram", now, 0)
        assert [d.id for d in await tx.outbox.claim("telegram", now, 1)] == [rows[0].id]
        assert await tx.outbox.next_due("telegram") == now
        assert [d.id for d in await tx.outbox.claim("web", now, 9)] == [rows[2].id]
        assert await tx.outbox.next_due("web") is None
        assert not await tx.outbox.claim("telegram", now, 9, lanes=[Lane.REMINDER])
        taken = await tx.outbox.claim("telegram", now + SECOND, 9, lanes=[Lane.REMINDER])
        assert [d.id for d in taken] == [rows[3].id]


async def test_what_is_tried_again_keeps_its_place(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "1", clock.now)
    first, second = [draft(storage, guest, text, clock.now) for text in ("1", "2")]
    later = clock.now + 5 * SECOND
    async with storage.transaction() as tx:
        await tx.outbox.add([first, second])
        await tx.outbox.claim("telegram", clock.now, 9)
        await tx.outbox.settle([Settlement(first.id, State.QUEUED, due=later)])
        assert await tx.outbox.claim("telegram", clock.now, 9) == []
        (again,) = await tx.outbox.claim("telegram", later, 9)
    assert (again.id, again.attempts, again.ambiguous) == (first.id, 2, 0)


async def test_a_message_for_later_holds_nothing_back(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "1", clock.now)
    later = draft(storage, guest, "", clock.now, act=Act.DELETE, due=clock.now + 600 * SECOND)
    reply = draft(storage, guest, "reply", clock.now)
    async with storage.transaction() as tx:
        await tx.outbox.add([later, reply])
        assert [d.id for d in await tx.outbox.claim("telegram", clock.now, 9)] == [reply.id]


async def test_a_later_change_finds_the_message_by_its_delivery(
    storage: Storage, clock: Clock
) -> None:
    guest = await welcome(storage, "1", clock.now)
    said = draft(storage, guest, "data", clock.now, state=State.SENDING)
    gone = draft(storage, guest, "", clock.now, act=Act.DELETE, target_delivery=said.id)
    lost = draft(storage, guest, "", clock.now, act=Act.DELETE, target_delivery=12345)
    async with storage.transaction() as tx:
        await tx.outbox.add([said, gone, lost])
        assert await tx.outbox.claim("telegram", clock.now, 9) == []
        await tx.outbox.settle([Settlement(said.id, State.SENT, "4711")])
        (first,) = await tx.outbox.claim("telegram", clock.now, 9)
        await tx.outbox.settle([Settlement(first.id, State.SENT)])
        (second,) = await tx.outbox.claim("telegram", clock.now, 9)
    assert (first.target, second.target) == ("4711", None)


@pytest.mark.parametrize("act", [Act.DELETE, Act.EDIT])
async def test_nothing_is_changed_before_it_is_there(
    storage: Storage, clock: Clock, act: Act
) -> None:
    guest = await welcome(storage, "1", clock.now)
    now, soon = clock.now, clock.now + 2 * SECOND
    said = draft(storage, guest, "data", now)
    gone = draft(
        *(storage, guest, "", now), lane=Lane.REMINDER, act=act, due=soon, target_delivery=said.id
    )
    async with storage.transaction() as tx:
        await tx.outbox.add([said, gone])
        await tx.outbox.claim("telegram", now, 9)
        # The platform is away, until after the other's time.
        again = Settlement(said.id, State.QUEUED, due=soon + SECOND)
        await tx.outbox.settle([again])
        assert await tx.outbox.claim("telegram", soon, 9) == []
        (first,) = await tx.outbox.claim("telegram", soon + SECOND, 9)
        assert first.id == said.id
        await tx.outbox.settle([Settlement(said.id, State.SENT, "4711")])
        (second,) = await tx.outbox.claim("telegram", soon + SECOND, 9)
    assert (second.id, second.target) == (gone.id, "4711")


async def test_a_newer_edit_of_a_slot_replaces_the_unsent_one(
    storage: Storage, clock: Clock
) -> None:
    guest = await welcome(storage, "1", clock.now)
    old, new = [
        draft(storage, guest, text, clock.now, lane=Lane.PROGRESS, slot="p") for text in "12"
    ]
    async with storage.transaction() as tx:
        await tx.outbox.add([old])
        await tx.outbox.add([new])
        assert [d.id for d in await tx.outbox.claim("telegram", clock.now, 9)] == [new.id]


async def test_the_last_message_is_known_once_it_is_sent(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "1", clock.now)
    first, reminder = [
        draft(storage, guest, "x", clock.now, lane=lane) for lane in (Lane.REPLY, Lane.REMINDER)
    ]
    async with storage.transaction() as tx:
        await tx.outbox.add([first, reminder])
    for one, id in ((first, "11"), (reminder, "12")):
        async with storage.transaction() as tx:
            (delivery,) = await tx.outbox.claim("telegram", clock.now, 9)
            assert delivery.id == one.id
            waiting = await tx.people.find("telegram", "1")
            await tx.outbox.settle([Settlement(one.id, State.SENT, id)])
            after = await tx.people.find("telegram", "1")
        assert waiting
        assert after
        assert (waiting.last_message, after.last_message) == (None, id)


async def test_a_crash_in_sending_is_sent_once_more_and_then_unknown(
    storage: Storage, clock: Clock
) -> None:
    guest = await welcome(storage, "1", clock.now)
    row = draft(storage, guest, "x", clock.now, state=State.SENDING)
    async with storage.transaction() as tx:
        await tx.outbox.add([row])
        assert [s.state for s in await tx.outbox.recover("telegram", clock.now)] == [State.QUEUED]
        (again,) = await tx.outbox.claim("telegram", clock.now, 9)
        assert (again.attempts, again.ambiguous) == (2, 1)
        assert [s.state for s in await tx.outbox.recover("telegram", clock.now)] == [State.UNKNOWN]
        assert await tx.outbox.recover("telegram", clock.now) == []
        assert await tx.outbox.claim("telegram", clock.now, 9) == []


async def test_what_waits_for_a_gone_address_is_suppressed(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "1", clock.now)
    rows = [draft(storage, guest, "x", clock.now, state=state)
            for state in (State.SENDING, State.QUEUED, State.QUEUED)]  # fmt: skip
    async with storage.transaction() as tx:
        await tx.outbox.add(rows)
        assert await tx.outbox.suppress(guest.address.id) == 2
        assert await tx.outbox.next_due("telegram") is None


async def test_a_message_to_a_forgotten_address_is_dropped(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "1", clock.now)
    async with storage.transaction() as tx:
        await tx.people.forget(guest.person.id)
        await tx.outbox.add([draft(storage, guest, "x", clock.now)])
        assert await tx.outbox.next_due("telegram") is None


async def test_messages_of_an_address_are_listed_once_each(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "1", clock.now)
    rows = [draft(storage, guest, "x", clock.now, state=State.SENDING) for _ in range(3)]
    async with storage.transaction() as tx:
        await tx.outbox.add(rows)
        await tx.outbox.settle(
            [Settlement(row.id, State.SENT, id) for row, id in zip(rows, "778", strict=True)]
        )
        assert await tx.outbox.messages(guest.address.id, clock.now) == ["7", "8"]
        assert await tx.outbox.messages(guest.address.id, clock.now + SECOND) == []


async def test_delivery_ids_rise_even_when_the_clock_falls_back(
    storage: Storage, clock: Clock
) -> None:
    ids = [storage.ids.delivery(clock.now - n * SECOND) for n in range(100)]
    assert ids == sorted(set(ids))
    assert ids[-1] < 2**63
