"""Pictures that organisers sent are fetched, kept or refused, with what Telegram calls them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.telegram import BotApi, Telegram, Timeouts
from delivery import Clock
from delivery.clock import wait_until_set
from dialogue.words import Act, Message
from service.posters import PosterFetching, StoredPictures
from storage import Storage
from storage.series.posters import Fetching, Poster
from tests.pictures import jpeg, png
from tests.platforms.telegram import Fault, TelegramServer, gateway

NOW = datetime(2026, 4, 3, tzinfo=UTC)
ANNA = 7


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    url, keyring = f"sqlite:///{tmp_path}/data/tadamun.db", tmp_path / "keys" / "keyring.json"
    async with await Storage.open(url, keyring, None, lambda: NOW) as storage:
        yield storage


@pytest.fixture
async def platform() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as server:
        server.people.says(ANNA, "/start")
        yield server


@pytest.fixture
async def api(platform: TelegramServer) -> AsyncIterator[BotApi]:
    api = BotApi(platform.token, platform.url, timeouts=Timeouts(connect=60, answer=60))
    yield api
    await api.close()


@dataclass
class Bot:
    """What fetches, with a clock that hurries, and what the channel asks."""

    storage: Storage
    platform: TelegramServer
    api: BotApi
    wanted: asyncio.Event = field(default_factory=asyncio.Event)
    looked: asyncio.Event = field(default_factory=asyncio.Event)
    pauses: list[float] = field(default_factory=list[float])

    @property
    def pictures(self) -> StoredPictures:
        return StoredPictures(self.storage, self.api.bot_id)

    async def _wait(self, event: asyncio.Event, seconds: float | None) -> None:
        self.pauses.append(seconds or 0)
        self.looked.set()
        await wait_until_set(event, 0.01 if seconds and seconds < 60 else None)

    async def is_sent(self, content: bytes) -> int:
        """An organiser sends this as a photo; the id of the poster that it is to be."""
        return await self.wants(self.platform.files.keep_photo(content)[-1].id)

    async def wants(self, source: str) -> int:
        async with self.storage.transaction() as tx:
            id = await tx.posters.want(source, NOW)
        self.wanted.set()
        return id

    async def poster(self, id: int) -> Poster:
        async with self.storage.reading() as tx:
            poster = await tx.posters.get(id)
        assert poster is not None
        return poster

    async def settled(self, id: int) -> Poster:
        """The poster, once it is known what becomes of it."""
        return await self.until(id, lambda poster: poster.state is not Fetching.WANTED)

    async def until(self, id: int, condition: Callable[[Poster], bool]) -> Poster:
        clock = Clock(lambda: NOW, wait=self._wait, chance=lambda: 0.5)
        fetching = PosterFetching(
            self.storage, self.api.download, self.api.bot_id, ("ar", "en"), clock, self.wanted
        )
        async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
            task = tasks.create_task(fetching.run())
            while not condition(poster := await self.poster(id)):
                await self.looked.wait()
                self.looked.clear()
            task.cancel()
        return poster


@pytest.fixture
def bot(storage: Storage, platform: TelegramServer, api: BotApi) -> Bot:
    return Bot(storage, platform, api)


async def test_a_photo_is_kept_and_its_own_id_is_good_for_sending_it(bot: Bot) -> None:
    id = await bot.is_sent(jpeg())
    poster = await bot.settled(id)
    assert (poster.state, poster.content, poster.source) == (Fetching.KEPT, jpeg(), None)
    photo = Message("ندوة", language="ar", photo=poster.hash)
    await Telegram(bot.api, pictures=bot.pictures).send(str(ANNA), Act.SEND, None, photo)
    assert isinstance(bot.platform.called("sendPhoto")[0].fields["photo"], str)
    assert bot.platform.chat(ANNA).last.text == "ندوة"


async def test_a_picture_that_was_sent_as_a_file_is_kept_and_brought_once(bot: Bot) -> None:
    id = await bot.wants(bot.platform.files.keep_document("poster.png", png()).id)
    poster = await bot.settled(id)
    assert poster.state is Fetching.KEPT
    telegram = Telegram(bot.api, pictures=bot.pictures)
    for _ in range(2):
        photo = Message("A webinar", photo=poster.hash)
        await telegram.send(str(ANNA), Act.SEND, None, photo)
    fields = [call.fields["photo"] for call in bot.platform.called("sendPhoto")]
    assert [isinstance(each, str) for each in fields] == [False, True]
    async with bot.storage.reading() as tx:
        assert await tx.posters.file(poster.hash or "", "en", bot.api.bot_id) == fields[1]


@pytest.mark.parametrize(
    ("fault", "content"),
    [
        (None, b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        (None, png().ljust(5_000_001, b"\x00")),
        (Fault(status=302, location="http://169.254.169.254/"), jpeg()),
        (Fault(status=404), jpeg()),
        (Fault(status=200, body=b"GIF89a"), jpeg()),
    ],
)
async def test_what_cannot_be_a_poster_is_refused(
    bot: Bot, fault: Fault | None, content: bytes
) -> None:
    id = await bot.is_sent(content)
    if fault is not None:
        bot.platform.fail("file", fault)
    poster = await bot.settled(id)
    assert (poster.state, poster.content, poster.source) == (Fetching.REFUSED, None, None)


async def test_a_server_that_keeps_files_on_its_own_disk_is_not_followed_there(bot: Bot) -> None:
    id = await bot.is_sent(jpeg())
    for kept in bot.platform.files.by_id:
        bot.platform.files.paths[kept] = "/var/lib/telegram-bot-api/photos/file_1.jpg"
    assert (await bot.settled(id)).state is Fetching.REFUSED
    assert bot.platform.called("file") == []


async def test_while_the_platform_is_away_it_is_asked_again_less_and_less_often(bot: Bot) -> None:
    id = await bot.is_sent(jpeg())
    bot.platform.fail("getFile", gateway(), times=2)
    bot.platform.fail("file", gateway(), times=2)
    assert (await bot.settled(id)).state is Fetching.KEPT
    assert bot.pauses[:4] == [0.75, 1.5, 3.0, 6.0]


async def test_one_that_cannot_be_had_now_does_not_hold_up_another(bot: Bot) -> None:
    bot.platform.fail("getFile", gateway())
    waiting = await bot.is_sent(jpeg())
    good = await bot.is_sent(png())
    await bot.settled(good)
    assert (await bot.settled(waiting)).state is Fetching.KEPT


async def test_the_log_tells_neither_token_nor_file(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    id = await bot.is_sent(jpeg())
    bot.platform.fail("file", gateway(), Fault(status=302, location="/elsewhere"))
    await bot.settled(id)
    assert "could not be had" in caplog.text
    assert bot.platform.token.partition(":")[2] not in caplog.text
    assert "photos/" not in caplog.text
    assert not any(file in caplog.text for file in bot.platform.files.by_id)


async def test_a_broadcast_asks_the_database_for_the_id_once(bot: Bot) -> None:
    async with bot.storage.transaction() as tx:
        await tx.posters.keep_file("hash", "ar", bot.api.bot_id, "first")
        await tx.posters.keep_file("hash", "en", "another bot", "theirs")
    pictures = bot.pictures
    assert await pictures.file("hash", "ar") == "first"
    assert await pictures.file("hash", "en") is None
    async with bot.storage.transaction() as tx:
        await tx.posters.keep_file("hash", "ar", bot.api.bot_id, "second")
    assert await pictures.file("hash", "ar") == "first"
    await pictures.keep("hash", "ar", "third")
    assert await bot.pictures.file("hash", "ar") == "third"


async def test_an_id_that_cannot_be_stored_is_remembered_all_the_same(bot: Bot) -> None:
    pictures = bot.pictures
    async with bot.storage.transaction() as tx:
        await tx.desk.connection.run("PRAGMA query_only = ON")
    await pictures.keep("hash", "ar", "file")
    assert await pictures.file("hash", "ar") == "file"
    assert await bot.pictures.file("hash", "ar") is None
