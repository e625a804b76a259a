"""A post office for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import Storage
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
