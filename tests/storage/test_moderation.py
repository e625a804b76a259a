"""Questions in the hands of moderators: claimed, brought on, put in other words, put together."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage import Storage
from storage.asking.claims import LASTING
from storage.asking.moderation import Claimed, Handled, Order, Stage
from storage.community.staff import Role
from storage.sealing.vault import Field
from tests.storage.community import welcome
from tests.storage.conftest import Clock
from tests.storage.moderating import (
    ONE,
    TWO,
    approved,
    ask,
    brought,
    following,
    given,
    resident,
    standing,
    with_webinars,
)

MINUTE = timedelta(minutes=1)
SPOILT = "UPDATE people SET profile = :spoilt WHERE id = :id"


async def test_a_question_goes_all_the_way_and_its_asker_sees_how_far(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guest = await welcome(storage, "1", clock.now)
    asked = await ask(storage, guest, "لماذا؟", clock.now)
    taken = await given(storage, ONE, clock.now)
    assert taken is not None
    assert (taken.id, taken.text, taken.stage) == (asked.id, "لماذا؟", Stage.IN_REVIEW)
    versions = [taken.version]
    for stage in (Stage.APPROVED, Stage.QUEUED, Stage.LIVE, Stage.FOLLOW_UP):
        versions.append((await brought(storage, asked.id, stage, now=clock.now)).version)
        assert await standing(storage, guest) == {asked.id: stage}
    assert versions == sorted(set(versions))
    async with storage.transaction() as tx:
        done = await tx.moderation.answer(asked.id, ONE, "لأن", "ar", True, clock.now)
        (own,) = await tx.questions.of(guest.person.id)
    assert done is not None
    assert (done.stage, done.answer, done.answer_public) == (Stage.ANSWERED, "لأن", True)
    assert (own.state, own.answer) == (Stage.ANSWERED, "لأن")


async def test_two_at_once_get_two_and_a_claim_is_told_by_role(
    storage: Storage, clock: Clock
) -> None:
    guest, member = await welcome(storage, "1", clock.now), await welcome(storage, "2", clock.now)
    await with_webinars(storage)
    async with storage.transaction() as tx:
        offer = await tx.staff.invite(Role.ORGANISER, None, clock.now)
        await tx.staff.redeem(offer.token, member.person.id, clock.now)
        await tx.staff.activate(member.person.id)
    ids = [(await ask(storage, guest, str(n), clock.now)).id for n in range(2)]
    mine = await given(storage, member.person.id, clock.now)
    again = await given(storage, member.person.id, clock.now)
    theirs = await given(storage, TWO, clock.now)
    assert [found and found.id for found in (mine, again, theirs)] == [ids[0], ids[0], ids[1]]
    assert await given(storage, 13, clock.now) is None
    async with storage.transaction() as tx:
        assert await tx.moderation.claim(ids[0], TWO, clock.now) == Claimed(Role.ORGANISER)
        assert await tx.moderation.move(ids[0], TWO, Stage.APPROVED, clock.now) is None
        assert await tx.moderation.edit(ids[0], TWO, "x", clock.now) is None
        assert not await tx.moderation.release(ids[0], TWO)
    clock.forward(5 * MINUTE)
    late = await given(storage, TWO, clock.now, Order.OLDEST, ids[1])
    assert late is not None
    assert late.id == ids[0]
    async with storage.transaction() as tx:
        gone = await tx.moderation.move(ids[0], member.person.id, Stage.APPROVED, clock.now)
    assert gone is None


async def test_what_is_released_is_as_it_was(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    guest = await welcome(storage, "1", clock.now)
    fresh = await ask(storage, guest, "fresh", clock.now)
    ready = await approved(storage, guest, "ready", clock.now)
    declined = await ask(storage, guest, "declined", clock.now)
    await brought(storage, declined.id, Stage.IN_REVIEW, now=clock.now)
    async with storage.transaction() as tx:
        await tx.moderation.move(declined.id, ONE, Stage.DECLINED, clock.now, "off topic")
        assert await tx.moderation.move(declined.id, ONE, Stage.IN_REVIEW, clock.now) is not None
        for id in (fresh.id, ready):
            assert isinstance(await tx.moderation.claim(id, ONE, clock.now), Handled)
        for id in (fresh.id, ready, declined.id):
            assert await tx.moderation.release(id, ONE)
    assert await standing(storage, guest) == {
        fresh.id: Stage.RECEIVED, ready: Stage.APPROVED, declined.id: Stage.DECLINED,
    }  # fmt: skip


@pytest.mark.parametrize("to", [Stage.QUEUED, Stage.LIVE, Stage.ANSWERED, Stage.FOLLOW_UP])
async def test_no_stage_is_passed_over(sqlite: Storage, clock: Clock, to: Stage) -> None:
    await with_webinars(sqlite)
    asked = await ask(sqlite, await welcome(sqlite, "1", clock.now), "?", clock.now)
    await brought(sqlite, asked.id, Stage.IN_REVIEW, now=clock.now)
    async with sqlite.transaction() as tx:
        assert await tx.moderation.move(asked.id, ONE, to, clock.now) is None
        for never in (Stage.MERGED, Stage.WITHDRAWN, Stage.RECEIVED):
            with pytest.raises(ValueError, match=never):
                await tx.moderation.move(asked.id, ONE, never, clock.now)


async def test_a_merged_question_follows_the_other_all_the_way(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    first, second = await resident(storage, "1", clock.now), await resident(storage, "2", clock.now)
    root = await approved(storage, first, "A?", clock.now)
    child = await following(storage, second, "a?", root, clock.now)
    for stage in (Stage.QUEUED, Stage.LIVE):
        await brought(storage, root, stage, now=clock.now)
        assert await standing(storage, second) == {child: stage}
    async with storage.transaction() as tx:
        await tx.moderation.answer(root, ONE, "Because", "en", False, clock.now)
        (own,) = await tx.questions.of(second.person.id)
        seen = await tx.moderation.get(child)
    assert (own.text, own.state, own.answer) == ("a?", Stage.ANSWERED, "Because")
    assert seen is not None
    assert (seen.stage, seen.merged) == (Stage.MERGED, root)


async def test_a_board_goes_on_from_what_it_saw_and_misses_nothing_of_one_change(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guest = await welcome(storage, "1", clock.now)
    ids = [(await ask(storage, guest, str(n), clock.now)).id for n in range(7)]
    async with storage.transaction() as tx:
        await tx.hush.strike(ids[0])
    await ask(storage, guest, "later", clock.now)
    pages: list[list[Handled]] = []
    version = 0
    async with storage.reading() as tx:
        while page := await tx.moderation.changed_since("one", version, 3):
            pages.append(page)
            version = page[-1].version
    assert [len(page) for page in pages] == [7, 1]
    assert {each.id for each in pages[0]} == set(ids)


async def test_what_was_asked_before_there_were_moderators_is_shown(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    old = """
    INSERT INTO questions (id, webinar, kind, text, anonymous, language, state, ordinal, hour)
    VALUES (7, 'one', 'question', :text, 1, 'ar', 'received', 1, 0)
    """
    async with storage.transaction() as tx:
        vault = tx.desk.vault
        text = vault.seal_for("one", "?", Field("questions", "text", 7))
        await tx.desk.connection.run(old, {"text": text})
        assert [each.id for each in await tx.moderation.changed_since("one", 0)] == [7]
    found = await given(storage, ONE, clock.now)
    assert found is not None
    assert (found.id, found.asker) == (7, "")


async def test_those_at_some_stages_are_listed_the_last_changed_first(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guest = await welcome(storage, "1", clock.now)
    first, second, third = [await approved(storage, guest, str(n), clock.now) for n in range(3)]
    await brought(storage, first, Stage.QUEUED, now=clock.now)
    stages = (Stage.APPROVED, Stage.QUEUED)
    async with storage.reading() as tx:
        listed = [each.id for each in await tx.moderation.listed("one", stages, 2)]
        at_one = [each.id for each in await tx.moderation.listed("one", stages[:1], 9)]
    assert listed == [first, third]
    assert at_one == [third, second]


async def test_nobody_answers_what_was_not_approved_or_what_another_has_in_hand(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guest = await welcome(storage, "1", clock.now)
    fresh = await ask(storage, guest, "?", clock.now)
    ready = await approved(storage, guest, "?", clock.now)
    async with storage.transaction() as tx:
        await tx.moderation.claim(ready, ONE, clock.now)
        for id, staff in ((fresh.id, ONE), (ready, TWO), (7, ONE)):
            answered = await tx.moderation.answer(id, staff, "!", "ar", False, clock.now)
            assert answered is None
        assert await tx.moderation.holder(ready, TWO, clock.now) == Claimed(Role.MODERATOR)
        held = await tx.moderation.holders([ready, 1], clock.now)
        assert held == {ready: Claimed(Role.MODERATOR)}
        assert await tx.moderation.holder(ready, ONE, clock.now) is None
        assert await tx.moderation.answer(ready, ONE, "!", "ar", False, clock.now) is not None
        assert await tx.moderation.holder(ready, TWO, clock.now) is None


async def test_one_profile_that_the_disk_has_spoilt_takes_no_question_away(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    for account in ("Amal", "Basma"):
        guest = await resident(storage, account, clock.now, nick=account)
        await ask(storage, guest, f"{account}?", clock.now, anonymous=False)
        if account == "Amal":
            async with storage.transaction() as tx:
                await tx.desk.connection.run(SPOILT, {"id": guest.person.id, "spoilt": bytes(64)})
    async with storage.reading() as tx:
        found = await tx.moderation.changed_since("one", 0)
    assert [(each.text, each.nickname) for each in found] == [("Amal?", None), ("Basma?", "Basma")]


async def test_who_holds_a_question_holds_it_on_until_they_put_it_down(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    ready = await approved(storage, await welcome(storage, "1", clock.now), "?", clock.now)
    async with storage.transaction() as tx:
        assert not await tx.moderation.hold(ready, ONE, clock.now)
        await tx.moderation.claim(ready, ONE, clock.now)
        assert not await tx.moderation.hold(ready, TWO, clock.now)
        later = clock.forward(LASTING - MINUTE)
        assert await tx.moderation.hold(ready, ONE, later)
        found = await tx.moderation.get(ready)
        assert found is not None
        assert found.claimed_until == later + LASTING
        assert await tx.moderation.release(ready, ONE)
        assert not await tx.moderation.hold(ready, ONE, later)
