"""A few rows go ahead of the others of a broadcast, on one of its channels."""

from __future__ import annotations

from storage import Storage
from tests.storage.conftest import Clock
from tests.storage.crowd import claim, frozen, resident


async def test_only_those_ahead_are_claimed_until_all_may_go(
    storage: Storage, clock: Clock
) -> None:
    for number in range(4):
        await resident(storage, f"{number}", clock.now, language="ar" if number % 2 else "en")
    made = await frozen(storage, clock.now)
    async with storage.transaction() as tx:
        assert await tx.ahead.hold(made.id, "telegram")
        assert await tx.outbox.next_due("telegram") is None
    assert await claim(storage, clock.now) == []
    async with storage.transaction() as tx:
        assert await tx.ahead.languages(made.id, "telegram") == ["ar", "en"]
        first = await tx.ahead.first(made.id, "telegram", "ar", 0, clock.now)
        assert first is not None
        second = await tx.ahead.first(made.id, "telegram", "ar", first, clock.now)
        assert second is not None
        assert await tx.ahead.first(made.id, "telegram", "ar", second, clock.now) is None
        await tx.ahead.hold(made.id, "telegram", [second])
    assert [delivery.id for delivery in await claim(storage, clock.now)] == [second]
    async with storage.transaction() as tx:
        await tx.ahead.release(made.id)
    assert len(await claim(storage, clock.now)) == 3


async def test_other_channels_and_other_broadcasts_go_on(storage: Storage, clock: Clock) -> None:
    await resident(storage, "anna", clock.now)
    await resident(storage, "omar", clock.now, channel="whatsapp")
    held, other = await frozen(storage, clock.now), await frozen(storage, clock.now)
    async with storage.transaction() as tx:
        await tx.ahead.hold(held.id, "telegram")
    (there,) = await claim(storage, clock.now)
    assert there.bulk is not None
    assert there.bulk.broadcast == other.id
    assert len(await claim(storage, clock.now, channel="whatsapp")) == 1


async def test_what_is_over_holds_nobody(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        assert not await tx.ahead.hold(7, "telegram")
