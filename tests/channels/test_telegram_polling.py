"""Long polls: in order, confirmed only when taken, and patient with a platform that fails."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from channels.telegram import BotApi, Polling, Reader, Timeouts
from channels.telegram.polling import BREATH
from dialogue.incoming import Incoming, TryAgain
from tests.platforms.telegram import (
    Fault,
    TelegramServer,
    garbled,
    gateway,
    refuses,
    reset,
    too_many,
    unauthorized,
)

ANNA, OMAR = 7, 8


class Desk:
    """Where updates are taken: notes them, refuses on demand, and never sleeps."""

    def __init__(self, platform: TelegramServer) -> None:
        self.taken: list[Incoming] = []
        self.poison: list[tuple[str, str]] = []
        self.waits: list[float] = []
        self.refuse: Callable[[Incoming], bool] = lambda _: False
        self.gate: asyncio.Event | None = None
        self.answered_after = 0.0
        """Seconds that a poll takes by the clock that the loop looks at."""
        self._now = 0.0
        self._platform = platform

    @property
    def texts(self) -> list[str | None]:
        return [incoming.text for incoming in self.taken]

    async def take(self, incoming: Incoming) -> None:
        refused = self.refuse(incoming)
        if not refused:
            self.taken.append(incoming)
        self._platform.changed()
        if refused:
            raise TryAgain
        if self.gate is not None:
            await self.gate.wait()

    async def quarantine(self, raw: str, reason: str) -> None:
        self.poison.append((raw, reason))
        self._platform.changed()

    def monotonic(self) -> float:
        self._now += self.answered_after
        return self._now

    async def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self._platform.changed()
        await asyncio.sleep(0)


@pytest.fixture
def desk(platform: TelegramServer) -> Desk:
    return Desk(platform)


Running = tuple[Polling, asyncio.Task[None]]


@asynccontextmanager
async def polling_task(platform: TelegramServer, desk: Desk) -> AsyncGenerator[Running]:
    """Polls until the block ends: then it is cancelled, as by a crash."""
    api = BotApi(platform.token, platform.url, timeouts=Timeouts(connect=30, answer=30))
    reader = Reader(
        api.bot_id, clock=lambda: datetime(2026, 4, 3, tzinfo=UTC), acknowledge=api.acknowledge
    )
    loop = Polling(
        api,
        reader,
        take=desk.take,
        poison=desk.quarantine,
        chance=lambda: 0.0,
        wait=lambda seconds: desk.wait(seconds),
        monotonic=desk.monotonic,
        last_word=30,
    )
    task = asyncio.ensure_future(loop.run())
    try:
        yield loop, task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await api.close()


@asynccontextmanager
async def polling(platform: TelegramServer, desk: Desk) -> AsyncGenerator[Polling]:
    async with polling_task(platform, desk) as (loop, _):
        yield loop


@pytest.fixture
async def running(platform: TelegramServer, desk: Desk) -> AsyncGenerator[Running]:
    async with polling_task(platform, desk) as running:
        yield running


async def test_what_people_say_is_taken_in_order(platform: TelegramServer, desk: Desk) -> None:
    async with polling(platform, desk) as loop:
        for number in range(250):  # more than one batch
            platform.people.says(ANNA if number % 2 else OMAR, str(number))
        await platform.wait_for(lambda: platform.updates.confirmed == 250)
        assert desk.texts == [str(number) for number in range(250)]
        assert loop.connected
    assert platform.violations == []


async def test_a_webhook_is_taken_away_first_and_nothing_that_waits_is_dropped(
    platform: TelegramServer, desk: Desk, api: BotApi
) -> None:
    await api.set_webhook("http://127.0.0.1:1/telegram", "s" * 43, 40)
    platform.people.says(ANNA, "while it was away")
    async with polling(platform, desk):
        await platform.wait_for(lambda: desk.taken)
    assert [call.fields for call in platform.called("deleteWebhook")] == [
        {"drop_pending_updates": False}
    ]


async def test_it_asks_for_what_it_reads_and_waits_for_25_seconds(
    platform: TelegramServer, desk: Desk
) -> None:
    async with polling(platform, desk):
        await platform.wait_for(lambda: platform.updates.polls)
    fields = platform.called("getUpdates")[0].fields
    assert fields["timeout"] == 25
    assert fields["allowed_updates"] == [
        "message",
        "edited_message",
        "callback_query",
        "my_chat_member",
    ]


async def test_all_of_a_batch_are_taken_at_once(platform: TelegramServer, desk: Desk) -> None:
    desk.gate = asyncio.Event()
    for number in range(20):
        platform.people.says(number + 1, "at once")
    async with polling(platform, desk):
        await platform.wait_for(lambda: len(desk.taken) == 20)
        assert platform.updates.confirmed == 0
        desk.gate.set()
        await platform.wait_for(lambda: platform.updates.confirmed == 20)


async def test_what_was_not_taken_comes_again(platform: TelegramServer, desk: Desk) -> None:
    refused: list[str | None] = []

    def refuse_b_twice(incoming: Incoming) -> bool:
        if incoming.text == "b" and len(refused) < 2:
            refused.append(incoming.text)
            return True
        return False

    desk.refuse = refuse_b_twice
    for text in "abc":
        platform.people.says(ANNA, text)
    async with polling(platform, desk):
        await platform.wait_for(lambda: platform.updates.confirmed == 3)
    # c was taken each time: whoever takes knows it again by its id.
    assert desk.texts == ["a", "c", "c", "b", "c"]
    assert len({incoming.id for incoming in desk.taken}) == 3
    assert desk.waits == [0.5, 1.0]


async def test_a_crash_before_the_end_of_a_batch_loses_nothing(
    platform: TelegramServer, desk: Desk
) -> None:
    desk.gate = asyncio.Event()
    for text in "abc":
        platform.people.says(ANNA, text)
    async with polling(platform, desk):
        await platform.wait_for(lambda: len(desk.taken) == 3)
    assert platform.updates.confirmed == 0
    desk.gate = None
    async with polling(platform, desk):
        await platform.wait_for(lambda: platform.updates.confirmed == 3)
    assert desk.texts == list("abcabc")


async def test_a_crash_before_the_next_poll_brings_the_batch_again(
    platform: TelegramServer, desk: Desk
) -> None:
    platform.people.says(ANNA, "once")
    platform.fail("getUpdates", reset(taken=True))
    async with polling(platform, desk):
        await platform.wait_for(lambda: platform.updates.confirmed == 1)
    assert desk.texts == ["once"]


async def test_a_poisonous_update_is_set_aside_and_the_others_are_taken(
    platform: TelegramServer, desk: Desk
) -> None:
    platform.people.says(ANNA, "before")
    for content in (
        b'"message":%b' % (b"9" * 5000),
        b'"message":{"chat":[]}',
        b'"message":"\\ud83d"',
    ):
        number = platform.updates.take_id()
        platform.updates.add_raw(number, b'{"update_id":%d,%b}' % (number, content))
    platform.people.says(ANNA, "after")
    async with polling(platform, desk):
        await platform.wait_for(lambda: platform.updates.confirmed == 5)
    assert desk.texts == ["before", "after"]
    assert len(desk.poison) == 3
    assert "9" * 5000 in desk.poison[0][0]
    assert desk.poison[0][1] == "not JSON that can be read"


async def test_an_update_without_a_number_is_set_aside_once_and_does_not_stop_the_others(
    platform: TelegramServer, desk: Desk
) -> None:
    platform.updates.add_raw(1, b'{"update_id":"?","message":{}}')
    async with polling(platform, desk):
        await platform.wait_for(lambda: len(desk.waits) >= 3)  # it cannot be confirmed: patience
        platform.people.says(ANNA, "hello")
        await platform.wait_for(lambda: platform.updates.confirmed == 2)
    assert len(desk.poison) == 1
    assert desk.texts == ["hello"]


async def test_poison_that_cannot_be_set_aside_is_not_confirmed(
    platform: TelegramServer, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    async def full_disk(raw: str, reason: str) -> None:
        tries.append(reason)
        platform.changed()
        if len(tries) < 3:
            raise TryAgain

    monkeypatch.setattr(desk, "quarantine", full_disk)
    number = platform.updates.take_id()
    platform.updates.add_raw(number, json.dumps({"update_id": number, "message": 5}).encode())
    async with polling(platform, desk):
        await platform.wait_for(lambda: platform.updates.confirmed == 1)
    assert len(tries) == 3


FAULTS: list[tuple[Fault, float]] = [
    (refuses(500, "Internal Server Error"), 0.5),
    (gateway(502), 0.5),
    (gateway(504), 0.5),
    (garbled(), 0.5),
    (reset(taken=False), 0.5),
    (reset(taken=True), 0.5),
    (too_many(9), 9.0),
    (unauthorized(), 30.0),
    (refuses(404, "Not Found"), 30.0),
    (refuses(400, "Bad Request: what?"), 30.0),
    (refuses(403, "Forbidden"), 30.0),
    (refuses(409, "Conflict: terminated by other getUpdates request"), 5.0),
]


@pytest.mark.parametrize("method", ["getUpdates", "deleteWebhook"])
@pytest.mark.parametrize(("fault", "pause"), FAULTS)
async def test_after_a_failure_it_waits_and_asks_again(
    platform: TelegramServer, desk: Desk, method: str, fault: Fault, pause: float
) -> None:
    platform.people.says(ANNA, "hello")
    platform.fail(method, fault)
    async with polling(platform, desk) as loop:
        await platform.wait_for(lambda: desk.waits)
        await platform.wait_for(lambda: platform.updates.confirmed == 1)
        assert loop.connected
    assert desk.waits == [pause]
    assert desk.texts == ["hello"]


async def test_an_answer_without_a_list_of_updates_is_asked_for_again(
    platform: TelegramServer, desk: Desk
) -> None:
    platform.fail("getUpdates", garbled(taken=False, body=b'{"ok":true,"result":{}}'))
    async with polling(platform, desk):
        await platform.wait_for(lambda: desk.waits)
    assert desk.waits == [0.5]


async def test_waits_grow_to_half_a_minute_and_start_anew_after_a_success(
    platform: TelegramServer, desk: Desk
) -> None:
    platform.fail("getUpdates", gateway(), times=9)
    async with polling(platform, desk) as loop:
        await platform.wait_for(lambda: len(desk.waits) == 9)
        assert not loop.connected
        platform.people.says(ANNA, "hello")
        await platform.wait_for(lambda: desk.taken)
        platform.fail("getUpdates", gateway())
        platform.people.says(ANNA, "again")
        await platform.wait_for(lambda: len(desk.waits) == 10)
    assert desk.waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30, 0.5]


async def test_it_starts_before_telegram_can_be_reached(
    platform: TelegramServer, desk: Desk
) -> None:
    await platform.stop()
    async with polling(platform, desk) as loop:
        await platform.wait_for(lambda: len(desk.waits) >= 3)
        assert not loop.connected
        await platform.start()
        platform.people.says(ANNA, "you are back")
        await platform.wait_for(lambda: desk.taken)
        assert loop.connected


async def test_stopping_breaks_off_the_poll_and_confirms_what_was_taken(
    platform: TelegramServer, desk: Desk, running: Running
) -> None:
    loop, task = running
    platform.people.says(ANNA, "hello")
    await platform.wait_for(lambda: platform.updates.confirmed == 1 and platform.updates.polls == 2)
    loop.stop()
    await task
    assert not loop.connected
    assert platform.called("getUpdates")[-1].fields["timeout"] == 0


async def test_stopping_lets_a_batch_be_taken_first(
    platform: TelegramServer, desk: Desk, running: Running
) -> None:
    loop, task = running
    desk.gate = asyncio.Event()
    platform.people.says(ANNA, "hello")
    await platform.wait_for(lambda: desk.taken)
    loop.stop()
    desk.gate.set()
    await task
    assert platform.updates.confirmed == 1
    assert desk.texts == ["hello"]


async def test_stopping_ends_a_wait_and_a_last_word_that_fails_is_forgotten(
    platform: TelegramServer, desk: Desk, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, task = running
    platform.people.says(ANNA, "hello")
    await platform.wait_for(lambda: platform.updates.confirmed == 1)
    waiting = asyncio.Event()

    async def for_ever(seconds: float) -> None:
        waiting.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(desk, "wait", for_ever)
    platform.fail("getUpdates", gateway(), times=9)
    platform.people.says(ANNA, "this ends the poll")
    await waiting.wait()
    loop.stop()
    await task


async def test_a_server_that_answers_empty_polls_at_once_is_not_asked_without_end(
    platform: TelegramServer, desk: Desk
) -> None:
    platform.fail("getUpdates", garbled(taken=False, body=b'{"ok":true,"result":[]}'), times=3)
    async with polling(platform, desk):
        await platform.wait_for(lambda: platform.updates.polls)
    assert desk.waits == [BREATH] * 3


async def test_after_an_empty_poll_that_took_its_time_the_next_one_follows_at_once(
    platform: TelegramServer, desk: Desk
) -> None:
    desk.answered_after = 2 * BREATH
    platform.fail("getUpdates", garbled(taken=False, body=b'{"ok":true,"result":[]}'), times=3)
    async with polling(platform, desk):
        await platform.wait_for(lambda: platform.updates.polls)
    assert desk.waits == []


async def test_a_second_copy_raises_an_alert(
    platform: TelegramServer, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    async with polling(platform, desk):
        await platform.wait_for(lambda: platform.updates.polls)
        async with polling(platform, Desk(platform)):
            await platform.wait_for(lambda: desk.waits)
    assert desk.waits[0] >= 5
    alerts = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert any("second copy" in alert for alert in alerts)
