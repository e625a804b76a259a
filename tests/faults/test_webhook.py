"""What comes to the webhook more than once, from others than Telegram, or as nothing that can be
read."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator

import aiohttp
import pytest

from tests.faults.crowd import meets
from tests.faults.home import SECRET, Home, Running
from tests.platforms.telegram import TelegramServer

ANNA = 70_170_001
HEADER = "X-Telegram-Bot-Api-Secret-Token"
TRUE = {HEADER: SECRET, "Content-Type": "application/json"}

POISON = (
    b'{"update_id": %d, "message": {"message_id": 1, "text": "\\ud83d", "chat": %s}}',
    b'{"update_id": %d, "message": {"message_id": 9223372036854775808, "chat": %s, "text": "x"}}',
    b'{"update_id": %d, "message": {"message_id": ' + b"7" * 5000 + b', "chat": %s, "text": "x"}}',
    b'{"update_id": %d, "message": {"chat": %s, "x": ' + b"[" * 100_000 + b"}}",
    b'{"update_id": %d, "message": {"message_id": 1, "text": {"a": 1}, "chat": %s}}',
)
"""No text, numbers that are too large, lists without an end, no text again."""


def poisonous(number: int, update: bytes) -> bytes:
    """One of POISON as an update with this number, from Anna."""
    chat = json.dumps({"id": ANNA, "type": "private", "first_name": "Anna"}).encode()
    return update % (number, chat)


@pytest.fixture
async def bot(home: Home, telegram: TelegramServer) -> AsyncGenerator[Running]:
    """A bot that takes webhooks."""
    home.on_telegram(telegram.url, webhook=True)
    await home.load_example()
    async with home.running() as bot:
        yield bot
    assert telegram.violations == []


def update(number: int, text: str) -> bytes:
    """Anna writes."""
    person = {"id": ANNA, "is_bot": False, "first_name": "Anna"}
    chat = {"id": ANNA, "type": "private", "first_name": "Anna"}
    said = {"message_id": number, "from": person, "chat": chat, "date": 1, "text": text}
    return json.dumps({"update_id": number, "message": said}).encode()


async def post(home: Home, body: bytes, headers: dict[str, str], times: int = 1) -> Counter[int]:
    """The same request, so often at once; how often each status was answered."""
    async with aiohttp.ClientSession() as session:

        async def once() -> int:
            async with session.post(f"{home.web}/telegram", data=body, headers=headers) as answer:
                return answer.status

        return Counter(await asyncio.gather(*(once() for _ in range(times))))


async def questions(home: Home) -> list[str]:
    """What Anna has asked."""
    async with home.storage() as storage, storage.reading() as tx:
        address = await tx.people.find("telegram", str(ANNA))
        assert address is not None
        return [question.text for question in await tx.questions.of(address.person)]


async def quarantined(home: Home) -> int:
    """How much is in quarantine."""
    async with home.storage() as storage, storage.reading() as tx:
        ((rows,),) = await tx.desk.connection.fetch("SELECT COUNT(*) FROM quarantine")
        return rows


async def test_the_same_update_ten_times_twenty_at_once_has_one_effect(
    home: Home, telegram: TelegramServer, bot: Running
) -> None:
    await meets(telegram, ANNA)
    lines = ("/ask", "Why?", "The series as a whole", "Idea", "Confirm")
    for number, line in enumerate(lines, start=5000):
        for _ in range(10):
            answers = await post(home, update(number, line), TRUE, times=20)
            assert answers == {200: 20}
    texts = await telegram.wait_for_texts(ANNA, 3 + len(lines))
    assert await bot.end(15) == 0
    assert await questions(home) == ["Why?"]
    assert len(texts) == len(telegram.chat(ANNA).texts) == 3 + len(lines)


FORGED = ("", SECRET[:-1], SECRET + "w", "W" * 40, None)


async def test_a_forged_update_does_nothing(
    home: Home, telegram: TelegramServer, bot: Running
) -> None:
    await meets(telegram, ANNA)
    for secret in FORGED:
        headers = {} if secret is None else {HEADER: secret}
        assert await post(home, update(6000, "/ask"), headers) == {403: 1}
    assert await post(home, update(6000, "/help"), TRUE) == {200: 1}
    texts = await telegram.wait_for_texts(ANNA, 4)
    assert "Here you can" in texts[3]
    assert await bot.end(15) == 0
    assert len(telegram.chat(ANNA).texts) == 4


@pytest.mark.parametrize("webhook", [True, False], ids=["webhook", "polling"])
async def test_poison_is_set_aside_sealed_and_the_others_go_on(
    home: Home, telegram: TelegramServer, *, webhook: bool
) -> None:
    home.on_telegram(telegram.url, webhook=webhook)
    await home.load_example()
    async with home.running() as bot:
        await meets(telegram, ANNA)
        for each in POISON:
            number = telegram.updates.take_id()
            telegram.updates.add_raw(number, poisonous(number, each))
        telegram.people.says(ANNA, "/help")
        await telegram.wait_for_texts(ANNA, 4)
        telegram.people.presses_value(ANNA, telegram.chat(ANNA).last, "q:999:approve")
        await telegram.wait_for(lambda: telegram.chat(ANNA).last.edits)
        await telegram.wait_for(lambda: not telegram.updates.waiting)
        await bot.logs("ALERT: an update from Telegram cannot be read", times=len(POISON))
        assert await bot.end(15) == 0
    assert await quarantined(home) == len(POISON)
    assert b"first_name" not in home.database.read_bytes()


async def raw_answer(home: Home, request: bytes) -> bytes:
    """What the server answers to these bytes, after which no more is sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", home.port)
    writer.write(request)
    try:
        return await asyncio.wait_for(reader.readline(), 60)
    finally:
        writer.close()


HEAD = b"POST /telegram HTTP/1.1\r\nHost: localhost\r\n"


async def test_without_the_secret_the_body_is_not_even_waited_for(home: Home, bot: Running) -> None:
    announced = HEAD + b"Content-Length: 1000\r\n\r\n"
    assert b" 403 " in await raw_answer(home, announced)


async def test_too_large_a_body_is_refused_before_it_ends(home: Home, bot: Running) -> None:
    secret = f"{HEADER}: {SECRET}\r\n".encode()
    announced = HEAD + secret + b"Content-Length: 262145\r\n\r\n"
    assert b" 413 " in await raw_answer(home, announced)
    part = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    in_parts = HEAD + secret + b"Transfer-Encoding: chunked\r\n\r\n" + 5 * part
    assert b" 413 " in await raw_answer(home, in_parts)


async def test_a_compressed_body_is_refused(home: Home, bot: Running) -> None:
    announced = HEAD + b"Content-Encoding: gzip\r\nContent-Length: 20\r\n\r\n"
    assert b" 415 " in await raw_answer(home, announced)
