"""What was perhaps sent is looked up with the platform before it goes again."""

from __future__ import annotations

import pytest

from channels import Busy, Unreachable, Unsure
from dialogue.words import Filled, Lane, Message
from storage.outbox import State
from tests.delivery.post import Lost, Post
from tests.delivery.windows import WAIT, WindowedPlatform

TOLD = Message("Your webinar moved", template=Filled("notice", ("Women and law",)))


async def told(number: Post, platform: WindowedPlatform, **more: object) -> int:
    """A notice on its way to Leyla."""
    leyla = await platform.writes(number.storage, "leyla")
    return await number.queue(leyla.id, "", Lane.REMINDER, message=TOLD, **more)


async def test_what_arrived_although_the_answer_was_lost_does_not_go_again(
    number: Post, platform: WindowedPlatform
) -> None:
    row = await told(number, platform)
    platform.will("leyla", Unsure())
    number.opens()
    await number.all_over()
    assert (len(platform.heard), platform.asked) == (1, ["leyla"])
    assert number.states(row) == [State.SENT]


async def test_what_never_arrived_goes_after_the_wait(
    number: Post, platform: WindowedPlatform
) -> None:
    row = await told(number, platform)
    platform.will("leyla", Lost())
    number.opens()
    await number.all_over()
    first, second = platform.heard
    assert second.at - first.at >= WAIT
    assert (len(platform.taken), number.states(row)) == (1, [State.SENT])


async def test_what_never_arrives_is_not_given_up_however_often(
    number: Post, platform: WindowedPlatform
) -> None:
    row = await told(number, platform)
    platform.will("leyla", Lost(), Lost(), Lost())
    number.opens()
    await number.all_over()
    assert (len(platform.taken), number.states(row)) == (1, [State.SENT])


@pytest.mark.parametrize("fault", [Busy(1.0), Unreachable()])
async def test_of_what_has_left_in_part_the_platform_is_asked_before_the_rest_goes(
    number: Post, platform: WindowedPlatform, fault: Exception
) -> None:
    # The process that sends the rest may be another one, and knows of no part.
    row = await told(number, platform)
    platform.begun = {row}
    platform.will("leyla", fault)
    number.opens()
    await number.all_over()
    assert (platform.asked, len(platform.taken)) == (["leyla"], 1)
    assert number.states(row) == [State.SENT]


async def test_what_has_not_begun_is_asked_of_nobody(
    number: Post, platform: WindowedPlatform
) -> None:
    row = await told(number, platform)
    platform.will("leyla", Busy(1.0))
    number.opens()
    await number.all_over()
    assert (platform.asked, number.states(row)) == ([], [State.SENT])


async def test_a_status_that_comes_while_it_waits_settles_it(
    number: Post, platform: WindowedPlatform
) -> None:
    row = await told(number, platform)
    platform.will("leyla", Unsure())
    number.opens()
    await platform.hears(1)
    await number.come_to(State.QUEUED, row)
    async with number.storage.transaction() as tx:
        await tx.outbox.status(row, State.SENT, platform.ids[row])
    later = await number.queue((await number.address("leyla")).id, "later", Lane.REMINDER)
    await number.come_to(State.SENT, row, later)
    assert (len(platform.heard), platform.asked) == (2, [])


async def test_while_the_list_cannot_be_had_nothing_is_sent(
    number: Post, platform: WindowedPlatform
) -> None:
    row = await told(number, platform)
    platform.will("leyla", Unsure())
    platform.cannot_list = Unreachable()
    number.opens()
    while len(platform.asked) < 3:
        await number.hurry.lull()
    platform.cannot_list = None
    await number.all_over()
    assert len(platform.heard) == 1
    assert number.states(row) == [State.SENT]


async def test_when_it_is_too_late_to_look_it_is_listed_as_unknown(
    number: Post, platform: WindowedPlatform
) -> None:
    row = await told(number, platform, not_after=number.hurry.in_seconds(2 * WAIT))
    platform.will("leyla", Unsure())
    platform.cannot_list = Unreachable()
    number.opens()
    await number.all_over()
    assert len(platform.heard) == 1
    assert number.states(row) == [State.UNKNOWN]


async def test_what_never_arrived_and_is_late_by_now_does_not_go(
    number: Post, platform: WindowedPlatform
) -> None:
    row = await told(number, platform, not_after=number.hurry.in_seconds(WAIT / 2))
    platform.will("leyla", Lost())
    number.opens()
    await number.all_over()
    assert len(platform.heard) == 1
    assert number.states(row) == [State.EXPIRED]


async def test_a_reply_goes_once_more_rather_than_late(
    number: Post, platform: WindowedPlatform
) -> None:
    leyla = await platform.writes(number.storage, "leyla")
    platform.will("leyla", Unsure())
    row = await number.queue(leyla.id, "an answer")
    number.opens()
    await number.all_over()
    first, second = platform.heard
    assert second.at - first.at < WAIT
    assert (platform.asked, number.states(row)) == ([], [State.SENT])


async def test_replies_go_while_something_is_in_doubt_and_are_not_taken_for_it(
    number: Post, platform: WindowedPlatform
) -> None:
    leyla = await platform.writes(number.storage, "leyla")
    before = await number.queue(leyla.id, "before")
    number.opens()
    await number.come_to(State.SENT, before)
    platform.will("leyla", Lost())
    row = await number.queue(leyla.id, "", Lane.REMINDER, message=TOLD)
    await platform.hears(2)
    reply = await number.queue(leyla.id, "an answer")
    await number.come_to(State.SENT, reply)
    assert number.states(row) == [State.QUEUED]
    await number.all_over()
    assert [heard.text for heard in platform.taken] == ["before", "an answer", TOLD.text]


async def test_what_a_crash_left_is_looked_up_and_goes_only_if_it_had_not_left(
    number: Post, platform: WindowedPlatform
) -> None:
    for account in ("leyla", "noor"):
        address = await platform.writes(number.storage, account)
        await number.queue(address.id, "", Lane.REMINDER, message=TOLD)
    platform.open.clear()
    number.opens()
    leylas = next(heard for heard in await platform.hears(2) if heard.account == "leyla")
    await number.dies()
    # Leyla's was with the platform by then.
    platform.takes(leylas, "m-leyla")
    platform.open.set()
    number.opens()
    await number.all_over()
    assert [heard.account for heard in platform.taken] == ["noor"]
    assert sorted(platform.asked) == ["leyla", "noor"]


async def test_a_reply_that_a_crash_left_goes_at_once(
    number: Post, platform: WindowedPlatform
) -> None:
    leyla = await platform.writes(number.storage, "leyla")
    await number.queue(leyla.id, "an answer")
    platform.open.clear()
    number.opens()
    await platform.hears(1)
    await number.dies()
    platform.open.set()
    began = number.hurry.monotonic()
    number.opens()
    await number.all_over()
    assert platform.heard[-1].at - began < WAIT
