"""Answers that experts sent by mail, until a moderator takes or leaves them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dialogue.stages import Stage
from storage import Storage
from storage.asking.proposals import Proposal
from tests.storage.community import Guest, welcome
from tests.storage.conftest import Clock
from tests.storage.moderating import approved, ask, brought, with_webinars
from tests.storage.needles import on_disk

HUDA = "huda@hospital.example"
YES = "Yes, if they are washed."


async def anna(storage: Storage, clock: Clock) -> Guest:
    """Somebody who asks."""
    await with_webinars(storage, "one", "two")
    return await welcome(storage, "anna", clock.now)


async def reference(storage: Storage, question: int) -> int:
    """By what a mail names it."""
    async with storage.reading() as tx:
        found = await tx.moderation.get(question)
    assert found is not None
    return found.order


async def proposed(
    storage: Storage, clock: Clock, question: int, text: str = YES, account: str = HUDA
) -> None:
    """An expert answers it by mail."""
    async with storage.transaction() as tx:
        number = await reference(storage, question)
        assert await tx.proposals.about([number]) == {number: (question, "one")}
        await tx.proposals.put(question, "one", account, text, clock.now)


async def of(storage: Storage, webinar: str = "one") -> list[Proposal]:
    """What waits."""
    async with storage.reading() as tx:
        return await tx.proposals.of(webinar)


async def test_an_answer_waits_until_it_is_taken(storage: Storage, clock: Clock) -> None:
    question = await approved(storage, await anna(storage, clock), "Masks?", clock.now)
    await proposed(storage, clock, question)
    (proposal,) = await of(storage)
    assert (proposal.question, proposal.webinar, proposal.text) == (question, "one", YES)
    assert await of(storage, "two") == []
    async with storage.reading() as tx:
        assert [await tx.proposals.count(each) for each in ("one", "two")] == [1, 0]
    async with storage.transaction() as tx:
        assert await tx.proposals.get(proposal.id) == proposal
        assert [await tx.proposals.drop(proposal.id) for _ in range(2)] == [True, False]
    assert await of(storage) == []


async def test_a_later_answer_of_the_same_expert_takes_its_place(
    storage: Storage, clock: Clock
) -> None:
    question = await approved(storage, await anna(storage, clock), "Masks?", clock.now)
    for text, account in (("No.", HUDA), (YES, HUDA), ("Perhaps.", "other@example.org")):
        await proposed(storage, clock, question, text, account)
    assert sorted(each.text for each in await of(storage)) == ["Perhaps.", YES]


async def test_nobody_answers_what_they_were_not_given(storage: Storage, clock: Clock) -> None:
    guest = await anna(storage, clock)
    new = await ask(storage, guest, "New", clock.now)
    declined = await ask(storage, guest, "Declined", clock.now)
    await brought(storage, declined.id, Stage.IN_REVIEW, Stage.DECLINED, now=clock.now)
    to_all = await ask(storage, guest, "To the series", clock.now, None)
    await brought(storage, to_all.id, Stage.IN_REVIEW, Stage.APPROVED, now=clock.now)
    numbers = [await reference(storage, each.id) for each in (new, declined, to_all)]
    async with storage.reading() as tx:
        assert await tx.proposals.about([*numbers, 99_999]) == {}
        assert await tx.proposals.about([]) == {}


@pytest.mark.parametrize("ended", ["declined", "rewritten", "forgotten"])
async def test_it_goes_with_its_question(storage: Storage, clock: Clock, ended: str) -> None:
    guest = await anna(storage, clock)
    question = await approved(storage, guest, "Masks?", clock.now)
    await proposed(storage, clock, question)
    async with storage.transaction() as tx:
        if ended == "declined":
            assert await tx.moderation.move(question, 1, Stage.DECLINED, clock.now)
        elif ended == "rewritten":
            assert await tx.questions.rewrite(guest.person.id, question, "Gloves?", None)
        else:
            await tx.people.forget(guest.person.id)
    assert await of(storage) == []
    await storage.sweep(clock.now)
    async with storage.reading() as tx:
        rows = await tx.desk.connection.fetch("SELECT COUNT(*) FROM proposals")
    assert rows[0][0] == 0


async def test_its_words_are_not_readable_on_the_disk(
    sqlite: Storage, sqlite_file: Path, clock: Clock
) -> None:
    question = await approved(sqlite, await anna(sqlite, clock), "Masks?", clock.now)
    await proposed(sqlite, clock, question)
    content = on_disk(sqlite_file)
    assert YES.encode() not in content
    assert HUDA.encode() not in content


async def test_whoever_is_forgotten_leaves_no_answer_that_nobody_took(
    storage: Storage, clock: Clock
) -> None:
    asker = await anna(storage, clock)
    questions = [await approved(storage, asker, text, clock.now) for text in ("Masks?", "Where?")]
    expert = await welcome(storage, HUDA, clock.now, channel="email")
    for question in questions:
        await proposed(storage, clock, question)
        await proposed(storage, clock, question, "Perhaps.", "other@example.org")
    async with storage.transaction() as tx:
        await tx.people.forget(expert.person.id)
    assert [each.text for each in await of(storage)] == ["Perhaps."] * 2
