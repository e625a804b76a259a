"""Pictures on Telegram: brought once, named by an id from then on, never instead of words."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from channels import Barred, Busy, Refused, TargetGone, Unreachable
from channels.telegram import BotApi, Telegram, Timeouts
from dialogue.pictures import LARGEST
from dialogue.words import Act, Message, MessageButton
from tests.pictures import jpeg, png
from tests.platforms.telegram import Fault, TelegramServer, gateway, refuses, reset, too_many

ANNA, OMAR = 7, 8
ROWS = ((MessageButton("Register", "go:w:virus"),),)
POSTER = Message("ندوة", ROWS, "ar", photo="hash")
WRONG = refuses(400, "Bad Request: wrong file identifier/HTTP URL specified")


@dataclass
class Shelf:
    """The posters of a community, in memory."""

    contents: dict[str, bytes] = field(default_factory=lambda: {"hash": png()})
    files: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    away: bool = False

    async def file(self, hash: str, language: str) -> str | None:
        if self.away:
            raise Unreachable("The posters cannot be read.")
        return self.files.get((hash, language))

    async def content(self, hash: str) -> bytes | None:
        return self.contents.get(hash)

    async def keep(self, hash: str, language: str, file: str) -> None:
        self.files[hash, language] = file


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def telegram(platform: TelegramServer, api: BotApi, shelf: Shelf) -> Telegram:
    for person in (ANNA, OMAR):
        platform.people.says(person, "/start")
    return Telegram(api, pictures=shelf)


async def say(telegram: Telegram, message: Message = POSTER, to: int = ANNA) -> str:
    return await telegram.send(str(to), Act.SEND, None, message)


async def test_a_picture_is_brought_once_and_then_named_by_its_id(
    platform: TelegramServer, telegram: Telegram, shelf: Shelf
) -> None:
    number = await say(telegram)
    shown = platform.chat(ANNA).last
    assert (str(shown.id), shown.text, shown.labels) == (number, "ندوة", ("Register",))
    assert [size.content for size in shown.photo or ()][-1:] == [png()]
    assert list(shelf.files) == [("hash", "ar")]
    await say(telegram, to=OMAR)
    first, second = (call.fields["photo"] for call in platform.called("sendPhoto"))
    assert isinstance(first, tuple)
    assert second == shelf.files["hash", "ar"]
    assert platform.violations == []


async def test_a_broadcast_brings_it_once_for_all_who_get_it_at_the_same_time(
    platform: TelegramServer, telegram: Telegram
) -> None:
    people = range(100, 116)
    for person in people:
        platform.people.says(person, "/start")
    await asyncio.gather(*[say(telegram, to=person) for person in people])
    brought = [isinstance(call.fields["photo"], tuple) for call in platform.called("sendPhoto")]
    assert sorted(brought) == [*[False] * 15, True]


async def test_languages_keep_ids_of_their_own(telegram: Telegram, shelf: Shelf) -> None:
    await say(telegram)
    await say(telegram, Message("A webinar", (), "en", photo="hash"))
    assert set(shelf.files) == {("hash", "ar"), ("hash", "en")}


async def test_a_picture_may_come_without_words(
    platform: TelegramServer, telegram: Telegram
) -> None:
    await say(telegram, Message(photo="hash"))
    assert "caption" not in platform.called("sendPhoto")[0].fields


async def test_words_beside_a_picture_have_1024_units_and_longer_ones_are_refused(
    platform: TelegramServer, telegram: Telegram
) -> None:
    await say(telegram, Message("😀" * 512, photo="hash"))
    with pytest.raises(Refused):
        await say(telegram, Message("😀" * 512 + ".", photo="hash"))
    assert len(platform.called("sendPhoto")) == 1
    assert platform.violations == []


async def test_an_id_that_is_not_taken_any_more_is_forgotten_and_the_picture_brought_again(
    platform: TelegramServer, telegram: Telegram, shelf: Shelf
) -> None:
    await say(telegram)
    old = shelf.files["hash", "ar"]
    platform.files.forget(old)
    await asyncio.gather(*[say(telegram, to=person) for person in (ANNA, OMAR)])
    brought = [c for c in platform.called("sendPhoto") if isinstance(c.fields["photo"], tuple)]
    assert len(brought) == 2
    assert shelf.files["hash", "ar"] != old
    assert len(platform.chat(OMAR).texts) == 1


async def test_words_go_alone_where_the_picture_is_gone_or_not_taken(
    platform: TelegramServer, telegram: Telegram, shelf: Shelf
) -> None:
    await say(telegram, Message("Words", ROWS, photo="another"))
    shelf.contents["hash"] = b"no picture"
    await say(telegram, Message("alone", ROWS, photo="hash"))
    assert platform.chat(ANNA).texts == ["Words", "alone"]
    assert [shown.photo for shown in platform.chat(ANNA)] == [None, None]
    assert platform.chat(ANNA).last.labels == ("Register",)


async def test_a_picture_that_is_not_taken_is_not_brought_again_for_each_of_many(
    platform: TelegramServer, telegram: Telegram, shelf: Shelf
) -> None:
    shelf.contents["hash"] = b"no picture"
    for person in (ANNA, OMAR, ANNA):
        await say(telegram, to=person)
    assert len(platform.called("sendPhoto")) == 1
    assert platform.chat(OMAR).texts == ["ندوة"]


async def test_without_a_shelf_of_pictures_words_go_alone(
    platform: TelegramServer, telegram: Telegram, api: BotApi
) -> None:
    await say(Telegram(api))
    assert platform.chat(ANNA).texts == ["ندوة"]


async def test_while_pictures_cannot_be_looked_up_the_message_waits(
    platform: TelegramServer, telegram: Telegram, shelf: Shelf
) -> None:
    shelf.away = True
    with pytest.raises(Unreachable):
        await say(telegram)
    assert platform.chat(ANNA).texts == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [(too_many(7), Busy), (reset(taken=True), Exception), (gateway(), Exception)],
)
async def test_what_fails_is_told_apart_as_with_words(
    platform: TelegramServer, telegram: Telegram, shelf: Shelf, fault: Fault, error: type[Exception]
) -> None:
    platform.fail("sendPhoto", fault)
    with pytest.raises(error):
        await say(telegram)
    assert shelf.files == {}


async def test_edits_change_the_words_beside_a_picture_and_its_buttons(
    platform: TelegramServer, telegram: Telegram
) -> None:
    number = await say(telegram)
    for _ in range(2):  # the second time there is nothing to change: as good
        again = Message("أخرى", (), "ar", photo="hash")
        assert await telegram.send(str(ANNA), Act.EDIT, number, again) == number
    shown = platform.chat(ANNA).last
    assert (shown.text, shown.buttons, shown.edits) == ("أخرى", (), 1)
    assert shown.photo is not None


async def test_buttons_are_stripped_from_a_picture(
    platform: TelegramServer, telegram: Telegram
) -> None:
    number = await say(telegram)
    await telegram.send(str(ANNA), Act.STRIP, number, Message())
    assert (platform.chat(ANNA).last.text, platform.chat(ANNA).last.buttons) == ("ندوة", ())


async def test_words_cannot_take_the_place_of_a_picture_nor_a_picture_theirs(
    telegram: Telegram,
) -> None:
    picture, words = await say(telegram), await say(telegram, Message("Words"))
    with pytest.raises(TargetGone):
        await telegram.send(str(ANNA), Act.EDIT, picture, Message("Words"))
    with pytest.raises(TargetGone):
        await telegram.send(str(ANNA), Act.EDIT, words, POSTER)


# --- what people send ----------------------------------------------------------------------------


def sent(platform: TelegramServer, content: bytes) -> str:
    """The id of a photo that somebody sent."""
    return platform.files.keep_photo(content)[-1].id


async def test_what_somebody_sent_is_downloaded(platform: TelegramServer, api: BotApi) -> None:
    photo = await api.download(sent(platform, jpeg()), LARGEST)
    assert (photo.content, photo.is_photo) == (jpeg(), True)
    document = platform.files.keep_document("poster.png", png())
    file = await api.download(document.id, LARGEST)
    assert (file.content, file.is_photo) == (png(), False)


async def test_a_redirect_is_never_followed(platform: TelegramServer, api: BotApi) -> None:
    async with TelegramServer() as elsewhere:
        location = f"{elsewhere.url}/file/bot{platform.token}/photos/file_2.jpg"
        platform.fail("file", Fault(status=302, location=location))
        with pytest.raises(Refused):
            await api.download(sent(platform, jpeg()), LARGEST)
        assert elsewhere.calls == []


async def test_what_is_too_large_is_refused_by_its_announced_size_or_while_it_is_read(
    platform: TelegramServer, api: BotApi
) -> None:
    file = sent(platform, png().ljust(LARGEST + 1, b"\x00"))
    with pytest.raises(Refused, match="too large"):
        await api.download(file, LARGEST)
    assert platform.called("file") == []
    platform.fail("file", Fault(status=200, body=b"{" * (LARGEST + 1)))
    with pytest.raises(Refused, match="too large"):
        await api.download(sent(platform, png()), LARGEST)


async def test_what_is_packed_is_not_unpacked(platform: TelegramServer, api: BotApi) -> None:
    await api.download(sent(platform, jpeg()), LARGEST)
    assert platform.called("file")[0].fields["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    "path",
    [
        "/var/lib/telegram-bot-api/photos/file_1.jpg",
        "../../etc/passwd",
        "photos/../../secret",
        "https://example.org/file_1.jpg",
        "photos/file_1.jpg?x=1",
        "photos/%2e%2e/file_1.jpg",
        "photos\\file_1.jpg",
        "photos/file 1.jpg",
        "",
    ],
)
async def test_a_path_that_leads_elsewhere_is_refused(
    platform: TelegramServer, api: BotApi, path: str
) -> None:
    file = sent(platform, jpeg())
    platform.files.paths[file] = path
    with pytest.raises(Refused):
        await api.download(file, LARGEST)
    assert platform.called("file") == []


async def test_a_file_that_is_gone_is_refused_and_a_server_that_fails_is_asked_again(
    platform: TelegramServer, api: BotApi
) -> None:
    file = sent(platform, jpeg())
    platform.fail("file", refuses(404, "Not Found"))
    with pytest.raises(Refused):
        await api.download(file, LARGEST)
    for fault in (gateway(), too_many(1)):
        platform.fail("file", fault)
        with pytest.raises(Unreachable):
            await api.download(file, LARGEST)
    platform.fail("getFile", refuses(401, "Unauthorized"))
    with pytest.raises(Barred):
        await api.download(file, LARGEST)
    with pytest.raises(Refused):
        await api.download("unknown", LARGEST)
    assert (await api.download(file, LARGEST)).content == jpeg()


@pytest.fixture
async def lost() -> AsyncIterator[BotApi]:
    """A line to where nobody listens any more."""
    async with TelegramServer() as server:
        url = server.url
    api = BotApi(server.token, url, timeouts=Timeouts(connect=30, answer=30))
    yield api
    await api.close()


async def test_neither_errors_nor_logs_hold_the_token(
    platform: TelegramServer, api: BotApi, lost: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    file, told = sent(platform, jpeg()), ""
    platform.fail("file", Fault(status=302, location="/elsewhere"), gateway())
    for line in (api, api, lost, api):
        try:
            await line.download(file, LARGEST)
        except (Refused, Unreachable) as error:
            told += repr(error) + repr(error.__cause__) + repr(error.__context__)
    assert told.count("(") >= 3
    assert platform.token.partition(":")[2] not in told + caplog.text
