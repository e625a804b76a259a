"""The stand-in holds bots to Telegram's rules; a bug in it would hide bugs in the bot."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.platforms.telegram import Pace, TelegramServer, too_many

ANNA, OMAR = 7, 8


@pytest.fixture
async def platform() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        yield server


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


class Client:
    """A bot that sends whatever it is told to."""

    def __init__(self, platform: TelegramServer, session: aiohttp.ClientSession) -> None:
        self.url = f"{platform.url}/bot{platform.token}"
        self.session = session

    async def call(self, method: str, **fields: Any) -> tuple[int, Any]:
        async with self.session.post(f"{self.url}/{method}", json=fields) as answer:
            said = await answer.json()
            return answer.status, said["result"] if said["ok"] else said["description"]


@pytest.fixture
def client(platform: TelegramServer, session: aiohttp.ClientSession) -> Client:
    platform.people.says(ANNA, "/start")
    return Client(platform, session)


def keyboard(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


BUTTON = {"text": "Yes", "callback_data": "y"}
BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"chat_id": ANNA}, '"text" is required'),
    ("sendMessage", {"text": "x"}, '"chat_id" is required'),
    ("sendMessage", {"chat_id": ANNA, "text": "x", "txet": 1}, "not known"),
    ("sendMessage", {"chat_id": ANNA, "text": 5}, "of type str"),
    ("sendMessage", {"chat_id": ANNA, "text": " \n"}, "message text is empty"),
    ("sendMessage", {"chat_id": ANNA, "text": "😀" * 2049}, "message is too long"),
    ("sendMessage", {"chat_id": ANNA, "text": "x", "reply_markup": "{}"}, "of type object"),
    ("sendMessage", {"chat_id": ANNA, "text": "x", "reply_markup": {}}, "reply markup"),
    ("sendMessage", {"chat_id": ANNA, "text": "x", "reply_markup": keyboard({"text": "a"})}, "one"),
    (
        "sendMessage",
        {"chat_id": ANNA, "text": "x", "reply_markup": keyboard(BUTTON | {"url": "https://a.b"})},
        "exactly one action",
    ),
    (
        "sendMessage",
        {"chat_id": ANNA, "text": "x", "reply_markup": keyboard(BUTTON | {"text": " "})},
        "non-empty",
    ),
    (
        "sendMessage",
        {
            "chat_id": ANNA,
            "text": "x",
            "reply_markup": keyboard(BUTTON | {"callback_data": "ب" * 33}),
        },
        "BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {"chat_id": ANNA, "text": "x", "reply_markup": keyboard({"text": "a", "url": "nowhere"})},
        "Wrong HTTP URL",
    ),
    (
        "sendMessage",
        {"chat_id": ANNA, "text": "x", "reply_markup": keyboard(*[BUTTON] * 101)},
        "too long",
    ),
    ("sendDocument", {"chat_id": ANNA, "document": "id", "caption": "x" * 1025}, "caption"),
    ("editMessageText", {"chat_id": ANNA, "message_id": "1", "text": "x"}, "of type int"),
    ("editMessageText", {"chat_id": ANNA, "message_id": True, "text": "x"}, "of type int"),
    ("setMyCommands", {"commands": [{"command": "Start", "description": "x"}]}, "COMMAND_INVALID"),
    ("setMyCommands", {"commands": [{"command": "start", "description": ""}]}, "DESCRIPTION"),
    ("setMyDescription", {"description": "x" * 513}, "too long"),
    ("setMyDescription", {"description": "x", "language_code": "ar-IQ"}, "language code"),
    ("setWebhook", {"url": "https://a.b", "secret_token": "not this!"}, "unallowed"),
    ("setWebhook", {"url": "https://a.b", "max_connections": 101}, "max_connections"),
]


@pytest.mark.parametrize(("method", "fields", "reason"), BROKEN)
async def test_a_broken_rule_is_refused_and_noted(
    platform: TelegramServer, client: Client, method: str, fields: dict[str, Any], reason: str
) -> None:
    status, description = await client.call(method, **fields)
    assert status == 400
    assert reason in description
    assert len(platform.violations) == 1
    assert platform.chat(ANNA).texts == []


async def test_what_the_chat_does_not_allow_is_refused_and_no_violation(
    platform: TelegramServer, client: Client
) -> None:
    assert await client.call("sendMessage", chat_id=OMAR, text="x") == (
        400,
        "Bad Request: chat not found",
    )
    platform.people.blocks(ANNA)
    assert (await client.call("sendMessage", chat_id=ANNA, text="x"))[0] == 403
    assert (await client.call("answerCallbackQuery", callback_query_id="1"))[0] == 400
    assert platform.violations == []


async def test_json_forms_and_any_case_are_taken(
    platform: TelegramServer, client: Client, session: aiohttp.ClientSession
) -> None:
    markup = json.dumps(keyboard(BUTTON))
    form = {"chat_id": str(ANNA), "text": "12", "reply_markup": markup}
    for method in ("sendMessage", "sendmessage", "SENDMESSAGE"):
        async with session.post(f"{client.url}/{method}", data=form) as answer:
            assert answer.status == 200
    parts = aiohttp.FormData({"chat_id": str(ANNA), "reply_markup": markup})
    parts.add_field("document", b"{}", filename="a.json")
    async with session.post(f"{client.url}/sendDocument", data=parts) as answer:
        assert answer.status == 200
    assert platform.chat(ANNA).texts == ["12", "12", "12", ""]
    assert platform.chat(ANNA).last.document == ("a.json", b"{}")
    assert platform.chat(ANNA).last.labels == ("Yes",)


async def test_another_token_and_an_unknown_method_are_refused(
    platform: TelegramServer, client: Client, session: aiohttp.ClientSession
) -> None:
    assert (await client.call("sendMesage"))[0] == 404
    async with session.post(f"{platform.url}/bot1:x/getMe") as answer:
        assert answer.status == 401


async def test_updates_are_handed_out_until_a_higher_offset_confirms_them(
    platform: TelegramServer, client: Client
) -> None:
    platform.people.says(OMAR, "second")
    _, updates = await client.call("getUpdates", limit=1)
    assert [update["message"]["text"] for update in updates] == ["/start"]
    _, updates = await client.call("getUpdates")
    assert [update["message"]["text"] for update in updates] == ["/start", "second"]
    _, updates = await client.call("getUpdates", offset=updates[0]["update_id"] + 1)
    assert [update["message"]["text"] for update in updates] == ["second"]
    _, updates = await client.call("getUpdates", offset=updates[0]["update_id"] + 1)
    assert updates == []
    assert platform.updates.confirmed == 2


async def test_a_long_poll_ends_when_something_is_said(
    platform: TelegramServer, client: Client
) -> None:
    await client.call("getUpdates", offset=10**6)
    async with asyncio.TaskGroup() as group:
        poll = group.create_task(client.call("getUpdates", timeout=50))
        await platform.wait_for(lambda: platform.updates.polls == 2)
        platform.people.says(ANNA, "now")
    assert [update["message"]["text"] for update in poll.result()[1]] == ["now"]


async def test_of_two_pollers_the_first_is_turned_away(
    platform: TelegramServer, client: Client
) -> None:
    await client.call("getUpdates", offset=10**6)
    async with asyncio.TaskGroup() as group:
        first = group.create_task(client.call("getUpdates", timeout=50))
        await platform.wait_for(lambda: platform.updates.polls == 2)
        second = group.create_task(client.call("getUpdates", timeout=50))
        await platform.wait_for(lambda: platform.updates.polls == 3)
        platform.people.says(ANNA, "now")
    assert first.result()[0] == 409
    assert second.result()[0] == 200


async def test_while_a_webhook_is_set_nobody_polls(
    platform: TelegramServer, client: Client
) -> None:
    await client.call("setWebhook", url="http://127.0.0.1:1/")
    assert (await client.call("getUpdates"))[0] == 409
    await client.call("deleteWebhook")
    status, updates = await client.call("getUpdates")
    assert (status, len(updates)) == (200, 1)


async def test_only_the_updates_that_were_asked_for_are_queued(
    platform: TelegramServer, client: Client
) -> None:
    await client.call("getUpdates", allowed_updates=["callback_query"], offset=10**6)
    platform.people.says(ANNA, "unheard")
    assert not platform.updates.waiting


async def test_a_press_goes_through_once_it_is_answered_it_is_too_old(
    platform: TelegramServer, client: Client
) -> None:
    await client.call("sendMessage", chat_id=ANNA, text="?", reply_markup=keyboard(BUTTON))
    query = platform.people.presses(ANNA, platform.chat(ANNA).last, "Yes")
    assert (await client.call("answerCallbackQuery", callback_query_id=query))[0] == 200
    assert (await client.call("answerCallbackQuery", callback_query_id=query))[0] == 400
    assert platform.methods.answered == [query]


async def test_message_ids_rise_whoever_writes(platform: TelegramServer, client: Client) -> None:
    await client.call("sendMessage", chat_id=ANNA, text="a")
    platform.people.says(ANNA, "b")
    await client.call("sendMessage", chat_id=ANNA, text="c")
    assert (list(platform.chat(ANNA).sent), list(platform.chat(ANNA).said)) == ([2, 4], [1, 3])


async def test_a_fault_befalls_as_many_requests_as_it_should(
    platform: TelegramServer, client: Client
) -> None:
    platform.fail("sendMessage", too_many(3), times=2)
    answers = [(await client.call("sendMessage", chat_id=ANNA, text="x"))[0] for _ in range(3)]
    assert answers == [429, 429, 200]


async def test_too_many_messages_within_a_second_are_violations(
    platform: TelegramServer, client: Client
) -> None:
    platform.pace, platform.monotonic = Pace(per_second=30, chat_burst=100), lambda: 7.0
    answers = [(await client.call("sendMessage", chat_id=ANNA, text="x"))[0] for _ in range(31)]
    assert answers == [200] * 30 + [429]
    assert len(platform.violations) == 1


def test_the_window_of_a_second_slides() -> None:
    pace = Pace(per_second=30)
    assert all(pace.arrives(chat, chat / 29.9) for chat in range(300))
    assert not pace.arrives(300, 299 / 29.9)


def test_a_chat_may_get_three_at_once_and_then_one_a_second() -> None:
    pace = Pace()
    assert [pace.arrives(ANNA, 0.0) for _ in range(4)] == [True, True, True, False]
    pace = Pace()
    assert [pace.arrives(ANNA, now) for now in (0.0, 0.0, 0.0, 1.0, 2.0, 2.5)] == [True] * 5 + [
        False
    ]
    assert pace.violations == ["3.5 messages at once in one chat"]
