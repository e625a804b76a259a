"""One bot put together: by webhook or by polling, with its name and its profile."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from aiohttp import web

from channels.telegram import LARGEST_BODY, SECRET_HEADER, Access, ProfileTexts, TelegramLine
from dialogue.incoming import Incoming, TryAgain
from tests.platforms.telegram import TelegramServer

SECRET = "qK3-" * 10 + "xYz"
ANNA = {"id": 7, "type": "private"}
BODY = json.dumps(
    {"update_id": 9, "message": {"message_id": 1, "chat": ANNA, "from": ANNA, "text": "hello"}}
).encode()
POISON = b'{"update_id":9,"n":' + b"9" * 5000 + b"}"
UNHEARD = b'{"update_id":9}'


class Desk:
    """Where updates are taken or set aside, or neither for once."""

    def __init__(self, *, refusals: int = 0) -> None:
        self.taken: list[str | None] = []
        self.poison: list[tuple[str, str]] = []
        self.refusals = refusals

    async def take(self, incoming: Incoming) -> None:
        self._refuse()
        self.taken.append(incoming.text)

    async def quarantine(self, raw: str, reason: str) -> None:
        self._refuse()
        self.poison.append((raw, reason))

    def _refuse(self) -> None:
        if self.refusals:
            self.refusals -= 1
            raise TryAgain


class Noted:
    """Keeps a profile's mark."""

    def __init__(self) -> None:
        self.digest: str | None = None

    async def get(self) -> str | None:
        return self.digest

    async def put(self, digest: str) -> None:
        self.digest = digest


@asynccontextmanager
async def line(
    platform: TelegramServer, desk: Desk, webhook_url: str | None = None
) -> AsyncGenerator[TelegramLine]:
    access = Access(
        token=platform.token,
        server=platform.url,
        proxy=None,
        per_second=30,
        webhook_url=webhook_url,
        webhook_secret=SECRET,
    )
    made = TelegramLine(
        access,
        clock=lambda: datetime(2026, 4, 3, tzinfo=UTC),
        chance=lambda: 0.0,
        take=desk.take,
        poison=desk.quarantine,
    )
    yield made
    await made.close()


def reading(body: bytes) -> Callable[[], Awaitable[bytes]]:
    """What reads this body."""

    async def read() -> bytes:
        return body

    return read


@pytest.mark.parametrize(
    ("secret", "body", "refusals", "status"),
    [
        (SECRET, BODY, 0, 200),
        (SECRET, BODY, 1, 503),
        (SECRET, UNHEARD, 1, 200),
        (SECRET, POISON, 0, 200),
        (SECRET, POISON, 1, 503),
        (SECRET, b" " * (LARGEST_BODY + 1), 0, 413),
        ("other", BODY, 0, 403),
        (None, POISON, 0, 403),
    ],
)
async def test_each_request_is_answered_by_what_became_of_it(
    platform: TelegramServer, secret: str | None, body: bytes, refusals: int, status: int
) -> None:
    desk = Desk(refusals=refusals)
    async with line(platform, desk) as bot:
        assert await bot.webhook(secret, reading(body)) == status
    assert desk.taken == (["hello"] if body == BODY and status == 200 else [])
    set_aside = [(POISON.decode(), "not JSON that can be read")]
    assert desk.poison == (set_aside if body == POISON and status == 200 else [])


async def test_the_body_of_a_forged_request_is_not_read(platform: TelegramServer) -> None:
    async def read() -> bytes:
        raise AssertionError("Nobody may read this.")

    async with line(platform, Desk()) as bot:
        assert await bot.webhook("other", read) == 403


async def test_updates_are_delivered_and_come_again_until_they_are_taken(
    platform: TelegramServer,
) -> None:
    desk, lines = Desk(refusals=2), list[TelegramLine]()

    async def receive(request: web.BaseRequest) -> web.Response:
        secret = request.headers.get(SECRET_HEADER)
        return web.Response(status=await lines[0].webhook(secret, request.read))

    runner = web.ServerRunner(web.Server(receive))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram"
    for text in "abc":
        platform.people.says(7, text)
    async with line(platform, desk, url) as bot:
        lines.append(bot)
        assert not bot.connected
        await bot.listen()
        assert bot.connected
        await platform.wait_for(lambda: platform.updates.confirmed == 3)
    await platform.updates.set_webhook(None)
    await runner.cleanup()
    assert desk.taken == list("abc")
    statuses = [delivery.status for delivery in platform.updates.deliveries]
    assert statuses == [503, 503, 200, 200, 200]


async def test_by_polling_it_listens_until_it_is_stopped(platform: TelegramServer) -> None:
    desk = Desk()
    platform.people.says(7, "hello")
    async with line(platform, desk) as bot, asyncio.TaskGroup() as group:
        listening = group.create_task(bot.listen())
        await platform.wait_for(lambda: platform.updates.confirmed == 1)
        assert bot.connected
        bot.stop()
        await listening
    assert desk.taken == ["hello"]


async def test_it_learns_its_name_and_sets_its_profile_once(platform: TelegramServer) -> None:
    texts = ProfileTexts({"en": (("start", "Begin"),)}, {"en": "Webinars"}, {"en": "Webinars"})
    noted = Noted()
    for _ in range(2):
        async with line(platform, Desk()) as bot:
            await bot.introduce(texts, noted)
            assert bot.username == "stand_in_bot"
    assert platform.counts["setMyCommands"] == 2  # for English, and for all other languages
    assert noted.digest == texts.digest()
