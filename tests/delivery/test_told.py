"""What the platform tells of messages that it took, and what becomes of these then."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from channels import (
    Barred,
    Closed,
    Exhausted,
    Faltering,
    Gone,
    NoMarketing,
    NoPicture,
    OptedOut,
    Refused,
    Resting,
    Unfit,
)
from dialogue.incoming import TryAgain
from dialogue.words import Filled, Lane, Message
from storage.broadcasting.broadcasts import Phase
from storage.outbox import State
from tests.delivery.conftest import Two
from tests.delivery.newsroom import SLOW, Newsroom
from tests.delivery.post import Post
from tests.delivery.windows import WindowedPlatform

WINDOWED = "windowed"
HOUR = 3600.0
NOTICE = Message("Your webinar moved", template=Filled("notice", ("Women and law",)))


async def told(two: Two, state: State, error: Exception | None = None) -> None:
    """Twice what the platform says of the last message that it took."""
    delivery, id = next(reversed(two.windowed.ids.items()))
    for _ in range(2):
        await two.room.office.told(WINDOWED, delivery, state, id, error)


async def sent_to(two: Two, account: str = "leyla", **more: timedelta) -> int:
    """News that has left for somebody who is reached on this platform alone."""
    await two.windowed.writes(two.room.storage, account, **more)
    broadcast = await two.room.announces()
    two.room.opens()
    await two.windowed.hears(1)
    await takes(two, 1)
    return broadcast


async def takes(two: Two, count: int) -> None:
    """Returns when the platform with windows has taken so many, and we know of it."""

    async def there() -> bool:
        last = [*two.windowed.ids][-1:]
        async with two.room.storage.reading() as tx:
            states = {await tx.outbox.state(id) for id in last}
        return len(two.windowed.taken) >= count and states == {State.SENT}

    await two.room.until(there)


async def ended(two: Two, broadcast: int) -> dict[str, int]:
    """What became of everybody, once nobody waits any more."""
    await two.room.comes_to(broadcast, Phase.DONE)
    counts = await two.room.counts(broadcast)
    return dict(counts.by_state) | dict(counts.by_fault)


async def test_a_status_that_overtakes_the_answer_changes_nothing(two: Two) -> None:
    async def speak(delivery: int, id: str) -> None:
        await two.room.office.told(WINDOWED, delivery, State.DELIVERED, id)

    two.windowed.speaks_first = speak
    await two.windowed.writes(two.room.storage, "leyla")
    broadcast = await two.room.announces()
    two.room.opens()
    assert await ended(two, broadcast) == {"delivered": 1}
    assert len(two.windowed.heard) == 1


async def test_a_window_that_was_closed_after_all_sends_the_template(two: Two) -> None:
    await sent_to(two)
    await told(two, State.FAILED, Closed())
    await takes(two, 2)
    assert [heard.template for heard in two.windowed.taken] == [None, "news"]


async def test_whoever_has_written_since_is_not_shut_out(two: Two) -> None:
    await sent_to(two)
    two.room.hurry.leap += timedelta(seconds=5)
    async with two.room.storage.transaction() as tx:
        address = await tx.people.find(WINDOWED, "leyla")
        assert address is not None
        until = two.room.hurry.now() + timedelta(hours=24)
        await tx.people.open_window(address.id, until)
    await told(two, State.FAILED, Closed())
    await takes(two, 2)
    assert [heard.template for heard in two.windowed.taken] == [None, None]


async def test_words_whose_picture_failed_go_once_more(two: Two) -> None:
    await sent_to(two)
    await told(two, State.FAILED, NoPicture())
    await takes(two, 2)
    delivery, id = next(reversed(two.windowed.ids.items()))
    await two.room.office.told(WINDOWED, delivery, State.FAILED, id, NoPicture())
    async with two.room.storage.reading() as tx:
        assert await tx.outbox.state(delivery) is State.FAILED


async def test_what_is_refused_as_a_template_too_has_failed(two: Two) -> None:
    broadcast = await sent_to(two)
    await told(two, State.FAILED, Closed())
    await takes(two, 2)
    await told(two, State.FAILED, Closed())
    assert await ended(two, broadcast) == {"failed": 1, "closed": 1}


async def test_what_still_comes_of_the_refused_message_does_not_count(two: Two) -> None:
    await sent_to(two)
    delivery, refused = next(iter(two.windowed.ids.items()))
    await told(two, State.FAILED, Closed())
    await takes(two, 2)
    await two.room.office.told(WINDOWED, delivery, State.FAILED, refused, Refused())
    async with two.room.storage.reading() as tx:
        assert await tx.outbox.state(delivery) is State.SENT


@pytest.mark.parametrize("error", [Resting(HOUR), Faltering(), Barred()])
async def test_what_may_go_later_goes_later(two: Two, error: Exception) -> None:
    await sent_to(two)
    await told(two, State.FAILED, error)
    (delivery,) = two.windowed.ids
    async with two.room.storage.reading() as tx:
        assert await tx.outbox.state(delivery) is State.QUEUED
    assert len(two.windowed.heard) == 1
    two.room.hurry.leap += timedelta(hours=2)
    two.room.office.look()
    await takes(two, 2)


async def test_an_opt_out_stops_everything(two: Two) -> None:
    broadcast = await sent_to(two)
    await told(two, State.FAILED, OptedOut())
    assert await ended(two, broadcast) == {"failed": 1, "gone": 1}
    async with two.room.storage.reading() as tx:
        address = await tx.people.find(WINDOWED, "leyla")
        assert address is not None
        person = await tx.people.get(address.person)
    assert (address.reachable, address.stopped) == (False, True)
    # As their settings will show it, should they write again.
    assert person is not None
    assert (person.announcements, person.reminders) == (False, False)


async def test_an_opt_out_of_one_chat_is_none_of_another(two: Two) -> None:
    person_id = await two.links("leyla", prefers=WINDOWED)
    await two.room.announces()
    two.room.opens()
    await two.windowed.hears(1)
    await takes(two, 1)
    await told(two, State.FAILED, OptedOut())
    async with two.room.storage.reading() as tx:
        person = await tx.people.get(person_id)
    assert person is not None
    assert (person.announcements, person.reminders) == (True, True)


async def test_whoever_wants_no_marketing_gets_no_later_announcement(two: Two) -> None:
    await sent_to(two)
    await told(two, State.FAILED, NoMarketing())
    later = await two.room.announces("more news")
    await two.room.comes_to(later, Phase.DONE)
    assert [heard.text for heard in two.windowed.taken] == ["news"]


async def test_words_that_are_unfit_for_anybody_pause_their_broadcast(
    two: Two, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(40):
        await two.windowed.writes(two.room.storage, f"p{number}")
    two.windowed.open.clear()
    broadcast = await two.room.announces()
    two.room.opens()
    await two.windowed.hears(1)
    first = two.windowed.heard[0].slip.delivery
    assert first is not None
    await two.room.office.told(WINDOWED, first, State.FAILED, "m1", Unfit())
    two.windowed.open.set()
    await two.room.comes_to(broadcast, Phase.PAUSED)
    assert "ALERT: what a message says is refused, and its broadcast pauses" in caplog.text
    assert len(two.windowed.heard) < 40


async def test_when_no_more_is_taken_the_rest_waits(
    two: Two, caplog: pytest.LogCaptureFixture
) -> None:
    await sent_to(two)
    await told(two, State.FAILED, Exhausted(HOUR))
    assert "ALERT: the platform takes no more than replies" in caplog.text
    await two.windowed.writes(two.room.storage, "noor")
    await two.room.announces("more news")
    await two.room.passes(30.0)
    assert {heard.account for heard in two.windowed.heard} == {"leyla"}


async def test_what_is_told_of_nothing_that_we_sent_is_ignored(two: Two) -> None:
    await two.room.office.told(WINDOWED, 12345, State.DELIVERED, "m1")
    await two.room.office.told(WINDOWED, 12345, State.FAILED, "m1", Gone())


async def test_what_cannot_be_kept_is_not_acknowledged(
    number: Post, platform: WindowedPlatform
) -> None:
    leyla = await platform.writes(number.storage, "leyla")
    row = await number.queue(leyla.id, "hello", Lane.REMINDER)
    number.opens()
    await number.all_over()
    holder = await number.locks()
    try:
        async with asyncio.timeout(30):
            with pytest.raises(TryAgain):
                await number.told(row, State.DELIVERED)
    finally:
        holder.close()
    await number.told(row, State.DELIVERED)
    assert number.states(row) == [State.DELIVERED]


async def test_many_that_come_at_once_are_all_kept(
    number: Post, platform: WindowedPlatform
) -> None:
    addresses = [await platform.writes(number.storage, f"p{n}") for n in range(50)]
    rows = [await number.queue(address.id, "hello", Lane.REMINDER) for address in addresses]
    number.opens()
    await number.all_over()
    states = (State.SENT, State.DELIVERED, State.READ)
    await asyncio.gather(*(number.told(row, state) for state in states for row in rows))
    assert set(number.states(*rows)) == {State.READ}


async def test_whoever_is_told_where_nothing_can_be_edited_hears_of_no_step_in_between(
    two: Two,
) -> None:
    owner = await two.room.has_owner(channel=WINDOWED)
    two.windowed.windows["owner"] = two.room.hurry.in_seconds(HOUR)
    await two.room.meets(*[f"p{n}" for n in range(60)])
    two.scripted.limits = SLOW
    slow = Newsroom(two.room.storage, two.room.hurry, two.scripted, two.windowed)
    broadcast = await slow.announces(made_by=owner)
    slow.opens()
    await slow.comes_to(broadcast, Phase.DONE)
    await two.windowed.hears(2)
    await slow.closes()
    first, last = (heard.text for heard in two.windowed.heard)
    assert first.startswith("progress running")
    assert last == "report done sent=60"


async def test_what_is_held_back_again_and_again_waits_longer_each_time(two: Two) -> None:
    broadcast = await sent_to(two)
    for count, hours in enumerate((1, 2, 4, 8), start=1):
        await told(two, State.FAILED, Resting(HOUR))
        two.room.hurry.leap += timedelta(hours=hours - 0.5)
        two.room.office.look()
        await two.room.passes(15.0)
        assert len(two.windowed.heard) == count
        two.room.hurry.leap += timedelta(minutes=30)
        two.room.office.look()
        await takes(two, count + 1)
    await told(two, State.FAILED, Resting(HOUR))
    assert await ended(two, broadcast) == {"failed": 1, "held-back": 1}


async def test_what_is_refused_here_even_as_a_template_goes_elsewhere(two: Two) -> None:
    await two.links("leyla", prefers=WINDOWED)
    broadcast = await two.room.announces()
    two.room.opens()
    for count in (1, 2):
        await takes(two, count)
        await told(two, State.FAILED, Closed())
    assert await ended(two, broadcast) == {"sent": 1}
    assert [heard.text for heard in two.scripted.taken] == ["news"]


async def test_a_notice_to_one_person_keeps_its_words_until_it_has_arrived(
    number: Post, platform: WindowedPlatform
) -> None:
    leyla = await platform.writes(number.storage, "leyla")
    row = await number.queue(leyla.id, "", Lane.REMINDER, message=NOTICE)
    number.opens()
    await number.come_to(State.SENT, row)
    await number.told(row, State.FAILED, Closed())
    number.postman.look()
    await platform.hears(2)
    await number.come_to(State.SENT, row)
    assert [heard.template for heard in platform.taken] == [None, "notice"]
    assert not number.rows()[row].erased
    await number.told(row, State.DELIVERED)
    assert number.rows()[row].erased


async def test_the_words_of_a_reply_are_erased_once_it_was_taken(
    number: Post, platform: WindowedPlatform
) -> None:
    leyla = await platform.writes(number.storage, "leyla")
    row = await number.queue(leyla.id, "an answer")
    number.opens()
    await number.come_to(State.SENT, row)
    assert number.rows()[row].erased
