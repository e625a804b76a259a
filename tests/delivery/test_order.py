"""Who goes before whom."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from random import Random

import pytest

from channels import Busy, Limits, TargetGone, Unreachable, Unsure
from dialogue.words import Act, Lane, Message
from storage import Storage
from storage.outbox import State
from tests.delivery.post import Post


async def test_messages_of_one_address_leave_in_order_one_at_a_time(post: Post) -> None:
    leyla = await post.lives_at("leyla")
    post.opens()
    await post.is_ready()
    post.platform.open.clear()
    await post.turn((leyla, "one"), (leyla, "two"))
    await post.queue(leyla, "three")
    await post.turn((leyla, "four"))
    await post.platform.hears(1)
    post.platform.open.set()
    await post.platform.hears(4)
    await post.closes()
    assert post.platform.texts == ["one", "two", "three", "four"]
    assert post.platform.most_at_once == 1


async def test_a_reply_does_not_overtake_one_that_waits_for_another_try(post: Post) -> None:
    leyla = await post.lives_at("leyla")
    post.opens()
    await post.is_ready()
    post.platform.will("leyla", Unreachable(), Unsure())
    await post.turn((leyla, "one"))
    await post.platform.hears(1)
    await post.turn((leyla, "two"))
    await post.turn((leyla, "three"))
    await post.platform.hears(5)
    await post.closes()
    assert post.platform.texts == ["one", "one", "one", "two", "three"]


async def test_it_does_not_overtake_one_that_an_earlier_process_left(post: Post) -> None:
    leyla = await post.lives_at("leyla")
    post.platform.will("leyla", *[Unreachable()] * 3)
    first = await post.queue(leyla, "one")
    post.opens()
    await post.platform.hears(3)
    await post.closes()
    assert post.states(first) == [State.QUEUED]
    post.comes_again()
    post.opens()
    await post.is_ready(forget=False)
    await post.turn((leyla, "two"))
    await post.platform.hears(6)
    await post.closes()
    assert post.platform.said_to("leyla") == ["one", "one", "one", "one", "two"]


async def test_a_message_due_later_holds_nobody_up(post: Post) -> None:
    leyla = await post.lives_at("leyla")
    post.opens()
    await post.is_ready()
    (first,) = await post.turn((leyla, "one"))
    later = post.hurry.in_seconds(3600)
    gone = await post.queue(leyla, "", act=Act.DELETE, target_delivery=first, due=later)
    await post.turn((leyla, "two"))
    await post.platform.hears(2)
    await post.closes()
    assert post.platform.texts == ["one", "two"]
    assert post.states(gone) == [State.QUEUED]


async def test_replies_overtake_a_broadcast(post: Post) -> None:
    post.limit(Limits(4096, per_second=30))
    crowd = [await post.lives_at(f"member {number}") for number in range(80)]
    leyla = await post.lives_at("leyla")
    for address in crowd:
        await post.queue(address, "news", Lane.ANNOUNCEMENT)
    post.opens()
    await post.platform.hears(5)
    await post.turn((leyla, "answer"))
    asked = len(post.platform.heard)
    await post.platform.hears(70)
    await post.closes()
    # At the most what stood in the turnstile already goes first.
    assert "answer" in post.platform.texts[asked : asked + 4]


async def test_reminders_go_before_announcements_and_progress_goes_last(post: Post) -> None:
    rows = {
        lane: await post.queue(await post.lives_at(lane.value), lane.value, lane)
        for lane in (Lane.PROGRESS, Lane.ANNOUNCEMENT, Lane.REMINDER, Lane.REPLY)
    }
    post.opens()
    await post.platform.hears(4)
    await post.closes()
    assert post.platform.texts == ["reply", "reminder", "announcement", "progress"]
    assert set(post.states(*rows.values())) == {State.SENT}


async def test_an_edit_without_its_message_is_sent_before_what_comes_after_it(
    post: Post,
) -> None:
    leyla = await post.lives_at("leyla")
    post.platform.will("leyla", TargetGone("gone"))
    await post.queue(leyla, "one", act=Act.EDIT, target="m0")
    await post.queue(leyla, "two")
    post.opens()
    await post.platform.hears(3)
    await post.closes()
    assert post.platform.texts == ["one", "one", "two"]


async def test_something_said_keeps_its_place_when_the_platform_pauses(post: Post) -> None:
    post.opens()
    post.platform.will("guest", Busy(2))
    await asyncio.gather(
        *(post.postman.say("guest", Act.SEND, None, Message(text)) for text in ("one", "two"))
    )
    await post.closes()
    assert post.platform.texts == ["one", "one", "two"]


@pytest.mark.parametrize("seed", range(6))
async def test_in_any_weather_order_holds_and_nothing_is_lost(
    storage: Storage, seed: int, post: Post
) -> None:
    chance = Random(seed)
    addresses = [await post.lives_at(str(number)) for number in range(6)]
    post.platform.weather = lambda: chance.choice(
        (None, None, None, Unreachable(), Unsure(), Busy(0.5), ValueError(), TargetGone("no"))
    )
    post.opens()
    rows: list[int] = []
    for number in range(60):
        address = chance.choice(addresses)
        if chance.random() < 0.3:
            rows.append(await post.queue(address, str(number)))
        else:
            pair = chance.sample(addresses, 2)
            rows += await post.turn((pair[0], f"{number}"), (pair[1], f"{number}"))
    post.platform.weather = lambda: None
    await post.all_over()
    await post.closes()
    first = defaultdict[str, list[int]](list)
    copies = defaultdict[tuple[str, str], int](int)
    for heard in post.platform.taken:
        copies[heard.account, heard.text] += 1
        if copies[heard.account, heard.text] == 1:
            first[heard.account].append(int(heard.text))
    assert all(numbers == sorted(numbers) for numbers in first.values())
    assert max(copies.values()) <= 2
    assert post.platform.most_at_once == 1
    assert set(post.states(*rows)) <= {State.SENT, State.FAILED, State.UNKNOWN}


async def test_a_row_of_which_nobody_told_the_postman_is_found(post: Post) -> None:
    leyla = await post.lives_at("leyla")
    post.opens()
    await post.is_ready()
    draft = post.draft(leyla, "later", due=post.hurry.in_seconds(12))
    async with post.storage.transaction() as tx:
        await tx.outbox.add([draft])
    heard = await post.platform.hears(1)
    await post.closes()
    assert [h.text for h in heard] == ["later"]
