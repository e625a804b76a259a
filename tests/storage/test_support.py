"""«Me too»: one voice a person, for what was approved, and nobody can tell whose it is."""

from __future__ import annotations

from storage import Storage
from storage.asking.moderation import Stage
from storage.asking.pseudonyms import asker_key
from storage.asking.support import Offered, Supported
from tests.storage.community import welcome
from tests.storage.conftest import Clock
from tests.storage.moderating import (
    approved,
    ask,
    brought,
    resident,
    supported,
    supports,
    with_webinars,
)


async def test_one_supports_what_others_asked_once_and_may_take_it_back(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    asker, guest = [await resident(storage, n, clock.now) for n in "12"]
    id = await approved(storage, asker, "لماذا؟", clock.now)
    fresh = await ask(storage, asker, "new", clock.now)
    assert await supported(storage, fresh.id, guest) == [False]
    assert await supported(storage, 7, guest) == [False]
    assert await supported(storage, id, asker, guest, guest) == [False, True, False]
    async with storage.transaction() as tx:
        assert await tx.support.offered("one", guest.person.id, 9) == [
            Offered(id, "لماذا؟", "ar", 1, supported=True)
        ]
        assert await tx.support.offered("one", asker.person.id, 9) == []
        assert await tx.support.supported(guest.person.id, None) == frozenset()
        assert await tx.support.of(guest.person.id) == [Supported("one", "لماذا؟")]
        assert await tx.support.of(asker.person.id) == []
        assert await tx.support.withdraw(id, guest.person.id)
        assert not await tx.support.withdraw(id, guest.person.id)
    assert await supports(storage, id) == 0


async def test_an_idea_is_nothing_to_wait_for_an_answer_to(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    asker, guest = [await resident(storage, n, clock.now) for n in "12"]
    async with storage.transaction() as tx:
        idea = await tx.questions.add(
            asker.person.id, "one", "idea", "Trees", True, "en", None, clock.now
        )
    await brought(storage, idea.id, Stage.IN_REVIEW, Stage.APPROVED, now=clock.now)
    async with storage.reading() as tx:
        assert await tx.support.offered("one", guest.person.id, 9) == []


async def test_the_most_supported_are_offered_first_and_page_by_page(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    asker, one, two = [await resident(storage, n, clock.now) for n in "123"]
    ids = [await approved(storage, asker, str(n), clock.now) for n in range(3)]
    await supported(storage, ids[1], one, two)
    await supported(storage, ids[2], one)

    async def offered(limit: int, after: int) -> list[int]:
        async with storage.reading() as tx:
            found = await tx.support.offered("one", two.person.id, limit, after)
        return [each.id for each in found]

    assert await offered(2, 0) == [ids[1], ids[2]]
    assert await offered(2, 2) == [ids[0]]


async def test_what_is_put_to_the_expert_is_not_offered_any_more(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    asker, guest = [await resident(storage, n, clock.now) for n in "12"]
    id = await approved(storage, asker, "?", clock.now)
    await brought(storage, id, Stage.QUEUED, now=clock.now)
    assert await supported(storage, id, guest) == [False]
    async with storage.reading() as tx:
        assert await tx.support.offered("one", guest.person.id, 9) == []


async def test_a_voice_is_sealed_and_the_same_person_has_another_key_elsewhere(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage, "one", "two")
    asker, guest = await resident(storage, "1", clock.now), await welcome(storage, "2", clock.now)
    id = await approved(storage, asker, "?", clock.now)
    await supported(storage, id, guest)
    async with storage.reading() as tx:
        rows = await tx.desk.connection.fetch("SELECT supporter_key, supporter FROM supports")
        keys = {asker_key(tx.desk.vault, guest.person.id, scope) for scope in ("one", "two", None)}
    ((key, sealed),) = rows
    assert len(keys) == 3
    assert key in keys
    assert str(guest.person.id).encode() not in sealed
