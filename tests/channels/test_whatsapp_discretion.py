"""Nothing that WhatsApp's side of the bot logs or raises gives anybody away."""

from __future__ import annotations

import io
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from twilio.http.async_http_client import (  # pyright: ignore[reportMissingTypeStubs]
    AsyncTwilioHttpClient,
)

from channels import FAULTS, Slip
from channels.whatsapp import (
    Contents,
    NotJoined,
    Timeouts,
    TwilioApi,
    WhatsApp,
    inbound_since,
    quiet_loggers,
)
from dialogue.words import Act, Message, MessageButton
from tests.platforms.twilio import (
    ACCOUNT,
    SENDER,
    TOKEN,
    Fault,
    Held,
    TwilioServer,
    garbled,
    gateway,
    refuses,
    reset,
    too_many,
)

ANNA = "+9647700012345"
CANARIES = ("c4n4ry", TOKEN, "7700012345", ANNA, "Basic ")
NOW = datetime.now(UTC)
SENT = Message("c4n4ry sent", rows=((MessageButton("c4n4ry button", "c4n4ry:value", number=1),),))
SLIP = Slip(delivery=7, not_after=NOW + timedelta(hours=1))


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
    shown = "".join(traceback.format_exception(error))
    link: BaseException | None = error
    while link is not None:
        shown += repr(link) + str(link) + repr(link.args) + repr(vars(link))
        link = link.__cause__ or link.__context__
    return shown


def line(url: str, answer: float = 30) -> TwilioApi:
    """`answer` is how many seconds one is waited for."""
    timeouts = Timeouts(connect=30, answer=answer)
    return TwilioApi(ACCOUNT, TOKEN, url, url, timeouts=timeouts)


def writing(api: TwilioApi) -> WhatsApp:
    return WhatsApp(
        api,
        SENDER,
        Contents(),
        80,
        lambda delivery: f"https://bot.example.org/whatsapp/status?d={delivery}",
        lambda hash: f"https://bot.example.org/media/{hash}",
        clock=lambda: NOW,
        chance=lambda: 0.0,
    )


QUOTING = f"The 'To' number whatsapp:{ANNA} is not valid: c4n4ry"
FAILURES: tuple[Fault, ...] = (
    too_many(),
    gateway(),
    gateway(504),
    garbled(body=b"c4n4ry {"),
    garbled(body=b'{"c4n4ry": 1}'),
    garbled(body=b'{"sid": ["c4n4ry"], "date_sent": "c4n4ry"}'),
    Fault(status=400, body=b"c4n4ry <html>"),
    Fault(status=400, body=b'{"type":"c4n4ry","title":"c4n4ry","status":400,"code":1}'),
    refuses(21211, QUOTING),
    refuses(63016, QUOTING),
    refuses(12345, QUOTING),
    refuses(20003, QUOTING, 401),
    refuses(20500, QUOTING, 500),
    reset(taken=True),
)


@pytest.mark.parametrize("fault", FAILURES, ids=range(len(FAILURES)))
async def test_a_failed_send_gives_nothing_away(
    twilio: TwilioServer, logged: io.StringIO, fault: Fault
) -> None:
    api = line(twilio.url)
    twilio.people.says(twilio.people.joins(ANNA), "c4n4ry")
    twilio.fail("send", fault)
    with pytest.raises(FAULTS) as failed:
        await writing(api).send(f"whatsapp:{ANNA}", Act.SEND, None, SENT, SLIP)
    clean(told(failed.value))
    if not fault.reset:
        twilio.fail("list", fault)
        with pytest.raises(FAULTS) as failed:
            await inbound_since(api, SENDER, NOW)
        clean(told(failed.value))
    await api.close()
    clean(logged.getvalue())


async def test_a_send_that_is_never_answered_gives_nothing_away(
    twilio: TwilioServer, logged: io.StringIO
) -> None:
    api = line(twilio.url, answer=0.2)
    twilio.people.says(twilio.people.joins(ANNA), "c4n4ry")
    twilio.fail("send", Held().fault())
    with pytest.raises(FAULTS) as failed:
        await writing(api).send(f"whatsapp:{ANNA}", Act.SEND, None, SENT, SLIP)
    clean(told(failed.value))
    await api.close()
    clean(logged.getvalue())


async def test_an_address_that_cannot_be_used_gives_nothing_away(logged: io.StringIO) -> None:
    for url in ("http://127.0.0.1:1", "http://c4n4ry.invalid", "http://c4n4ry:99999", "c4n4ry"):
        api = line(url)
        with pytest.raises(FAULTS) as failed:
            await writing(api).send(f"whatsapp:{ANNA}", Act.SEND, None, SENT, SLIP)
        clean(told(failed.value))
        await api.close()
    clean(logged.getvalue())


async def test_a_good_day_gives_nothing_away(twilio: TwilioServer, logged: io.StringIO) -> None:
    api = line(twilio.url)
    twilio.people.says(twilio.people.joins(ANNA), "c4n4ry")
    sid = await writing(api).send(f"whatsapp:{ANNA}", Act.SEND, None, SENT, SLIP)
    assert len(await inbound_since(api, SENDER, NOW - timedelta(hours=1))) == 1
    await twilio.wait_for(lambda: not twilio.busy)
    await writing(api).send(f"whatsapp:{ANNA}", Act.DELETE, sid, Message())
    await api.close()
    clean(logged.getvalue())


async def test_who_has_not_joined_the_sandbox_is_not_named_to_the_operator(
    twilio: TwilioServer, logged: io.StringIO
) -> None:
    api = line(twilio.url)
    twilio.fail("send", refuses(63015, QUOTING))
    with pytest.raises(NotJoined):
        await writing(api).send(f"whatsapp:{ANNA}", Act.SEND, None, SENT, SLIP)
    await api.close()
    assert "ALERT" in logged.getvalue()
    clean(logged.getvalue())


def test_the_control_without_quiet_loggers_does_give_the_number_away(logged: io.StringIO) -> None:
    """Shows that the canaries would be seen: the library's own logging is let loose once."""
    quiet_loggers()
    loud = [logging.getLogger(name) for name in ("twilio", "twilio.async_http_client")]
    for logger in loud:
        logger.disabled, logger.propagate = False, True
        logger.setLevel(logging.DEBUG)
    client = AsyncTwilioHttpClient(  # pyright: ignore[reportUnknownMemberType]
        pool_connections=False
    )
    client.log_request(  # pyright: ignore[reportUnknownMemberType]
        {"method": "GET", "url": "/", "params": {"To": ANNA}, "headers": {}}
    )
    assert "7700012345" in logged.getvalue()
    quiet_loggers()
    assert not any(logger.isEnabledFor(logging.CRITICAL) for logger in loud)
