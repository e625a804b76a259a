"""What the postman does with each answer of the platform."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels import (
    Barred,
    Busy,
    Gone,
    Moved,
    Refused,
    TargetGone,
    Unreachable,
    Unsure,
)
from dialogue.words import Act, Lane, Message
from storage.outbox import State
from tests.delivery.post import Post, Row


async def test_a_queued_message_is_sent_and_its_text_erased(post: Post) -> None:
    leyla = await post.lives_at("leyla")
    row = await post.queue(leyla, "hello")
    post.opens()
    await post.platform.hears(1)
    await post.closes()
    assert post.platform.texts == ["hello"]
    assert post.rows()[row] == Row(State.SENT, attempts=1, ambiguous=0, erased=True)


async def test_a_reply_that_may_go_now_is_never_queued(post: Post) -> None:
    leyla = await post.lives_at("leyla")
    post.opens()
    await post.is_ready()
    (row,) = await post.turn((leyla, "hello"))
    assert post.rows()[row].state is not State.QUEUED
    await post.platform.hears(1)
    await post.closes()
    assert post.states(row) == [State.SENT]


@pytest.mark.parametrize("busy", [Busy(3), Barred("no")], ids=["busy", "barred"])
async def test_when_the_platform_asks_for_a_pause_everybody_waits_and_nothing_is_lost(
    post: Post, busy: Exception
) -> None:
    leyla, omar = await post.lives_at("leyla"), await post.lives_at("omar")
    post.platform.will("leyla", busy)
    first = await post.queue(leyla, "one")
    post.opens()
    heard = await post.platform.hears(1)
    second = await post.queue(omar, "two")
    heard = await post.platform.hears(3)
    await post.closes()
    assert sorted(post.platform.texts[1:]) == ["one", "two"]
    assert heard[1].at - heard[0].at >= 2
    assert post.states(first, second) == [State.SENT, State.SENT]
    assert post.rows()[first].ambiguous == 0


async def test_while_the_credentials_are_refused_the_row_stays_queued(post: Post) -> None:
    leyla = await post.lives_at("leyla")
    post.platform.will("leyla", *[Barred("no")] * 4)
    row = await post.queue(leyla, "one")
    post.opens()
    await post.platform.hears(2)
    await post.closes()
    assert post.states(row) == [State.QUEUED]
    assert post.postman.counts.barred == 2


async def test_an_unreachable_platform_is_tried_again_later(post: Post) -> None:
    leyla = await post.lives_at("leyla")
    post.platform.will("leyla", Unreachable(), Unreachable())
    row = await post.queue(leyla, "one")
    post.opens()
    heard = await post.platform.hears(3)
    await post.closes()
    assert heard[1].at - heard[0].at >= 0.5
    assert heard[2].at - heard[1].at >= 1
    assert post.rows()[row] == Row(State.SENT, attempts=3, ambiguous=0, erased=True)


async def test_what_may_have_arrived_is_sent_once_more(post: Post) -> None:
    leyla = await post.lives_at("leyla")
    post.platform.will("leyla", Unsure())
    row = await post.queue(leyla, "one")
    post.opens()
    await post.platform.hears(2)
    await post.closes()
    assert post.rows()[row] == Row(State.SENT, attempts=2, ambiguous=1, erased=True)


async def test_what_may_have_arrived_twice_is_unknown_and_never_sent_a_third_time(
    post: Post,
) -> None:
    leyla = await post.lives_at("leyla")
    post.platform.will("leyla", Unsure(), Unsure())
    row = await post.queue(leyla, "one")
    post.opens()
    await post.platform.hears(2)
    later = await post.queue(leyla, "two")
    await post.platform.hears(3)
    await post.closes()
    assert post.platform.texts == ["one", "one", "two"]
    assert post.states(row, later) == [State.UNKNOWN, State.SENT]


async def test_an_account_that_is_gone_fails_and_its_other_messages_are_spared(
    post: Post,
) -> None:
    leyla, omar = await post.lives_at("leyla"), await post.lives_at("omar")
    post.platform.will("leyla", Gone())
    post.opens()
    await post.is_ready()
    post.platform.open.clear()
    one, two = await post.turn((leyla, "one"), (leyla, "two"))
    await post.platform.hears(1)
    later = await post.queue(leyla, "three", Lane.ANNOUNCEMENT)
    post.platform.open.set()
    await post.queue(omar, "four")
    await post.platform.hears(2)
    await post.closes()
    assert post.platform.texts == ["one", "four"]
    assert post.states(one, two, later) == [State.FAILED, State.SUPPRESSED, State.SUPPRESSED]
    assert not (await post.address("leyla")).reachable


async def test_a_refused_message_fails_and_the_next_one_goes(post: Post) -> None:
    leyla = await post.lives_at("leyla")
    post.platform.will("leyla", Refused("too long"))
    row, after = await post.queue(leyla, "one"), await post.queue(leyla, "two")
    post.opens()
    await post.platform.hears(2)
    await post.closes()
    assert post.states(row, after) == [State.FAILED, State.SENT]


async def test_an_edit_that_finds_no_message_becomes_a_message(post: Post) -> None:
    leyla = await post.lives_at("leyla")
    post.platform.will("leyla", TargetGone("gone"))
    row = await post.queue(leyla, "one", act=Act.EDIT, target="m0")
    post.opens()
    heard = await post.platform.hears(2)
    await post.closes()
    assert [(h.act, h.target) for h in heard] == [(Act.EDIT, "m0"), (Act.SEND, None)]
    assert post.states(row) == [State.SENT]


@pytest.mark.parametrize("act", [Act.STRIP, Act.DELETE])
async def test_what_should_vanish_and_is_not_there_is_done(post: Post, act: Act) -> None:
    leyla = await post.lives_at("leyla")
    post.platform.will("leyla", TargetGone("gone"))
    row = await post.queue(leyla, "", act=act, target="m0")
    post.opens()
    await post.platform.hears(1)
    await post.closes()
    assert post.states(row) == [State.SENT]


async def test_an_account_that_moved_is_written_to_where_it_is_now(post: Post) -> None:
    leyla = await post.lives_at("leyla")
    post.platform.will("leyla", Moved("leyla-2"))
    row = await post.queue(leyla, "one")
    post.opens()
    heard = await post.platform.hears(2)
    await post.closes()
    assert [h.account for h in heard] == ["leyla", "leyla-2"]
    assert post.states(row) == [State.SENT]
    assert (await post.address("leyla-2")).id == leyla


async def test_an_account_that_moves_for_ever_is_given_up(post: Post) -> None:
    leyla = await post.lives_at("leyla")
    post.platform.will("leyla", Moved("leyla-2"))
    post.platform.will("leyla-2", Moved("leyla-3"))
    row = await post.queue(leyla, "one")
    post.opens()
    await post.platform.hears(2)
    await post.closes()
    assert post.states(row) == [State.FAILED]


async def test_a_fault_of_our_own_is_tried_three_times_and_tells_nothing(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    leyla = await post.lives_at("leyla")
    post.platform.will("leyla", *[ValueError("leyla wrote a secret")] * 3)
    row = await post.queue(leyla, "one")
    post.opens()
    await post.platform.hears(3)
    await post.closes()
    assert post.states(row) == [State.FAILED]
    assert "ValueError" in caplog.text
    assert "secret" not in caplog.text


async def test_what_comes_too_late_is_never_sent(post: Post) -> None:
    leyla, omar = await post.lives_at("leyla"), await post.lives_at("omar")
    late = await post.queue(leyla, "one", not_after=post.hurry.now() - timedelta(seconds=1))
    post.opens()
    await post.queue(omar, "two")
    await post.platform.hears(1)
    await post.closes()
    assert post.platform.texts == ["two"]
    assert post.states(late) == [State.EXPIRED]


async def test_a_message_can_be_deleted_again_when_its_time_has_come(post: Post) -> None:
    leyla = await post.lives_at("leyla")
    first = await post.queue(leyla, "secret")
    later = post.hurry.now() + timedelta(seconds=20)
    second = await post.queue(leyla, "", act=Act.DELETE, target_delivery=first, due=later)
    post.opens()
    await post.platform.hears(1)
    heard = await post.platform.hears(2)
    await post.closes()
    assert (heard[1].act, heard[1].target) == (Act.DELETE, "m1")
    assert heard[1].at - heard[0].at >= 10
    assert post.states(first, second) == [State.SENT, State.SENT]


async def test_a_message_that_never_left_needs_no_deleting(post: Post) -> None:
    leyla, omar = await post.lives_at("leyla"), await post.lives_at("omar")
    post.platform.will("leyla", Refused("no"))
    first = await post.queue(leyla, "secret")
    second = await post.queue(leyla, "", act=Act.DELETE, target_delivery=first)
    third = await post.queue(leyla, "new", act=Act.EDIT, target_delivery=first)
    post.opens()
    await post.platform.hears(2)
    await post.queue(omar, "bye")
    heard = await post.platform.hears(3)
    await post.closes()
    assert [h.act for h in heard] == [Act.SEND, Act.SEND, Act.SEND]
    assert post.states(first, second, third) == [State.FAILED, State.SENT, State.SENT]


async def test_of_two_edits_of_a_slot_only_the_newer_is_sent(post: Post) -> None:
    leyla = await post.lives_at("leyla")
    old = await post.queue(leyla, "10 %", Lane.PROGRESS, act=Act.EDIT, target="m0", slot="p")
    new = await post.queue(leyla, "20 %", Lane.PROGRESS, act=Act.EDIT, target="m0", slot="p")
    post.opens()
    await post.platform.hears(1)
    await post.closes()
    assert post.platform.texts == ["20 %"]
    assert post.states(old, new) == [State.CANCELLED, State.SENT]


async def test_something_said_is_not_stored_and_its_errors_reach_the_speaker(post: Post) -> None:
    post.opens()
    post.platform.will("guest", Busy(1), Busy(1))
    said = await post.postman.say("guest", Act.SEND, None, Message("hello"))
    assert said == "m3"
    for error in (Gone(), Unsure(), Refused("no"), Unreachable(), Busy(1000)):
        post.platform.will("guest", error)
        with pytest.raises(type(error)):
            await post.postman.say("guest", Act.SEND, None, Message("hello"))
    await post.closes()
    assert post.rows() == {}


async def test_what_is_said_after_closing_is_refused_at_once(post: Post) -> None:
    post.opens()
    await post.closes()
    with pytest.raises(Unreachable):
        await post.postman.say("guest", Act.SEND, None, Message("hello"))
