"""What a platform with windows and templates refuses, and what becomes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from channels import (
    Closed,
    Exhausted,
    Faltering,
    NoMarketing,
    NoPicture,
    OptedOut,
    Resting,
    Unfit,
)
from dialogue.words import Filled, Lane, Message
from storage import Storage
from storage.outbox import State
from storage.people import Address
from tests.delivery.post import Hurry, Post
from tests.delivery.windows import WindowedPlatform

TOLD = Message("Your webinar moved", template=Filled("notice", ("Women and law",)))
POSTER = Message("Come", photo="hash")
TWO_DAYS = timedelta(days=2)


@pytest.fixture
async def post(storage: Storage, tmp_path: Path) -> AsyncIterator[Post]:
    hurry = Hurry()
    platform = WindowedPlatform(hurry)
    opened = Post(storage, tmp_path / "data" / "tadamun.db", platform, hurry)
    yield opened
    platform.open.set()
    await opened.closes()


@pytest.fixture
def platform(post: Post) -> WindowedPlatform:
    assert isinstance(post.platform, WindowedPlatform)
    return post.platform


async def test_inside_the_window_words_go_as_they_are(
    post: Post, platform: WindowedPlatform
) -> None:
    leyla = await platform.writes(post.storage, "leyla")
    row = await post.queue(leyla, "", Lane.REMINDER, message=TOLD)
    post.opens()
    await post.all_over()
    assert [(heard.text, heard.template) for heard in platform.taken] == [(TOLD.text, None)]
    assert post.states(row) == [State.SENT]


async def test_outside_the_window_the_template_goes(post: Post, platform: WindowedPlatform) -> None:
    leyla = await platform.writes(post.storage, "leyla", ago=TWO_DAYS)
    await post.queue(leyla, "", Lane.REMINDER, message=TOLD)
    post.opens()
    await post.all_over()
    assert [heard.template for heard in platform.taken] == ["notice"]


async def test_outside_the_window_what_has_no_template_fails_without_being_asked_of_the_platform(
    post: Post, platform: WindowedPlatform
) -> None:
    leyla = await platform.writes(post.storage, "leyla", ago=TWO_DAYS)
    row = await post.queue(leyla, "too late", Lane.REMINDER)
    post.opens()
    await post.all_over()
    assert platform.heard == []
    assert post.states(row) == [State.FAILED]


async def test_a_window_that_closes_under_way_sends_the_template_at_once(
    post: Post, platform: WindowedPlatform
) -> None:
    leyla = await platform.writes(post.storage, "leyla")
    platform.will("leyla", Closed())
    row = await post.queue(leyla, "", Lane.REMINDER, message=TOLD)
    post.opens()
    await post.all_over()
    assert [heard.template for heard in platform.heard] == [None, "notice"]
    assert post.states(row) == [State.SENT]
    assert not is_open(await post.address("leyla"), post)


async def test_a_template_that_finds_the_window_closed_is_not_sent_for_ever(
    post: Post, platform: WindowedPlatform
) -> None:
    leyla = await platform.writes(post.storage, "leyla")
    platform.will("leyla", Closed(), Closed())
    row = await post.queue(leyla, "", Lane.REMINDER, message=TOLD)
    post.opens()
    await post.all_over()
    assert len(platform.heard) == 2
    assert post.states(row) == [State.FAILED]


async def test_whoever_opted_out_on_the_platform_is_written_to_no_more(
    post: Post, platform: WindowedPlatform
) -> None:
    leyla = await platform.writes(post.storage, "leyla")
    platform.will("leyla", OptedOut())
    rows = [await post.queue(leyla, "", Lane.REMINDER, message=TOLD) for _ in range(2)]
    post.opens()
    await post.all_over()
    assert sorted(post.states(*rows)) == [State.FAILED, State.SUPPRESSED]
    address = await post.address("leyla")
    assert (address.reachable, address.stopped) == (False, True)


async def test_whoever_wants_no_marketing_still_gets_what_they_asked_for(
    post: Post, platform: WindowedPlatform
) -> None:
    leyla = await platform.writes(post.storage, "leyla")
    platform.will("leyla", NoMarketing())
    news = await post.queue(leyla, "", Lane.ANNOUNCEMENT, message=TOLD)
    post.opens()
    await post.all_over()
    told = await post.queue(leyla, "", Lane.REMINDER, message=TOLD)
    await post.all_over()
    assert post.states(news, told) == [State.FAILED, State.SENT]
    assert (await post.address("leyla")).reachable


async def test_what_the_platform_holds_back_waits_and_keeps_nobody_else(
    post: Post, platform: WindowedPlatform
) -> None:
    leyla = await platform.writes(post.storage, "leyla")
    noor = await platform.writes(post.storage, "noor")
    platform.will("leyla", Resting(3600.0))
    held = await post.queue(leyla, "", Lane.ANNOUNCEMENT, message=TOLD)
    post.opens()
    await platform.hears(1)
    replies = [await post.queue(leyla, "an answer"), await post.queue(noor, "another")]
    await post.come_to(State.SENT, *replies)
    assert post.states(held) == [State.QUEUED]
    assert {heard.text for heard in platform.taken} == {"an answer", "another"}


async def test_what_is_held_back_past_its_time_expires(
    post: Post, platform: WindowedPlatform
) -> None:
    leyla = await platform.writes(post.storage, "leyla")
    platform.will("leyla", Resting(3600.0))
    in_an_hour = post.hurry.in_seconds(3000.0)
    row = await post.queue(leyla, "", Lane.REMINDER, message=TOLD, not_after=in_an_hour)
    post.opens()
    await post.all_over()
    assert post.states(row) == [State.EXPIRED]


async def test_when_the_platform_takes_no_more_replies_still_go_and_the_rest_waits(
    post: Post, platform: WindowedPlatform
) -> None:
    people = [await platform.writes(post.storage, f"p{n}") for n in range(30)]
    platform.will("p0", Exhausted(60.0))
    rows = [await post.queue(each, "", Lane.ANNOUNCEMENT, message=TOLD) for each in people]
    post.opens()
    await platform.hears(1)
    await post.queue(people[3], "an answer")
    await post.all_over()
    assert post.states(*rows) == [State.SENT] * 30
    refused = platform.heard[0].at
    answer = next(heard for heard in platform.taken if heard.text == "an answer")
    assert answer.at - refused < 30.0
    assert sum(heard.at - refused >= 55.0 for heard in platform.taken) >= 20


async def test_a_message_that_falters_is_tried_three_times(
    post: Post, platform: WindowedPlatform
) -> None:
    leyla = await platform.writes(post.storage, "leyla")
    platform.will("leyla", *[Faltering() for _ in range(5)])
    row = await post.queue(leyla, "hello")
    post.opens()
    await post.all_over()
    assert len(platform.heard) == 3
    assert post.states(row) == [State.FAILED]


async def test_what_the_platform_could_not_show_goes_without_its_picture(
    post: Post, platform: WindowedPlatform
) -> None:
    leyla = await platform.writes(post.storage, "leyla")
    platform.will("leyla", NoPicture())
    row = await post.queue(leyla, "", message=POSTER)
    post.opens()
    await post.all_over()
    assert [heard.slip.plain for heard in platform.heard] == [False, True]
    assert post.states(row) == [State.SENT]


async def test_unfit_words_to_one_person_fail_and_are_told_of(
    post: Post, platform: WindowedPlatform, caplog: pytest.LogCaptureFixture
) -> None:
    leyla = await platform.writes(post.storage, "leyla")
    platform.will("leyla", Unfit())
    row = await post.queue(leyla, "hello")
    post.opens()
    await post.all_over()
    assert post.states(row) == [State.FAILED]
    assert "ALERT: what a message says is refused" in caplog.text


def is_open(address: Address, post: Post) -> bool:
    return address.open_until is not None and address.open_until > post.hurry.now()
