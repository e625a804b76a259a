"""Broadcasts from the draft to the last count, and their rows from the freezing to the sweep."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from dialogue.words import Act, Lane, Message
from storage import Storage
from storage.broadcasting.broadcasts import Counts, Kind, Phase, Rule
from storage.outbox import Draft, Settlement, State
from tests.storage.community import draft, webinar, welcome
from tests.storage.conftest import Clock
from tests.storage.crowd import (
    announced,
    claim,
    freeze,
    frozen,
    names,
    phase,
    recipients,
    register,
    resident,
    settle,
)

MINUTE = timedelta(minutes=1)


async def test_a_draft_is_kept_as_it_was_written_until_it_is_no_draft(
    storage: Storage, clock: Clock
) -> None:
    async with storage.transaction() as tx:
        made = await tx.broadcasts.put(
            Kind.ANNOUNCEMENT,
            Rule(languages=("ar",)),
            {"texts": {"ar": "مرحبا"}},
            clock.now,
            made_by=7,
            webinar="one",
            not_after=clock.now + MINUTE,
        )
        assert await tx.broadcasts.change_content(
            made.id, {"texts": {"ar": "سلام"}}, rule=Rule("registered", "two"), webinar="two"
        )
    async with storage.transaction() as tx:
        kept = await tx.broadcasts.get(made.id)
        assert kept is not None
        assert (kept.phase, kept.made_by, kept.webinar) == (Phase.DRAFT, 7, "two")
        assert kept.content == {"texts": {"ar": "سلام"}}
        assert kept.rule == Rule("registered", "two")
        assert kept.not_after == clock.now.replace(microsecond=0) + MINUTE
        assert await tx.broadcasts.set_phase(made.id, Phase.HELD, [Phase.DRAFT], clock.now)
        assert not await tx.broadcasts.change_content(made.id, {})


async def test_of_one_that_the_disk_has_spoilt_all_but_its_words_is_known(
    storage: Storage, clock: Clock
) -> None:
    spoilt, fine = [await announced(storage, clock.now) for _ in range(2)]
    async with storage.transaction() as tx:
        values = {"id": spoilt.id, "spoilt": bytes(64)}
        await tx.desk.connection.run(
            "UPDATE broadcasts SET content = :spoilt WHERE id = :id", values
        )
        assert await tx.broadcasts.due(clock.now) == [replace(spoilt, content={}), fine]


async def test_of_twenty_who_confirm_at_once_one_succeeds(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        made = await tx.broadcasts.put(Kind.ANNOUNCEMENT, Rule(), {}, clock.now)

    async def confirm() -> bool:
        async with storage.transaction() as tx:
            return await tx.broadcasts.set_phase(
                made.id, Phase.HELD, [Phase.DRAFT, Phase.WAITING], clock.now
            )

    assert sorted(await asyncio.gather(*(confirm() for _ in range(20)))) == [False] * 19 + [True]


async def test_of_twenty_who_begin_at_once_one_succeeds(storage: Storage, clock: Clock) -> None:
    made = await announced(storage, clock.now)

    async def begin() -> bool:
        async with storage.transaction() as tx:
            return await tx.broadcasts.begin(made.id, clock.now) is not None

    assert Counter(await asyncio.gather(*(begin() for _ in range(20)))) == {False: 19, True: 1}


async def test_it_begins_at_its_time_and_not_once_it_was_taken_back(
    storage: Storage, clock: Clock
) -> None:
    made = await announced(storage, clock.now, starts_at=clock.now + MINUTE)
    async with storage.transaction() as tx:
        assert await tx.broadcasts.due(clock.now) == []
        assert await tx.broadcasts.next_due() == made.starts_at
        assert await tx.broadcasts.begin(made.id, clock.now) is None
        assert [b.id for b in await tx.broadcasts.due(clock.now + MINUTE)] == [made.id]
        await tx.broadcasts.set_phase(made.id, Phase.CANCELLED, [Phase.HELD], clock.now)
        assert await tx.broadcasts.begin(made.id, clock.now + MINUTE) is None
        taken_back = await tx.broadcasts.get(made.id)
    assert taken_back is not None
    assert taken_back.ended == clock.now.replace(microsecond=0)


async def test_freezing_passes_everybody_once_however_it_is_interrupted(
    storage: Storage, clock: Clock
) -> None:
    guests = [await resident(storage, f"p{n}", clock.now) for n in range(7)]
    made = await announced(storage, clock.now)
    async with storage.transaction() as tx:
        await tx.broadcasts.begin(made.id, clock.now)
    async with storage.transaction() as tx:
        assert await tx.recipients.freeze(made.id, 3) == 3

    async def cut_off() -> None:
        async with storage.transaction() as tx:
            await tx.recipients.freeze(made.id, 3)
            raise RuntimeError("the power is cut")

    with pytest.raises(RuntimeError):
        await cut_off()
    assert len(await recipients(storage, made.id)) == 3
    assert await claim(storage, clock.now) == []
    assert await freeze(storage, made.id, 3) == 4
    assert await phase(storage, made.id) is Phase.RUNNING
    assert len(await names(storage, made.id, guests)) == 7
    ids = {delivery.id for delivery in await claim(storage, clock.now)}
    assert len(ids) == 7


async def test_two_who_freeze_at_once_write_nobody_down_twice(
    storage: Storage, clock: Clock
) -> None:
    guests = [await resident(storage, f"p{n}", clock.now) for n in range(12)]
    made = await announced(storage, clock.now)
    async with storage.transaction() as tx:
        await tx.broadcasts.begin(made.id, clock.now)
    passed = await asyncio.gather(*(freeze(storage, made.id, 2) for _ in range(3)))
    assert sum(passed) == 12
    assert await names(storage, made.id, guests) == sorted(f"p{n}" for n in range(12))


async def test_a_cancel_in_mid_freezing_ends_it(storage: Storage, clock: Clock) -> None:
    for n in range(4):
        await resident(storage, f"p{n}", clock.now)
    made = await announced(storage, clock.now)
    async with storage.transaction() as tx:
        await tx.broadcasts.begin(made.id, clock.now)
        await tx.recipients.freeze(made.id, 2)
    async with storage.transaction() as tx:
        assert await tx.broadcasts.set_phase(
            made.id, Phase.CANCELLING, [Phase.FREEZING, Phase.RUNNING], clock.now
        )
        assert await tx.recipients.freeze(made.id, 2) == 0
        assert await tx.recipients.cancel_rows(made.id, 1) == 1
        assert await tx.recipients.is_open(made.id)
        assert await tx.recipients.cancel_rows(made.id, 9) == 1
        assert not await tx.recipients.is_open(made.id)
        counts = await tx.recipients.counts(made.id)
        assert counts.by_state == {"cancelled": 2}
        assert await tx.broadcasts.finish(made.id, counts, clock.now) is Phase.CANCELLED
        assert await tx.broadcasts.finish(made.id, counts, clock.now) is None


async def test_a_claimed_row_says_for_whom_its_message_is_made(
    storage: Storage, clock: Clock
) -> None:
    guest = await resident(storage, "amal", clock.now, language="en", text_only=True)
    made = await frozen(storage, clock.now, not_after=clock.now + MINUTE)
    (delivery,) = await claim(storage, clock.now)
    assert (delivery.account, delivery.act, delivery.lane) == ("amal", Act.SEND, Lane.ANNOUNCEMENT)
    assert delivery.message == Message(language="en")
    assert delivery.not_after == clock.now.replace(microsecond=0) + MINUTE
    assert delivery.bulk is not None
    assert delivery.bulk.broadcast == made.id
    assert (delivery.bulk.language, delivery.bulk.zone) == ("en", "Asia/Baghdad")
    assert delivery.bulk.text_only
    assert await claim(storage, clock.now) == []
    async with storage.transaction() as tx:
        await tx.outbox.settle([Settlement(delivery.id, State.SENT, "77")])
        (address,) = await tx.people.addresses(guest.person.id)
        assert address.last_message == "77"
        assert await tx.outbox.messages(guest.address.id, clock.now - MINUTE) == ["77"]


async def test_only_what_is_running_leaves(storage: Storage, clock: Clock) -> None:
    await resident(storage, "amal", clock.now)
    made = await frozen(storage, clock.now)

    async def to(phase: Phase, *expected: Phase) -> None:
        async with storage.transaction() as tx:
            assert await tx.broadcasts.set_phase(made.id, phase, expected, clock.now)

    await to(Phase.PAUSED, Phase.RUNNING)
    assert await claim(storage, clock.now) == []
    async with storage.reading() as tx:
        assert await tx.outbox.next_due("telegram") is None
        assert await tx.broadcasts.running() == []
    await to(Phase.RUNNING, Phase.PAUSED)
    async with storage.reading() as tx:
        due = await tx.outbox.next_due("telegram")
        assert [b.id for b in await tx.broadcasts.running()] == [made.id]
    assert due is not None
    assert due <= clock.now
    assert len(await claim(storage, clock.now)) == 1


async def test_the_older_broadcast_goes_first_and_reminders_before_both(
    storage: Storage, clock: Clock
) -> None:
    for name in "ab":
        await resident(storage, name, clock.now)
    first = await frozen(storage, clock.now)
    second = await frozen(storage, clock.now)
    notice = await frozen(storage, clock.now, kind=Kind.NOTICE)
    seen: list[int | None] = []
    for _ in range(6):
        (delivery,) = await claim(storage, clock.now, limit=1)
        seen.append(delivery.bulk and delivery.bulk.broadcast)
        await settle(storage, [delivery], State.SENT, "")
    assert seen == [notice.id] * 2 + [first.id] * 2 + [second.id] * 2


async def test_an_address_gets_one_at_a_time(storage: Storage, clock: Clock) -> None:
    guest = await resident(storage, "amal", clock.now)
    await frozen(storage, clock.now)
    await frozen(storage, clock.now)
    reply = draft(storage, guest, "hello", clock.now, state=State.SENDING)
    async with storage.transaction() as tx:
        await tx.outbox.add([reply])
    assert await claim(storage, clock.now) == []
    async with storage.transaction() as tx:
        await tx.outbox.settle([Settlement(reply.id, State.SENT)])
    assert len(await claim(storage, clock.now)) == 1
    assert await claim(storage, clock.now) == []


async def test_its_card_goes_before_the_copy_of_whoever_reads_it(
    storage: Storage, clock: Clock
) -> None:
    guest = await resident(storage, "1", clock.now)
    made = await frozen(storage, clock.now)
    card = draft(storage, guest, "0 of 10,000", clock.now, lane=Lane.ANNOUNCEMENT)
    async with storage.transaction() as tx:
        await tx.outbox.add([card])
    (first,) = await claim(storage, clock.now)
    assert first.id == card.id
    await settle(storage, [first], State.SENT, "")
    (second,) = await claim(storage, clock.now)
    assert second.bulk is not None
    assert second.bulk.broadcast == made.id


@pytest.mark.parametrize(
    ("change", "fault"),
    [("block", "gone"), ("stop", "stopped"), ("switch", "stopped"), ("leave", "left")],
)
async def test_whoever_wants_no_more_in_the_middle_gets_no_more(
    storage: Storage, clock: Clock, change: str, fault: str
) -> None:
    async with storage.transaction() as tx:
        await tx.webinars.put(webinar("one"))
    guests = [await resident(storage, name, clock.now) for name in "abc"]
    await register(storage, "one", clock.now, *guests)
    made = await frozen(storage, clock.now, Rule("registered", "one"))
    out = guests[0]
    async with storage.transaction() as tx:
        match change:
            case "block":
                await tx.people.mark(out.address.id, reachable=False)
            case "stop":
                await tx.people.mark(out.address.id, stopped=True)
            case "switch":
                await tx.people.update(replace(out.person, announcements=False), clock.now)
            case _:
                await tx.registrations.remove(out.person.id, "one")
    claimed: list[str] = []
    while rows := await claim(storage, clock.now, limit=1):
        claimed += [row.account for row in rows]
        await settle(storage, rows, State.SENT, "")
    assert sorted(claimed) == ["b", "c"]
    async with storage.reading() as tx:
        counts = await tx.recipients.counts(made.id)
    assert counts.by_state == {"sent": 2, "suppressed": 1}
    assert counts.by_fault == {fault: 1}


async def test_stopping_takes_back_the_lanes_that_were_asked_for(
    storage: Storage, clock: Clock
) -> None:
    out, other = [await resident(storage, name, clock.now) for name in "ab"]
    await frozen(storage, clock.now)
    await frozen(storage, clock.now, kind=Kind.NOTICE)
    single = draft(storage, out, "soon", clock.now, lane=Lane.ANNOUNCEMENT)
    reply = draft(storage, out, "stopped", clock.now)
    async with storage.transaction() as tx:
        await tx.outbox.add([single, reply])
        assert await tx.outbox.suppress_unasked(out.person.id, [Lane.ANNOUNCEMENT]) == 2
        claimed = await tx.outbox.claim("telegram", clock.now, 10)
    assert Counter((d.account, d.lane) for d in claimed) == {
        (out.arrival.account, Lane.REPLY): 1,
        (other.arrival.account, Lane.REMINDER): 1,
    }


async def test_a_blocked_address_loses_its_rows_of_every_running_broadcast(
    storage: Storage, clock: Clock
) -> None:
    out, _ = [await resident(storage, name, clock.now) for name in "ab"]
    made = [await frozen(storage, clock.now) for _ in range(2)]
    async with storage.transaction() as tx:
        assert await tx.outbox.suppress(out.address.id) == 2
    for broadcast in made:
        async with storage.reading() as tx:
            counts = await tx.recipients.counts(broadcast.id)
        assert counts.by_state == {"queued": 1, "suppressed": 1}


async def test_a_row_left_in_flight_goes_once_more_and_then_counts_as_unknown(
    storage: Storage, clock: Clock
) -> None:
    await resident(storage, "amal", clock.now)
    made = await frozen(storage, clock.now)
    for attempt in (1, 2):
        (delivery,) = await claim(storage, clock.now)
        assert (delivery.attempts, delivery.ambiguous) == (attempt, attempt - 1)
        async with storage.transaction() as tx:
            await tx.outbox.recover("telegram", clock.now)
    assert await claim(storage, clock.now) == []
    async with storage.reading() as tx:
        counts = await tx.recipients.counts(made.id)
        assert not await tx.recipients.is_open(made.id)
    assert (counts.by_state, counts.by_fault) == ({"unknown": 1}, {"unknown": 1})


async def test_counts_tell_states_faults_channels_and_languages(
    storage: Storage, clock: Clock
) -> None:
    for name, language in (("a", "ar"), ("b", "ar"), ("c", "en")):
        await resident(storage, name, clock.now, language=language)
    await resident(storage, "d", clock.now, channel="web")
    made = await frozen(storage, clock.now)
    rows = {d.account: d for d in await claim(storage, clock.now)}
    await settle(storage, [rows["a"]], State.SENT, "")
    await settle(storage, [rows["b"]], State.FAILED, "gone")
    await settle(storage, [rows["c"]], State.EXPIRED, "late")
    async with storage.transaction() as tx:
        counts = await tx.recipients.counts(made.id)
        assert counts == Counts(
            {"sent": 1, "failed": 1, "expired": 1, "queued": 1},
            {"gone": 1, "expired": 1},
            {"telegram": 3, "web": 1},
            {"ar": 3, "en": 1},
            4,
        )
        assert counts.of("failed", "expired") == 2
    await settle(storage, await claim(storage, clock.now, channel="web"), State.SENT, "")
    async with storage.transaction() as tx:
        counts = await tx.recipients.counts(made.id)
        await tx.broadcasts.finish(made.id, counts, clock.now)
        done = await tx.broadcasts.get(made.id)
    assert done is not None
    assert (done.phase, done.counts) == (Phase.DONE, counts)


async def test_rows_for_a_channel_that_nobody_serves_fail(storage: Storage, clock: Clock) -> None:
    await resident(storage, "a", clock.now)
    await resident(storage, "b", clock.now, channel="web")
    made = await frozen(storage, clock.now)
    async with storage.transaction() as tx:
        await tx.recipients.give_up(made.id, {"web"})
        counts = await tx.recipients.counts(made.id)
    assert (counts.by_state, counts.by_fault) == ({"queued": 1, "failed": 1}, {"unreachable": 1})


async def test_a_change_of_the_webinar_is_carried_out_when_it_begins(
    storage: Storage, clock: Clock
) -> None:
    one = webinar("one")
    later = one.starts_at + timedelta(days=1)
    change = {"starts_at": int(later.timestamp() * 1000)}
    async with storage.transaction() as tx:
        await tx.webinars.put(one)
        await tx.reminders.replan(one, (60,), clock.now)
    moved = await announced(storage, clock.now, kind=Kind.NOTICE, webinar="one", change=change)
    async with storage.transaction() as tx:
        before = await tx.webinars.programme()
        await tx.broadcasts.begin(moved.id, clock.now, (60,))
        after = await tx.webinars.programme()
        assert (after.webinars[0].starts_at, after.webinars[0].version) == (later, 2)
        assert after.version > before.version
        assert await tx.reminders.next_due() == later - timedelta(hours=1)
    cancelled = await announced(
        storage, clock.now, kind=Kind.NOTICE, webinar="one", change={"state": "cancelled"}
    )
    async with storage.transaction() as tx:
        await tx.broadcasts.begin(cancelled.id, clock.now, (60,))
        kept = await tx.webinars.get("one")
        assert kept is not None
        assert (kept.state, kept.version) == ("cancelled", 3)
        assert await tx.reminders.next_due() is None


async def test_staff_see_what_they_made_the_latest_first(storage: Storage, clock: Clock) -> None:
    await announced(storage, clock.now, kind=Kind.REMINDER)
    made = [
        await announced(storage, clock.now + n * MINUTE, made_by=7, kind=Kind.NOTICE)
        for n in range(3)
    ]
    async with storage.reading() as tx:
        assert [b.id for b in await tx.broadcasts.of_staff(2)] == [made[2].id, made[1].id]


async def test_what_was_written_and_is_still_to_leave_comes_first_however_much_was_told_since(
    storage: Storage, clock: Clock
) -> None:
    waiting = await announced(storage, clock.now, starts_at=clock.now + 99 * MINUTE)
    over = [await announced(storage, clock.now + n * MINUTE) for n in range(3)]
    async with storage.transaction() as tx:
        for each in over:
            await tx.broadcasts.set_phase(each.id, Phase.CANCELLED, [Phase.HELD], clock.now)
    for n in range(5):
        await announced(storage, clock.now + n * MINUTE, kind=Kind.NOTICE)
    async with storage.reading() as tx:
        written = await tx.broadcasts.written(3)
    assert [b.id for b in written] == [waiting.id, over[2].id, over[1].id]


async def test_whoever_is_forgotten_leaves_a_running_broadcast(
    storage: Storage, clock: Clock
) -> None:
    out, stays = [await resident(storage, name, clock.now) for name in "ab"]
    made = await frozen(storage, clock.now, made_by=out.person.id)
    async with storage.transaction() as tx:
        await tx.people.forget(out.person.id)
    assert await names(storage, made.id, [out, stays]) == ["b"]
    async with storage.reading() as tx:
        kept = await tx.broadcasts.get(made.id)
    assert kept is not None
    assert kept.made_by is None


async def test_ids_of_a_block_follow_each_other(sqlite: Storage, clock: Clock) -> None:
    first = sqlite.ids.deliveries(clock.now, 2_000)
    assert sqlite.ids.delivery(clock.now) >= first + 2_000
    guest = await welcome(sqlite, "1", clock.now)
    row = Draft(first, guest.address.id, Act.SEND, Lane.REPLY, Message("x"), clock.now)
    async with sqlite.transaction() as tx:
        await tx.outbox.add([row])
        assert await tx.outbox.state(first) is State.QUEUED
        assert await tx.outbox.state(first + 1) is None


async def test_what_somebody_was_about_to_send_can_be_held_back(
    storage: Storage, clock: Clock
) -> None:
    gone, other = 1, 2
    mine = await announced(storage, clock.now, made_by=gone)
    theirs = await announced(storage, clock.now, made_by=other)
    change = await announced(
        storage, clock.now, kind=Kind.NOTICE, made_by=gone, change={"state": "cancelled"}
    )
    news = await announced(storage, clock.now, kind=Kind.NOTICE, made_by=gone)
    async with storage.transaction() as tx:
        assert await tx.broadcasts.hold_back(gone, clock.now) == 1
    assert [await phase(storage, each.id) for each in (mine, theirs, change, news)] == [
        *(Phase.WAITING, Phase.HELD, Phase.CANCELLED, Phase.HELD),
    ]


async def test_it_does_not_end_while_somebody_is_to_get_it_again(
    storage: Storage, clock: Clock
) -> None:
    await resident(storage, "anna", clock.now)
    made = await frozen(storage, clock.now)
    (sent,) = await claim(storage, clock.now)
    await settle(storage, [sent], State.SENT, "")
    async with storage.transaction() as tx:
        counts = await tx.recipients.counts(made.id)
        # The platform tells at this moment that it did not bring it.
        assert await tx.outbox.requeue(sent.id, clock.now, None, 1)
        assert await tx.broadcasts.finish(made.id, counts, clock.now) is None
    (again,) = await claim(storage, clock.now)
    async with storage.transaction() as tx:
        assert await tx.broadcasts.finish(made.id, counts, clock.now) is None
    await settle(storage, [again], State.SENT, "")
    async with storage.transaction() as tx:
        assert await tx.broadcasts.finish(made.id, counts, clock.now) is Phase.DONE
        assert not await tx.outbox.requeue(sent.id, clock.now, None, 2)
