"""Pictures on the stand-in: sizes, ids that one bot alone may use, captions, and the download."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.pictures import jpeg, png
from tests.platforms.telegram import TelegramServer

ANNA = 7
OTHER = "5353535353:AAHqS-stand-in-token_0123456789abcdef"


@pytest.fixture
async def platform() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        server.people.says(ANNA, "/start")
        yield server


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


class Client:
    """A bot that sends whatever it is told to."""

    def __init__(self, platform: TelegramServer, session: aiohttp.ClientSession) -> None:
        self.platform = platform
        self.session = session

    async def call(self, method: str, **fields: Any) -> tuple[int, Any]:
        url = f"{self.platform.url}/bot{self.platform.token}/{method}"
        files = {name: value for name, value in fields.items() if isinstance(value, bytes)}
        if not files:
            return await self._post(url, json=fields)
        form = aiohttp.FormData()
        for name, value in fields.items():
            if isinstance(value, bytes):
                form.add_field(name, io.BytesIO(value), filename="poster", content_type="image/png")
            else:
                form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        return await self._post(url, data=form)

    async def _post(self, url: str, **body: Any) -> tuple[int, Any]:
        async with self.session.post(url, **body) as answer:
            said = await answer.json()
            return answer.status, said["result"] if said["ok"] else said["description"]

    async def fetch(self, path: str, token: str | None = None) -> tuple[int, bytes]:
        url = f"{self.platform.url}/file/bot{token or self.platform.token}/{path}"
        async with self.session.get(url, allow_redirects=False) as answer:
            return answer.status, await answer.read()


@pytest.fixture
def client(platform: TelegramServer, session: aiohttp.ClientSession) -> Client:
    return Client(platform, session)


async def test_an_uploaded_photo_is_kept_in_sizes_whose_ids_may_be_sent_again(
    platform: TelegramServer, client: Client
) -> None:
    content = png(1280, 720)
    _, sent = await client.call("sendPhoto", chat_id=ANNA, photo=content, caption="A poster")
    sizes, shown = sent["photo"], platform.chat(ANNA).last
    assert (sent["caption"], shown.text) == ("A poster", "A poster")
    assert [size.content for size in shown.photo or ()][-1:] == [content]
    assert sizes[0]["width"] < sizes[1]["width"] == 1280
    status, again = await client.call("sendPhoto", chat_id=ANNA, photo=sizes[1]["file_id"])
    assert (status, again["photo"][-1]["file_id"]) == (200, sizes[1]["file_id"])
    assert "caption" not in again
    assert platform.violations == []


async def test_an_upload_may_be_larger_than_a_usual_request(client: Client) -> None:
    large = png().ljust(5_000_000, b"\x00")
    assert (await client.call("sendPhoto", chat_id=ANNA, photo=large))[0] == 200


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"photo": b"no picture"}, "IMAGE_PROCESS_FAILED"),
        ({"photo": ""}, "non-empty"),
        ({"photo": "AgACAgQ_unknown"}, "wrong file identifier"),
        ({"photo": jpeg(), "caption": "😀" * 513}, "caption is too long"),
        ({}, '"photo" is required'),
    ],
)
async def test_what_is_no_photo_is_refused(
    client: Client, fields: dict[str, Any], reason: str
) -> None:
    status, description = await client.call("sendPhoto", chat_id=ANNA, **fields)
    assert status == 400
    assert reason in description


async def test_a_file_id_is_nothing_to_another_bot_and_none_for_another_kind(
    platform: TelegramServer, client: Client, session: aiohttp.ClientSession
) -> None:
    _, sent = await client.call("sendPhoto", chat_id=ANNA, photo=png())
    file = sent["photo"][-1]["file_id"]
    async with TelegramServer(OTHER) as other:
        other.people.says(ANNA, "/start")
        stranger = Client(other, session)
        assert (await stranger.call("sendPhoto", chat_id=ANNA, photo=file))[0] == 400
        assert (await stranger.call("getFile", file_id=file))[0] == 400
    document = platform.files.keep_document("poster.png", png())
    assert (await client.call("sendPhoto", chat_id=ANNA, photo=document.id))[0] == 400


async def test_captions_are_edited_where_there_are_some_and_texts_where_there_are_some(
    platform: TelegramServer, client: Client
) -> None:
    _, photo = await client.call("sendPhoto", chat_id=ANNA, photo=png(), caption="A")
    _, plain = await client.call("sendMessage", chat_id=ANNA, text="A")

    async def edit(what: str, message: Any, **fields: str) -> tuple[int, Any]:
        number = message["message_id"]
        return await client.call(f"editMessage{what}", chat_id=ANNA, message_id=number, **fields)

    assert (await edit("Caption", photo, caption="B"))[0] == 200
    assert platform.chat(ANNA).texts == ["B", "A"]
    assert "not modified" in (await edit("Caption", photo, caption="B"))[1]
    assert "no text" in (await edit("Text", photo, text="C"))[1]
    assert "no caption" in (await edit("Caption", plain, caption="C"))[1]
    assert "too long" in (await edit("Caption", photo, caption="x" * 1025))[1]


async def test_what_people_send_is_found_and_handed_out(
    platform: TelegramServer, client: Client
) -> None:
    content = jpeg(1280, 720)
    platform.people.sends_photo(ANNA, content=content)
    platform.people.sends_file(ANNA, "poster.png", "image/png", png())
    _, photo, document = [json.loads(each.raw) for each in platform.updates.waiting.values()]
    sizes = photo["message"]["photo"]
    assert [sizes[0]["width"], sizes[1]["width"]] == [90, 1280]
    _, told = await client.call("getFile", file_id=sizes[1]["file_id"])
    assert told["file_size"] == len(content)
    assert await client.fetch(told["file_path"]) == (200, content)
    assert (await client.fetch(told["file_path"], OTHER))[0] in (401, 404)
    assert (await client.fetch("photos/none.jpg"))[0] == 404
    _, told = await client.call("getFile", file_id=document["message"]["document"]["file_id"])
    assert await client.fetch(told["file_path"]) == (200, png())


async def test_a_button_under_a_photo_tells_of_the_photo(
    platform: TelegramServer, client: Client
) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    await client.call("sendPhoto", chat_id=ANNA, photo=png(), caption="A", reply_markup=keyboard)
    platform.people.presses(ANNA, platform.chat(ANNA).last, "Yes")
    pressed = json.loads([*platform.updates.waiting.values()][-1].raw)["callback_query"]["message"]
    assert (pressed["caption"], len(pressed["photo"])) == ("A", 2)
    assert "text" not in pressed
