"""Questions that ask the same are found beside the turns; nothing is kept longer than needed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from delivery import Clock as Time
from service.likening import IDLE, Likening
from storage import Storage, Unavailable
from storage.asking.alike import Alike, Alikes
from tests.storage.community import Guest
from tests.storage.conftest import Clock
from tests.storage.moderating import ONE, ask, resident, with_webinars

HACKED = "كيف أحمي حسابي من الاختراق؟"
THE_SAME = "شلون احمي حسابي من التهكير"
ANOTHER = "متى تبدأ الدورة التدريبية؟"


@dataclass
class Scene:
    """Somebody who asks, and the worker, whose clock the test sets."""

    storage: Storage
    clock: Clock
    guest: Guest
    worker: Likening

    async def ask(self, text: str, webinar: str | None = "one") -> int:
        return (await ask(self.storage, self.guest, text, self.clock.now, webinar)).id

    async def like(self, *ids: int) -> dict[int, list[int]]:
        """What these are like, by what the worker has found up to now."""
        async with self.storage.reading() as tx:
            found = await tx.alike.of(ids)
        return {id: [other.id for other in others] for id, others in found.items()}

    def anew(self) -> Likening:
        """Another process, which takes over."""
        self.worker = Likening(self.storage, Time(now=self.clock))
        return self.worker


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    clock = Clock()
    url, keyring = f"sqlite:///{tmp_path}/data/tadamun.db", tmp_path / "keys" / "keyring.json"
    async with await Storage.open(url, keyring, None, clock) as storage:
        await with_webinars(storage, "one", "two")
        guest = await resident(storage, "1", clock.now)
        yield Scene(storage, clock, guest, Likening(storage, Time(now=clock)))


async def test_a_question_is_found_that_asks_the_same(scene: Scene) -> None:
    one, other = await scene.ask(HACKED), await scene.ask(ANOTHER)
    await scene.worker.look()
    assert await scene.like(one, other) == {}
    two = await scene.ask(THE_SAME)
    await scene.worker.look()
    assert await scene.like(one, two, other) == {one: [two], two: [one]}


@pytest.mark.parametrize("webinar", ["two", None])
async def test_nothing_is_found_from_webinar_to_webinar(scene: Scene, webinar: str | None) -> None:
    ids = await scene.ask(HACKED), await scene.ask(THE_SAME, webinar)
    await scene.worker.look()
    assert await scene.like(*ids) == {}


async def test_other_words_are_compared_anew(scene: Scene) -> None:
    one, two = await scene.ask(HACKED), await scene.ask(THE_SAME)
    await scene.worker.look()
    async with scene.storage.transaction() as tx:
        await tx.questions.rewrite(scene.guest.person.id, two, ANOTHER, None)
    await scene.worker.look()
    assert await scene.like(one, two) == {}
    async with scene.storage.transaction() as tx:
        await tx.moderation.claim(two, ONE, scene.clock.now)
        await tx.moderation.edit(two, ONE, THE_SAME, scene.clock.now)
    await scene.worker.look()
    assert await scene.like(one) == {one: [two]}


async def test_what_has_only_moved_on_is_not_written_about_again(scene: Scene) -> None:
    one, _ = await scene.ask(HACKED), await scene.ask(THE_SAME)
    await scene.worker.look()
    async with scene.storage.transaction() as tx:
        await tx.moderation.claim(one, ONE, scene.clock.now)
    async with scene.storage.reading() as tx:
        version = await tx.moderation.version()
    await scene.worker.look()
    await scene.worker.look()
    async with scene.storage.reading() as tx:
        assert await tx.moderation.version() == version


async def test_whoever_takes_over_compares_what_was_not_yet(scene: Scene) -> None:
    one = await scene.ask(HACKED)
    await scene.worker.look()
    two = await scene.ask(THE_SAME)
    await scene.anew().look()
    assert await scene.like(two) == {two: [one]}


async def test_what_was_erased_leaves_no_word_in_memory(scene: Scene) -> None:
    await scene.ask(HACKED)
    await scene.ask(ANOTHER, "two")
    await scene.worker.look()
    assert scene.worker.kept == 2
    async with scene.storage.transaction() as tx:
        await tx.people.forget(scene.guest.person.id)
    await scene.worker.look()
    assert scene.worker.kept == 0


async def test_what_was_withdrawn_leaves_no_word_in_memory(scene: Scene) -> None:
    one = await scene.ask(HACKED)
    await scene.worker.look()
    async with scene.storage.transaction() as tx:
        await tx.questions.withdraw(scene.guest.person.id, one)
    await scene.worker.look()
    assert scene.worker.kept == 0


async def test_an_hour_later_nothing_is_in_memory_and_the_next_one_is_found_all_the_same(
    scene: Scene,
) -> None:
    one = await scene.ask(HACKED)
    await scene.worker.look()
    scene.clock.forward(IDLE - timedelta(seconds=1))
    await scene.worker.look()
    assert scene.worker.kept == 1
    scene.clock.forward(timedelta(seconds=1))
    await scene.worker.look()
    assert scene.worker.kept == 0
    two = await scene.ask(THE_SAME)
    await scene.worker.look()
    assert await scene.like(two) == {two: [one]}


async def test_it_looks_again_and_again_until_it_is_stopped(scene: Scene) -> None:
    looked = asyncio.Queue[asyncio.Event]()

    async def wait(_lost: asyncio.Event, _seconds: float | None) -> None:
        again = asyncio.Event()
        looked.put_nowait(again)
        await again.wait()

    one, two = await scene.ask(HACKED), await scene.ask(THE_SAME)
    running = asyncio.create_task(Likening(scene.storage, Time(now=scene.clock, wait=wait)).run())
    again = await looked.get()
    assert await scene.like(one) == {one: [two]}
    three = await scene.ask(HACKED)
    again.set()
    await looked.get()
    assert {*(await scene.like(three))[three]} == {one, two}
    running.cancel()
    await asyncio.wait([running])


async def test_what_could_not_be_written_down_is_compared_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = await scene.ask(HACKED), await scene.ask(THE_SAME)
    failed = asyncio.Event()

    async def once(self: Alikes, _found: Mapping[int, Sequence[Alike]]) -> None:
        monkeypatch.undo()
        failed.set()
        raise Unavailable("the disk is full")

    monkeypatch.setattr(Alikes, "put", once)
    looked = asyncio.Event()

    async def wait(lost: asyncio.Event, _seconds: float | None) -> None:
        looked.set()
        await lost.wait()

    time = Time(now=scene.clock, wait=wait, chance=lambda: 0.0)
    running = asyncio.create_task(Likening(scene.storage, time).run())
    await looked.wait()
    assert failed.is_set()
    assert await scene.like(one) == {one: [two]}
    running.cancel()
    await asyncio.wait([running])
