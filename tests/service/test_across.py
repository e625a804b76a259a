"""Where it is switched on, the same question in another language is found, too."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from delivery import Clock as Time
from locales.likeness.across import Model
from service.across import AcrossLanguages
from service.following import IDLE
from service.likening import Likening
from storage import Storage
from tests.locales.test_across import Topics
from tests.storage.community import Guest
from tests.storage.conftest import Clock
from tests.storage.moderating import ONE, ask, resident, with_webinars

ARABIC = "كيف أحمي حسابي من الاختراق؟"
SPOKEN = "شلون احمي حسابي من التهكير"
ENGLISH = "How do I protect my account?"


@dataclass
class Scene:
    """Somebody who asks, and both workers, whose clock the test sets."""

    storage: Storage
    clock: Clock
    guest: Guest
    words: Likening
    across: AcrossLanguages
    loaded: list[Model]

    async def ask(self, text: str) -> int:
        return (await ask(self.storage, self.guest, text, self.clock.now, "one")).id

    async def look(self) -> None:
        await self.words.look()
        # What was written down is a change, too.
        await self.words.look()
        await self.across.look()

    async def like(self, id: int) -> set[int]:
        """What it is like, by what has been found up to now."""
        async with self.storage.reading() as tx:
            return {other.id for other in (await tx.alike.of([id])).get(id, ())}

    async def version(self) -> int:
        async with self.storage.reading() as tx:
            return await tx.moderation.version()


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    clock, loaded = Clock(), list[Model]()

    def load() -> Model:
        loaded.append(Topics())
        return loaded[-1]

    url, keyring = f"sqlite:///{tmp_path}/data/tadamun.db", tmp_path / "keys" / "keyring.json"
    async with await Storage.open(url, keyring, None, clock) as storage:
        await with_webinars(storage, "one")
        guest = await resident(storage, "1", clock.now)
        time = Time(now=clock)
        across = AcrossLanguages(storage, time, load)
        yield Scene(storage, clock, guest, Likening(storage, time), across, loaded)


async def test_a_question_is_found_in_both_languages(scene: Scene) -> None:
    arabic, spoken, english = [await scene.ask(text) for text in (ARABIC, SPOKEN, ENGLISH)]
    await scene.look()
    assert await scene.like(english) == {arabic, spoken}
    assert await scene.like(arabic) == {spoken, english}


async def test_one_that_comes_later_takes_nothing_from_those_before(scene: Scene) -> None:
    arabic = await scene.ask(ARABIC)
    await scene.look()
    english = await scene.ask(ENGLISH)
    await scene.look()
    spoken = await scene.ask(SPOKEN)
    await scene.look()
    assert await scene.like(arabic) == {spoken, english}


async def test_it_waits_for_the_comparing_of_words(scene: Scene) -> None:
    arabic, english = await scene.ask(ARABIC), await scene.ask(ENGLISH)
    await scene.across.look()
    assert scene.across.kept == 0
    await scene.look()
    assert await scene.like(arabic) == {english}


async def test_other_words_are_compared_anew(scene: Scene) -> None:
    arabic, english = await scene.ask(ARABIC), await scene.ask(ENGLISH)
    await scene.look()
    async with scene.storage.transaction() as tx:
        await tx.questions.rewrite(scene.guest.person.id, english, "Is the water salty?", None)
    await scene.look()
    assert await scene.like(arabic) == set()


async def test_what_has_only_moved_on_is_not_written_about_again(scene: Scene) -> None:
    arabic, english = await scene.ask(ARABIC), await scene.ask(ENGLISH)
    await scene.look()
    async with scene.storage.transaction() as tx:
        await tx.moderation.claim(arabic, ONE, scene.clock.now)
    before = await scene.version()
    await scene.look()
    await scene.look()
    assert await scene.version() == before
    assert await scene.like(arabic) == {english}


async def test_what_was_erased_leaves_memory_and_an_hour_later_all_does(scene: Scene) -> None:
    arabic, _ = await scene.ask(ARABIC), await scene.ask(ENGLISH)
    await scene.look()
    assert (scene.across.kept, len(scene.loaded)) == (2, 1)
    async with scene.storage.transaction() as tx:
        await tx.questions.withdraw(scene.guest.person.id, arabic)
    await scene.look()
    assert scene.across.kept == 1
    scene.clock.forward(IDLE)
    await scene.look()
    assert scene.across.kept == 0
    again = await scene.ask(SPOKEN)
    await scene.look()
    assert len(scene.loaded) == 2
    assert len(await scene.like(again)) == 1


async def test_where_the_model_cannot_run_all_else_goes_on(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> Model:
        raise OSError("another processor")

    with caplog.at_level(logging.ERROR):
        await AcrossLanguages(scene.storage, Time(now=scene.clock), fail).run()
    assert "ALERT: questions are not compared across languages" in caplog.text


async def test_it_looks_by_itself_until_it_is_stopped(scene: Scene) -> None:
    arabic, english = await scene.ask(ARABIC), await scene.ask(ENGLISH)
    await scene.words.look()
    looked = asyncio.Event()

    async def wait(lost: asyncio.Event, _seconds: float | None) -> None:
        looked.set()
        await lost.wait()

    time = Time(now=scene.clock, wait=wait)
    running = asyncio.create_task(AcrossLanguages(scene.storage, time, Topics).run())
    await looked.wait()
    assert await scene.like(arabic) == {english}
    running.cancel()
    await asyncio.wait([running])
