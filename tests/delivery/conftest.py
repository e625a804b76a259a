"""A post office for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from storage import Storage
from tests.delivery.hurry import Hurry
from tests.delivery.newsroom import SLOW, Leaping, Newsroom
from tests.delivery.post import Post, ScriptedPlatform
from tests.delivery.windows import WindowedPlatform


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    url = f"sqlite:///{tmp_path}/data/tadamun.db"
    hurry = Hurry()
    opened = await Storage.open(url, tmp_path / "keys" / "keyring.json", "m" * 43, hurry.now)
    yield opened
    await opened.close()


@pytest.fixture
async def post(storage: Storage, tmp_path: Path) -> AsyncIterator[Post]:
    hurry = Hurry()
    platform = ScriptedPlatform(hurry.monotonic)
    opened = Post(storage, tmp_path / "data" / "tadamun.db", platform, hurry)
    yield opened
    platform.open.set()
    await opened.closes()


@pytest.fixture
async def number(storage: Storage, tmp_path: Path) -> AsyncIterator[Post]:
    """As `post`, on a platform with windows."""
    hurry = Hurry()
    platform = WindowedPlatform(hurry)
    opened = Post(storage, tmp_path / "data" / "tadamun.db", platform, hurry)
    yield opened
    platform.open.set()
    await opened.closes()


@pytest.fixture
def platform(number: Post) -> WindowedPlatform:
    """What `number` writes to."""
    assert isinstance(number.platform, WindowedPlatform)
    return number.platform


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    hurry = Leaping(20)
    platform = ScriptedPlatform(hurry.monotonic)
    url = f"sqlite:///{tmp_path}/data/tadamun.db"
    keyring = tmp_path / "keys" / "keyring.json"
    async with await Storage.open(url, keyring, "m" * 43, hurry.now) as storage:
        newsroom = Newsroom(storage, hurry, platform)
        yield newsroom
        platform.open.set()
        await newsroom.closes()


@pytest.fixture
async def slow_room(room: Newsroom) -> AsyncIterator[Newsroom]:
    """The same with a platform that takes ten messages a second."""
    room.platform.limits = SLOW
    slow = Newsroom(room.storage, room.hurry, room.platform)
    yield slow
    slow.platform.open.set()
    await slow.closes()


@dataclass(frozen=True)
class Two:
    """An office that serves two platforms, one of them with windows."""

    room: Newsroom
    scripted: ScriptedPlatform
    windowed: WindowedPlatform

    async def links(self, account: str, *, prefers: str, ago: timedelta = timedelta(0)) -> int:
        """Somebody on both platforms, where they are called the same; returns the person."""
        (person,) = await self.room.meets(account)
        address = await self.windowed.writes(self.room.storage, account, ago)
        async with self.room.storage.transaction() as tx:
            await tx.people.join(person, address.person, self.room.hurry.now())
            (wish,) = [a.id for a in await tx.people.addresses(person) if a.channel == prefers]
            await tx.people.prefer(person, wish)
        return person


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    hurry = Leaping(20)
    scripted, windowed = ScriptedPlatform(hurry.monotonic), WindowedPlatform(hurry)
    url = f"sqlite:///{tmp_path}/data/tadamun.db"
    keyring = tmp_path / "keys" / "keyring.json"
    async with await Storage.open(url, keyring, "m" * 43, hurry.now) as storage:
        newsroom = Newsroom(storage, hurry, scripted, windowed)
        yield Two(newsroom, scripted, windowed)
        scripted.open.set()
        windowed.open.set()
        await newsroom.closes()
