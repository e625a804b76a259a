"""Posters: wanted, kept or refused, and known to the platforms by names of theirs."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dialogue.pictures import LARGEST
from storage import Storage
from storage.series.posters import Fetching, Poster
from tests.pictures import jpeg, noted_jpeg, png, segment, webp
from tests.storage.conftest import Clock
from tests.storage.needles import on_disk

JPEG, PNG, WEBP = jpeg(640, 480), png(64, 48), webp(640, 480)
SCANNED = JPEG[:-2] + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
LONGEST = SCANNED + bytes(LARGEST - len(SCANNED) - 2) + JPEG[-2:]


async def test_a_wanted_poster_is_kept_once_it_is_fetched(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        id = await tx.posters.want("AgACAgIAAxk", clock.now)
        wanted = Poster(id, Fetching.WANTED, source="AgACAgIAAxk")
        assert await tx.posters.wanted() == [wanted]
        assert await tx.posters.get(id) == wanted
    async with storage.transaction() as tx:
        assert await tx.posters.keep(id, JPEG)
    async with storage.reading() as tx:
        assert await tx.posters.wanted() == []
        kept, seen = await tx.posters.get(id), await tx.posters.look(id)
    assert kept is not None
    assert seen == replace(kept, content=None)
    assert (kept.state, kept.source, kept.content) == (Fetching.KEPT, None, JPEG)
    assert kept.hash


async def test_wanted_posters_come_in_their_order(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        ids = [await tx.posters.want(str(n), clock.forward(timedelta(hours=1))) for n in range(4)]
        assert [poster.id for poster in await tx.posters.wanted()] == ids


async def test_a_source_that_the_disk_has_spoilt_keeps_no_other_from_being_fetched(
    storage: Storage, clock: Clock
) -> None:
    async with storage.transaction() as tx:
        first = await tx.posters.want("1", clock.now)
        values = {"spoilt": bytes(64), "id": first}
        await tx.desk.connection.run("UPDATE posters SET source = :spoilt WHERE id = :id", values)
        other = await tx.posters.want("2", clock.forward(timedelta(hours=1)))
        wanted = [(poster.id, poster.source) for poster in await tx.posters.wanted()]
    assert wanted == [(first, None), (other, "2")]


@pytest.mark.parametrize("content", [JPEG, PNG, WEBP, LONGEST])
async def test_a_picture_can_be_put_at_once(storage: Storage, clock: Clock, content: bytes) -> None:
    async with storage.transaction() as tx:
        id = await tx.posters.put(content, clock.now)
    async with storage.reading() as tx:
        poster = await tx.posters.get(id)
    assert poster is not None
    assert (poster.state, poster.content) == (Fetching.KEPT, content)


NO_PICTURES = {
    "nothing": b"",
    "GIF": b"GIF89a" + bytes(300),
    "SVG": b"<svg onload='alert(1)'/>",
    "PDF": b"%PDF-1.7",
    "a sound": b"RIFF\x24\x00\x00\x00WAVEfmt ",
    "too large": JPEG + bytes(LARGEST - len(JPEG) + 1),
}


@pytest.mark.parametrize("content", NO_PICTURES.values(), ids=NO_PICTURES.keys())
async def test_what_is_no_such_picture_is_refused(
    storage: Storage, clock: Clock, content: bytes
) -> None:
    async with storage.transaction() as tx:
        with pytest.raises(ValueError, match="picture"):
            await tx.posters.put(content, clock.now)
        id = await tx.posters.want("file", clock.now)
        assert not await tx.posters.keep(id, content)
        assert await tx.posters.get(id) == Poster(id, Fetching.REFUSED)
        assert await tx.posters.wanted() == []


async def test_what_is_settled_stays_so(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        kept, refused = [await tx.posters.want(name, clock.now) for name in "ab"]
        assert await tx.posters.keep(kept, JPEG)
        assert await tx.posters.refuse(refused)
        assert not await tx.posters.refuse(kept)
        assert not await tx.posters.keep(refused, JPEG)
        assert not await tx.posters.keep(1, JPEG)
        assert await tx.posters.get(1) is None


async def test_the_same_picture_has_the_same_hash_and_another_has_another(
    storage: Storage, clock: Clock
) -> None:
    async with storage.transaction() as tx:
        ids = [await tx.posters.put(content, clock.now) for content in (JPEG, JPEG, PNG)]
        first, again, other = [await tx.posters.get(id) for id in ids]
    assert first is not None
    assert again is not None
    assert other is not None
    assert first.hash == again.hash != other.hash
    assert other.hash is not None
    async with storage.reading() as tx:
        assert await tx.posters.content(other.hash) == PNG
        assert await tx.posters.content("unknown") is None


async def test_a_platform_knows_a_picture_by_sender_and_language(storage: Storage) -> None:
    async with storage.transaction() as tx:
        await tx.posters.keep_file("hash", "ar", "telegram", "first")
        await tx.posters.keep_file("hash", "ar", "telegram", "second")
        await tx.posters.keep_file("hash", "en", "telegram", "english")
    async with storage.reading() as tx:
        assert await tx.posters.file("hash", "ar", "telegram") == "second"
        assert await tx.posters.file("hash", "en", "telegram") == "english"
        assert await tx.posters.file("hash", "ar", "another") is None
        assert await tx.posters.file("other", "ar", "telegram") is None


async def test_neither_picture_nor_name_stands_open_on_the_disk(
    sqlite: Storage, sqlite_file: Path, clock: Clock
) -> None:
    picture = JPEG + os.urandom(400)
    async with sqlite.transaction() as tx:
        await tx.posters.put(picture, clock.now)
        await tx.posters.want("AgACAgIAAxk-source", clock.now)
        await tx.posters.keep_file("hash", "ar", "telegram", "AgACAgIAAxk-file")
    content = on_disk(sqlite_file)
    assert picture[-400:-384] not in content
    assert b"AgACAgIAAxk" not in content


async def test_what_a_picture_tells_of_who_took_it_is_not_kept(
    storage: Storage, clock: Clock
) -> None:
    async with storage.transaction() as tx:
        uploaded = await tx.posters.put(noted_jpeg(640, 480), clock.now)
        fetched = await tx.posters.want("AgACAgIAAxk", clock.now)
        assert await tx.posters.keep(fetched, noted_jpeg(640, 480))
        plain = await tx.posters.put(JPEG, clock.now)
    async with storage.reading() as tx:
        kept = [await tx.posters.get(id) for id in (uploaded, fetched, plain)]
    assert [each and each.content for each in kept] == [JPEG] * 3
    assert len({each and each.hash for each in kept}) == 1


async def test_what_is_no_picture_without_its_notes_is_not_taken(
    storage: Storage, clock: Clock
) -> None:
    lying = WEBP[:4] + b"\x0c" + WEBP[5:]
    async with storage.transaction() as tx:
        with pytest.raises(ValueError, match="not a picture"):
            await tx.posters.put(lying, clock.now)
        id = await tx.posters.want("file", clock.now)
        assert not await tx.posters.keep(id, lying)
        assert await tx.posters.get(id) == Poster(id, Fetching.REFUSED)
