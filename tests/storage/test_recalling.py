"""Taking an announcement back: what of it is deleted, where, and what is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from dialogue.words import Act, Lane
from storage import Storage
from storage.broadcasting.broadcasts import Broadcast, Kind, Phase, Rule
from storage.outbox import Delivery, Settlement, State
from tests.storage.conftest import Clock
from tests.storage.crowd import (
    also_on,
    announced,
    claim,
    freeze,
    frozen,
    names,
    phase,
    recipients,
    resident,
    settle,
)

HOUR = timedelta(hours=1)
REACHED = Rule("reached")


async def arrived(storage: Storage, deliveries: Sequence[Delivery]) -> None:
    """The platform took these, and gave each the number of its account as its id."""
    async with storage.transaction() as tx:
        await tx.outbox.settle([Settlement(d.id, State.SENT, f"m-{d.account}") for d in deliveries])


async def sent(storage: Storage, clock: Clock, **more: object) -> Broadcast:
    """An announcement that has reached all it was for."""
    made = await frozen(storage, clock.now, **more)  # type: ignore[arg-type]
    await arrived(storage, await claim(storage, clock.now))
    return made


async def recalled(storage: Storage, clock: Clock, about: int) -> Broadcast:
    """A recall of it whose rows are all written down."""
    return await frozen(storage, clock.now, REACHED, kind=Kind.RECALL, about=about)


async def count(storage: Storage, about: int) -> int:
    """From how many it could be taken away now."""
    async with storage.reading() as tx:
        return (await tx.recipients.audience(REACHED, about, Kind.RECALL)).total


async def test_each_message_that_arrived_is_deleted_where_it_arrived(
    storage: Storage, clock: Clock
) -> None:
    for name in ("amal", "badr", "dina", "huda", "omar"):
        await resident(storage, name, clock.now)
    made = await frozen(storage, clock.now)
    by_name = {d.account: d for d in await claim(storage, clock.now)}
    await arrived(storage, [by_name["amal"], by_name["badr"]])
    await settle(storage, [by_name["dina"]], State.FAILED, "refused")
    await settle(storage, [by_name["huda"]], State.UNKNOWN, "unsure")
    await settle(storage, [by_name["omar"]], State.SUPPRESSED, "stopped")
    assert await count(storage, made.id) == 2
    await recalled(storage, clock, made.id)
    deletions = {d.account: d for d in await claim(storage, clock.now)}
    assert sorted(deletions) == ["amal", "badr"]
    amal = deletions["amal"]
    assert (amal.act, amal.target, amal.lane) == (Act.DELETE, "m-amal", Lane.ANNOUNCEMENT)
    assert amal.bulk is None
    assert amal.not_after is not None
    assert amal.not_after == clock.now.replace(microsecond=0) + 48 * HOUR


async def test_how_many_it_would_be_is_told_by_channel_and_language(
    storage: Storage, clock: Clock
) -> None:
    await resident(storage, "amal", clock.now)
    await resident(storage, "badr", clock.now, channel="web", language="en")
    made = await sent(storage, clock)
    await arrived(storage, await claim(storage, clock.now, channel="web"))
    async with storage.reading() as tx:
        counts = await tx.recipients.audience(REACHED, made.id, Kind.RECALL)
    assert (counts.by_channel, counts.total) == ({"telegram": 1, "web": 1}, 2)
    assert counts.by_language == {"ar": 1, "en": 1}


async def test_what_somebody_wishes_or_prefers_by_now_does_not_matter(
    storage: Storage, clock: Clock
) -> None:
    off = await resident(storage, "off", clock.now, channel="web")
    stopped = await resident(storage, "stopped", clock.now, channel="web")
    made = await frozen(storage, clock.now)
    await arrived(storage, await claim(storage, clock.now, channel="web"))
    # Whoever is on Telegram by now is written to there.
    await also_on(storage, off, "telegram", clock.now)
    await recalled(storage, clock, made.id)
    async with storage.transaction() as tx:
        lanes = (Lane.ANNOUNCEMENT,)
        assert await tx.outbox.suppress_unasked(off.person.id, lanes) == 0
        stop = "UPDATE addresses SET stopped = 1, reachable = 0 WHERE id = :id"
        await tx.desk.connection.run(stop, {"id": stopped.address.id})
        mute = "UPDATE people SET announcements = 0 WHERE id = :id"
        await tx.desk.connection.run(mute, {"id": off.person.id})
    assert await claim(storage, clock.now) == []
    deletions = await claim(storage, clock.now, channel="web")
    assert {d.target for d in deletions} == {"m-off", "m-stopped"}


async def test_what_is_older_than_two_days_stays(storage: Storage, clock: Clock) -> None:
    guests = [await resident(storage, name, clock.now) for name in ("amal", "badr")]
    made = await frozen(storage, clock.now)
    (first,) = await claim(storage, clock.now, limit=1)
    await arrived(storage, [first])
    clock.now += 40 * HOUR
    await arrived(storage, await claim(storage, clock.now))
    clock.now += 8 * HOUR
    assert await count(storage, made.id) == 1
    recall = await recalled(storage, clock, made.id)
    (left,) = [g.arrival.account for g in guests if g.arrival.account != first.account]
    assert await names(storage, recall.id, guests) == [left]


async def test_nothing_is_deleted_twice_and_what_failed_can_be_tried_again(
    storage: Storage, clock: Clock
) -> None:
    guests = [await resident(storage, name, clock.now) for name in ("amal", "badr", "dina")]
    made = await sent(storage, clock)
    first = await recalled(storage, clock, made.id)
    amal, badr, dina = sorted(await claim(storage, clock.now), key=lambda d: d.account)
    await settle(storage, [amal], State.SENT, "")
    await settle(storage, [badr], State.FAILED, "unreachable")
    assert await count(storage, made.id) == 1
    second = await recalled(storage, clock, made.id)
    assert await names(storage, second.id, guests) == ["badr"]
    assert await names(storage, first.id, guests) == ["amal", "badr", "dina"]
    await settle(storage, [dina], State.SENT, "")
    assert await count(storage, made.id) == 0


async def test_neither_a_correction_nor_a_recall_is_taken_back_with_it(
    storage: Storage, clock: Clock
) -> None:
    await resident(storage, "amal", clock.now)
    made = await sent(storage, clock)
    correction = await sent(storage, clock, rule=REACHED, kind=Kind.CORRECTION, about=made.id)
    recall = await recalled(storage, clock, made.id)
    (deletion,) = await claim(storage, clock.now)
    async with storage.transaction() as tx:
        await tx.outbox.settle([Settlement(deletion.id, State.SENT, "m-amal")])
    assert await count(storage, correction.id) == 1
    assert await count(storage, recall.id) == 0
    assert await claim(storage, clock.now) == []


async def test_freezing_it_passes_everybody_once_however_it_is_interrupted(
    storage: Storage, clock: Clock
) -> None:
    guests = [await resident(storage, f"p{n}", clock.now) for n in range(7)]
    made = await sent(storage, clock)
    recall = await announced(storage, clock.now, REACHED, kind=Kind.RECALL, about=made.id)
    async with storage.transaction() as tx:
        await tx.broadcasts.begin(recall.id, clock.now)
        await tx.recipients.freeze(recall.id, 3)

    async def cut_off() -> None:
        async with storage.transaction() as tx:
            await tx.recipients.freeze(recall.id, 3)
            raise RuntimeError("the power is cut")

    with pytest.raises(RuntimeError):
        await cut_off()
    assert len(await recipients(storage, recall.id)) == 3
    await freeze(storage, recall.id, 3)
    assert await phase(storage, recall.id) is Phase.RUNNING
    assert await names(storage, recall.id, guests) == [f"p{n}" for n in range(7)]
    assert len({d.target for d in await claim(storage, clock.now)}) == 7


async def test_what_is_left_of_it_is_told_as_long_as_it_was_not_undone(
    storage: Storage, clock: Clock
) -> None:
    await resident(storage, "amal", clock.now)
    made = await sent(storage, clock)
    undone = await announced(storage, clock.now, REACHED, kind=Kind.RECALL, about=made.id)
    async with storage.transaction() as tx:
        await tx.broadcasts.set_phase(undone.id, Phase.CANCELLED, [Phase.HELD], clock.now)
    recall = await recalled(storage, clock, made.id)
    async with storage.reading() as tx:
        assert [each.id for each in await tx.broadcasts.recalls(made.id)] == [recall.id]
        assert await tx.broadcasts.recalls(recall.id) == []


async def test_what_a_revoked_organiser_was_about_to_take_back_stays(
    storage: Storage, clock: Clock
) -> None:
    await resident(storage, "amal", clock.now)
    made = await sent(storage, clock)
    recall = await announced(
        storage, clock.now, REACHED, kind=Kind.RECALL, about=made.id, made_by=7
    )
    async with storage.transaction() as tx:
        assert await tx.broadcasts.hold_back(7, clock.now) == 0
    assert await phase(storage, recall.id) is Phase.CANCELLED


async def test_a_damaged_id_harms_one_alone(storage: Storage, clock: Clock) -> None:
    guests = [await resident(storage, name, clock.now) for name in ("amal", "badr")]
    made = await sent(storage, clock)
    recall = await recalled(storage, clock, made.id)
    harm = "UPDATE outbox SET platform_id = :x WHERE broadcast = :id AND person = :person"
    async with storage.transaction() as tx:
        values = {"x": b"harm", "id": made.id, "person": guests[0].person.id}
        await tx.desk.connection.run(harm, values)
    assert [d.target for d in await claim(storage, clock.now)] == ["m-badr"]
    async with storage.reading() as tx:
        assert (await tx.recipients.counts(recall.id)).by_fault == {"damaged": 1}


async def test_from_whatsapp_nothing_is_said_to_be_taken_away(
    storage: Storage, clock: Clock
) -> None:
    here = await resident(storage, "amal", clock.now)
    await resident(storage, "badr", clock.now, channel="whatsapp")
    made = await frozen(storage, clock.now)
    for channel in ("telegram", "whatsapp"):
        await arrived(storage, await claim(storage, clock.now, channel=channel))
    assert await count(storage, made.id) == 1
    recall = await recalled(storage, clock, made.id)
    assert await recipients(storage, recall.id) == [(here.person.id, here.address.id)]


async def test_what_was_delivered_or_read_can_be_taken_away_and_was(
    storage: Storage, clock: Clock
) -> None:
    for name in ("amal", "badr", "dina"):
        await resident(storage, name, clock.now)
    made = await sent(storage, clock)
    rows = await recipients(storage, made.id)
    async with storage.transaction() as tx:
        ids = await tx.desk.connection.fetch("SELECT id FROM outbox ORDER BY person")
        for (id,), state in zip(ids, (State.SENT, State.DELIVERED, State.READ), strict=True):
            await tx.outbox.status(id, state)
    assert await count(storage, made.id) == 3
    recall = await recalled(storage, clock, made.id)
    assert await recipients(storage, recall.id) == rows
    await arrived(storage, await claim(storage, clock.now))
    again = await recalled(storage, clock, made.id)
    assert await recipients(storage, again.id) == []
