"""Several channels behind one counter, and one of them over real HTTP."""

from __future__ import annotations

import asyncio
from collections import deque

import aiohttp
import pytest

from channels import Limits
from delivery import PostOffice
from dialogue.words import Act, Lane, Message
from storage import Storage
from storage.community.people import Arrival, Consent
from storage.outbox import Draft, State
from tests.delivery.hurry import NOON, Hurry
from tests.delivery.post import ScriptedPlatform
from tests.delivery.sink import HttpChannel, Sink


async def lives_at(storage: Storage, channel: str, account: str) -> int:
    async with storage.transaction() as tx:
        arrival = Arrival(channel, account, "1")
        address, _ = await tx.people.welcome(arrival, "en", Consent("1", "x", "en"), NOON)
    return address.id


async def test_each_postman_gets_what_is_addressed_to_its_channel(storage: Storage) -> None:
    hurry = Hurry()
    first, second = ScriptedPlatform(hurry.monotonic), ScriptedPlatform(hurry.monotonic)
    second.name = "other"
    office = PostOffice([first, second], storage, hurry.clock())
    accounts = {"scripted": "leyla", "other": "omar"}
    drafts: list[tuple[Draft, str]] = []
    for channel, account in accounts.items():
        address = await lives_at(storage, channel, account)
        id = storage.ids.delivery(hurry.now())
        now = hurry.now()
        draft = Draft(id, address, Act.SEND, Lane.REPLY, Message(account), now, state=State.SENDING)
        drafts.append((draft, channel))
    running = asyncio.create_task(office.run())
    for channel in accounts:
        await office.say(channel, "anybody", Act.SEND, None, Message("ready"))
    async with storage.transaction() as tx:
        await tx.outbox.add([draft for draft, _ in drafts])
    office.wake([d.on_its_way(channel, accounts[channel]) for d, channel in drafts])
    await first.hears(2)
    await second.hears(2)
    await office.stop()
    await running
    assert (first.texts[1:], second.texts[1:]) == (["leyla"], ["omar"])
    assert office.counts["scripted"].sent == 1


async def test_a_channel_that_nobody_serves_keeps_its_rows(storage: Storage) -> None:
    office = PostOffice([], storage, Hurry().clock())
    address = await lives_at(storage, "elsewhere", "leyla")
    assert not office.may_send_now("elsewhere", address)
    office.wake()
    with pytest.raises(KeyError):
        await office.say("elsewhere", "leyla", Act.SEND, None, Message("hello"))


async def test_an_office_that_never_ran_stops_at_once(storage: Storage) -> None:
    hurry = Hurry()
    office = PostOffice([ScriptedPlatform(hurry.monotonic)], storage, hurry.clock())
    await office.stop()
    await office.run()


async def test_over_real_http_no_second_sees_more_than_the_limit(storage: Storage) -> None:
    # As fast as our time, but for what the machine takes of it.
    hurry = Hurry(speed=1.0)
    async with Sink(hurry.monotonic).open() as sink, aiohttp.ClientSession() as session:
        channel = HttpChannel(session, sink.url)
        channel.limits = Limits(4096, per_second=60)
        office = PostOffice([channel], hurry.heeds(storage), hurry.clock())
        running = asyncio.create_task(office.run())
        said = [
            office.say(channel.name, f"p{number}", Act.SEND, None, Message("hi"), lane)
            for number in range(100)
            for lane in (Lane.REPLY, Lane.ANNOUNCEMENT)
        ]
        await asyncio.gather(*said)
        await office.stop()
        await running
    recent, fullest = deque[float](), 0
    for at in sink.arrivals:
        recent.append(at)
        while recent[0] <= at - 0.99:  # counted a little later than it was sent
            recent.popleft()
        fullest = max(fullest, len(recent))
    assert 50 <= fullest <= 60
    assert sink.arrivals[-1] - sink.arrivals[0] < 4.5
