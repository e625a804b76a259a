"""Killed at any moment of a broadcast on WhatsApp: everybody gets it, and nobody twice."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from datetime import timedelta
from functools import partial
from random import Random

import pytest

from storage.broadcasting.broadcasts import Counts, Kind, Phase, Rule
from storage.community.people import Arrival, Consent
from tests.faults.home import Home, now
from tests.faults.test_broadcasts import counts_of
from tests.platforms.twilio import Chat, Ending, TwilioServer, gateway, refuses, reset, too_many

FIRST = 9_647_702_000_000
PEOPLE = 300
BEGINNING, END = "The doors open at six.", "Please bring a pencil."
NEWS = f"{BEGINNING} {'Every seat is taken. ' * 80}{END}"
"""Too long for one message: it comes in two."""
SOON = 0.5
"""Seconds, at most, from a start to a kill before anything may have left."""
MORE = 20
"""Requests, at most, until a kill in the midst of them."""
PER_SECOND = 80


async def prepare(home: Home, twilio: TwilioServer) -> tuple[int, list[Chat]]:
    """People who wrote just now, and news for them that begin with the next start."""
    home.set(
        TADAMUN_WHATSAPP__MESSAGES_PER_SECOND=str(PER_SECOND),
        TADAMUN_WHATSAPP__RECONCILE_SECONDS="1",
    )
    until = now() + timedelta(hours=24)
    chats = [twilio.people.joins(f"+{FIRST + number}") for number in range(PEOPLE)]
    async with home.storage() as storage:
        for chat in chats:
            chat.open_until = until.timestamp()
            user, number = f"whatsapp:{chat.user}", f"whatsapp:{chat.number}"
            async with storage.transaction() as tx:
                arrival = Arrival("whatsapp", user, "SM1", number, until)
                await tx.people.welcome(arrival, "en", Consent("1", "x", "en"), now())
        async with storage.transaction() as tx:
            content = {"texts": {"en": NEWS}}
            made = await tx.broadcasts.put(Kind.ANNOUNCEMENT, Rule(), content, now())
            assert await tx.broadcasts.set_phase(
                made.id, Phase.HELD, {Phase.DRAFT}, now(), starts_at=now(), confirmed=PEOPLE
            )
    return made.id, chats


def copies(chats: list[Chat]) -> Counter[int]:
    """How many people got it how often."""
    return Counter(
        max(sum(part in text for text in chat.texts) for part in (BEGINNING, END))
        if any(END in text for text in chat.texts)
        else 0
        for chat in chats
    )


async def requested(twilio: TwilioServer, times: int) -> None:
    """The bot has asked Twilio to send so often from now on."""
    enough = twilio.counts["send"] + times
    await twilio.wait_for(lambda: twilio.counts["send"] >= enough)


def has_looked(twilio: TwilioServer, times: int) -> bool:
    """Whether the bot has asked for Twilio's log so often."""
    return twilio.counts["list"] >= times


async def come_to_the_end(
    home: Home, twilio: TwilioServer, broadcast: int, chats: list[Chat]
) -> Counts:
    """Let it run until nobody waits any more."""
    counts = await counts_of(home, broadcast)
    while not counts.total or counts.of("queued", "sending"):
        # What arrived, and nobody told of, is found in the log: first what came in is asked for,
        # and after the waiting time what went out.
        looks = twilio.counts["list"] + (2 if counts.of("sending") else 0)
        async with home.running() as bot:
            await twilio.wait_for(partial(has_looked, twilio, looks))
            await twilio.wait_for(lambda: not copies(chats)[0] and not twilio.busy)
            assert await bot.end(signal.SIGTERM) == 0
        counts = await counts_of(home, broadcast)
    return counts


async def outlive(home: Home, twilio: TwilioServer, kills: int, chance: Random) -> None:
    """Kill the bot that often in a broadcast, and let it come to the end."""
    broadcast, chats = await prepare(home, twilio)
    for number in range(kills):
        async with home.running():
            if number % 4:
                await requested(twilio, chance.randint(1, MORE))
            else:
                await asyncio.sleep(chance.uniform(0, SOON))
    assert copies(chats)[0], "all had left before the last kill"
    counts = await come_to_the_end(home, twilio, broadcast, chats)
    assert counts.of("sent", "delivered", "read") == counts.total == PEOPLE
    assert copies(chats) == {1: PEOPLE}
    assert twilio.violations == []


@pytest.mark.timeout(480)
async def test_twenty_kills_lose_nobody_and_reach_nobody_twice(
    home: Home, twilio: TwilioServer
) -> None:
    await outlive(home, twilio, 20, Random(8))


@pytest.mark.soak
@pytest.mark.timeout(480)
@pytest.mark.parametrize("seed", range(5))
async def test_a_hundred_kills_lose_nobody_and_reach_nobody_twice(
    home: Home, twilio: TwilioServer, seed: int
) -> None:
    await outlive(home, twilio, 20, Random(seed))


@pytest.mark.timeout(480)
async def test_whatever_befalls_the_requests_everybody_gets_it_once(
    home: Home, twilio: TwilioServer
) -> None:
    broadcast, chats = await prepare(home, twilio)
    twilio.fail("send", too_many(), reset(taken=False), reset(taken=True))
    twilio.fail("send", gateway(503), gateway(502), refuses(20500, status=500))
    twilio.fail_later(Ending(63010), Ending(30410))
    counts = await come_to_the_end(home, twilio, broadcast, chats)
    assert counts.of("sent", "delivered", "read") == counts.total == PEOPLE
    assert copies(chats) == {1: PEOPLE}
    assert twilio.violations == []
