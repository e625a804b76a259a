"""A platform has the pictures of a broadcast before everybody there is sent them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from channels import NO_SLIP, Gone, Limits, Slip
from dialogue.words import Act, Message
from storage import Storage
from storage.broadcasting.broadcasts import Phase
from tests.delivery.newsroom import Leaping, Newsroom
from tests.delivery.post import ScriptedPlatform
from tests.pictures import png

PEOPLE = tuple(f"p{number}" for number in range(20))
ARABS = tuple(f"a{number}" for number in range(5))
BOT = "bot-1"


class Gallery(ScriptedPlatform):
    """Names each picture when it is first brought, which takes until the line is free."""

    def __init__(self, hurry: Leaping, storage: Storage) -> None:
        super().__init__(hurry.monotonic, Limits(4096, per_second=1000, pictures_of=BOT))
        self.storage = storage
        self.brought: list[tuple[str, str]] = []
        """To whom, and in which language."""
        self.takes_pictures = True
        self.line = asyncio.Event()
        self.line.set()

    async def send(
        self, account: str, act: Act, target: str | None, message: Message, slip: Slip = NO_SLIP
    ) -> str:
        id = await super().send(account, act, target, message, slip)
        if message.photo is not None and not await self.knows(message.photo, message.language):
            self.brought.append((account, message.language))
            await self._tell()
            await self.line.wait()
            async with self.storage.transaction() as tx:
                if self.takes_pictures:
                    await tx.posters.keep_file(message.photo, message.language, BOT, id)
        return id

    async def knows(self, photo: str, language: str) -> bool:
        async with self.storage.reading() as tx:
            return await tx.posters.file(photo, language, BOT) is not None

    async def is_brought(self, *languages: str) -> list[str]:
        """To whom, once a picture is on its way in these languages."""
        async with asyncio.timeout(30), self._changed:
            await self._changed.wait_for(lambda: {code for _, code in self.brought} >= {*languages})
        return [account for account, _ in self.brought]


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    """An office where a picture must be brought, and somebody to read of it elsewhere."""
    hurry = Leaping(20)
    url, keyring = f"sqlite:///{tmp_path}/data/tadamun.db", tmp_path / "keys" / "keyring.json"
    async with await Storage.open(url, keyring, "m" * 43, hurry.now) as storage:
        gallery, elsewhere = Gallery(hurry, storage), ScriptedPlatform(hurry.monotonic)
        elsewhere.name = "elsewhere"
        newsroom = Newsroom(storage, hurry, gallery, elsewhere)
        yield newsroom
        gallery.line.set()
        await newsroom.closes()


@pytest.fixture
def gallery(room: Newsroom) -> Gallery:
    assert isinstance(room.platform, Gallery)
    return room.platform


@pytest.fixture
async def photos(room: Newsroom) -> dict[str, str]:
    """Pictures beside the texts, of which no platform knows yet."""
    hashes: dict[str, str] = {}
    for side, code in enumerate(("ar", "en")):
        async with room.storage.transaction() as tx:
            id = await tx.posters.put(png(20 + side, 20), room.hurry.now())
            poster = await tx.posters.look(id)
        assert poster is not None
        hashes[code] = poster.hash or ""
    return hashes


async def many(room: Newsroom) -> None:
    """Who is to get it."""
    await room.meets(*PEOPLE)
    await room.meets(*ARABS, language="ar")


async def everybody_got_it(room: Newsroom, broadcast: int) -> None:
    await room.comes_to(broadcast, Phase.DONE)
    assert room.copies("news", "news ar") == dict.fromkeys((*PEOPLE, *ARABS), 1)


async def test_a_member_of_staff_gets_them_before_anybody_else(
    room: Newsroom, gallery: Gallery, photos: dict[str, str]
) -> None:
    await room.has_owner()
    await many(room)
    gallery.line.clear()
    made = await room.announces(photos=photos)
    room.opens()
    assert await gallery.is_brought("ar") == ["owner"]
    await room.comes_to(made, Phase.RUNNING)
    await room.passes(10)
    assert {heard.account for heard in gallery.heard} == {"owner"}
    gallery.line.set()
    await everybody_got_it(room, made)
    assert sorted(gallery.brought) == [("owner", "ar"), ("owner", "en")]
    assert [h.text for h in gallery.taken if h.account == "owner"][:2] == ["en first"] * 2


async def test_where_no_member_of_staff_is_one_reader_of_each_language_gets_it_alone(
    room: Newsroom, gallery: Gallery, photos: dict[str, str]
) -> None:
    await room.has_owner(channel="elsewhere")
    await many(room)
    gallery.line.clear()
    made = await room.announces(photos=photos)
    room.opens()
    first = await gallery.is_brought("ar", "en")
    await room.passes(40)
    assert sorted(heard.account for heard in gallery.heard) == sorted(first)
    gallery.line.set()
    await everybody_got_it(room, made)
    assert len(gallery.brought) == 2


async def test_whoever_is_elsewhere_waits_for_nobody(
    room: Newsroom, gallery: Gallery, photos: dict[str, str]
) -> None:
    await many(room)
    await room.meets("far", channel="elsewhere")
    gallery.line.clear()
    made = await room.announces(photos=photos)
    room.opens()
    await gallery.is_brought("ar", "en")

    async def there() -> bool:
        return (await room.counts(made)).by_state.get("sent", 0) == 1

    await room.until(there)
    assert (await room.get(made)).phase is Phase.RUNNING
    gallery.line.set()
    await room.comes_to(made, Phase.DONE)


async def test_when_the_first_has_blocked_us_the_next_gets_it(
    room: Newsroom, gallery: Gallery, photos: dict[str, str]
) -> None:
    await many(room)
    for account in PEOPLE[:-1]:
        gallery.will(account, Gone("blocked"))
    made = await room.announces(photos=photos)
    room.opens()
    await room.comes_to(made, Phase.DONE)
    assert [account for account, code in gallery.brought if code == "en"] == [PEOPLE[-1]]
    assert (await room.counts(made)).of("sent") == 1 + len(ARABS)


async def test_a_picture_that_never_gets_a_name_holds_nobody_up(
    room: Newsroom, gallery: Gallery, photos: dict[str, str]
) -> None:
    await many(room)
    gallery.takes_pictures = False
    made = await room.announces(photos=photos)
    room.opens()
    await everybody_got_it(room, made)


async def test_a_picture_that_is_there_makes_nobody_wait(
    room: Newsroom, gallery: Gallery, photos: dict[str, str]
) -> None:
    await room.has_owner()
    await many(room)
    async with room.storage.transaction() as tx:
        for code, hash in photos.items():
            await tx.posters.keep_file(hash, code, BOT, "file")
    made = await room.announces(photos=photos)
    room.opens()
    await everybody_got_it(room, made)
    assert gallery.brought == []
    assert "owner" not in room.copies("en first")


async def test_who_wants_words_alone_is_not_the_one_who_gets_it_first(
    room: Newsroom, gallery: Gallery, photos: dict[str, str]
) -> None:
    await room.meets("plain", text_only=True)
    await many(room)
    gallery.line.clear()
    made = await room.announces(photos=photos)
    room.opens()
    assert "plain" not in await gallery.is_brought("ar", "en")
    assert (await room.get(made)).ahead_on == "scripted"
    gallery.line.set()
    await room.comes_to(made, Phase.DONE)
    assert room.copies("news")["plain"] == 1


async def test_it_goes_on_after_a_death_in_between(
    room: Newsroom, gallery: Gallery, photos: dict[str, str]
) -> None:
    await many(room)
    gallery.line.clear()
    made = await room.announces(photos=photos)
    room.opens()
    first = await gallery.is_brought("ar", "en")
    await room.dies()
    gallery.line.set()
    await room.comes_to(made, Phase.DONE)
    got = room.copies("news", "news ar")
    assert set(got) == {*PEOPLE, *ARABS}
    # Nobody knows of the two on their way whether they arrived, so they were sent again.
    assert {account for account, times in got.items() if times > 1} <= set(first)


async def test_what_is_confirmed_is_brought_long_before_its_time(
    room: Newsroom, gallery: Gallery, photos: dict[str, str]
) -> None:
    await room.has_owner()
    await many(room)
    room.opens()
    made = await room.confirms(len((*PEOPLE, *ARABS)), wait=3600, photos=photos)
    assert set(await gallery.is_brought("ar", "en")) == {"owner"}
    assert (await room.get(made)).phase is Phase.HELD
