"""The interpreters' desk: wanted, claimed, approved, and wanted again when the original changes."""

from __future__ import annotations

from datetime import timedelta

from storage import Storage
from storage.asking.claims import LASTING
from storage.asking.moderation import Claimed, Stage
from storage.asking.texts import ANYWHERE, Text, Translated
from storage.roles import Role
from tests.storage.conftest import Clock
from tests.storage.moderating import (
    ONE,
    TWO,
    approved,
    brought,
    resident,
    with_webinars,
)


async def wanted(storage: Storage, question_id: int, language: str = "en") -> int:
    async with storage.transaction() as tx:
        id = await tx.texts.want(question_id, "question", language)
    assert id is not None
    return id


async def taken(storage: Storage, clock: Clock, staff: int, *skip: int) -> Text | None:
    async with storage.transaction() as tx:
        return await tx.texts.next("one", staff, ["ar", "en"], clock.now, skip)


async def translate(storage: Storage, clock: Clock, id: int, text: str) -> None:
    async with storage.transaction() as tx:
        assert await tx.texts.approve(id, ONE, text, clock.now)


async def test_only_what_was_approved_is_for_others_to_read(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    root = await approved(storage, await resident(storage, "1", clock.now), "لماذا؟", clock.now)
    id = await wanted(storage, root)
    async with storage.transaction() as tx:
        assert await tx.texts.want(root, "question", "en") is None
        assert await tx.texts.undrafted(9) == [id]
        assert await tx.texts.put_draft(id, "Therefore?")
        assert await tx.texts.undrafted(9) == []
        assert await tx.texts.waiting("one", ["ar", "en"]) == 1
        assert await tx.texts.waiting("one", ["ar"]) == 0
    found = await taken(storage, clock, ONE)
    assert found == Text(
        id, root, "one", "question", "en", "لماذا؟", "ar", None, "Therefore?", approved=False,
        claimed_until=clock.now + LASTING,
    )  # fmt: skip
    async with storage.transaction() as tx:
        assert await tx.texts.approved([root]) == []
        version = await tx.moderation.version()
    await translate(storage, clock, id, "Why?")
    async with storage.transaction() as tx:
        assert await tx.texts.approved([root]) == [Translated(root, "question", "en", "Why?")]
        (changed,) = await tx.moderation.changed_since("one", version)
        assert await tx.texts.waiting("one", ["ar", "en"]) == 0
        assert not await tx.texts.put_draft(id, "too late")
        assert not await tx.texts.put_draft(7, "gone")
        assert not await tx.texts.approve(7, ONE, "gone", clock.now)
    assert changed.id == root


async def test_two_interpreters_do_not_take_the_same_text(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    guest = await resident(storage, "1", clock.now)
    ids = [await wanted(storage, await approved(storage, guest, "?", clock.now)) for _ in range(2)]
    mine, theirs = await taken(storage, clock, ONE), await taken(storage, clock, TWO)
    assert mine is not None
    assert theirs is not None
    assert sorted([mine.id, theirs.id]) == sorted(ids)
    assert await taken(storage, clock, 13) is None
    async with storage.transaction() as tx:
        assert await tx.texts.claim(mine.id, TWO, clock.now) == Claimed(Role.INTERPRETER)
        assert not await tx.texts.approve(mine.id, TWO, "mine", clock.now)
        assert not await tx.texts.release(mine.id, TWO)
        assert await tx.texts.claim(7, TWO, clock.now) is None
        assert await tx.texts.release(mine.id, ONE)
    again = await taken(storage, clock, 13)
    assert again is not None
    assert again.id == mine.id
    clock.forward(timedelta(minutes=5))
    late = await taken(storage, clock, ONE, theirs.id)
    assert late is not None


async def test_what_is_put_now_is_needed_first(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    guest = await resident(storage, "1", clock.now)
    questions = [await approved(storage, guest, str(n), clock.now) for n in range(3)]
    ids = [await wanted(storage, question) for question in questions]
    await brought(storage, questions[1], Stage.QUEUED, now=clock.now)
    await brought(storage, questions[2], Stage.QUEUED, Stage.LIVE, now=clock.now)
    order: list[int] = []
    while (found := await taken(storage, clock, ONE, *order)) is not None:
        order.append(found.id)
    assert order == [ids[2], ids[1], ids[0]]


async def test_a_text_that_the_disk_has_spoilt_keeps_nobody_from_the_others(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guest = await resident(storage, "1", clock.now)
    first, other = [await approved(storage, guest, text, clock.now) for text in ("a", "b")]
    await wanted(storage, first)
    id = await wanted(storage, other)
    async with storage.transaction() as tx:
        values = {"spoilt": bytes(64), "id": first}
        await tx.desk.connection.run("UPDATE questions SET text = :spoilt WHERE id = :id", values)
    found = await taken(storage, clock, ONE)
    assert found is not None
    assert found.id == id
    assert await taken(storage, clock, ONE, id) is None


async def test_nobody_translates_what_will_not_be_put(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    guest = await resident(storage, "1", clock.now)
    root, declined, child = [await approved(storage, guest, "?", clock.now) for _ in range(3)]
    for question in (declined, child):
        await wanted(storage, question)
    await brought(storage, declined, Stage.DECLINED, now=clock.now)
    async with storage.transaction() as tx:
        assert await tx.moderation.merge(child, root, ONE, clock.now) is not None
    assert await taken(storage, clock, ONE) is None


async def test_what_was_translated_is_wanted_again_when_it_reads_otherwise(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guest = await resident(storage, "1", clock.now)
    root = await approved(storage, guest, "لماذا؟", clock.now)
    id = await wanted(storage, root)
    await translate(storage, clock, id, "Why?")
    async with storage.transaction() as tx:
        edited = await tx.moderation.edit(root, ONE, "متى؟", clock.now)
        assert await tx.texts.approved([root]) == []
    assert edited is not None
    assert (edited.text, edited.original) == ("متى؟", "لماذا؟")
    found = await taken(storage, clock, ONE)
    assert found is not None
    # What stood there before helps whoever puts it into words again.
    assert (found.original, found.text, found.approved) == ("متى؟", "Why?", False)


async def test_an_answer_is_put_from_the_language_that_it_was_given_in(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    root = await approved(storage, await resident(storage, "1", clock.now), "?", clock.now)
    async with storage.transaction() as tx:
        await tx.moderation.answer(root, ONE, "Because", "en", True, clock.now)
        id = await tx.texts.want(root, "answer", "ar")
        assert id is not None
        found = await tx.texts.get(id)
        assert found is not None
        assert (found.original, found.original_language) == ("Because", "en")
        assert await tx.texts.approve(id, ONE, "لأن", clock.now)
        await tx.moderation.answer(root, ONE, "Because of it", "en", True, clock.now)
        assert await tx.texts.approved([root]) == []


async def test_the_askers_own_words_are_theirs_whatever_is_put(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guest = await resident(storage, "1", clock.now)
    root = await approved(storage, guest, "why", clock.now)
    async with storage.transaction() as tx:
        await tx.moderation.edit(root, ONE, "Why?", clock.now)
        twice = await tx.moderation.edit(root, ONE, "Why, please?", clock.now)
        (own,) = await tx.questions.of(guest.person.id)
        undone = await tx.moderation.edit(root, ONE, "why", clock.now)
    assert twice is not None
    assert undone is not None
    assert (twice.text, twice.original, own.text) == ("Why, please?", "why", "why")
    assert (undone.text, undone.original) == ("why", None)


async def test_a_text_is_for_those_who_know_both_of_its_languages(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    root = await approved(storage, await resident(storage, "1", clock.now), "لماذا؟", clock.now)
    english, italian = [await wanted(storage, root, code) for code in ("en", "it")]
    # It is in that language already.
    await wanted(storage, root, "ar")
    async with storage.transaction() as tx:
        for languages, found in (
            (["ar", "en"], [english]),
            (["it", "ar"], [italian]),
            (["en", "it"], []),
            (["ar", "en", "it"], sorted([english, italian])),
        ):
            listed = await tx.texts.listed("one", languages, 9)
            assert sorted(each.id for each in listed) == found
            assert await tx.texts.waiting(ANYWHERE, languages) == len(found)
        assert await tx.texts.listed("two", ["ar", "en"], 9) == []
        assert await tx.texts.listed(None, ["ar", "en"], 9) == []


async def test_nothing_is_made_of_words_that_were_changed_meanwhile(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    root = await approved(storage, await resident(storage, "1", clock.now), "لماذا؟", clock.now)
    id = await wanted(storage, root)
    async with storage.transaction() as tx:
        assert await tx.moderation.edit(root, ONE, "متى؟", clock.now) is not None
        assert not await tx.texts.put_draft(id, "Why?", "لماذا؟")
        assert not await tx.texts.approve(id, ONE, "Why?", clock.now, "لماذا؟")
        assert await tx.texts.undrafted(9) == [id]
        assert await tx.texts.undrafted(9, [id]) == []
        assert await tx.texts.put_draft(id, "When?", "متى؟")
        assert await tx.texts.approve(id, ONE, "When?", clock.now, "متى؟")


async def test_what_its_asker_puts_otherwise_was_translated_by_nobody(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guest = await resident(storage, "1", clock.now)
    root = await approved(storage, guest, "لماذا؟", clock.now)
    id = await wanted(storage, root)
    await translate(storage, clock, id, "Why?")
    async with storage.transaction() as tx:
        assert await tx.questions.rewrite(guest.person.id, root, "متى؟", None)
        assert await tx.texts.approved([root]) == []
        assert await tx.texts.get(id) is None
        assert await tx.texts.claim(id, ONE, clock.now) is None


async def test_who_has_a_text_in_hand_is_told_by_role_and_holds_it_on(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guest = await resident(storage, "1", clock.now)
    first, second = [
        await wanted(storage, await approved(storage, guest, "?", clock.now)) for _ in range(2)
    ]
    staff = await resident(storage, "2", clock.now)
    async with storage.transaction() as tx:
        invitation = await tx.staff.invite(Role.MODERATOR, None, clock.now)
        await tx.staff.redeem(invitation.token, staff.person.id, clock.now)
        await tx.staff.activate(staff.person.id)
        assert await tx.texts.holders([first, second], clock.now) == {}
        await tx.texts.claim(first, staff.person.id, clock.now)
        # Whose role has ended was an interpreter to all who ask.
        await tx.texts.claim(second, ONE, clock.now)
        roles = {first: Claimed(Role.MODERATOR), second: Claimed(Role.INTERPRETER)}
        assert await tx.texts.holders([first, second, 7], clock.now) == roles
        later = clock.forward(LASTING - timedelta(minutes=1))
        assert await tx.texts.hold(first, staff.person.id, later)
        assert not await tx.texts.hold(second, staff.person.id, later)
        clock.forward(timedelta(minutes=2))
        assert await tx.texts.holders([first, second], clock.now) == {first: roles[first]}
