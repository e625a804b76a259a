"""Who gets a broadcast: each part of a rule, the address that they prefer, and who wants none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage import Storage
from storage.broadcasting.broadcasts import Kind, Rule
from storage.outbox import State
from tests.storage.community import Guest, webinar
from tests.storage.conftest import Clock
from tests.storage.crowd import (
    also_on,
    claim,
    freeze,
    frozen,
    names,
    recipients,
    register,
    resident,
    settle,
)


async def town(storage: Storage, clock: Clock) -> list[Guest]:
    """Four people, some registered for webinars."""
    now = clock.now
    town = [
        await resident(storage, "amal", now, language="ar", governorate="BA"),
        await resident(storage, "basim", now, language="ar", governorate="NA"),
        await resident(storage, "clara", now, language="en", governorate="BA"),
        await resident(storage, "dara", now, language="en", channel="web"),
    ]
    amal, basim, clara, _ = town
    async with storage.transaction() as tx:
        await tx.webinars.put(webinar("one"))
        await tx.webinars.put(webinar("two"))
    await register(storage, "one", now, amal, clara)
    await register(storage, "two", now, basim, clara)
    return town


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule(), "amal basim clara dara"),
        (Rule("registered", "one"), "amal clara"),
        (Rule("not_registered", "one"), "basim dara"),
        (Rule(languages=("ar",)), "amal basim"),
        (Rule(languages=("ar", "en")), "amal basim clara dara"),
        (Rule(channels=("web",)), "dara"),
        (Rule(governorates=("BA",)), "amal clara"),
        (Rule(governorates=("BA", "NA"), languages=("ar",)), "amal basim"),
        (Rule(minus=("one",)), "basim dara"),
        (Rule(minus=("one", "two")), "dara"),
        (Rule("registered", "one", minus=("two",)), "amal"),
        (Rule("registered", "one", languages=("en",), governorates=("BA",)), "clara"),
        (Rule("registered", "none"), ""),
        (Rule("told", "one"), ""),
    ],
)
async def test_everybody_of_whom_the_whole_rule_is_true_gets_it(
    storage: Storage, clock: Clock, rule: Rule, expected: str
) -> None:
    guests = await town(storage, clock)
    broadcast = await frozen(storage, clock.now, rule)
    assert await names(storage, broadcast.id, guests) == expected.split()
    async with storage.reading() as tx:
        counts = await tx.recipients.audience(rule)
    assert counts.total == len(expected.split())


async def test_an_audience_is_counted_by_channel_and_language(
    storage: Storage, clock: Clock
) -> None:
    await town(storage, clock)
    async with storage.reading() as tx:
        counts = await tx.recipients.audience(Rule())
    assert counts.by_channel == {"telegram": 3, "web": 1}
    assert counts.by_language == {"ar": 2, "en": 2}


async def test_a_rule_survives_being_kept(storage: Storage, clock: Clock) -> None:
    rule = Rule("not_registered", "one", ("ar",), ("telegram",), ("BA", "NA"), ("two",))
    broadcast = await frozen(storage, clock.now, rule)
    async with storage.reading() as tx:
        kept = await tx.broadcasts.get(broadcast.id)
    assert kept is not None
    assert kept.rule == rule


async def test_whoever_wants_no_announcements_gets_none(storage: Storage, clock: Clock) -> None:
    guest = await resident(storage, "amal", clock.now, announcements=False)
    broadcast = await frozen(storage, clock.now)
    assert await recipients(storage, broadcast.id) == []
    notice = await frozen(storage, clock.now, kind=Kind.NOTICE)
    assert await names(storage, notice.id, [guest]) == ["amal"]


@pytest.mark.parametrize(("reachable", "stopped"), [(False, None), (None, True)])
async def test_an_address_that_blocked_or_stopped_gets_none(
    storage: Storage, clock: Clock, reachable: bool | None, stopped: bool | None
) -> None:
    guest = await resident(storage, "amal", clock.now)
    async with storage.transaction() as tx:
        await tx.people.mark(guest.address.id, reachable, stopped)
    for kind in (Kind.ANNOUNCEMENT, Kind.NOTICE):
        broadcast = await frozen(storage, clock.now, kind=kind)
        assert await recipients(storage, broadcast.id) == []


async def test_a_messenger_goes_before_the_web_chat_unless_it_is_closed(
    storage: Storage, clock: Clock
) -> None:
    first = await resident(storage, "amal", clock.now, channel="web")
    messenger = await also_on(storage, first, "telegram", clock.now)
    both = await frozen(storage, clock.now)
    assert await recipients(storage, both.id) == [(first.person.id, messenger)]
    async with storage.transaction() as tx:
        await tx.people.mark(messenger, reachable=False)
    web = await frozen(storage, clock.now)
    assert await recipients(storage, web.id) == [(first.person.id, first.address.id)]


async def test_of_several_messengers_one_is_written_to(storage: Storage, clock: Clock) -> None:
    guest = await resident(storage, "amal", clock.now)
    for channel in ("whatsapp", "web"):
        await also_on(storage, guest, channel, clock.now)
    broadcast = await frozen(storage, clock.now)
    (((_, address)),) = await recipients(storage, broadcast.id)
    async with storage.reading() as tx:
        counts = await tx.recipients.counts(broadcast.id)
        addresses = await tx.people.addresses(guest.person.id)
    assert address == min(each.id for each in addresses if each.channel != "web")
    assert counts.total == 1


async def test_a_correction_goes_to_whom_it_reached_and_a_retry_to_the_others(
    storage: Storage, clock: Clock
) -> None:
    guests = [await resident(storage, name, clock.now) for name in "abcdef"]
    first = await frozen(storage, clock.now)
    rows = {d.account: d for d in await claim(storage, clock.now)}
    await settle(storage, [rows["a"]], State.SENT, "")
    await settle(storage, [rows["b"]], State.FAILED, "refused")
    await settle(storage, [rows["c"]], State.EXPIRED, "late")
    await settle(storage, [rows["d"]], State.UNKNOWN, "unsure")
    await settle(storage, [rows["e"]], State.SUPPRESSED, "stopped")
    correction = await frozen(
        storage, clock.now, Rule("reached"), kind=Kind.CORRECTION, about=first.id
    )
    assert await names(storage, correction.id, guests) == ["a", "d"]
    retry = await frozen(storage, clock.now, Rule("failed"), kind=Kind.RETRY, about=first.id)
    assert await names(storage, retry.id, guests) == ["b", "c"]
    async with storage.reading() as tx:
        assert (await tx.recipients.audience(Rule("failed"), first.id)).total == 2


async def test_the_told_are_those_who_were_given_the_way_in(storage: Storage, clock: Clock) -> None:
    guests = await town(storage, clock)
    async with storage.transaction() as tx:
        await tx.registrations.note_told(guests[2].person.id, "one")
    broadcast = await frozen(storage, clock.now, Rule("told", "one"), kind=Kind.NOTICE)
    assert await names(storage, broadcast.id, guests) == ["clara"]


@pytest.mark.parametrize(("minutes", "expected"), [(None, []), (9, []), (10, ["amal", "clara"])])
async def test_a_reminder_with_the_way_in_told_them_too(
    storage: Storage, clock: Clock, minutes: int | None, expected: list[str]
) -> None:
    guests = await town(storage, clock)
    one, due = webinar("one", clock.now + timedelta(hours=2)), clock.now + timedelta(minutes=110)
    async with storage.transaction() as tx:
        await tx.webinars.put(one)
        await tx.reminders.plan(one, (10,), (), clock.now)
        made = await tx.reminders.spread(due)
    for id in made:
        await freeze(storage, id)
    await settle(storage, await claim(storage, due), State.SENT, "")
    rule = Rule("told", "one", reminded=minutes)
    broadcast = await frozen(storage, clock.now, rule, kind=Kind.NOTICE)
    assert await names(storage, broadcast.id, guests) == expected


async def test_whoever_comes_after_the_freezing_is_not_in_it(
    storage: Storage, clock: Clock
) -> None:
    early = await resident(storage, "early", clock.now)
    broadcast = await frozen(storage, clock.now)
    late = await resident(storage, "late", clock.now)
    async with storage.transaction() as tx:
        assert await tx.recipients.freeze(broadcast.id, 10) == 0
    assert await names(storage, broadcast.id, [early, late]) == ["early"]
