"""Looking up who asked: of whom it may be, what is written down, and for how long."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from dialogue.stages import Stage
from storage import Storage, Transaction
from storage.asking.reveals import AGAIN, DAY, Asker, Behind, Reveal
from storage.community.people import Profile
from storage.outbox import Settlement, State
from storage.roles import Role
from tests.storage.community import Guest, draft, welcome
from tests.storage.conftest import Clock
from tests.storage.moderating import ONE, TWO, brought, following, with_webinars

TICK = timedelta(milliseconds=1)
WHY = "A threat against somebody"
CODE = "123456"


async def nour(storage: Storage, clock: Clock, account: str = "77001") -> Guest:
    """Somebody who told what there is to tell, and comes to all webinars."""
    guest = await welcome(storage, account, clock.now)
    profile = Profile("Nour", "BA", "Asia/Baghdad", "nour@example.org")
    person = replace(guest.person, profile=profile, all_future=True)
    async with storage.transaction() as tx:
        await tx.people.update(person, clock.now)
    return replace(guest, person=person)


async def asked(
    storage: Storage,
    guest: Guest,
    clock: Clock,
    *,
    anonymous: bool = False,
    told: bool = True,
    webinar: str | None = "one",
) -> int:
    """The id of a question of this guest's."""
    async with storage.transaction() as tx:
        question = await tx.questions.add(
            *(guest.person.id, webinar, "question", "Why?", anonymous, "ar", None, clock.now),
            revealable=told,
        )
    return question.id


async def looked_up(
    storage: Storage, question: int, clock: Clock, *, by: int = ONE, code: str = CODE
) -> Asker | None:
    """What an organiser finds out."""
    async with storage.transaction() as tx:
        await tx.reveals.hold()
        return await tx.reveals.reveal(question, by, Role.ORGANISER, WHY, code, clock.now)


async def behind(storage: Storage, question: int) -> Behind | None:
    async with storage.reading() as tx:
        return await tx.reveals.behind(question)


async def books(storage: Storage) -> int:
    """How many rows are kept of it."""
    async with storage.reading() as tx:
        ((rows,),) = await tx.desk.connection.fetch("SELECT COUNT(*) FROM reveals")
    return rows


async def test_whoever_asked_with_their_nickname_is_recognised_and_reached(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guest = await nour(storage, clock)
    async with storage.transaction() as tx:
        await tx.people.update(guest.person, clock.now)
    question = await asked(storage, guest, clock)
    assert await behind(storage, question) is Behind.SOMEBODY
    found = await looked_up(storage, question, clock)
    assert found == Asker(guest.person.profile, (("telegram", "77001"),))
    async with storage.reading() as tx:
        reveal = Reveal(Role.ORGANISER, WHY, clock.now)
        assert await tx.reveals.of(guest.person.id) == [reveal]
        assert await tx.reveals.made_by(ONE) == [reveal]
        assert await tx.reveals.of(ONE) == await tx.reveals.made_by(TWO) == []


async def test_whoever_asked_without_a_name_is_never_looked_up(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guest = await nour(storage, clock)
    question = await asked(storage, guest, clock, anonymous=True)
    for _ in range(2):
        assert await behind(storage, question) is Behind.ANONYMOUS
        assert await looked_up(storage, question, clock) is None
        # Nor when somebody sees to it in the rows: both have to say so.
        async with storage.transaction() as tx:
            await tx.desk.connection.run("UPDATE questions SET revealable = 1")
    assert await books(storage) == 0


async def test_nor_is_whoever_was_not_told_that_it_may_be(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    question = await asked(storage, await nour(storage, clock), clock, told=False)
    assert await behind(storage, question) is Behind.UNTOLD
    assert await looked_up(storage, question, clock) is None
    assert await books(storage) == 0


async def test_nobody_is_behind_what_was_heard_in_the_session(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    async with storage.transaction() as tx:
        heard = await tx.moderation.type_in("one", "Why?", "en", ONE, clock.now)
    assert await behind(storage, heard.id) is Behind.NOBODY
    assert await looked_up(storage, heard.id, clock) is None


async def test_a_question_that_was_taken_back_or_never_was_leads_nowhere(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guest = await nour(storage, clock)
    question = await asked(storage, guest, clock)
    async with storage.transaction() as tx:
        assert await tx.questions.withdraw(guest.person.id, question)
    for id in (question, 1, 2**63 - 1):
        assert await behind(storage, id) is None
        assert await looked_up(storage, id, clock) is None
    assert await books(storage) == 0


async def test_the_way_back_is_erased_with_the_answer_that_arrived(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guest = await nour(storage, clock)
    question = await asked(storage, guest, clock)
    await brought(storage, question, Stage.IN_REVIEW, Stage.APPROVED, now=clock.now)
    answer = draft(storage, guest, "Because.", clock.now, state=State.SENDING)
    async with storage.transaction() as tx:
        await tx.moderation.answer(question, ONE, "Because.", "en", False, clock.now)
        await tx.outbox.add([answer])
        await tx.moderation.note_sent(question, guest.person.id, answer.id)
        await tx.outbox.settle([Settlement(answer.id, State.SENT, "5")])
    assert await behind(storage, question) is Behind.SOMEBODY
    async with storage.transaction() as tx:
        assert await tx.moderation.erase_ways() == 1
    assert await behind(storage, question) is Behind.ERASED
    assert await looked_up(storage, question, clock) is None


async def test_the_way_back_goes_with_the_webinars_key(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    question = await asked(storage, await nour(storage, clock), clock)
    async with storage.transaction() as tx:
        tx.desk.vault.destroy_key("one")
    assert await behind(storage, question) is Behind.ERASED


async def test_each_part_of_a_merged_question_has_its_own_asker(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    first, second = await nour(storage, clock), await nour(storage, clock, "77002")
    root, part = await asked(storage, first, clock), await asked(storage, second, clock)
    await brought(storage, root, Stage.IN_REVIEW, Stage.APPROVED, now=clock.now)
    await brought(storage, part, Stage.IN_REVIEW, now=clock.now)
    async with storage.transaction() as tx:
        assert await tx.moderation.merge(part, root, ONE, clock.now)
    nameless = await following(storage, first, "And why?", root, clock.now)
    found = await looked_up(storage, part, clock)
    assert found is not None
    assert found.accounts == (("telegram", "77002"),)
    assert await behind(storage, nameless) is Behind.ANONYMOUS


async def test_a_form_that_comes_twice_is_one_press_for_a_moment(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    question = await asked(storage, await nour(storage, clock), clock)
    found = await looked_up(storage, question, clock)

    async def pressed(tx: Transaction, by: int = ONE, code: str = CODE) -> Asker | None:
        return await tx.reveals.pressed(question, by, code, clock.now)

    async with storage.reading() as tx:
        assert await pressed(tx) == found
        assert await pressed(tx, by=TWO) is None
        assert await pressed(tx, code="654321") is None
        assert await tx.reveals.pressed(1, ONE, CODE, clock.now) is None
    clock.forward(AGAIN - TICK)
    async with storage.reading() as tx:
        assert await pressed(tx) == found
    clock.forward(TICK)
    async with storage.reading() as tx:
        assert await pressed(tx) is None


async def test_they_are_counted_for_a_day_whoever_did_it(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    question = await asked(storage, await nour(storage, clock), clock)
    for by in (ONE, TWO):
        assert await looked_up(storage, question, clock, by=by)

    async def counted() -> int:
        async with storage.reading() as tx:
            return await tx.reveals.count(clock.now)

    assert await counted() == 2
    clock.forward(DAY - TICK)
    assert await counted() == 2
    clock.forward(TICK)
    assert await counted() == 0


@pytest.mark.parametrize("times", range(3))
async def test_of_two_at_once_one_is_the_last_of_the_day(
    storage: Storage, clock: Clock, times: int
) -> None:
    await with_webinars(storage)
    question = await asked(storage, await nour(storage, clock), clock)
    most = times + 1
    for number in range(times):
        assert await looked_up(storage, question, clock, code=str(number))

    async def tries(by: int) -> bool:
        async with storage.transaction() as tx:
            await tx.reveals.hold()
            if await tx.reveals.count(clock.now) >= most:
                return False
            # Time enough for the other to look as well, if it could.
            await tx.desk.connection.fetch("SELECT COUNT(*) FROM questions")
            return bool(await tx.reveals.reveal(question, by, Role.OWNER, WHY, f"c{by}", clock.now))

    assert sorted(await asyncio.gather(tries(ONE), tries(TWO))) == [False, True]
    assert await books(storage) == most


async def test_it_is_written_down_for_180_days(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    guest = await nour(storage, clock)
    await looked_up(storage, await asked(storage, guest, clock), clock)
    for age in (timedelta(days=40), timedelta(days=180) - TICK):
        async with storage.transaction() as tx:
            # Somebody who is there all the while.
            await tx.people.update(guest.person, clock.now + age)
        await storage.sweep(clock.now + age)
        async with storage.reading() as tx:
            # Longer than the webinar, its key and the question.
            assert [each.reason for each in await tx.reveals.of(guest.person.id)] == [WHY]
            assert [each.reason for each in await tx.reveals.made_by(ONE)] == [WHY]
    await storage.sweep(clock.now + timedelta(days=180))
    assert await books(storage) == 0


async def test_who_is_forgotten_takes_along_what_was_written_of_them(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guest, other = await nour(storage, clock), await nour(storage, clock, "77002")
    for each in (guest, other):
        await looked_up(storage, await asked(storage, each, clock), clock)
    async with storage.transaction() as tx:
        await tx.people.forget(guest.person.id)
        # That it was done, when, and by whom, stays.
        assert [each.reason for each in await tx.reveals.made_by(ONE)] in ([None, WHY], [WHY, None])
        assert await tx.reveals.count(clock.now) == 2
        rows = await tx.desk.connection.fetch(
            "SELECT question, asker_key, key, reason FROM reveals WHERE asker_key IS NULL"
        )
        assert [tuple(row) for row in rows] == [(None, None, None, None)]
        assert len(await tx.reveals.of(other.person.id)) == 1


async def test_an_organiser_who_is_forgotten_leaves_the_books_without_a_name(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guest, olga = await nour(storage, clock), await nour(storage, clock, "77002")
    await looked_up(storage, await asked(storage, guest, clock), clock, by=olga.person.id)
    async with storage.transaction() as tx:
        await tx.people.forget(olga.person.id)
        assert await tx.reveals.made_by(olga.person.id) == []
        assert [each.reason for each in await tx.reveals.of(guest.person.id)] == [WHY]


async def test_of_two_who_become_one_the_books_are_theirs(storage: Storage, clock: Clock) -> None:
    await with_webinars(storage)
    kept, other = await nour(storage, clock), await nour(storage, clock, "77002")
    for webinar in ("one", None):
        question = await asked(storage, other, clock, webinar=webinar)
        await looked_up(storage, question, clock, by=other.person.id)
    async with storage.transaction() as tx:
        assert await tx.people.join(kept.person.id, other.person.id, clock.now)
        assert len(await tx.reveals.of(kept.person.id)) == 2
        assert len(await tx.reveals.made_by(kept.person.id)) == 2
        assert await tx.reveals.behind(question) is Behind.SOMEBODY


SPOILS = (
    "UPDATE people SET profile = :spoilt WHERE id = :person",
    "UPDATE addresses SET account = :spoilt WHERE person = :person",
)


@pytest.mark.parametrize("spoils", [0, 1])
async def test_what_the_disk_has_spoilt_of_somebody_hides_not_the_rest(
    storage: Storage, clock: Clock, spoils: int
) -> None:
    await with_webinars(storage)
    guest = await nour(storage, clock)
    question = await asked(storage, guest, clock)
    values = {"person": guest.person.id, "spoilt": bytes(64)}
    async with storage.transaction() as tx:
        await tx.desk.connection.run(SPOILS[spoils], values)
    found = await looked_up(storage, question, clock)
    whole = Asker(guest.person.profile, (("telegram", "77001"),))
    assert found == (replace(whole, profile=Profile()), replace(whole, accounts=()))[spoils]


async def test_a_reason_that_the_disk_has_spoilt_hides_not_that_it_was(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage)
    guest = await nour(storage, clock)
    await looked_up(storage, await asked(storage, guest, clock), clock)
    async with storage.transaction() as tx:
        await tx.desk.connection.run("UPDATE reveals SET reason = :spoilt", {"spoilt": bytes(64)})
        assert await tx.reveals.of(guest.person.id) == [Reveal(Role.ORGANISER, None, clock.now)]
