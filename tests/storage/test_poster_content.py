"""A poster is found by its hash, which alone travels with messages."""

from __future__ import annotations

import pytest

from storage import Storage
from tests.pictures import jpeg, png
from tests.storage.conftest import Clock


async def test_a_kept_picture_is_found_by_its_hash(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        uploaded = await tx.posters.put(png(), clock.now)
        wanted = await tx.posters.want("AgAC", clock.now)
        assert await tx.posters.keep(wanted, png())
        one, other = await tx.posters.get(uploaded), await tx.posters.get(wanted)
    assert one is not None
    assert other is not None
    assert one.hash is not None
    assert one.hash == other.hash
    async with storage.reading() as tx:
        assert await tx.posters.content(one.hash) == png()
        assert await tx.posters.content(one.hash[::-1]) is None


async def test_a_picture_that_the_disk_has_spoilt_is_none(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        poster = await tx.posters.look(await tx.posters.put(png(), clock.now))
        assert poster is not None
        spoilt = {"content": bytes(100), "id": poster.id}
        await tx.desk.connection.run("UPDATE posters SET content = :content WHERE id = :id", spoilt)
    async with storage.reading() as tx:
        # Whoever was to see it reads the words all the same.
        assert await tx.posters.content(poster.hash or "") is None


@pytest.mark.parametrize("content", [b"", b"GIF89a" + bytes(99), jpeg(9_999, 9_999), jpeg(21, 1)])
async def test_what_no_chat_would_show_is_not_kept(
    storage: Storage, clock: Clock, content: bytes
) -> None:
    async with storage.transaction() as tx:
        with pytest.raises(ValueError, match="not a picture"):
            await tx.posters.put(content, clock.now)
        wanted = await tx.posters.want("AgAC", clock.now)
        assert not await tx.posters.keep(wanted, content)
        assert [poster.state for poster in [await tx.posters.get(wanted)] if poster] == ["refused"]
