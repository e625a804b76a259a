"""What the bot writes reaches the chat, and what fails is told apart."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import suppress

import aiohttp
import pytest
from aiohttp import web

from channels import Barred, Busy, Gone, Moved, Refused, TargetGone, Unreachable, Unsure
from channels.telegram import BotApi, SecondCopy, Telegram, Timeouts
from dialogue.words import Act, File, Message, MessageButton
from tests.platforms.telegram import (
    Fault,
    Held,
    TelegramServer,
    blocked,
    garbled,
    gateway,
    refuses,
    reset,
    too_many,
    unauthorized,
)

ANNA = 7
HELLO = Message("أهلًا بكم")
CHOICE = Message(
    "Which one?",
    rows=(
        (MessageButton("Yes", "r7:ok:yes"), MessageButton("No", "r7:ok:no")),
        (MessageButton("Programme", url="https://example.org/programme"),),
    ),
)


@pytest.fixture(autouse=True)
def anna_has_written(platform: TelegramServer) -> None:
    platform.people.says(ANNA, "/start")


async def say(telegram: Telegram, message: Message = HELLO) -> str:
    return await telegram.send(str(ANNA), Act.SEND, None, message)


async def test_a_message_arrives_with_its_buttons(
    platform: TelegramServer, telegram: Telegram
) -> None:
    number = await say(telegram, CHOICE)
    shown = platform.chat(ANNA).last
    assert (str(shown.id), shown.text) == (number, "Which one?")
    assert [[button.label for button in row] for row in shown.rows] == [
        ["Yes", "No"],
        ["Programme"],
    ]
    assert shown.button("Yes").value == "r7:ok:yes"
    assert shown.button("Programme").url == "https://example.org/programme"
    assert platform.violations == []


async def test_texts_are_sent_as_they_are_and_without_previews(
    platform: TelegramServer, telegram: Telegram
) -> None:
    text = "_*[`~>#|{}.! <a href='tg://user?id=1'>\n👨\u200d👩\u200d👧 می\u200cخواهم \x00"
    await say(telegram, Message(text))
    assert platform.chat(ANNA).texts == [text]
    fields = platform.chat(ANNA).last.fields
    assert "parse_mode" not in fields
    assert fields["link_preview_options"] == {"is_disabled": True}


async def test_a_text_of_4096_units_arrives_and_a_longer_one_is_refused(
    platform: TelegramServer, telegram: Telegram
) -> None:
    await say(telegram, Message("😀" * 2048))
    with pytest.raises(Refused, match="too long"):
        await say(telegram, Message("😀" * 2048 + "."))
    assert (telegram.limits.text_units, telegram.limits.per_second) == (4096, 30)


async def test_half_of_a_surrogate_pair_does_not_stop_a_message(
    platform: TelegramServer, telegram: Telegram
) -> None:
    await say(telegram, Message("a\ud83db"))
    assert platform.chat(ANNA).texts == ["a?b"]


async def test_a_file_arrives_with_its_name_text_and_buttons(
    platform: TelegramServer, telegram: Telegram
) -> None:
    content = bytes(range(256)) * 40
    message = Message("بياناتك", rows=CHOICE.rows, file=File("بياناتي.json", content))
    number = await say(telegram, message)
    shown = platform.chat(ANNA).last
    assert (str(shown.id), shown.text) == (number, "بياناتك")
    assert shown.document == ("بياناتي.json", content)
    assert shown.labels == ("Yes", "No", "Programme")
    assert platform.violations == []


async def test_a_file_beside_a_text_too_long_for_a_caption_is_refused(telegram: Telegram) -> None:
    with pytest.raises(Refused):
        await say(telegram, Message("x" * 1025, file=File("a.json", b"{}")))


@pytest.mark.parametrize("value", ["", "ب" * 33])
async def test_a_button_that_carries_nothing_or_too_much_is_refused_before_it_is_sent(
    platform: TelegramServer, telegram: Telegram, value: str
) -> None:
    with pytest.raises(Refused):
        await say(telegram, Message("?", rows=((MessageButton("A", value),),)))
    assert platform.called("sendMessage") == []


async def test_an_edit_changes_text_and_buttons(
    platform: TelegramServer, telegram: Telegram
) -> None:
    number = await say(telegram, CHOICE)
    assert await telegram.send(str(ANNA), Act.EDIT, number, HELLO) == number
    assert platform.chat(ANNA).last.text == HELLO.text
    assert platform.chat(ANNA).last.buttons == ()


async def test_an_edit_that_changes_nothing_has_succeeded(
    platform: TelegramServer, telegram: Telegram
) -> None:
    number = await say(telegram, CHOICE)
    assert await telegram.send(str(ANNA), Act.EDIT, number, CHOICE) == number
    assert platform.chat(ANNA).last.edits == 0


async def test_stripping_takes_the_buttons_and_leaves_the_text(
    platform: TelegramServer, telegram: Telegram
) -> None:
    number = await say(telegram, CHOICE)
    for _ in range(2):  # the second time there is nothing left to take: as good
        assert await telegram.send(str(ANNA), Act.STRIP, number, Message()) == number
    assert platform.chat(ANNA).last.text == "Which one?"
    assert platform.chat(ANNA).last.buttons == ()


async def test_deleting_takes_the_message_away(
    platform: TelegramServer, telegram: Telegram
) -> None:
    number = await say(telegram)
    await telegram.send(str(ANNA), Act.DELETE, number, Message())
    assert platform.chat(ANNA).texts == []
    with pytest.raises(TargetGone):
        await telegram.send(str(ANNA), Act.DELETE, number, Message())


@pytest.mark.parametrize("target", [None, "", "x", "-1", "²", "9" * 30, "77"])
async def test_what_cannot_be_found_cannot_be_edited(
    telegram: Telegram, target: str | None
) -> None:
    with pytest.raises(TargetGone):
        await telegram.send(str(ANNA), Act.EDIT, target, HELLO)


async def test_a_message_too_old_to_delete_is_gone_as_a_target(
    platform: TelegramServer, telegram: Telegram
) -> None:
    number = await say(telegram)
    platform.chat(ANNA).last.too_old = True
    with pytest.raises(TargetGone):
        await telegram.send(str(ANNA), Act.DELETE, number, Message())


async def test_a_file_cannot_be_edited_into_a_text(telegram: Telegram) -> None:
    number = await say(telegram, Message("", file=File("a.json", b"{}")))
    with pytest.raises(TargetGone):
        await telegram.send(str(ANNA), Act.EDIT, number, HELLO)


async def test_it_leaves_a_group(platform: TelegramServer, telegram: Telegram) -> None:
    platform.people.adds_to_group(ANNA, -100)
    await telegram.send("-100", Act.LEAVE, None, Message())
    assert platform.chat(-100).left
    with pytest.raises(Gone):
        await telegram.send("-100", Act.SEND, None, HELLO)


async def test_one_who_blocked_the_bot_is_gone_and_comes_back(
    platform: TelegramServer, telegram: Telegram
) -> None:
    platform.people.blocks(ANNA)
    with pytest.raises(Gone):
        await say(telegram)
    platform.people.unblocks(ANNA)
    await say(telegram)


@pytest.mark.parametrize("account", ["8", "nobody", ""])
async def test_one_who_never_wrote_is_gone(telegram: Telegram, account: str) -> None:
    with pytest.raises(Gone):
        await telegram.send(account, Act.SEND, None, HELLO)


REFUSALS: list[tuple[Fault, type[Exception]]] = [
    (blocked(), Gone),
    (refuses(403, "Forbidden: user is deactivated"), Gone),
    (refuses(403, "Forbidden: bot can't initiate conversation with a user"), Gone),
    (refuses(400, "Bad Request: chat not found"), Gone),
    (refuses(400, "Bad Request: PEER_ID_INVALID"), Gone),
    (refuses(400, "Bad Request: message is too long"), Refused),
    (refuses(400, "Bad Request: message to edit not found"), TargetGone),
    (refuses(400, "Bad Request: MESSAGE_ID_INVALID"), TargetGone),
    (refuses(400, "Bad Request: message can't be edited"), TargetGone),
    (refuses(400, "Logged out"), Barred),
    (unauthorized(), Barred),
    (refuses(404, "Not Found"), Barred),
    (refuses(500, "Internal Server Error"), Unreachable),
    (refuses(504, "Gateway Timeout"), Unreachable),
    (gateway(502), Unreachable),
    (gateway(503), Unreachable),
    (gateway(504), Unsure),
    (gateway(400), Refused),
    (gateway(301), Unreachable),
    (gateway(407), Unreachable),
    (gateway(408), Unreachable),
    (gateway(413), Refused),
    (refuses(413, "Request Entity Too Large"), Refused),
    (refuses(409, "Conflict"), SecondCopy),
    (garbled(), Unsure),
    (garbled(body=b"[]"), Unsure),
    (garbled(body=b'{"ok":true}'), Unsure),
    (garbled(body=b'{"ok":true,"result":true}'), Unsure),
    (garbled(body=b"[" * 100_000), Unsure),
    (reset(taken=False), Unsure),
    (reset(taken=True), Unsure),
]


@pytest.mark.parametrize(("fault", "expected"), REFUSALS)
async def test_each_failure_has_its_meaning(
    platform: TelegramServer, telegram: Telegram, fault: Fault, expected: type[Exception]
) -> None:
    platform.fail("sendMessage", fault)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the very type is looked at below
        await say(telegram)
    assert type(caught.value) is expected
    await say(telegram)
    taken = 2 if fault.taken else 1
    assert platform.chat(ANNA).texts == [HELLO.text] * taken


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (too_many(7), 7.0),
        (too_many(0.5), 0.5),
        (refuses(429, "Too Many Requests"), 5.0),
        (refuses(429, "Too Many Requests", retry_after="soon"), 5.0),
        (gateway(429), 5.0),
    ],
)
async def test_a_pause_is_asked_for_in_seconds(
    platform: TelegramServer, telegram: Telegram, fault: Fault, seconds: float
) -> None:
    platform.fail("sendMessage", fault)
    with pytest.raises(Busy) as busy:
        await say(telegram)
    assert busy.value.seconds == seconds
    assert platform.chat(ANNA).texts == []


async def test_an_account_that_moved_says_where(
    platform: TelegramServer, telegram: Telegram
) -> None:
    upgraded = "Bad Request: group chat was upgraded to a supergroup chat"
    platform.fail("sendMessage", refuses(400, upgraded, migrate_to_chat_id=-1001))
    with pytest.raises(Moved) as moved:
        await say(telegram)
    assert moved.value.account == "-1001"


async def test_what_telegram_quotes_of_a_message_is_not_repeated(
    platform: TelegramServer, telegram: Telegram
) -> None:
    quoting = "Bad Request: inline keyboard button URL 'https://x.org/join/c4n4ry' is invalid"
    platform.fail("sendMessage", refuses(400, quoting))
    with pytest.raises(Refused) as refused:
        await say(telegram)
    assert "c4n4ry" not in str(refused.value)
    assert "button url" in str(refused.value)


@pytest.fixture
async def hurried(platform: TelegramServer) -> AsyncIterator[Telegram]:
    api = BotApi(platform.token, platform.url, timeouts=Timeouts(connect=30, answer=0.1))
    yield Telegram(api)
    await api.close()


@pytest.mark.parametrize("taken", [False, True])
async def test_an_answer_that_never_comes_leaves_it_unsure(
    platform: TelegramServer, hurried: Telegram, taken: bool
) -> None:
    platform.fail("sendMessage", Held().fault(taken=taken))
    with pytest.raises(Unsure):
        await say(hurried)
    await platform.wait_for(lambda: platform.counts["sendMessage"] == 1)
    assert len(platform.chat(ANNA).texts) == taken


async def test_where_nobody_listens_nothing_was_sent() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        api = BotApi("1:x", url)
        with pytest.raises(Unreachable):
            await api.call("getMe", {})
        await api.close()


@pytest.mark.parametrize(
    ("server", "proxy"),
    [
        ("http://nowhere.invalid", None),
        ("http://127.0.0.1:99999", None),
        ("http://[", None),
        ("http://@:80", None),
        ("http://127.0.0.1:1", "http://user:pass@127.0.0.1:99999"),
        ("http://127.0.0.1:1", "http://user:pass@127.0.0.1:1"),
        ("https://127.0.0.1:1", "http://127.0.0.1:1"),
    ],
)
async def test_an_address_that_leads_nowhere_sends_nothing(server: str, proxy: str | None) -> None:
    api = BotApi("1:x", server, proxy=proxy, timeouts=Timeouts(connect=2, answer=2))
    with pytest.raises(Unreachable):
        await api.call("getMe", {})
    with pytest.raises(Unreachable):
        await api.get_updates(0, 0)
    await api.close()


async def test_a_proxy_carries_the_requests(platform: TelegramServer) -> None:
    asked: list[str] = []

    async def carry(request: web.BaseRequest) -> web.Response:
        asked.append(request.headers["Host"])
        async with (
            aiohttp.ClientSession() as onward,
            onward.post(platform.url + request.path, data=await request.read()) as answer,
        ):
            return web.Response(body=await answer.read(), content_type="application/json")

    runner = web.ServerRunner(web.Server(carry))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    proxy = f"http://127.0.0.1:{runner.addresses[0][1]}"
    api = BotApi(platform.token, "http://telegram.invalid", proxy=proxy)
    assert await api.username() == "stand_in_bot"
    await api.close()
    await runner.cleanup()
    assert asked == ["telegram.invalid"]


@pytest.mark.parametrize("address", ["", "api.telegram.org", "http://", "socks5://127.0.0.1:1"])
def test_what_is_no_address_is_refused_at_the_start(address: str) -> None:
    with pytest.raises(ValueError, match="An address begins with"):
        BotApi("1:x", address)
    if address:
        with pytest.raises(ValueError, match="An address begins with"):
            BotApi("1:x", proxy=address)


async def is_connected(api: BotApi) -> None:
    """Returns once it has a connection that it keeps, however long the machine takes for it."""
    while True:
        with suppress(Unreachable):
            await api.username()
            return


async def test_a_connection_that_is_not_to_be_had_in_time_sends_nothing(
    platform: TelegramServer,
) -> None:
    timeouts = Timeouts(connect=1, answer=30)
    api = BotApi(platform.token, platform.url, timeouts=timeouts, connections=1)
    telegram, held = Telegram(api), Held()
    await is_connected(api)
    platform.fail("sendMessage", held.fault())
    async with asyncio.TaskGroup() as group:
        first = group.create_task(say(telegram))
        await platform.wait_for(lambda: platform.counts["sendMessage"] == 1)
        with pytest.raises(Unreachable):
            await say(telegram)
        held.release()
    assert first.result()
    assert len(platform.chat(ANNA).texts) == 1
    await api.close()


async def test_a_hundred_messages_at_once_all_arrive(
    platform: TelegramServer, telegram: Telegram
) -> None:
    numbers = await asyncio.gather(*(say(telegram, Message(str(i))) for i in range(100)))
    assert len(set(numbers)) == 100
    assert sorted(platform.chat(ANNA).texts) == sorted(str(i) for i in range(100))


async def test_the_bots_name_is_learnt(platform: TelegramServer, api: BotApi) -> None:
    assert await api.username() == "stand_in_bot"
    platform.fail("getMe", garbled(body=b'{"ok":true,"result":{}}'))
    with pytest.raises(Unsure):
        await api.username()


async def test_over_a_closed_line_nothing_is_sent(
    platform: TelegramServer, api: BotApi, telegram: Telegram
) -> None:
    await say(telegram)
    await api.close()
    with pytest.raises(Unreachable):
        await say(telegram)
    await api.acknowledge("never asked")
    assert len(platform.chat(ANNA).texts) == 1
