"""Two machines on one PostgreSQL: each with a folder and a port of its own, and one keyring."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.home import Home, Starter
from tests.platforms.telegram import TelegramServer
from tests.postgres import postgres_server, postgres_url
from tests.replicas.together import Two, two_at_work

__all__ = ["postgres_server", "postgres_url"]


@dataclass
class Pair:
    """Whoever is started first serves; the other stands by."""

    first: Home
    second: Home

    def on_telegram(self, server: str, *, webhook: bool = False) -> None:
        """Be one bot; updates brought by webhook come to the second machine."""
        for home in (self.first, self.second):
            home.on_telegram(server, webhook=webhook)
            home.set(TADAMUN_WEB__PUBLIC_URL=self.second.web if webhook else "")


@pytest.fixture(scope="session")
def starter() -> Generator[Starter]:
    """Shared by all tests: importing everything takes longer than most of them."""
    starter = Starter()
    yield starter
    starter.close()


@pytest.fixture
async def telegram() -> AsyncGenerator[TelegramServer]:
    """A stand-in for Telegram."""
    async with TelegramServer() as telegram:
        yield telegram
    assert telegram.violations == []


@pytest.fixture
async def pair(tmp_path: Path, starter: Starter, postgres_url: str) -> Pair:
    """Two machines, with the example series in their programme."""
    for name in ("keys", "first", "second"):
        (tmp_path / name).mkdir(mode=0o700)
        if name != "keys":
            (tmp_path / name / "keys").symlink_to(tmp_path / "keys")
    first, second = (Home(tmp_path / name, starter, postgres_url) for name in ("first", "second"))
    await first.load_example()
    return Pair(first, second)


@pytest.fixture
async def two(tmp_path: Path, postgres_url: str) -> AsyncGenerator[Two]:
    """A bot and another process beside it, without a platform."""
    async with two_at_work(tmp_path, postgres_url) as two:
        yield two
