"""Who is not heard: silently in one webinar, or nowhere at all; and how questions are taken."""

from __future__ import annotations

from datetime import timedelta

from storage import Storage
from storage.asking.hush import LASTING
from storage.asking.intake import Taking
from storage.asking.moderation import Order, Stage
from tests.storage.community import welcome
from tests.storage.conftest import Clock
from tests.storage.moderating import (
    ONE,
    approved,
    ask,
    given,
    resident,
    standing,
    with_webinars,
)

TICK = timedelta(milliseconds=1)


async def shown(storage: Storage, webinar: str = "one") -> list[int]:
    """What a board of this webinar has, in whichever way it asks."""
    async with storage.reading() as tx:
        changed = await tx.moderation.changed_since(webinar, 0)
        ids = await tx.moderation.ids(webinar)
        counts = await tx.moderation.counts(webinar)
    assert {each.id for each in changed} == ids
    assert sum(counts.values()) == len(ids)
    return sorted(ids)


async def test_who_is_muted_sees_their_question_received_and_nobody_else_sees_it(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage, "one", "two")
    loud, other = [await resident(storage, n, clock.now) for n in "12"]
    before = await approved(storage, loud, "approved before", clock.now)
    first = await ask(storage, loud, "!", clock.now)
    theirs = await ask(storage, other, "?", clock.now)
    async with storage.transaction() as tx:
        version = await tx.moderation.version()
        assert await tx.hush.mute(first.id, clock.now)
        assert await tx.moderation.version() > version
    later = await ask(storage, loud, "!!", clock.now)
    elsewhere = await ask(storage, loud, "?", clock.now, "two")
    assert await shown(storage) == sorted([before, theirs.id])
    assert await shown(storage, "two") == [elsewhere.id]
    found = await given(storage, ONE, clock.now)
    assert found is not None
    assert found.id == theirs.id
    seen = await standing(storage, loud)
    assert (seen[first.id], seen[later.id]) == (Stage.RECEIVED, Stage.RECEIVED)
    async with storage.transaction() as tx:
        assert await tx.hush.is_muted(loud.person.id, "one", clock.now)
        assert not await tx.hush.is_muted(loud.person.id, "two", clock.now)
        assert not await tx.hush.is_muted(other.person.id, "one", clock.now)
        assert await tx.hush.unmute(before)
        assert not await tx.hush.unmute(before)
    assert await shown(storage) == sorted([before, theirs.id, first.id, later.id])


async def test_a_mute_ends_with_its_time(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    loud = await resident(storage, "1", clock.now)
    asked = await ask(storage, loud, "!", clock.now)
    async with storage.transaction() as tx:
        await tx.hush.mute(asked.id, clock.now, timedelta(minutes=10))
    assert await given(storage, ONE, clock.now + timedelta(minutes=10) - TICK) is None
    clock.forward(timedelta(minutes=10))
    async with storage.reading() as tx:
        version = await tx.moderation.version()
    await storage.sweep(clock.now)
    async with storage.reading() as tx:
        (shown_again,) = await tx.moderation.changed_since("one", version)
    found = await given(storage, ONE, clock.now)
    assert found is not None
    assert found.id == shown_again.id == asked.id


async def test_who_is_blocked_is_known_on_every_account_and_after_forgetting_for_ninety_days(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    bad, other = await welcome(storage, "1", clock.now), await welcome(storage, "2", clock.now)
    asked = await ask(storage, bad, "!", clock.now)
    async with storage.transaction() as tx:
        assert await tx.hush.block(asked.id, clock.now)
        assert await tx.hush.is_blocked(bad.person.id, clock.now)
        assert not await tx.hush.is_blocked(other.person.id, clock.now)
        await tx.people.forget(bad.person.id)
    again = await welcome(storage, "1", clock.now)
    assert again.person.id != bad.person.id
    async with storage.transaction() as tx:
        assert await tx.hush.is_blocked(again.person.id, clock.now + LASTING - TICK)
        assert not await tx.hush.is_blocked(again.person.id, clock.now + LASTING)
        rows = await tx.desk.connection.fetch("SELECT key FROM hushed")
        keys = await tx.desk.connection.fetch("SELECT key FROM address_keys")
    # The code tells nothing: it is none of those by which accounts are found.
    assert len(rows) == 1
    assert rows[0][0] not in {row[0] for row in keys}


async def test_a_block_can_be_taken_back_and_needs_somebody(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    guest = await welcome(storage, "1", clock.now)
    asked = await ask(storage, guest, "!", clock.now)
    async with storage.transaction() as tx:
        typed = await tx.moderation.type_in("one", "heard", "en", ONE, clock.now)
        for nobody in (typed.id, 7):
            assert not await tx.hush.block(nobody, clock.now)
            assert not await tx.hush.mute(nobody, clock.now)
            assert not await tx.hush.unblock(nobody)
            assert not await tx.hush.unmute(nobody)
            assert await tx.hush.strike(nobody) == 0
        assert not await tx.hush.unblock(asked.id)
        await tx.hush.block(asked.id, clock.now)
        assert await tx.hush.unblock(asked.id)
        assert not await tx.hush.is_blocked(guest.person.id, clock.now)
        assert not await tx.hush.is_muted(guest.person.id, "one", clock.now)


async def test_strikes_are_shown_with_all_that_somebody_asks_in_a_webinar(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage, "one", "two")
    loud, other = [await resident(storage, n, clock.now) for n in "12"]
    asked = [await ask(storage, loud, "!", clock.now) for _ in range(2)]
    elsewhere = await ask(storage, loud, "!", clock.now, "two")
    theirs = await ask(storage, other, "?", clock.now)
    async with storage.transaction() as tx:
        assert [await tx.hush.strike(asked[0].id) for _ in range(2)] == [1, 2]
        ids = [asked[0].id, asked[1].id, elsewhere.id, theirs.id]
        found = [await tx.moderation.get(id) for id in ids]
    assert [each and each.strikes for each in found] == [2, 2, 0, 0]


async def test_questions_are_taken_as_was_said_last(storage: Storage, clock: Clock) -> None:
    slow = Taking(paused=True, slow=timedelta(minutes=2))
    async with storage.transaction() as tx:
        assert await tx.intake.get("one") == Taking()
        await tx.intake.set("one", slow)
        assert await tx.intake.get("one") == slow
        assert await tx.intake.get(None) == Taking()
        await tx.intake.set("one", Taking())
        assert await tx.intake.get("one") == Taking()


async def test_what_a_moderator_types_in_is_approved_and_nobodys(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    async with storage.transaction() as tx:
        typed = await tx.moderation.type_in("one", "سؤال من القاعة", "ar", ONE, clock.now)
        (way,) = await tx.moderation.askers([typed.id])
    assert (typed.text, typed.stage, typed.source) == ("سؤال من القاعة", Stage.APPROVED, "session")
    assert (typed.asker, typed.nickname, way.person) == ("", None, None)
    found = await given(storage, ONE, clock.now, Order.FAIR)
    assert found is not None
    assert found.id == typed.id
