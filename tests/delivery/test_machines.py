"""Two machines on one PostgreSQL: one works on broadcasts, and the other takes over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from channels import Closed
from storage import Storage
from storage.broadcasting.broadcasts import Phase
from storage.outbox import State
from tests.delivery.newsroom import SLOW, Leaping, Newsroom
from tests.delivery.post import ScriptedPlatform
from tests.delivery.windows import LIMITS, WindowedPlatform
from tests.postgres import postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]

PEOPLE = tuple(f"p{number}" for number in range(60))

pytestmark = pytest.mark.postgres


@pytest.fixture
async def machines(tmp_path: Path, postgres_url: str) -> AsyncIterator[list[Newsroom]]:
    """Two that share a database, a keyring, a platform and a clock."""
    hurry = Leaping(10)
    platform = ScriptedPlatform(hurry.monotonic, SLOW)
    keyring = tmp_path / "keys" / "keyring.json"
    async with AsyncExitStack() as open_ones:
        rooms: list[Newsroom] = []
        for _ in range(2):
            opened = await Storage.open(postgres_url, keyring, "m" * 43, hurry.now)
            storage = await open_ones.enter_async_context(opened)
            rooms.append(Newsroom(storage, hurry, platform))
        yield rooms
        platform.open.set()
        for room in rooms:
            await room.closes()


async def test_with_two_at_work_everybody_gets_it_once_and_its_maker_one_report(
    machines: list[Newsroom],
) -> None:
    first, second = machines
    owner = await first.has_owner()
    await first.meets(*PEOPLE)
    made = await first.announces(made_by=owner)
    first.opens()
    second.opens()
    await second.comes_to(made, Phase.DONE)
    await first.lands("report done sent=60")
    assert first.copies("news") == dict.fromkeys(PEOPLE, 1)
    told = [h.text for h in first.platform.taken if h.account == "owner"]
    assert [words for words in told if words.startswith("report")] == ["report done sent=60"]


async def test_when_one_stops_in_the_middle_the_other_goes_on(machines: list[Newsroom]) -> None:
    first, second = machines
    await first.meets(*PEOPLE)
    made = await first.announces()
    first.opens()
    await first.platform.hears(15)
    second.opens()
    await first.closes()
    done = await second.comes_to(made, Phase.DONE)
    assert done.counts is not None
    assert done.counts.by_state == {"sent": len(PEOPLE)}
    assert first.copies("news") == dict.fromkeys(PEOPLE, 1)


async def test_a_status_that_reaches_the_one_that_stands_by_has_the_other_send_again(
    tmp_path: Path, postgres_url: str
) -> None:
    hurry = Leaping(10)
    platform = WindowedPlatform(hurry)
    keyring = tmp_path / "keys" / "keyring.json"
    async with AsyncExitStack() as open_ones:
        opened = [await Storage.open(postgres_url, keyring, "m" * 43, hurry.now) for _ in "ab"]
        first, second = [
            Newsroom(await open_ones.enter_async_context(storage), hurry, platform)
            for storage in opened
        ]
        await platform.writes(first.storage, "leyla")
        made = await first.announces()
        first.opens()
        await first.lands("news")
        await first.until(lambda: first.is_sent(*platform.ids))
        ((delivery, id),) = platform.ids.items()
        await second.office.told(platform.name, delivery, State.FAILED, id, Closed())
        await platform.hears(2)
        await first.until(lambda: first.is_sent(delivery))
        await second.office.told(platform.name, delivery, State.READ, platform.ids[delivery])
        await first.comes_to(made, Phase.DONE)
        await first.closes()
    assert [heard.template for heard in platform.taken] == [None, "news"]


async def test_what_another_machine_left_in_doubt_is_looked_up(
    tmp_path: Path, postgres_url: str
) -> None:
    hurry = Leaping(10)
    platform = WindowedPlatform(hurry, replace(LIMITS, reconcile_seconds=5.0))
    keyring = tmp_path / "keys" / "keyring.json"
    async with await Storage.open(postgres_url, keyring, "m" * 43, hurry.now) as storage:
        room = Newsroom(storage, hurry, platform)
        for account in ("leyla", "noor"):
            await platform.writes(storage, account)
        made = await room.announces()
        platform.open.clear()
        room.opens()
        leylas = next(heard for heard in await platform.hears(2) if heard.account == "leyla")
        platform.takes(leylas, "m-leyla")
        await room.dies()
        platform.open.set()
        await room.until(lambda: room.is_sent(*(heard.slip.delivery for heard in platform.heard)))
        await room.closes()
        assert [heard.account for heard in platform.taken] == ["noor"]
        assert (await room.counts(made)).of("sent") == 2
