"""Broadcasts on their way: everybody once, replies first, and held up or stopped at any time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from channels import Gone, Refused, Unreachable
from delivery.progress import Progress
from delivery.recipients import Recipients
from dialogue.words import Act, Lane, Message
from storage.broadcasting.broadcasts import Kind, Phase, Rule
from storage.outbox import Draft, State
from tests.delivery.newsroom import SLOW, Newsroom

PEOPLE = tuple(f"p{number}" for number in range(60))
HANDS = SLOW.at_once + 2
"""What may be on its way, or claimed ahead, at this pace."""
MINUTE = timedelta(minutes=1)
NOTHING_IS_GIVEN_UP = """
CREATE TRIGGER nothing_is_given_up BEFORE UPDATE ON outbox WHEN NEW.fault = 'unreachable'
BEGIN SELECT RAISE(ABORT, 'not now'); END
"""
AGAIN_IT_IS = "DROP TRIGGER nothing_is_given_up"


async def test_everybody_hears_it_once_in_their_language(room: Newsroom) -> None:
    owner = await room.has_owner()
    await room.meets("a", "b")
    await room.meets("c", language="ar", text_only=True)
    made = await room.announces(made_by=owner)
    room.opens()
    done = await room.comes_to(made, Phase.DONE)
    await room.lands("report done sent=3")
    assert room.copies("news", "news ar") == {"a": 1, "b": 1, "c": 1}
    assert [h.text for h in room.platform.taken if h.account == "c"] == ["news ar"]
    assert done.counts is not None
    assert (done.counts.by_state, done.counts.total) == ({"sent": 3}, 3)
    assert sorted(room.words.made) == [
        ("ar", "Asia/Baghdad", True),
        ("en", "Asia/Baghdad", False),
    ]


async def test_it_waits_for_its_time(room: Newsroom) -> None:
    await room.meets("a")
    at = room.hurry.now() + timedelta(seconds=20)
    made = await room.announces(starts_at=at)
    room.opens()
    await room.passes(5)
    assert (await room.get(made)).phase is Phase.HELD
    done = await room.comes_to(made, Phase.DONE)
    assert done.began is not None
    assert timedelta(0) <= done.began - at < timedelta(seconds=3)


async def test_what_was_taken_back_in_time_never_begins(room: Newsroom) -> None:
    await room.meets("a")
    made = await room.announces(starts_at=room.hurry.now() + timedelta(seconds=20))
    room.opens()
    assert await room.sets(made, Phase.CANCELLED, Phase.HELD)
    await room.passes(30)
    assert room.platform.heard == []


async def test_progress_is_one_message_that_is_edited_every_three_seconds(
    slow_room: Newsroom,
) -> None:
    room = slow_room
    owner = await room.has_owner()
    await room.meets(*PEOPLE)
    made = await room.announces(made_by=owner)
    room.opens()
    await room.comes_to(made, Phase.DONE)
    await room.lands("report done")
    told = [h for h in room.platform.taken if h.account == "owner"]
    shown = [h for h in told if h.text.startswith("progress")]
    assert [h.act for h in shown] == [Act.SEND] + [Act.EDIT] * (len(shown) - 1)
    assert None not in [h.target for h in shown[1:]]
    assert len(shown) >= 3
    # The last one is there at once: it has no buttons any more.
    assert shown[-2].at - shown[0].at >= 3 * (len(shown) - 2) - 1
    assert shown[-1].text == "progress done 60/60"
    assert told[-1].text == "report done sent=60"


async def test_what_was_held_up_meanwhile_is_not_shown_as_going_on(room: Newsroom) -> None:
    made = await room.announces(made_by=await room.has_owner())
    assert await room.sets(made, Phase.RUNNING, Phase.HELD)
    as_it_was = await room.get(made)
    assert await room.sets(made, Phase.PAUSED, Phase.RUNNING)
    progress = Progress(room.storage, room.hurry.clock(), room.words)
    await progress.show(as_it_was)
    assert (await room.get(made)).progress is None
    await progress.show(await room.get(made))
    assert (await room.get(made)).progress is not None


async def test_a_pause_and_a_resume_count_within_a_second(slow_room: Newsroom) -> None:
    room = slow_room
    await room.meets(*PEOPLE)
    made = await room.announces()
    room.opens()
    await room.platform.hears(10)
    assert await room.sets(made, Phase.PAUSED, Phase.RUNNING)
    at_pause = len(room.platform.heard)
    await room.passes(8)
    heard = len(room.platform.heard)
    assert heard - at_pause <= HANDS
    assert await room.sets(made, Phase.RUNNING, Phase.PAUSED)
    resumed = room.hurry.monotonic()
    await room.platform.hears(heard + 1)
    assert room.platform.heard[heard].at - resumed < 2
    await room.comes_to(made, Phase.DONE)
    assert room.copies("news") == dict.fromkeys(PEOPLE, 1)


async def test_a_cancel_stops_the_rest_and_reports_it(slow_room: Newsroom) -> None:
    room = slow_room
    owner = await room.has_owner()
    await room.meets(*PEOPLE)
    made = await room.announces(made_by=owner)
    room.opens()
    await room.platform.hears(20)
    assert await room.sets(made, Phase.CANCELLING, Phase.RUNNING)
    at_cancel = sum(room.copies("news").values())
    over = await room.comes_to(made, Phase.CANCELLED)
    await room.lands("report cancelled")
    sent = sum(room.copies("news").values())
    assert sent - at_cancel <= HANDS
    assert over.counts is not None
    assert over.counts.by_state == {"sent": sent, "cancelled": 60 - sent}


async def test_replies_do_not_wait_behind_a_broadcast(slow_room: Newsroom) -> None:
    room = slow_room
    await room.meets(*PEOPLE)
    (person,) = await room.meets("asks", announcements=False)
    async with room.storage.reading() as tx:
        (address,) = await tx.people.addresses(person)
    await room.announces()
    room.opens()
    await room.platform.hears(12)
    now = room.hurry.now()
    id = room.storage.ids.delivery(now)
    async with room.storage.transaction() as tx:
        await tx.outbox.add([Draft(id, address.id, Act.SEND, Lane.REPLY, Message("answer"), now)])
    room.office.wake()
    asked = len(room.platform.heard)
    await room.lands("answer")
    place = next(n for n, h in enumerate(room.platform.heard) if h.text == "answer")
    assert place - asked <= HANDS


async def test_whoever_stops_in_the_middle_hears_no_more(slow_room: Newsroom) -> None:
    room = slow_room
    people = await room.meets(*PEOPLE)
    made = await room.announces()
    room.opens()
    await room.platform.hears(10)
    # It goes by their ids, which are random: so these are not in the postman's hands yet.
    last = dict(sorted(zip(people, PEOPLE, strict=True))[-5:])
    async with room.storage.transaction() as tx:
        for person in last:
            await tx.outbox.suppress_unasked(person, [Lane.ANNOUNCEMENT])
    done = await room.comes_to(made, Phase.DONE)
    assert done.counts is not None
    assert done.counts.by_fault == {"stopped": 5}
    assert room.copies("news") == dict.fromkeys({*PEOPLE} - {*last.values()}, 1)


async def test_a_block_takes_the_person_out_of_every_broadcast(room: Newsroom) -> None:
    await room.meets("a", "b")
    room.platform.will("a", Gone("blocked"))
    first = await room.announces("one")
    second = await room.announces("two")
    room.opens()
    for made in (first, second):
        await room.comes_to(made, Phase.DONE)
    one, two = await room.counts(first), await room.counts(second)
    assert one.by_state == {"sent": 1, "failed": 1} or one.by_state == {"sent": 1, "suppressed": 1}
    assert one.by_state.get("failed", 0) + two.by_state.get("failed", 0) == 1
    assert one.by_fault == two.by_fault == {"gone": 1} or two.total == 1
    assert [h.account for h in room.platform.heard].count("a") == 1


async def test_a_refusal_is_counted_and_the_others_get_it(room: Newsroom) -> None:
    await room.meets("a", "b")
    room.platform.will("a", Refused("too long"))
    made = await room.announces()
    room.opens()
    done = await room.comes_to(made, Phase.DONE)
    assert done.counts is not None
    assert (done.counts.by_state, done.counts.by_fault) == (
        {"sent": 1, "failed": 1},
        {"refused": 1},
    )


async def test_what_cannot_be_worded_pauses_and_burns_nobody(
    room: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    await room.meets("a", "b")
    broken = await room.announces("broken")
    room.words.broken_for.add(broken)
    fine = await room.announces("fine")
    room.opens()
    await room.comes_to(fine, Phase.DONE)
    await room.comes_to(broken, Phase.PAUSED)
    assert (await room.counts(broken)).by_state == {"queued": 2}
    assert room.copies("fine") == {"a": 1, "b": 1}
    assert "ALERT: the message of a broadcast cannot be made" in caplog.text
    room.words.broken_for.clear()
    assert await room.sets(broken, Phase.RUNNING, Phase.PAUSED)
    await room.comes_to(broken, Phase.DONE)
    assert room.copies("broken") == {"a": 1, "b": 1}


async def test_what_the_disk_has_spoilt_pauses_and_keeps_no_other_from_going_out(
    room: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    await room.meets("a")
    spoilt = await room.announces("spoilt")
    async with room.storage.transaction() as tx:
        values = {"id": spoilt, "spoilt": bytes(64)}
        await tx.desk.connection.run(
            "UPDATE broadcasts SET content = :spoilt WHERE id = :id", values
        )
    fine = await room.announces("fine")
    room.opens()
    await room.comes_to(fine, Phase.DONE)
    await room.comes_to(spoilt, Phase.PAUSED)
    assert (await room.counts(spoilt)).by_state == {"queued": 1}
    assert room.copies("fine") == {"a": 1}
    assert "ALERT: the message of a broadcast cannot be made" in caplog.text


async def test_a_broadcast_that_cannot_go_on_keeps_no_other_from_it(
    room: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    await room.meets("a")
    broken = await room.announces("broken")
    async with room.storage.transaction() as tx:
        unknown = "UPDATE broadcasts SET change = '{}', webinar = 'x', rule = :rule WHERE id = :id"
        rule = Rule().to_json().replace('"all"', '"nobody knows"')
        await tx.desk.connection.run(unknown, {"id": broken, "rule": rule})
    fine = await room.announces("fine")
    room.opens()
    await room.comes_to(fine, Phase.DONE)
    assert "ALERT: a broadcast cannot go on: KeyError" in caplog.text


async def test_what_changes_in_the_programme_is_said_from_then_on(slow_room: Newsroom) -> None:
    room = slow_room
    await room.meets(*PEOPLE)
    made = await room.announces()
    room.opens()
    await room.platform.hears(10)
    before = len(room.words.made)
    async with room.storage.transaction() as tx:
        await tx.desk.connection.run("INSERT INTO counters (name, value) VALUES ('programme', 9)")
    await room.comes_to(made, Phase.DONE)
    assert (before, len(room.words.made)) == (1, 2)


async def test_rows_for_a_channel_without_a_postman_do_not_keep_it_open(room: Newsroom) -> None:
    await room.meets("a")
    await room.meets("b", channel="elsewhere")
    made = await room.announces()
    room.opens()
    done = await room.comes_to(made, Phase.DONE)
    assert done.counts is not None
    assert done.counts.by_fault == {"unreachable": 1}


async def test_it_does_not_begin_before_what_nobody_serves_is_given_up(
    room: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    """Else it would never end, should the process die in between."""

    async def alerted() -> bool:
        return "ALERT: a broadcast cannot go on" in caplog.text

    await room.meets("a")
    await room.meets("b", channel="elsewhere")
    made = await room.announces()
    async with room.storage.transaction() as tx:
        await tx.desk.connection.run(NOTHING_IS_GIVEN_UP)
    room.opens()
    await room.until(alerted)
    assert (await room.get(made)).phase is Phase.FREEZING
    async with room.storage.transaction() as tx:
        await tx.desk.connection.run(AGAIN_IT_IS)
    done = await room.comes_to(made, Phase.DONE)
    assert done.counts is not None
    assert done.counts.by_state == {"sent": 1, "failed": 1}


async def test_who_has_to_leave_it_to_another_process_gives_up_nobody(room: Newsroom) -> None:
    await room.meets("a")
    await room.meets("b", channel="elsewhere")
    made, here, left = await room.announces(), ("scripted",), asyncio.Event()
    async with room.storage.transaction() as tx:
        await tx.broadcasts.begin(made, room.hurry.now(), ())
        assert await tx.recipients.freeze(made, 2, here) == 2
    left.set()
    await Recipients(room.storage, room.hurry.clock(), here).freeze(made, left)
    assert (await room.counts(made)).by_state == {"queued": 2}


async def test_dying_again_and_again_loses_nobody(slow_room: Newsroom) -> None:
    room = slow_room
    await room.meets(*PEOPLE)
    made = await room.announces()
    room.opens()
    deaths = 4
    for n in range(1, deaths + 1):
        await room.platform.hears(n * 10)
        await room.dies()
    done = await room.comes_to(made, Phase.DONE)
    assert done.counts is not None
    assert done.counts.of("sent", "unknown") == len(PEOPLE)
    copies = room.copies("news")
    assert max(copies.values()) <= 2
    assert sum(copies.values()) - len(copies) <= deaths * HANDS


async def test_stopping_in_the_middle_and_starting_again_sends_nothing_twice(
    slow_room: Newsroom,
) -> None:
    room = slow_room
    await room.meets(*PEOPLE)
    made = await room.announces()
    for n in (10, 25, 40):
        room.opens()
        await room.platform.hears(n)
        await room.closes()
        room.office = Newsroom(room.storage, room.hurry, room.platform).office
    room.opens()
    await room.comes_to(made, Phase.DONE)
    assert room.copies("news") == dict.fromkeys(PEOPLE, 1)


async def test_notices_go_before_announcements(slow_room: Newsroom) -> None:
    room = slow_room
    await room.meets(*PEOPLE)
    await room.announces("later")
    room.opens()
    await room.platform.hears(10)
    notice = await room.announces("now", kind=Kind.NOTICE)
    asked = len(room.platform.heard)
    await room.comes_to(notice, Phase.DONE)
    texts = room.platform.texts[asked:]
    first = texts.index("now")
    last = len(texts) - 1 - texts[::-1].index("now")
    assert texts[first : last + 1].count("later") <= HANDS


async def test_nobody_gets_it_after_its_time(room: Newsroom) -> None:
    await room.meets("a")
    owner = await room.has_owner()
    made = await room.announces(not_after=room.hurry.now() - MINUTE, made_by=owner)
    room.opens()
    done = await room.comes_to(made, Phase.DONE)
    await room.lands("report done expired=1")
    assert done.counts is not None
    assert done.counts.by_fault == {"expired": 1}
    assert room.copies("news") == {}


async def test_whoever_is_in_charge_no_more_hears_no_more_of_what_they_sent(
    room: Newsroom,
) -> None:
    owner = await room.has_owner()
    (gone,) = await room.meets("gone", announcements=False)
    await room.meets("a")
    made = await room.announces(made_by=gone)
    room.opens()
    await room.comes_to(made, Phase.DONE)
    await room.lands("report done sent=1")
    assert [h.account for h in room.platform.taken if h.text != "news"] == ["owner"]
    assert owner != gone


async def test_what_was_confirmed_days_before_is_not_given_up_at_the_first_fault(
    room: Newsroom,
) -> None:
    await room.meets("leyla")
    room.platform.will("leyla", Unreachable())
    starts_at = room.hurry.now() + timedelta(days=3)
    made = await room.announces(starts_at=starts_at)
    async with room.storage.transaction() as tx:
        now = room.hurry.now()
        await tx.broadcasts.set_phase(made, Phase.HELD, [Phase.HELD], now, confirmed=1)
    room.opens()

    async def frozen() -> bool:
        return (await room.get(made)).frozen == 1

    await room.until(frozen)
    room.hurry.leap += timedelta(days=3)
    room.office.wake_broadcasts()
    await room.comes_to(made, Phase.DONE)
    assert (await room.counts(made)).by_state == {State.SENT: 1}
