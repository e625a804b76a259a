"""Each test that asks for `url` runs once on SQLite and once on PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from storage import Storage
from storage.engines import postgres, postgres_line
from storage.ids import Randomness
from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]

MASTER = "a master key that is only for tests"


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 4, 3, 16, 20, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> datetime:
        self.now += by
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def randomness() -> Randomness:
    """What ids, keys and codes are drawn from; where two may be alike, a file has another."""
    return os.urandom


PATIENCE = 100.0
"""Seconds."""


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that shares a slow machine has more time to answer than one of a community."""
    for room in (postgres, postgres_line):
        monkeypatch.setattr(room, "CONNECT_SECONDS", PATIENCE)


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "tadamun.db"


@pytest.fixture
def keyring(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "keyring.json"


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
)
def url(request: pytest.FixtureRequest, sqlite_file: Path) -> str:
    """The address of an empty database."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{sqlite_file}"


@pytest_asyncio.fixture
async def storage(
    url: str, keyring: Path, clock: Clock, randomness: Randomness
) -> AsyncGenerator[Storage]:
    """Storage in an empty database."""
    async with await Storage.open(url, keyring, MASTER, clock, randomness=randomness) as opened:
        yield opened


@pytest_asyncio.fixture
async def sqlite(
    sqlite_file: Path, keyring: Path, clock: Clock, randomness: Randomness
) -> AsyncGenerator[Storage]:
    """Storage in an empty SQLite file."""
    url = f"sqlite:///{sqlite_file}"
    async with await Storage.open(url, keyring, MASTER, clock, randomness=randomness) as opened:
        yield opened
