"""What the experts get of a webinar's questions, and that it is sent once."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from dialogue.stages import Stage
from storage import Storage
from storage.asking.digests import Due, Part
from storage.asking.listed import Listed
from storage.asking.moderation import Handled
from tests.storage.community import webinar, welcome
from tests.storage.conftest import Clock
from tests.storage.moderating import (
    ONE,
    approved,
    ask,
    brought,
    following,
    resident,
    supported,
    with_webinars,
)

DAY = timedelta(days=1)


async def listed(storage: Storage, webinar: str = "one") -> list[Listed]:
    """What the experts get."""
    async with storage.reading() as tx:
        return await tx.digests.questions(webinar)


async def words(storage: Storage) -> list[str]:
    """The texts, in their order."""
    return [each.text for each in await listed(storage)]


@pytest.fixture(autouse=True)
async def webinars(storage: Storage) -> None:
    await with_webinars(storage, "one", "two")


async def test_nothing_comes_that_no_moderator_has_let_through(
    storage: Storage, clock: Clock
) -> None:
    anna = await welcome(storage, "anna", clock.now)
    await ask(storage, anna, "New", clock.now)
    reviewed = await ask(storage, anna, "In review", clock.now)
    await brought(storage, reviewed.id, Stage.IN_REVIEW, now=clock.now)
    await approved(storage, anna, "Approved", clock.now)
    async with storage.transaction() as tx:
        await tx.questions.add(
            anna.person.id, "one", "idea", "An idea", True, "ar", None, clock.now
        )
    elsewhere = await ask(storage, anna, "Elsewhere", clock.now, "two")
    await brought(storage, elsewhere.id, Stage.IN_REVIEW, Stage.APPROVED, now=clock.now)
    assert await words(storage) == ["Approved"]


async def test_ideas_that_moderators_let_through_are_to_be_read(
    storage: Storage, clock: Clock
) -> None:
    anna = await welcome(storage, "anna", clock.now)
    for said in ("Let through", "Not yet"):
        async with storage.transaction() as tx:
            idea = await tx.questions.add(
                anna.person.id, "one", "idea", said, True, "en", None, clock.now
            )
        if said == "Let through":
            await brought(storage, idea.id, Stage.IN_REVIEW, Stage.APPROVED, now=clock.now)
    async with storage.reading() as tx:
        assert [each.text for each in await tx.digests.ideas("one")] == ["Let through"]
        assert await tx.digests.ideas("two") == []
    assert await words(storage) == []


async def test_what_moderators_chose_comes_first_then_what_most_want_then_fairly(
    storage: Storage, clock: Clock
) -> None:
    anna, ben = (
        await resident(storage, "anna", clock.now, "BA"),
        await resident(storage, "ben", clock.now, "NI"),
    )
    for text in ("Anna's first", "Anna's second"):
        await approved(storage, anna, text, clock.now)
    await approved(storage, ben, "Ben's", clock.now)
    wanted = await approved(storage, anna, "Wanted", clock.now)
    carla = await welcome(storage, "carla", clock.now)
    assert await supported(storage, wanted, ben, carla) == [True, True]
    queued = await approved(storage, ben, "Next", clock.now)
    await brought(storage, queued, Stage.QUEUED, now=clock.now)
    # Ben has his turn with what is next, Anna with what most want to know.
    assert await words(storage) == [
        "Next", "Wanted", "Anna's first", "Ben's", "Anna's second",
    ]  # fmt: skip


async def test_what_was_merged_is_one_question_with_all_its_voices(
    storage: Storage, clock: Clock
) -> None:
    anna, ben = await welcome(storage, "anna", clock.now), await welcome(storage, "ben", clock.now)
    root = await approved(storage, anna, "One", clock.now)
    await following(storage, ben, "The same", root, clock.now)
    (only,) = await listed(storage)
    assert (only.text, only.voices) == ("One", 2)


async def test_whose_question_was_answered_before_waits_for_others(
    storage: Storage, clock: Clock
) -> None:
    anna, ben = await welcome(storage, "anna", clock.now), await welcome(storage, "ben", clock.now)
    first = await approved(storage, anna, "Answered", clock.now)
    await brought(storage, first, Stage.QUEUED, Stage.LIVE, Stage.ANSWERED, now=clock.now)
    await approved(storage, anna, "Anna's", clock.now)
    await approved(storage, ben, "Ben's", clock.now)
    found = await listed(storage)
    assert [each.text for each in found] == ["Ben's", "Anna's", "Answered"]


async def test_of_what_was_declined_only_the_reason_is_there(
    storage: Storage, clock: Clock
) -> None:
    anna = await welcome(storage, "anna", clock.now)
    asked = await ask(storage, anna, "Words that nobody is to read", clock.now)
    await brought(storage, asked.id, Stage.IN_REVIEW, now=clock.now)
    async with storage.transaction() as tx:
        await tx.moderation.move(asked.id, ONE, Stage.DECLINED, clock.now, "!topic")
    (only,) = await listed(storage)
    assert (only.stage, only.text, only.reason) == (Stage.DECLINED, "", "!topic")


async def test_the_answer_comes_with_what_was_answered(storage: Storage, clock: Clock) -> None:
    anna = await welcome(storage, "anna", clock.now)
    asked = await approved(storage, anna, "Why?", clock.now)
    async with storage.transaction() as tx:
        await tx.moderation.answer(asked, ONE, "Because.", "en", True, clock.now)
    (only,) = await listed(storage)
    assert (only.answer, only.answered_language) == ("Because.", "en")


async def test_an_answer_that_is_the_askers_alone_is_nobody_elses_to_read(
    storage: Storage, clock: Clock
) -> None:
    anna = await welcome(storage, "anna", clock.now)
    asked = await approved(storage, anna, "Why?", clock.now)
    async with storage.transaction() as tx:
        await tx.moderation.answer(asked, ONE, "Because of you.", "en", False, clock.now)
    (only,) = await listed(storage)
    assert (only.stage, only.text, only.answer) == (Stage.ANSWERED, "Why?", None)


async def test_nothing_in_it_could_hold_who_asked(storage: Storage, clock: Clock) -> None:
    anna = await resident(storage, "anna", clock.now, "BA", nick="Canary")
    asked = await ask(storage, anna, "Why?", clock.now, anonymous=False)
    await brought(storage, asked.id, Stage.IN_REVIEW, Stage.APPROVED, now=clock.now)
    async with storage.reading() as tx:
        known: Handled | None = await tx.moderation.get(asked.id)
    assert known is not None
    assert known.nickname == "Canary"
    (only,) = await listed(storage)
    assert "Canary" not in repr(only)
    assert known.asker not in repr(only)
    assert {field.name for field in fields(Listed)} == {
        "id", "stage", "text", "language", "voices", "reference", "answer",
        "answered_language", "reason",
    }  # fmt: skip


async def test_what_was_withdrawn_or_forgotten_is_gone(storage: Storage, clock: Clock) -> None:
    anna, ben = await welcome(storage, "anna", clock.now), await welcome(storage, "ben", clock.now)
    await approved(storage, anna, "Anna's", clock.now)
    withdrawn = await approved(storage, ben, "Ben's", clock.now)
    async with storage.transaction() as tx:
        await tx.questions.withdraw(ben.person.id, withdrawn)
    async with storage.transaction() as tx:
        await tx.people.forget(anna.person.id)
    assert await listed(storage) == []


# --- once ---------------------------------------------------------------------------------------


async def at(storage: Storage, clock: Clock, days: float, version: int = 1, **given: object) -> Due:
    """The webinar begins in so many days."""
    starts = clock.now + timedelta(days=days)
    planned = replace(webinar("one"), starts_at=starts, version=version, **given)  # type: ignore[arg-type]
    async with storage.transaction() as tx:
        await tx.webinars.put(planned)
        away = replace(webinar("two"), starts_at=clock.now + timedelta(days=90))
        await tx.webinars.put(away)
    return Due("one", version)


async def due(storage: Storage, clock: Clock, part: Part = Part.BEFORE) -> list[Due]:
    """What is to be sent by itself."""
    async with storage.reading() as tx:
        return await tx.digests.due(part, DAY, clock.now)


async def noted(
    storage: Storage, clock: Clock, what: Due, part: Part, times: int, *, unasked: bool = False
) -> bool:
    """It is sent now."""
    async with storage.transaction() as tx:
        return await tx.digests.note(what, part, times, clock.now, unasked=unasked)


async def test_it_is_due_a_day_before_the_start_and_not_later_than_that(
    storage: Storage, clock: Clock
) -> None:
    one = await at(storage, clock, 1.01)
    assert await due(storage, clock) == []
    clock.forward(timedelta(hours=1))
    assert await due(storage, clock) == [one]
    clock.forward(DAY)
    assert await due(storage, clock) == []


async def test_by_itself_it_is_sent_once_for_a_version(storage: Storage, clock: Clock) -> None:
    one = await at(storage, clock, 0.5)
    assert await noted(storage, clock, one, Part.BEFORE, 0, unasked=True)
    assert await due(storage, clock) == []
    assert not await noted(storage, clock, one, Part.BEFORE, 1, unasked=True)
    moved = await at(storage, clock, 0.9, version=2)
    assert await due(storage, clock) == [moved]


async def test_what_somebody_has_sent_since_then_is_not_sent_by_itself(
    storage: Storage, clock: Clock
) -> None:
    one = await at(storage, clock, 3)
    assert await noted(storage, clock, one, Part.BEFORE, 0)
    clock.forward(2.5 * DAY)
    # That was two days before it was due.
    assert await due(storage, clock) == [one]
    assert await noted(storage, clock, one, Part.BEFORE, 1)
    assert await due(storage, clock) == []


async def test_of_two_who_send_it_at_once_one_does(storage: Storage, clock: Clock) -> None:
    one = await at(storage, clock, 3)
    assert await noted(storage, clock, one, Part.BEFORE, 0)
    assert not await noted(storage, clock, one, Part.BEFORE, 0)
    async with storage.reading() as tx:
        sending = await tx.digests.sent("one", 1, Part.BEFORE)
    assert (sending.times, sending.at) == (1, clock.now.replace(microsecond=0))


async def test_what_was_to_follow_a_sending_that_never_was_is_noted_as_nothing(
    storage: Storage, clock: Clock
) -> None:
    one = await at(storage, clock, 0.5)
    assert await noted(storage, clock, one, Part.BEFORE, 0)
    moved = await at(storage, clock, 0.9, version=2)
    # The screen still shows that it was sent once, as it was before the webinar was moved.
    assert not await noted(storage, clock, moved, Part.BEFORE, 1)
    assert await due(storage, clock) == [moved]
    async with storage.reading() as tx:
        assert (await tx.digests.sent("one", 2, Part.BEFORE)).times == 0
    assert await noted(storage, clock, moved, Part.BEFORE, 0)


async def test_the_other_part_is_due_after_the_end_and_for_two_days(
    storage: Storage, clock: Clock
) -> None:
    one = await at(storage, clock, -0.5)
    assert await due(storage, clock, Part.AFTER) == []
    clock.forward(DAY)
    assert await due(storage, clock, Part.AFTER) == [one]
    assert await noted(storage, clock, one, Part.AFTER, 0, unasked=True)
    assert await due(storage, clock, Part.AFTER) == []
    other = await at(storage, clock, -2.5, version=2)
    assert await due(storage, clock, Part.AFTER) == [other]
    clock.forward(DAY)
    assert await due(storage, clock, Part.AFTER) == []


@pytest.mark.parametrize("state", ["draft", "cancelled"])
async def test_of_what_does_not_take_place_nothing_is_due(
    storage: Storage, clock: Clock, state: str
) -> None:
    await at(storage, clock, 0.5, state=state)
    assert await due(storage, clock) == []
    await at(storage, clock, -1.5, state=state)
    assert await due(storage, clock, Part.AFTER) == []


async def test_that_it_was_sent_goes_with_the_webinar(storage: Storage, clock: Clock) -> None:
    one = await at(storage, clock, 0.5)
    await noted(storage, clock, one, Part.BEFORE, 0)
    await storage.sweep(clock.now + timedelta(days=40))
    async with storage.reading() as tx:
        assert (await tx.digests.sent("one", 1, Part.BEFORE)).times == 0
