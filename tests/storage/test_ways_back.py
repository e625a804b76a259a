"""The ways back to who waits for an answer: kept sealed until it has arrived, and no longer."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from storage import Storage
from storage.asking.handled import token
from storage.asking.moderation import Seen, Stage
from storage.outbox import Settlement, State
from storage.sealing.keyring import Keyring
from storage.sealing.vault import Vault
from tests.storage.community import Guest, draft
from tests.storage.conftest import MASTER, Clock
from tests.storage.moderating import (
    ONE,
    approved,
    ask,
    brought,
    following,
    resident,
    standing,
    supported,
    ways,
    with_webinars,
)


async def on_its_way(storage: Storage, clock: Clock, guest: Guest, question_id: int) -> int:
    """The answer to this question leaves for this guest."""
    row = draft(storage, guest, "answer", clock.now, state=State.SENDING)
    async with storage.transaction() as tx:
        await tx.outbox.add([row])
        await tx.moderation.note_sent(question_id, guest.person.id, row.id)
    return row.id


async def came_to(storage: Storage, clock: Clock, delivery: int, state: State) -> int:
    """That became of it; how many ways back were erased then."""
    async with storage.transaction() as tx:
        await tx.outbox.settle([Settlement(delivery, state, "77")])
    async with storage.transaction() as tx:
        return await tx.moderation.erase_ways()


async def test_a_way_leads_to_the_asker_to_those_who_follow_and_to_supporters(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    asker, follower, fan, both = [await resident(storage, n, clock.now) for n in "1234"]
    root = await approved(storage, asker, "?", clock.now)
    other = await approved(storage, follower, "?", clock.now)
    await supported(storage, root, fan, both)
    await supported(storage, other, asker, both)
    async with storage.transaction() as tx:
        assert await tx.moderation.merge(other, root, ONE, clock.now) is not None
    found = await ways(storage, root)
    assert [(way.question, way.root, way.person) for way in found] == [
        (root, root, asker.person.id), (other, root, follower.person.id),
    ]  # fmt: skip
    supporters = [person for way in found for person in way.supporters]
    assert sorted(supporters) == sorted([fan.person.id, both.person.id])
    assert [way.question for way in await ways(storage, other)] == [other]


async def test_each_asker_is_told_by_themselves(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    asker, follower = [await resident(storage, n, clock.now) for n in "12"]
    root = await approved(storage, asker, "?", clock.now)
    await following(storage, follower, "?", root, clock.now)
    assert [way.told for way in await ways(storage, root)] == [Seen.RECEIVED] * 2
    async with storage.transaction() as tx:
        await tx.moderation.note_told([root], Seen.IN_REVIEW)
    assert [way.told for way in await ways(storage, root)] == [Seen.IN_REVIEW, Seen.RECEIVED]


@pytest.mark.parametrize("state", [State.SENT, State.FAILED, State.SUPPRESSED, State.UNKNOWN])
async def test_the_way_back_is_erased_once_the_answer_has_arrived_and_only_then(
    storage: Storage, clock: Clock, state: State
) -> None:
    await with_webinars(storage)
    asker, fan = [await resident(storage, n, clock.now) for n in "12"]
    root = await approved(storage, asker, "?", clock.now)
    await supported(storage, root, fan)
    async with storage.transaction() as tx:
        assert await tx.moderation.answer(root, ONE, "!", "ar", False, clock.now) is not None
    deliveries = [await on_its_way(storage, clock, guest, root) for guest in (asker, fan)]
    async with storage.transaction() as tx:
        assert await tx.moderation.erase_ways() == 0
    before = await ways(storage, root)
    erased = [await came_to(storage, clock, delivery, state) for delivery in deliveries]
    if state is State.SENT:
        assert erased == [1, 1]
        assert await ways(storage, root) == [replace(before[0], person=None, supporters=())]
    else:
        assert erased == [0, 0]
        assert await ways(storage, root) == before
    # Who asked still finds the answer by themselves, and nobody's voice is lost.
    assert await standing(storage, asker) == {root: Stage.ANSWERED}
    async with storage.transaction() as tx:
        found = await tx.moderation.get(root)
        rows = await tx.desk.connection.fetch(
            "SELECT sent_in FROM questions UNION ALL SELECT sent_in FROM supports"
        )
    assert found is not None
    assert (found.supports, found.nickname) == (1, None)
    assert [tuple(row) for row in rows] == [(None,), (None,)]


async def test_no_row_tells_which_message_answers_which_question(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    asker = await resident(storage, "1", clock.now)
    root = await approved(storage, asker, "?", clock.now)
    delivery = await on_its_way(storage, clock, asker, root)
    async with storage.reading() as tx:
        ((sealed,),) = await tx.desk.connection.fetch("SELECT sent_in FROM questions")
    assert str(delivery).encode() not in sealed
    assert delivery.to_bytes(8, "big") not in sealed


async def test_a_nickname_is_shown_where_its_owner_asked_with_it(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    asker = await resident(storage, "1", clock.now, nick="نورا")
    open_one = await ask(storage, asker, "?", clock.now, anonymous=False)
    hidden = await ask(storage, asker, "?", clock.now)
    async with storage.reading() as tx:
        found = {each.id: each for each in await tx.moderation.changed_since("one", 0)}
    assert (found[open_one.id].nickname, found[hidden.id].nickname) == ("نورا", None)
    delivery = await on_its_way(storage, clock, asker, open_one.id)
    await came_to(storage, clock, delivery, State.SENT)
    async with storage.reading() as tx:
        after = await tx.moderation.get(open_one.id)
    assert after is not None
    assert after.nickname is None
    assert after.asker == found[open_one.id].asker


async def test_an_asker_has_one_token_in_a_webinar_and_another_elsewhere(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage, "one", "two")
    guests = [await resident(storage, str(n), clock.now) for n in range(40)]
    tokens: dict[tuple[int, str | None], set[str]] = {}
    for guest in guests:
        for webinar in ("one", "one", "two", None):
            asked = await ask(storage, guest, "?", clock.now, webinar)
            async with storage.reading() as tx:
                found = await tx.moderation.get(asked.id)
            assert found is not None
            tokens.setdefault((guest.person.id, webinar), set()).add(found.asker)
    assert {len(each) for each in tokens.values()} == {1}
    # Two tokens may be alike, one time in four million.
    assert len({token for each in tokens.values() for token in each}) > 115
    signs = re.compile("#([BCDFGHJKLMNPQRSTVWXZ][2-9]){3}")
    assert all(signs.fullmatch(token) for each in tokens.values() for token in each)


def test_three_hundred_askers_are_not_taken_for_each_other(tmp_path: Path) -> None:
    chance = random.Random(1).randbytes
    vault = Vault(Keyring.make(tmp_path / "keyring.json", MASTER, chance), chance)
    assert len({token(vault, f"asker {number}") for number in range(300)}) == 300


async def test_a_second_answer_reaches_who_was_not_reached_by_the_first(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    asker, fan = [await resident(storage, n, clock.now) for n in "12"]
    root = await approved(storage, asker, "?", clock.now)
    await supported(storage, root, fan)
    await came_to(storage, clock, await on_its_way(storage, clock, asker, root), State.SENT)
    await came_to(storage, clock, await on_its_way(storage, clock, fan, root), State.FAILED)
    await brought(storage, root, Stage.QUEUED, now=clock.now)
    (way,) = await ways(storage, root)
    assert (way.person, way.supporters) == (None, (fan.person.id,))
