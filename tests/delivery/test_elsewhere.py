"""Somebody who is not reached on one platform is written to on another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels import Closed, Gone, NoMarketing, OptedOut, Refused, Resting, Unsure
from storage.broadcasting.broadcasts import Phase
from storage.outbox import State
from tests.delivery.conftest import Two

SCRIPTED, WINDOWED = "scripted", "windowed"


async def arrivals(two: Two, broadcast: int) -> list[str]:
    """On which platforms the news was taken, once nobody waits for it any more."""
    await two.room.comes_to(broadcast, Phase.DONE)
    scripted = [SCRIPTED for heard in two.scripted.taken if heard.text == "news"]
    return scripted + [WINDOWED for _ in two.windowed.taken]


async def test_nothing_arrives_twice(two: Two) -> None:
    await two.links("leyla", prefers=WINDOWED)
    broadcast = await two.room.announces()
    two.room.opens()
    assert await arrivals(two, broadcast) == [WINDOWED]


@pytest.mark.parametrize("error", [Gone(), Refused(), NoMarketing()])
async def test_what_fails_on_one_goes_to_the_other(two: Two, error: Exception) -> None:
    await two.links("leyla", prefers=WINDOWED)
    two.windowed.will("leyla", error)
    broadcast = await two.room.announces()
    two.room.opens()
    assert await arrivals(two, broadcast) == [SCRIPTED]
    assert (await two.room.counts(broadcast)).by_state == {State.SENT: 1}


async def test_whoever_blocked_the_bot_is_reached_by_template(two: Two) -> None:
    await two.links("leyla", prefers=SCRIPTED, ago=timedelta(days=3))
    two.scripted.will("leyla", Gone())
    broadcast = await two.room.announces()
    two.room.opens()
    assert await arrivals(two, broadcast) == [WINDOWED]
    assert two.windowed.taken[0].template == "news"


async def test_what_was_refused_afterwards_goes_to_the_other_at_once(two: Two) -> None:
    await two.links("leyla", prefers=WINDOWED)
    broadcast = await two.room.announces()
    two.room.opens()
    await two.windowed.hears(1)
    await two.room.until(lambda: is_sent(two))
    ((delivery, id),) = two.windowed.ids.items()
    await two.room.office.told(WINDOWED, delivery, State.FAILED, id, Resting(3600.0))
    assert await arrivals(two, broadcast) == [SCRIPTED, WINDOWED]


async def is_sent(two: Two) -> bool:
    async with two.room.storage.reading() as tx:
        return await tx.outbox.state(next(iter(two.windowed.ids))) is State.SENT


async def test_what_fails_on_both_has_failed(two: Two) -> None:
    await two.links("leyla", prefers=WINDOWED)
    two.windowed.will("leyla", Refused())
    two.scripted.will("leyla", Refused())
    broadcast = await two.room.announces()
    two.room.opens()
    assert await arrivals(two, broadcast) == []
    assert (await two.room.counts(broadcast)).by_fault == {"refused": 1}
    assert (len(two.windowed.heard), len(two.scripted.heard)) == (1, 1)


async def test_what_may_have_arrived_goes_nowhere_else(two: Two) -> None:
    await two.links("leyla", prefers=SCRIPTED)
    two.scripted.will("leyla", Unsure(), Gone())
    broadcast = await two.room.announces()
    two.room.opens()
    assert await arrivals(two, broadcast) == [SCRIPTED]
    assert two.windowed.heard == []


async def test_whoever_told_the_platform_to_stop_is_not_pursued(two: Two) -> None:
    await two.links("leyla", prefers=WINDOWED)
    two.windowed.will("leyla", OptedOut())
    broadcast = await two.room.announces()
    two.room.opens()
    assert await arrivals(two, broadcast) == []


async def test_a_window_that_is_closed_for_good_lets_the_other_step_in(two: Two) -> None:
    await two.links("leyla", prefers=WINDOWED)
    two.windowed.will("leyla", Closed(), Closed())
    broadcast = await two.room.announces()
    two.room.opens()
    assert await arrivals(two, broadcast) == [SCRIPTED]


async def test_whoever_blocks_us_before_their_turn_hears_it_elsewhere(two: Two) -> None:
    await two.links("leyla", prefers=SCRIPTED)
    broadcast = await two.room.announces()
    async with two.room.storage.transaction() as tx:
        begun = await tx.broadcasts.begin(broadcast, two.room.hurry.now())
        assert begun is not None
        while await tx.recipients.freeze(broadcast, 100):
            pass
        address = await tx.people.find(SCRIPTED, "leyla")
        assert address is not None
        await tx.people.mark(address.id, reachable=False)
        await tx.outbox.suppress(address.id)
    two.room.opens()
    assert await arrivals(two, broadcast) == [WINDOWED]
    assert (await two.room.counts(broadcast)).by_state == {State.SENT: 1}
