"""The database that cannot be written, the process that stops, the process that is killed."""

from __future__ import annotations

import asyncio
from contextlib import closing

import pytest

from channels import Limits, Unreachable, Unsure
from dialogue.words import Act, Lane, Message
from storage.outbox import State
from tests.delivery.post import Post, Row


async def test_while_the_database_is_locked_endings_are_kept_and_nothing_new_starts(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    leyla, omar = await post.lives_at("leyla"), await post.lives_at("omar")
    post.opens()
    await post.is_ready()
    post.platform.open.clear()
    with post.hurry.stands_still():
        waiting = await post.queue(omar, "later", due=post.hurry.in_seconds(5))
        (sent,) = await post.turn((leyla, "one"))
        await post.platform.hears(1)
        locked = await post.locks()
    with closing(locked):
        post.platform.open.set()
        while not post.postman.counts.failing:
            await post.hurry.lull()
        assert not post.postman.may_send_now(leyla)
        assert post.states(sent, waiting) == [State.SENDING, State.QUEUED]
    await post.platform.hears(2)
    await post.closes()
    assert post.states(sent, waiting) == [State.SENT, State.SENT]
    assert post.platform.texts == ["one", "later"]
    assert 1 <= caplog.text.count("the database cannot be used") <= 3


async def test_a_start_with_a_locked_database_waits_until_it_opens(post: Post) -> None:
    leyla = await post.lives_at("leyla")
    row = await post.queue(leyla, "one")
    with closing(await post.locks()):
        post.opens()
        while not post.postman.counts.failing:
            await post.hurry.lull()
    await post.platform.hears(1)
    await post.closes()
    assert post.states(row) == [State.SENT]


async def test_stopping_settles_what_is_in_flight_and_starts_nothing_else(post: Post) -> None:
    post.limit(Limits(4096, per_second=1000, at_once=2))
    addresses = [await post.lives_at(str(number)) for number in range(5)]
    post.opens()
    await post.is_ready()
    post.platform.open.clear()
    rows = await post.turn(*((address, "hello") for address in addresses))
    await post.platform.hears(2)
    closing_down = asyncio.create_task(post.closes())
    # Whoever else begins to wait just then tells nothing: in a second of theirs it is closed.
    await post.hurry.wait(asyncio.Event(), 1.0)
    post.platform.open.set()
    await closing_down
    assert post.states(*rows) == [State.SENT] * 2 + [State.QUEUED] * 3
    assert {row.ambiguous for row in post.rows().values()} == {0}


async def test_what_does_not_end_while_stopping_is_sent_once_more_by_the_next_process(
    post: Post,
) -> None:
    leyla = await post.lives_at("leyla")
    post.opens()
    await post.is_ready()
    post.platform.open.clear()
    (row,) = await post.turn((leyla, "one"))
    await post.platform.hears(1)
    await post.closes()
    assert post.states(row) == [State.SENDING]
    post.platform.open.set()
    post.comes_again()
    post.opens()
    await post.platform.hears(2)
    await post.closes()
    assert post.rows()[row] == Row(State.SENT, attempts=2, ambiguous=1, erased=True)


async def test_what_dies_in_flight_twice_is_unknown(post: Post) -> None:
    leyla = await post.lives_at("leyla")
    row = await post.queue(leyla, "one")
    post.platform.open.clear()
    for heard in (1, 2):
        post.opens()
        await post.platform.hears(heard)
        await post.dies()
    post.platform.open.set()
    later = await post.queue(leyla, "two")
    post.opens()
    await post.platform.hears(3)
    await post.closes()
    assert post.states(row, later) == [State.UNKNOWN, State.SENT]


async def test_whoever_waits_for_an_answer_hears_that_the_process_ends(post: Post) -> None:
    post.opens()
    post.platform.open.clear()
    said = [
        asyncio.create_task(post.postman.say(guest, Act.SEND, None, Message("hello")))
        for guest in ("one", "two")
    ]
    await post.platform.hears(2)
    behind = asyncio.create_task(post.postman.say("one", Act.SEND, None, Message("again")))
    await post.hurry.lull()
    await post.closes()
    for answer in said:
        with pytest.raises(Unsure):
            await answer
    with pytest.raises(Unreachable):
        await behind


async def test_a_turn_that_was_rolled_back_leaves_no_trace(post: Post) -> None:
    leyla = await post.lives_at("leyla")
    post.opens()
    await post.is_ready()
    assert post.postman.may_send_now(leyla)
    post.postman.expect(leyla)
    (row,) = await post.turn((leyla, "one"))
    (other,) = await post.turn((leyla, "two"))
    await post.platform.hears(2)
    await post.closes()
    assert post.states(row, other) == [State.SENT, State.SENT]


async def test_only_a_little_is_claimed_ahead_of_a_slow_platform(post: Post) -> None:
    post.limit(Limits(4096, per_second=30))
    crowd = [await post.lives_at(f"member {number}") for number in range(20)]
    rows = [await post.queue(address, "news", Lane.ANNOUNCEMENT) for address in crowd]
    post.platform.open.clear()
    post.opens()
    await post.platform.hears(10)
    sending = [state for state in post.states(*rows) if state is State.SENDING]
    assert len(sending) <= 10 + 2
    post.platform.open.set()


async def test_at_a_high_pace_no_more_than_sixty_are_in_doubt_or_claimed_ahead(post: Post) -> None:
    limits = Limits(4096, per_second=1000, at_once=50)
    post.limit(limits)
    crowd = [await post.lives_at(f"member {number}") for number in range(80)]
    rows = [await post.queue(address, "news", Lane.ANNOUNCEMENT) for address in crowd]
    post.platform.open.clear()
    post.opens()
    await post.platform.hears(limits.at_once)
    # Nobody may begin to wait any more; a second of theirs is enough for whatever else is claimed.
    await post.hurry.wait(asyncio.Event(), 1.0)
    sending = [state for state in post.states(*rows) if state is State.SENDING]
    assert limits.at_once <= len(sending) <= 60
    post.platform.open.set()
    await post.platform.hears(len(rows))
    await post.closes()
    assert set(post.states(*rows)) == {State.SENT}


async def test_a_damaged_row_fails_and_holds_nobody_up(post: Post) -> None:
    leyla, omar = await post.lives_at("leyla"), await post.lives_at("omar")
    damaged, whole = await post.queue(leyla, "one"), await post.queue(leyla, "two")
    post.damages(damaged)
    post.opens()
    await post.queue(omar, "three")
    await post.platform.hears(2)
    await post.closes()
    assert sorted(post.platform.texts) == ["three", "two"]
    assert post.states(damaged, whole) == [State.FAILED, State.SENT]


async def test_a_row_of_which_nobody_knows_that_it_is_on_its_way_is_found(post: Post) -> None:
    leyla = await post.lives_at("leyla")
    post.opens()
    await post.is_ready()
    # Its commit reached the disk, and the answer to that did not reach the process.
    draft = post.draft(leyla, "one", state=State.SENDING)
    async with post.storage.transaction() as tx:
        await tx.outbox.add([draft])
    later = await post.queue(leyla, "two")
    await post.platform.hears(2)
    await post.closes()
    assert post.platform.texts == ["one", "two"]
    assert post.rows()[draft.id] == Row(State.SENT, attempts=2, ambiguous=1, erased=True)
    assert post.states(later) == [State.SENT]
