"""Programme, registrations, questions, mailbox, jobs: what goes in comes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dialogue.words import Act, Message
from storage import Storage
from storage.registrations import Registration
from tests.storage.community import SERIES, both, webinar, welcome
from tests.storage.conftest import Clock


async def test_the_programme_says_what_changed(storage: Storage) -> None:
    one = webinar("one")
    early = webinar("early", one.starts_at - timedelta(days=1))
    cancelled = replace(one, state="cancelled", title=both("No", "لا"))
    async with storage.transaction() as tx:
        assert await tx.webinars.put_series(SERIES) == "added"
        assert await tx.webinars.put_series(SERIES) == "same"
        assert await tx.webinars.put(one) == "added"
        assert await tx.webinars.put(one) == "same"
        assert await tx.webinars.put(early) == "added"
        assert await tx.webinars.put(cancelled) == "changed"
    async with storage.reading() as tx:
        programme = await tx.webinars.programme()
    assert programme.version == 4
    assert programme.series == (SERIES,)
    assert programme.webinars == (early, cancelled)


async def test_registering_again_changes_the_answers(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "1", clock.now)
    id = guest.person.id
    async with storage.transaction() as tx:
        await tx.webinars.put(webinar("one"))
        first = await tx.registrations.put(id, "one", {"from": "x", "why": None}, clock.now)
        again = await tx.registrations.put(id, "one", {"from": ["x", "y"]}, clock.now)
        assert again == Registration(first.id, id, "one", {"from": ["x", "y"]})
        assert await tx.registrations.of(id) == [again]
        assert await tx.registrations.count("one") == 1
        assert await tx.registrations.remove(id, "one")
        assert not await tx.registrations.remove(id, "one")
        assert await tx.registrations.of(id) == []


async def test_own_questions_are_found_changed_and_withdrawn(
    storage: Storage, clock: Clock
) -> None:
    one, two = await welcome(storage, "1", clock.now), await welcome(storage, "2", clock.now)
    mine, other = one.person.id, two.person.id
    async with storage.transaction() as tx:
        await tx.webinars.put(webinar("one"))
        ask = tx.questions.add
        first = await ask(mine, "one", "question", "سؤال", True, "ar", "501", clock.now)
        second = await ask(mine, None, "idea", "فكرة", False, "ar", None, clock.now)
        theirs = await ask(other, "one", "question", "x", True, "en", "501", clock.now)
        assert await tx.questions.of(mine) == [second, first]
        assert await tx.questions.by_message(mine, "501") == first
        assert await tx.questions.by_message(other, "501") == theirs
        assert await tx.questions.by_message(mine, "502") is None
        assert await tx.questions.rewrite(mine, first.id, "سؤال آخر", "502")
        assert await tx.questions.by_message(mine, "501") is None
        assert (await tx.questions.by_message(mine, "502")) is not None
        assert not await tx.questions.rewrite(other, first.id, "!", None)
        assert not await tx.questions.rewrite(mine, 1, "!", None)
        assert await tx.questions.withdraw(mine, second.id)
        assert not await tx.questions.withdraw(mine, second.id)
        assert not await tx.questions.withdraw(mine, theirs.id)
        assert await tx.questions.of(mine) == [
            replace(second, state="withdrawn"),
            replace(first, text="سؤال آخر", message="502"),
        ]
    assert (first.order, second.order, theirs.order) == (1, 2, 3)
    assert first.hour == clock.now.replace(minute=0, second=0)


async def test_letters_are_numbered_for_each_address(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "1", clock.now, channel="web")
    id, hello = guest.address.id, Message("مرحبًا")
    async with storage.transaction() as tx:
        assert await tx.mailbox.append(id, Act.SEND, None, hello, clock.now) == 1
        assert await tx.mailbox.append(id, Act.STRIP, 1, Message("!"), clock.now) == 2
        with pytest.raises(KeyError):
            await tx.mailbox.append(5, Act.SEND, None, hello, clock.now)
    async with storage.reading() as tx:
        first, second = await tx.mailbox.after(id, 0)
        assert [letter.number for letter in await tx.mailbox.after(id, 1)] == [2]
    assert (first.message, first.at, first.target) == (hello, clock.now, None)
    assert (second.act, second.target) == (Act.STRIP, 1)


async def test_an_erasure_stays_until_it_is_done(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        await tx.erasures.add("telegram", "1", ["5", "6"], clock.now)
        await tx.erasures.add("telegram", "2", [], clock.now)
        (job,) = await tx.erasures.take(10)
        assert (job.channel, job.account, job.messages) == ("telegram", "1", ("5", "6"))
        await tx.erasures.done(job.id)
        assert await tx.erasures.take(10) == []


async def test_facts_are_kept_by_name(storage: Storage) -> None:
    async with storage.transaction() as tx:
        assert await tx.meta.get("offset") is None
        await tx.meta.put("offset", "1")
        await tx.meta.put("offset", "2")
    async with storage.reading() as tx:
        assert await tx.meta.get("offset") == "2"


async def test_what_poisons_a_turn_can_be_kept(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        await tx.quarantine.put("telegram", "\ud83d \x00", "UnicodeEncodeError", clock.now, "1")
        assert await tx.quarantine.count() == 1
