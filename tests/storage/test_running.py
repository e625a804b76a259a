"""Of several broadcasts that leave at once, and of the people of one, who goes first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from dialogue.words import Act
from storage import Storage
from storage.broadcasting.broadcasts import Broadcast, Kind, Phase, Rule
from storage.engines.times import epoch_ms
from storage.outbox import Delivery, Settlement, State
from tests.storage.conftest import Clock
from tests.storage.crowd import claim, freeze, frozen, resident, settle

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


async def put_back(storage: Storage, deliveries: Sequence[Delivery], due: datetime) -> None:
    """The network was away, or the platform asked for a pause."""
    async with storage.transaction() as tx:
        await tx.outbox.settle([Settlement(d.id, State.QUEUED, due=due) for d in deliveries])


async def noticed(storage: Storage, now: datetime, notice: str, **more: Any) -> Broadcast:
    """What those of a webinar are told, and are being told now."""
    content: dict[str, Any] = {"texts": {"ar": "x"}, "notice": notice}
    if "before" in more:
        content["before"] = epoch_ms(more.pop("before"))
    async with storage.transaction() as tx:
        made = await tx.broadcasts.put(
            Kind.NOTICE, Rule(), content, now, phase=Phase.HELD, webinar="w", **more
        )
        assert await tx.broadcasts.begin(made.id, now) is not None
    await freeze(storage, made.id)
    return made


async def first(storage: Storage, now: datetime) -> int:
    """Which broadcast's row goes next; it is sent."""
    (delivery,) = await claim(storage, now, 1)
    assert delivery.bulk is not None
    await settle(storage, [delivery], State.SENT, "")
    return delivery.bulk.broadcast


@pytest.mark.parametrize("kind", [Kind.ANNOUNCEMENT, Kind.REMINDER])
async def test_whoever_was_put_back_does_not_go_behind_all_others(
    storage: Storage, clock: Clock, kind: Kind
) -> None:
    for name in range(4):
        await resident(storage, f"p{name}", clock.now)
    await frozen(storage, clock.now, kind=kind)
    (hasty,) = await claim(storage, clock.now, 1)
    await put_back(storage, [hasty], clock.now + SECOND)
    (second,) = await claim(storage, clock.now, 1)
    assert second.id != hasty.id
    (again,) = await claim(storage, clock.forward(SECOND), 1)
    assert again.id == hasty.id
    assert len(await claim(storage, clock.now, 9)) == 2


async def test_what_takes_back_or_corrects_goes_before_what_is_new(
    storage: Storage, clock: Clock
) -> None:
    for name in range(2):
        await resident(storage, f"p{name}", clock.now)
    wrong = await frozen(storage, clock.now)
    async with storage.transaction() as tx:
        taken = await tx.outbox.claim("telegram", clock.now, 9)
        await tx.outbox.settle([Settlement(d.id, State.SENT, f"m{d.id}") for d in taken])
    new = await frozen(storage, clock.now)
    reached = Rule("reached")
    right = await frozen(storage, clock.now, reached, kind=Kind.CORRECTION, about=wrong.id)
    away = await frozen(storage, clock.now, reached, kind=Kind.RECALL, about=wrong.id)
    taken = await claim(storage, clock.now, 1)
    assert [delivery.act for delivery in taken] == [Act.DELETE]
    await settle(storage, taken, State.SENT, "")
    taken = await claim(storage, clock.now, 1)
    assert [delivery.act for delivery in taken] == [Act.DELETE], away
    await settle(storage, taken, State.SENT, "")
    assert [await first(storage, clock.now) for _ in range(4)] == [right.id] * 2 + [new.id] * 2


async def test_what_has_the_least_time_left_goes_first(storage: Storage, clock: Clock) -> None:
    await resident(storage, "p", clock.now)
    now = clock.now
    tomorrow = await frozen(storage, now, kind=Kind.REMINDER, not_after=now + DAY)
    soon = await frozen(storage, now, kind=Kind.REMINDER, not_after=now + HOUR)
    in_time = now + 2 * HOUR
    moved = await noticed(storage, now, "moved", before=in_time, not_after=now + 7 * DAY)
    assert [await first(storage, now) for _ in range(3)] == [soon.id, moved.id, tomorrow.id]


async def test_answers_go_behind_all_that_somebody_must_know(
    storage: Storage, clock: Clock
) -> None:
    await resident(storage, "p", clock.now)
    now = clock.now
    answers = [await noticed(storage, now, "answer", not_after=now + HOUR) for _ in range(2)]
    way_in = await noticed(storage, now, "way-in", not_after=now + 2 * HOUR)
    order = [await first(storage, now) for _ in range(3)]
    assert order == [way_in.id, *(answer.id for answer in answers)]


async def test_of_two_changes_of_a_webinar_nobody_hears_the_later_one_first(
    storage: Storage, clock: Clock
) -> None:
    for name in range(2):
        await resident(storage, f"p{name}", clock.now)
    now = clock.now
    moved = await noticed(storage, now, "moved", not_after=now + 7 * DAY)
    (hasty,) = await claim(storage, now, 1)
    await put_back(storage, [hasty], now + HOUR)
    off = await noticed(storage, now, "cancelled", not_after=now + DAY)
    assert [await first(storage, now) for _ in range(2)] == [moved.id, off.id]
    assert await claim(storage, now, 9) == []
    assert [await first(storage, now + HOUR) for _ in range(2)] == [moved.id, off.id]
