"""What Twilio could not bring is taken first, and what is old is deleted there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from channels import Unreachable
from channels.whatsapp import TwilioApi
from delivery import Clock
from delivery.clock import wait_until_set
from dialogue.incoming import Incoming
from service.twilio_log import HEARD, TwilioLog
from storage import Storage
from tests.platforms.twilio import ACCOUNT, SENDER, TOKEN, Chat, Held, TwilioServer, gateway

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Desk:
    """A log, and what was taken, in its order."""

    twilio: TwilioServer
    storage: Storage
    api: TwilioApi
    keeps: timedelta = timedelta()
    now: datetime = NOW
    monotonic: float = 0.0
    taken: list[str] = field(default_factory=list[str])

    def open(self) -> TwilioLog:
        clock = Clock(lambda: self.now, lambda: self.monotonic, _wait, lambda: 0.0)
        return TwilioLog(self.storage, self.api, SENDER, self._take, clock, self.keeps)

    async def _take(self, incoming: Incoming) -> None:
        self.taken.append(incoming.choice or incoming.text or "")

    async def heard_at(self, at: datetime) -> None:
        """Until then everything had been taken."""
        async with self.storage.transaction() as tx:
            await tx.meta.put(HEARD, at.isoformat())

    def says(self, person: Chat, words: str, at: datetime) -> str:
        """They wrote this then, and nobody was told; its id."""
        self.twilio.people.clock = at.timestamp
        self.twilio.people.says(person, words)
        return list(self.twilio.log.by_sid)[-1]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    url, keyring = f"sqlite:///{tmp_path}/data/x.db", tmp_path / "keys" / "keyring.json"
    async with (
        TwilioServer() as twilio,
        await Storage.open(url, keyring, "m" * 43, lambda: NOW) as storage,
    ):
        api = TwilioApi(ACCOUNT, TOKEN, twilio.url, twilio.url)
        yield Desk(twilio, storage, api)
        await api.close()


async def _wait(event: asyncio.Event, _seconds: float | None) -> None:
    # By the clock of these tests no time passes meanwhile, however slow the machine is.
    await wait_until_set(event, None)


def brought(sid: str, choice: str) -> Incoming:
    """What the webhook is told."""
    return Incoming("whatsapp", "whatsapp:IQ.1", sid, NOW, choice=choice)


async def test_what_is_new_does_not_overtake_what_was_missed(desk: Desk) -> None:
    nour = desk.twilio.people.joins("+9647700000001")
    await desk.heard_at(NOW - timedelta(hours=2))
    desk.says(nour, "first", NOW - timedelta(hours=1))
    new = desk.says(nour, "the words on a button", NOW)
    held = Held()
    desk.twilio.fail("list", held.fault())
    log = desk.open()
    catching_up = asyncio.ensure_future(log.catch_up())
    taking = asyncio.ensure_future(log.take(brought(new, "pressed")))
    await desk.twilio.wait_for(lambda: desk.twilio.called("list"))
    assert desk.taken == []
    held.release()
    await asyncio.gather(catching_up, taking)
    # As the webhook told it; the second time the reception knows it.
    assert desk.taken == ["first", "pressed", "pressed"]
    await log.take(brought("SM2", "later"))
    assert desk.taken[3:] == ["later"]


async def test_while_twilio_does_not_answer_nobody_waits(desk: Desk) -> None:
    desk.twilio.fail("list", gateway(503))
    log = desk.open()
    taking = asyncio.ensure_future(log.take(brought("SM1", "pressed")))
    with pytest.raises(Unreachable):
        await log.catch_up()
    log.let_in()
    await taking
    assert desk.taken == ["pressed"]


async def test_nobody_waits_long_after_the_start(desk: Desk) -> None:
    log = desk.open()
    desk.monotonic = 6.0
    await log.take(brought("SM1", "pressed"))
    assert desk.taken == ["pressed"]


async def test_what_is_old_is_deleted_at_twilio_both_ways_once_an_hour(desk: Desk) -> None:
    desk.keeps = 30 * DAY
    nour = desk.twilio.people.joins("+9647700000001")
    old = [desk.says(nour, f"old {n}", NOW - (31 + n) * DAY) for n in range(3)]
    young = desk.says(nour, "young", NOW - 29 * DAY)
    ours = desk.twilio.log.by_sid[old[0]]
    ours.sender, ours.recipient, ours.inbound = ours.recipient, ours.sender, False
    log = desk.open()
    await log.tidy()
    assert len(desk.twilio.log.by_sid) == 4
    desk.now += timedelta(hours=1)
    await log.tidy()
    assert list(desk.twilio.log.by_sid) == [young]
    asked = len(desk.twilio.called("list"))
    await log.tidy()
    assert len(desk.twilio.called("list")) == asked
    assert desk.twilio.violations == []


async def test_nothing_is_deleted_where_it_is_kept_for_ever(desk: Desk) -> None:
    desk.says(desk.twilio.people.joins("+9647700000001"), "old", NOW - 999 * DAY)
    log = desk.open()
    await log.tidy()
    desk.now += DAY
    await log.tidy()
    assert desk.twilio.called("list") == []
    assert len(desk.twilio.log.by_sid) == 1
