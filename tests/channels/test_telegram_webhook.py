"""Only Telegram's own requests are read, and the webhook is set however long it takes."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime

import pytest
from aiohttp import web

from channels.telegram import (
    LARGEST_BODY,
    SECRET_HEADER,
    BotApi,
    Forged,
    Reader,
    TooLarge,
    Unreadable,
    Webhook,
    WebhookRegistration,
)
from dialogue.incoming import Incoming
from tests.platforms.telegram import (
    Fault,
    TelegramServer,
    gateway,
    refuses,
    reset,
    too_many,
    unauthorized,
)

SECRET = "qK3-" * 10 + "xYz"
ANNA = {"id": 7, "type": "private"}
BODY = json.dumps(
    {"update_id": 9, "message": {"message_id": 1, "chat": ANNA, "from": ANNA, "text": "hello"}}
).encode()


async def forget(query: str) -> None:
    """Acknowledges nothing."""


READER = Reader("42", clock=lambda: datetime(2026, 4, 3, tzinfo=UTC), acknowledge=forget)
WEBHOOK = Webhook(SECRET, READER)


def test_a_request_with_the_secret_is_read() -> None:
    incoming = WEBHOOK.read(SECRET, BODY)
    assert incoming is not None
    assert incoming.text == "hello"


@pytest.mark.parametrize("secret", [None, "", "x", SECRET + " ", SECRET.upper(), "\udcff", "ü"])
def test_a_request_without_the_secret_is_forged(secret: str | None) -> None:
    with pytest.raises(Forged):
        WEBHOOK.read(secret, BODY)


@pytest.mark.parametrize("unset", [None, ""])
@pytest.mark.parametrize("given", [None, "", "None", SECRET])
def test_while_no_secret_is_set_every_request_is_forged(
    unset: str | None, given: str | None
) -> None:
    with pytest.raises(Forged):
        Webhook(unset, READER).read(given, BODY)


def test_of_a_hundred_thousand_mutated_secrets_none_is_accepted() -> None:
    chance = random.Random(20200403)
    accepted = 0
    for _ in range(100_000):
        mutated = list(SECRET)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(mutated))
            match chance.randrange(4):
                case 0:
                    mutated[at] = chr(chance.randrange(1, 0x250))
                case 1:
                    mutated.insert(at, chr(chance.randrange(1, 0x250)))
                case 2 if len(mutated) > 1:
                    del mutated[at]
                case _:
                    mutated[at] = mutated[at].swapcase()
        if "".join(mutated) == SECRET:
            continue
        try:
            WEBHOOK.verify("".join(mutated))
        except Forged:
            continue
        accepted += 1
    assert accepted == 0


def test_a_body_over_256_kb_is_not_read() -> None:
    with pytest.raises(TooLarge):
        WEBHOOK.read(SECRET, BODY + b" " * LARGEST_BODY)


def test_what_cannot_be_read_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        WEBHOOK.read(SECRET, b"[" * 100_000)


def test_the_secret_is_looked_at_first() -> None:
    with pytest.raises(Forged):
        WEBHOOK.read(None, b"[" * (LARGEST_BODY + 1))


async def test_updates_are_delivered_and_come_again_until_they_are_taken(
    platform: TelegramServer, api: BotApi
) -> None:
    taken: list[Incoming | None] = []
    refusals = 2

    async def receive(request: web.BaseRequest) -> web.Response:
        nonlocal refusals
        incoming = WEBHOOK.read(request.headers.get(SECRET_HEADER), await request.read())
        if refusals:
            refusals -= 1
            return web.Response(status=503)
        taken.append(incoming)
        return web.Response()

    runner = web.ServerRunner(web.Server(receive))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    for text in "abc":
        platform.people.says(7, text)
    await WebhookRegistration(api, url, SECRET, chance=lambda: 0.0).run()
    await platform.wait_for(lambda: platform.updates.confirmed == 3)
    await platform.updates.set_webhook(None)
    await runner.cleanup()
    assert [incoming.text for incoming in taken if incoming] == list("abc")
    assert [delivery.status for delivery in platform.updates.deliveries] == [
        503,
        503,
        200,
        200,
        200,
    ]


FAULTS: list[tuple[Fault, float]] = [
    (gateway(), 0.5),
    (reset(taken=True), 0.5),
    (too_many(9), 9.0),
    (unauthorized(), 30.0),
    (refuses(400, "Bad Request: bad webhook: Failed to resolve host"), 30.0),
]


@pytest.mark.parametrize(("fault", "pause"), FAULTS)
async def test_the_webhook_is_set_however_long_it_takes(
    platform: TelegramServer, api: BotApi, fault: Fault, pause: float
) -> None:
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    platform.fail("setWebhook", fault)
    registration = WebhookRegistration(
        api, "http://127.0.0.1:1/telegram", SECRET, chance=lambda: 0.0, wait=wait
    )
    assert not registration.connected
    await registration.run()
    assert registration.connected
    assert waits == [pause]
    assert platform.called("setWebhook")[-1].fields == {
        "url": "http://127.0.0.1:1/telegram",
        "secret_token": SECRET,
        "max_connections": 100,
        "allowed_updates": ["message", "edited_message", "callback_query", "my_chat_member"],
    }
