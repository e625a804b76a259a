"""What a platform with windows and templates refuses, and what becomes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels import (
    Closed,
    Exhausted,
    Faltering,
    NoMarketing,
    NoPicture,
    OptedOut,
    Resting,
    Unapproved,
    Unfit,
)
from dialogue.words import Filled, Lane, Message
from storage.community.people import Address
from storage.outbox import State
from tests.delivery.post import Post
from tests.delivery.windows import WindowedPlatform

TOLD = Message("Your webinar moved", template=Filled("notice", ("Women and law",)))
POSTER = Message("Come", photo="hash")
TWO_DAYS = timedelta(days=2)


async def test_inside_the_window_words_go_as_they_are(
    number: Post, platform: WindowedPlatform
) -> None:
    leyla = (await platform.writes(number.storage, "leyla")).id
    row = await number.queue(leyla, "", Lane.REMINDER, message=TOLD)
    number.opens()
    await number.all_over()
    assert [(heard.text, heard.template) for heard in platform.taken] == [(TOLD.text, None)]
    assert number.states(row) == [State.SENT]


async def test_outside_the_window_the_template_goes(
    number: Post, platform: WindowedPlatform
) -> None:
    leyla = (await platform.writes(number.storage, "leyla", ago=TWO_DAYS)).id
    await number.queue(leyla, "", Lane.REMINDER, message=TOLD)
    number.opens()
    await number.all_over()
    assert [heard.template for heard in platform.taken] == ["notice"]


async def test_outside_the_window_what_has_no_template_fails_without_being_asked_of_the_platform(
    number: Post, platform: WindowedPlatform
) -> None:
    leyla = (await platform.writes(number.storage, "leyla", ago=TWO_DAYS)).id
    row = await number.queue(leyla, "too late", Lane.REMINDER)
    number.opens()
    await number.all_over()
    assert platform.heard == []
    assert number.states(row) == [State.FAILED]


async def test_what_waits_for_its_template_keeps_nobody_else_and_is_no_failure(
    number: Post, platform: WindowedPlatform
) -> None:
    leyla = (await platform.writes(number.storage, "leyla", ago=TWO_DAYS)).id
    noor = (await platform.writes(number.storage, "noor")).id
    platform.will("leyla", Unapproved())
    row = await number.queue(leyla, "", Lane.REMINDER, message=TOLD)
    number.opens()
    await platform.hears(1)
    other = await number.queue(noor, "an answer")
    await number.come_to(State.SENT, other)
    assert number.states(row) == [State.QUEUED]
    async with number.storage.reading() as tx:
        due = await tx.outbox.next_due("windowed")
    assert due is not None
    assert timedelta(minutes=10) < due - number.hurry.now() <= timedelta(minutes=15)


async def test_what_waits_for_its_template_past_its_time_was_late_and_no_failure(
    number: Post, platform: WindowedPlatform
) -> None:
    leyla = (await platform.writes(number.storage, "leyla", ago=TWO_DAYS)).id
    platform.will("leyla", Unapproved())
    soon = number.hurry.in_seconds(800.0)
    row = await number.queue(leyla, "", Lane.REMINDER, message=TOLD, not_after=soon)
    number.opens()
    await number.all_over()
    assert number.states(row) == [State.EXPIRED]


async def test_a_window_that_closes_under_way_sends_the_template_at_once(
    number: Post, platform: WindowedPlatform
) -> None:
    leyla = (await platform.writes(number.storage, "leyla")).id
    platform.will("leyla", Closed())
    row = await number.queue(leyla, "", Lane.REMINDER, message=TOLD)
    number.opens()
    await number.all_over()
    assert [heard.template for heard in platform.heard] == [None, "notice"]
    assert number.states(row) == [State.SENT]
    assert not is_open(await number.address("leyla"), number)


async def test_a_template_that_finds_the_window_closed_is_not_sent_for_ever(
    number: Post, platform: WindowedPlatform
) -> None:
    leyla = (await platform.writes(number.storage, "leyla")).id
    platform.will("leyla", Closed(), Closed())
    row = await number.queue(leyla, "", Lane.REMINDER, message=TOLD)
    number.opens()
    await number.all_over()
    assert len(platform.heard) == 2
    assert number.states(row) == [State.FAILED]


async def test_whoever_opted_out_on_the_platform_is_written_to_no_more(
    number: Post, platform: WindowedPlatform
) -> None:
    leyla = (await platform.writes(number.storage, "leyla")).id
    platform.will("leyla", OptedOut())
    rows = [await number.queue(leyla, "", Lane.REMINDER, message=TOLD) for _ in range(2)]
    number.opens()
    await number.all_over()
    assert sorted(number.states(*rows)) == [State.FAILED, State.SUPPRESSED]
    address = await number.address("leyla")
    assert (address.reachable, address.stopped) == (False, True)


async def test_whoever_wants_no_marketing_still_gets_what_they_asked_for(
    number: Post, platform: WindowedPlatform
) -> None:
    leyla = (await platform.writes(number.storage, "leyla")).id
    platform.will("leyla", NoMarketing())
    news = await number.queue(leyla, "", Lane.ANNOUNCEMENT, message=TOLD)
    number.opens()
    await number.all_over()
    told = await number.queue(leyla, "", Lane.REMINDER, message=TOLD)
    await number.all_over()
    assert number.states(news, told) == [State.FAILED, State.SENT]
    assert (await number.address("leyla")).reachable


async def test_what_the_platform_holds_back_waits_and_keeps_nobody_else(
    number: Post, platform: WindowedPlatform
) -> None:
    leyla = (await platform.writes(number.storage, "leyla")).id
    noor = (await platform.writes(number.storage, "noor")).id
    platform.will("leyla", Resting(3600.0))
    held = await number.queue(leyla, "", Lane.ANNOUNCEMENT, message=TOLD)
    number.opens()
    await platform.hears(1)
    replies = [await number.queue(leyla, "an answer"), await number.queue(noor, "another")]
    await number.come_to(State.SENT, *replies)
    assert number.states(held) == [State.QUEUED]
    assert {heard.text for heard in platform.taken} == {"an answer", "another"}


async def test_what_is_held_back_past_its_time_expires(
    number: Post, platform: WindowedPlatform
) -> None:
    leyla = (await platform.writes(number.storage, "leyla")).id
    platform.will("leyla", Resting(3600.0))
    in_an_hour = number.hurry.in_seconds(3000.0)
    row = await number.queue(leyla, "", Lane.REMINDER, message=TOLD, not_after=in_an_hour)
    number.opens()
    await number.all_over()
    assert number.states(row) == [State.EXPIRED]


async def test_when_the_platform_takes_no_more_replies_still_go_and_the_rest_waits(
    number: Post, platform: WindowedPlatform
) -> None:
    people = [(await platform.writes(number.storage, f"p{n}")).id for n in range(30)]
    platform.will("p0", Exhausted(60.0))
    rows = [await number.queue(each, "", Lane.ANNOUNCEMENT, message=TOLD) for each in people]
    number.opens()
    await platform.hears(1)
    await number.queue(people[3], "an answer")
    await number.all_over()
    assert number.states(*rows) == [State.SENT] * 30
    refused = platform.heard[0].at
    answer = next(heard for heard in platform.taken if heard.text == "an answer")
    assert answer.at - refused < 30.0
    assert sum(heard.at - refused >= 55.0 for heard in platform.taken) >= 20


async def test_a_message_that_falters_is_tried_three_times(
    number: Post, platform: WindowedPlatform
) -> None:
    leyla = (await platform.writes(number.storage, "leyla")).id
    platform.will("leyla", *[Faltering() for _ in range(5)])
    row = await number.queue(leyla, "hello")
    number.opens()
    await number.all_over()
    assert len(platform.heard) == 3
    assert number.states(row) == [State.FAILED]


async def test_what_the_platform_could_not_show_goes_without_its_picture(
    number: Post, platform: WindowedPlatform
) -> None:
    leyla = (await platform.writes(number.storage, "leyla")).id
    platform.will("leyla", NoPicture())
    row = await number.queue(leyla, "", message=POSTER)
    number.opens()
    await number.all_over()
    assert [heard.slip.plain for heard in platform.heard] == [False, True]
    assert number.states(row) == [State.SENT]


async def test_unfit_words_to_one_person_fail_and_are_told_of(
    number: Post, platform: WindowedPlatform, caplog: pytest.LogCaptureFixture
) -> None:
    leyla = (await platform.writes(number.storage, "leyla")).id
    platform.will("leyla", Unfit())
    row = await number.queue(leyla, "hello")
    number.opens()
    await number.all_over()
    assert number.states(row) == [State.FAILED]
    assert "ALERT: what a message says is refused" in caplog.text


def is_open(address: Address, number: Post) -> bool:
    return address.open_until is not None and address.open_until > number.hurry.now()
