"""Nothing that Telegram's side of the bot logs or raises gives anybody away."""

from __future__ import annotations

import asyncio
import io
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from channels.telegram import FAULTS, BotApi, Polling, Reader, Telegram, Timeouts, quiet_loggers
from channels.telegram.request import AiohttpRequest
from dialogue.incoming import Incoming, TryAgain
from dialogue.words import Act, File, Message, MessageButton
from tests.platforms.telegram import (
    Fault,
    Held,
    TelegramServer,
    garbled,
    gateway,
    refuses,
    reset,
    too_many,
    unauthorized,
)

TOKEN = "4242424242:AAH-c4n4ry-token_0123456789abcdefghi"
CANARIES = ("c4n4ry", "4242424242:", "/bot4242424242", "70170177", "ketab")
ANNA = 70170177
SAID = "c4n4ry said"
SENT = Message("c4n4ry sent", rows=((MessageButton("c4n4ry button", "c4n4ry:value"),),))


@pytest.fixture
async def platform() -> TelegramServer:
    return TelegramServer(TOKEN)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """All that anybody logs, at DEBUG, with tracebacks."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.setLevel(before)
    root.removeHandler(handler)


def clean(text: str) -> None:
    assert not [canary for canary in CANARIES if canary in text]


def told(error: BaseException) -> str:
    """All that a log could show of an error, its whole chain included."""
    shown = "".join(traceback.format_exception(error)) + repr(error) + repr(error.args)
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        shown += repr(link) + str(link) + repr(link.args)
        link = link.__cause__ or link.__context__
    return shown


QUOTING = f"Bad Request: c4n4ry 'c4n4ry' https://x.org/c4n4ry {ANNA}"
FAILURES: tuple[Fault, ...] = (
    too_many(1),
    unauthorized(),
    gateway(),
    gateway(504),
    garbled(body=b"c4n4ry {"),
    garbled(body=b'{"c4n4ry": 1}'),
    Fault(status=400, body=b"c4n4ry <html> it's c4n4ry"),
    refuses(400, f"Bad Request: {QUOTING.partition('c4n4ry ')[2]}"),
    refuses(403, "Forbidden: c4n4ry"),
    refuses(409, "Conflict: c4n4ry"),
    refuses(500, "c4n4ry"),
    reset(taken=True),
)
PATIENT, HASTY = Timeouts(connect=30, answer=30), Timeouts(connect=30, answer=0.2)
"""The hasty one is for where no answer will ever come."""


@pytest.mark.parametrize("fault", FAILURES, ids=range(len(FAILURES)))
@pytest.mark.parametrize("file", [None, File("c4n4ry.json", b"c4n4ry")])
async def test_a_failed_send_gives_nothing_away(
    platform: TelegramServer, logged: io.StringIO, fault: Fault, file: File | None
) -> None:
    async with platform:
        platform.people.introduce(ANNA, first_name="c4n4ry", username="ketab")
        api = BotApi(TOKEN, platform.url, timeouts=PATIENT)
        for method in ("sendMessage", "sendDocument"):
            platform.fail(method, fault)
        with pytest.raises(FAULTS) as failed:
            await Telegram(api).send(str(ANNA), Act.SEND, None, Message(SENT.text, file=file))
        clean(told(failed.value))
        await api.close()
    clean(logged.getvalue())


async def test_a_send_that_is_never_answered_gives_nothing_away(
    platform: TelegramServer, logged: io.StringIO
) -> None:
    async with platform:
        platform.people.introduce(ANNA, first_name="c4n4ry", username="ketab")
        api = BotApi(TOKEN, platform.url, timeouts=HASTY)
        platform.fail("sendMessage", Held().fault())
        with pytest.raises(FAULTS) as failed:
            await Telegram(api).send(str(ANNA), Act.SEND, None, SENT)
        clean(told(failed.value))
        await api.close()
    clean(logged.getvalue())


async def test_an_address_that_cannot_be_used_gives_nothing_away(logged: io.StringIO) -> None:
    for server, proxy in (
        ("http://127.0.0.1:1", None),
        ("http://c4n4ry.invalid", None),
        ("http://c4n4ry:99999", None),
        ("http://127.0.0.1:1", "http://u:c4n4ry@127.0.0.1:1"),
    ):
        api = BotApi(TOKEN, server, proxy=proxy, timeouts=Timeouts(connect=1, answer=1))
        with pytest.raises(FAULTS) as failed:
            await Telegram(api).send(str(ANNA), Act.SEND, None, SENT)
        clean(told(failed.value))
        with pytest.raises(FAULTS) as failed:
            await api.get_updates(0, 0)
        clean(told(failed.value))
        await api.close()
    clean(logged.getvalue())


async def test_a_whole_talk_with_poison_and_failures_gives_nothing_away(
    platform: TelegramServer, logged: io.StringIO
) -> None:
    async def take(incoming: Incoming) -> None:
        if len(platform.calls) < 10:
            raise TryAgain

    async def set_aside(raw: str, reason: str) -> None:
        clean(reason)

    async def go_on(seconds: float) -> None:
        await asyncio.sleep(0)

    async with platform:
        people = platform.people
        people.introduce(ANNA, first_name="c4n4ry", username="ketab")
        people.says(ANNA, SAID)
        api = BotApi(TOKEN, platform.url, timeouts=PATIENT)
        telegram = Telegram(api)
        await telegram.send(str(ANNA), Act.SEND, None, SENT)
        people.presses(ANNA, platform.chat(ANNA).last, "c4n4ry button")
        number = platform.updates.take_id()
        platform.updates.add_raw(number, b'{"update_id":%d,"c4n4ry":%b}' % (number, b"9" * 5000))
        platform.fail("getUpdates", *FAILURES)
        reader = Reader(
            api.bot_id, clock=lambda: datetime(2026, 4, 3, tzinfo=UTC), acknowledge=api.acknowledge
        )
        polling = Polling(api, reader, take=take, poison=set_aside, chance=lambda: 0.0, wait=go_on)
        running = asyncio.ensure_future(polling.run())
        await platform.wait_for(lambda: platform.updates.confirmed == 3)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await api.close()
    clean(logged.getvalue())
    assert "ALERT" in logged.getvalue()


async def test_the_control_without_quiet_loggers_does_give_the_token_away(
    platform: TelegramServer, logged: io.StringIO
) -> None:
    """Shows that the canaries would be seen: the library's own logging is let loose once."""
    quiet_loggers()
    loud = [logging.getLogger(name) for name in ("telegram", "telegram.Bot")]
    for logger in loud:
        logger.disabled, logger.propagate = False, True
        logger.setLevel(logging.DEBUG)
    from telegram import Bot

    async with platform:
        line = AiohttpRequest()
        bot = Bot(TOKEN, base_url=f"{platform.url}/bot", request=line, get_updates_request=line)
        await bot.do_api_request("get__me")
        await line.shutdown()
    assert TOKEN in logged.getvalue()
    quiet_loggers()
    assert not any(logger.isEnabledFor(logging.CRITICAL) for logger in loud)


async def test_an_acknowledgement_that_fails_is_forgotten(platform: TelegramServer) -> None:
    async with platform:
        for fault in FAILURES:
            api = BotApi(TOKEN, platform.url, timeouts=PATIENT)
            platform.fail("answerCallbackQuery", fault)
            await api.acknowledge("never asked")
            await api.close()
        assert platform.counts["answerCallbackQuery"] == len(FAILURES)
        api = BotApi(TOKEN, platform.url, timeouts=HASTY)
        platform.fail("answerCallbackQuery", Held().fault())
        await api.acknowledge("never answered")
        await api.close()
