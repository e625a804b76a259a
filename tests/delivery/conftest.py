"""A post office for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import Storage
from tests.delivery.newsroom import SLOW, Leaping, Newsroom
from tests.delivery.post import Hurry, Post, ScriptedPlatform


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
