"""Reminders: nobody hears one twice, late, or of what was due before they came."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage import Storage
from storage.broadcasting.broadcasts import Kind, Phase, Rule
from storage.outbox import State
from storage.series.webinars import Series
from tests.storage.community import SERIES, both, webinar
from tests.storage.conftest import Clock
from tests.storage.crowd import (
    announced,
    claim,
    freeze,
    names,
    phase,
    recipients,
    register,
    resident,
    settle,
)

START = datetime(2026, 4, 10, 16, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR, DAY = 60 * MINUTE, timedelta(days=1)
ALL = (1440, 60, 10, 0)


async def planned(storage: Storage, *starts: tuple[str, datetime], at: datetime) -> None:
    """Webinars with all their reminders."""
    async with storage.transaction() as tx:
        for id, start in starts:
            one = webinar(id, start)
            await tx.webinars.put(one)
            await tx.reminders.replan(one, ALL, at)


async def spread(storage: Storage, at: datetime) -> list[int]:
    """What is due goes out as far as the outbox."""
    async with storage.transaction() as tx:
        made = await tx.reminders.spread(at)
    for id in made:
        await freeze(storage, id)
    return made


async def dues(storage: Storage) -> list[tuple[str, datetime]]:
    async with storage.reading() as tx:
        due = await tx.reminders.due(START + 999 * DAY)
    return [(each.webinar, each.due) for each in due]


async def told(storage: Storage, at: datetime) -> list[tuple[str, tuple[tuple[str, int], ...]]]:
    """Who is reminded of what; all of it arrives."""
    heard: list[tuple[str, tuple[tuple[str, int], ...]]] = []
    while rows := await claim(storage, at):
        for row in rows:
            assert row.bulk is not None
            assert row.not_after is not None
            async with storage.reading() as tx:
                broadcast = await tx.broadcasts.get(row.bulk.broadcast)
            assert broadcast is not None
            heard.append((row.account, broadcast.reminders))
        await settle(storage, rows, State.SENT, "")
    return sorted(heard)


async def all_over(storage: Storage, at: datetime) -> None:
    """What is going out is finished, or stopped."""
    async with storage.transaction() as tx:
        for broadcast in await tx.broadcasts.due(at):
            if broadcast.phase is Phase.CANCELLING:
                await tx.recipients.cancel_rows(broadcast.id, 9)
            counts = await tx.recipients.counts(broadcast.id)
            await tx.broadcasts.finish(broadcast.id, counts, at)


async def test_everybody_registered_hears_each_reminder_once(
    storage: Storage, clock: Clock
) -> None:
    guests = [await resident(storage, name, clock.now) for name in "abc"]
    await planned(storage, ("one", START), at=clock.now)
    await register(storage, "one", clock.now, *guests[:2])
    for minutes in ALL:
        at = START - minutes * MINUTE
        assert await spread(storage, at - timedelta(milliseconds=1)) == []
        await spread(storage, at)
        await spread(storage, at + MINUTE)
        what = (("one", minutes),)
        assert await told(storage, at + MINUTE) == [("a", what), ("b", what)]
    async with storage.reading() as tx:
        assert await tx.reminders.next_due() is None


@pytest.mark.parametrize("why", ["off", "stopped", "blocked", "waiting for approval"])
async def test_whoever_is_not_to_be_reminded_is_not(
    storage: Storage, clock: Clock, why: str
) -> None:
    guest = await resident(storage, "a", clock.now, reminders=why != "off")
    await planned(storage, ("one", START), at=clock.now)
    async with storage.transaction() as tx:
        await tx.registrations.put(
            guest.person.id, "one", {}, clock.now, approved="approval" not in why
        )
        await tx.people.mark(guest.address.id, stopped=why == "stopped", reachable=why != "blocked")
    await spread(storage, START)
    assert await told(storage, START) == []


async def test_nobody_hears_what_was_due_before_they_registered(
    storage: Storage, clock: Clock
) -> None:
    early, late = [await resident(storage, name, clock.now) for name in ("early", "late")]
    await planned(storage, ("one", START), at=clock.now)
    await register(storage, "one", clock.now, early)
    due = START - HOUR
    # The bot was away for a moment, and takes the registration first.
    await register(storage, "one", due + timedelta(seconds=5), late)
    await spread(storage, due + timedelta(seconds=6))
    await spread(storage, due + timedelta(seconds=6))
    heard = await told(storage, due + timedelta(seconds=6))
    assert {name for name, _ in heard} == {"early"}
    await spread(storage, START - 10 * MINUTE)
    ten = (("one", 10),)
    assert await told(storage, START - 10 * MINUTE) == [("early", ten), ("late", ten)]


async def test_a_registration_in_the_middle_of_the_spreading_does_not_count(
    storage: Storage, clock: Clock
) -> None:
    early, late = [await resident(storage, name, clock.now) for name in ("early", "late")]
    await planned(storage, ("one", START), at=clock.now)
    await register(storage, "one", clock.now, early)
    due = START - DAY
    async with storage.transaction() as tx:
        (made,) = await tx.reminders.spread(due)
    await register(storage, "one", due + timedelta(seconds=1), late)
    await freeze(storage, made)
    assert await names(storage, made, [early, late]) == ["early"]


async def test_two_of_two_webinars_within_half_an_hour_become_one(
    storage: Storage, clock: Clock
) -> None:
    guests = {name: await resident(storage, name, clock.now) for name in ("one", "two", "both")}
    await planned(storage, ("w1", START), ("w2", START + 30 * MINUTE), at=clock.now)
    await register(storage, "w1", clock.now, guests["one"], guests["both"])
    await register(storage, "w2", clock.now, guests["two"], guests["both"])
    hour = START - HOUR
    await spread(storage, START - DAY + HOUR)
    await told(storage, hour)
    await spread(storage, hour)
    assert await told(storage, hour) == [
        ("both", (("w1", 60), ("w2", 60))),
        ("one", (("w1", 60),)),
    ]
    await spread(storage, hour + 30 * MINUTE)
    assert await told(storage, hour + 30 * MINUTE) == [("two", (("w2", 60),))]


async def test_a_minute_more_and_they_stay_two(storage: Storage, clock: Clock) -> None:
    guest = await resident(storage, "both", clock.now)
    await planned(storage, ("w1", START), ("w2", START + 31 * MINUTE), at=START - 61 * MINUTE)
    for id in ("w1", "w2"):
        await register(storage, id, clock.now, guest)
    await spread(storage, START - HOUR)
    assert await told(storage, START - HOUR) == [("both", (("w1", 60),))]


async def test_of_three_webinars_everybody_hears_of_their_own_in_one_message(
    storage: Storage, clock: Clock
) -> None:
    webinars = {f"w{n}": START + n * 10 * MINUTE for n in range(3)}
    await planned(storage, *webinars.items(), at=START - 61 * MINUTE)
    for member in range(1, 8):
        guest = await resident(storage, f"{member:03b}", clock.now)
        for n in range(3):
            if member >> n & 1:
                await register(storage, f"w{n}", clock.now, guest)
    await spread(storage, START - HOUR)
    first = await told(storage, START - HOUR)
    await spread(storage, START - 40 * MINUTE)
    heard = first + await told(storage, START - 40 * MINUTE)
    assert len(heard) == 7
    for name, what in heard:
        assert sorted(what) == [(f"w{n}", 60) for n in range(3) if int(name, 2) >> n & 1]


async def test_the_two_last_ones_of_one_webinar_both_come(storage: Storage, clock: Clock) -> None:
    guest = await resident(storage, "a", clock.now)
    await planned(storage, ("one", START), at=START - 11 * MINUTE)
    await register(storage, "one", clock.now, guest)
    for minutes in (10, 0):
        at = START - minutes * MINUTE
        await spread(storage, at)
        assert await told(storage, at) == [("a", (("one", minutes),))]


async def test_a_webinar_that_moves_plans_its_reminders_anew(
    storage: Storage, clock: Clock
) -> None:
    guest = await resident(storage, "a", clock.now)
    await planned(storage, ("one", START), at=clock.now)
    await register(storage, "one", clock.now, guest)
    await spread(storage, START - DAY)
    assert len(await told(storage, START - DAY)) == 1
    await all_over(storage, START - DAY)
    later = START + 2 * DAY
    moved = await announced(
        storage,
        START - DAY,
        kind=Kind.NOTICE,
        webinar="one",
        change={"starts_at": int(later.timestamp() * 1000)},
    )
    async with storage.transaction() as tx:
        await tx.broadcasts.begin(moved.id, START - DAY, ALL)
    assert await dues(storage) == [("one", later - m * MINUTE) for m in ALL]
    await spread(storage, START)
    assert await told(storage, START) == []
    await spread(storage, later - DAY)
    assert await told(storage, later - DAY) == [("a", (("one", 1440),))]


@pytest.mark.parametrize("apart", [0, 10])
async def test_a_move_stops_what_is_going_out_but_not_what_it_says_of_others(
    storage: Storage, clock: Clock, apart: int
) -> None:
    guest = await resident(storage, "both", clock.now)
    second = START + apart * MINUTE
    await planned(storage, ("w1", START), ("w2", second), at=START - 61 * MINUTE)
    for id in ("w1", "w2"):
        await register(storage, id, clock.now, guest)
    at = START - HOUR
    (made,) = [id for id in await spread(storage, at) if await names(storage, id, [guest])]
    change = {"starts_at": int((START + DAY).timestamp() * 1000)}
    notice = await announced(storage, at, kind=Kind.NOTICE, webinar="w1", change=change)
    async with storage.transaction() as tx:
        await tx.broadcasts.begin(notice.id, at, ALL)
    assert await phase(storage, made) is Phase.CANCELLING
    assert await claim(storage, at) == []
    later = at + 10 * MINUTE
    # Not before that is over: what still waits might go all the same.
    assert await spread(storage, later) == []
    await all_over(storage, later)
    await spread(storage, later)
    assert await told(storage, later) == [("both", (("w2", 60),))]


@pytest.mark.parametrize("state", ["cancelled", "draft", "finished"])
async def test_a_webinar_that_is_not_published_reminds_nobody(
    storage: Storage, clock: Clock, state: str
) -> None:
    guest = await resident(storage, "a", clock.now)
    await planned(storage, ("one", START), at=clock.now)
    await register(storage, "one", clock.now, guest)
    async with storage.transaction() as tx:
        changed = replace(webinar("one", START), state=state)  # pyright: ignore[reportArgumentType]
        await tx.webinars.put(changed)
    await spread(storage, START)
    assert await told(storage, START) == []
    async with storage.transaction() as tx:
        assert await tx.reminders.plan(changed, ALL, (), clock.now) == []
        assert await tx.reminders.next_due() is None


async def test_an_outage_that_is_noted_later_moves_what_is_planned(
    storage: Storage, clock: Clock
) -> None:
    guest = await resident(storage, "a", clock.now)
    await planned(storage, ("one", START), at=clock.now)
    await register(storage, "one", clock.now, guest)
    await spread(storage, START - DAY)
    async with storage.transaction() as tx:
        outage = await tx.outages.add(START - 90 * MINUTE, START - 30 * MINUTE)
        await tx.reminders.replan_all(ALL, START - DAY)
    assert await dues(storage) == [
        ("one", START - 105 * MINUTE),
        ("one", START - 10 * MINUTE),
        ("one", START),
    ]
    async with storage.transaction() as tx:
        await tx.outages.remove(outage.id)
        await tx.reminders.replan_all(ALL, START - DAY)
    assert (await dues(storage))[0] == ("one", START - HOUR)
    assert len(await told(storage, START - DAY)) == 1


async def test_planning_anew_neither_repeats_nor_loses_what_is_due(
    storage: Storage, clock: Clock
) -> None:
    guest = await resident(storage, "a", clock.now)
    await planned(storage, ("one", START), at=clock.now)
    await register(storage, "one", clock.now, guest)
    at = START - DAY + MINUTE
    for _ in range(2):
        async with storage.transaction() as tx:
            await tx.reminders.replan_all(ALL, at)
        await spread(storage, at)
    assert len(await told(storage, at)) == 1


async def test_the_webinar_says_when_else_its_series_else_the_settings(
    storage: Storage, clock: Clock
) -> None:
    series: Series = replace(SERIES, reminders=(30,))
    own = replace(webinar("own", START), reminders=(5,))
    of_series = webinar("series", START)
    other = replace(webinar("other", START), series="other")
    async with storage.transaction() as tx:
        await tx.webinars.put_series(series)
        await tx.webinars.put_series(Series("other", both("O", "و"), both("O", "و")))
        for one in (own, of_series, other):
            await tx.webinars.put(one)
        await tx.reminders.replan_all((15,), clock.now)
    assert sorted(await dues(storage)) == [
        ("other", START - 15 * MINUTE),
        ("own", START - 5 * MINUTE),
        ("series", START - 30 * MINUTE),
    ]


async def test_a_reminder_that_was_missed_is_listed_as_too_late(
    storage: Storage, clock: Clock
) -> None:
    guest = await resident(storage, "a", clock.now)
    await planned(storage, ("one", START), at=clock.now)
    await register(storage, "one", clock.now, guest)
    await spread(storage, START + HOUR)
    late = await claim(storage, START + HOUR, limit=9)
    assert len(late) == 1
    assert late[0].not_after is not None
    assert late[0].not_after <= START + HOUR


async def test_a_clock_that_is_set_back_repeats_nothing(storage: Storage, clock: Clock) -> None:
    guest = await resident(storage, "a", clock.now)
    await planned(storage, ("one", START), at=clock.now)
    await register(storage, "one", clock.now, guest)
    await spread(storage, START - DAY)
    assert len(await told(storage, START - DAY)) == 1
    async with storage.transaction() as tx:
        await tx.reminders.replan_all(ALL, START - 3 * DAY)
    for at in (START - 3 * DAY, START - DAY):
        await spread(storage, at)
        assert await told(storage, at) == []
    await spread(storage, START - HOUR)
    assert await told(storage, START - HOUR) == [("a", (("one", 60),))]


async def test_a_reminder_that_was_delivered_or_read_was_heard(
    storage: Storage, clock: Clock
) -> None:
    await planned(storage, ("one", START), at=START - 2 * DAY)
    guests = [await resident(storage, name, clock.now) for name in ("amal", "badr")]
    await register(storage, "one", clock.now, *guests)
    (made,) = await spread(storage, START - DAY)
    rows = await claim(storage, START - DAY)
    async with storage.transaction() as tx:
        for row, state in zip(rows, (State.DELIVERED, State.READ), strict=True):
            await tx.outbox.status(row.id, state)
        # As when it is said again of this webinar, since it was to be taken back of another.
        await tx.desk.connection.run("UPDATE reminders SET state = 'planned' WHERE minutes = 1440")
        told = Rule("told", "one", reminded=1440)
        assert (await tx.recipients.audience(told, kind=Kind.NOTICE)).total == 2
    (again,) = await spread(storage, START - DAY)
    assert len(await recipients(storage, made)) == 2
    assert await recipients(storage, again) == []
