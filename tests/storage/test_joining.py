"""One person of two: all that either had is theirs, and nothing comes twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from storage import Storage
from storage.broadcasting.broadcasts import Kind, Phase, Rule
from storage.community.people import Consent, Profile
from storage.community.registrations import Registration
from storage.community.staff import Role
from storage.outbox import State
from storage.turns import Found, Kept
from tests.storage.community import Guest, draft, webinar, welcome
from tests.storage.conftest import MASTER, Clock
from tests.storage.crowd import (
    announced,
    claim,
    freeze,
    frozen,
    phase,
    recipients,
    register,
    resident,
    settle,
)
from tests.storage.test_restoring import Backup

HOUR = timedelta(hours=1)
WHATSAPP = "whatsapp"


async def two(storage: Storage, clock: Clock) -> tuple[Guest, Guest]:
    """Who is kept, on WhatsApp, and whom they were besides, on Telegram."""
    kept = await resident(storage, "whatsapp:+9647", clock.now, channel=WHATSAPP)
    return kept, await resident(storage, "77001", clock.now)


async def in_order(storage: Storage, clock: Clock, *, kept_first: bool) -> tuple[Guest, Guest]:
    """The same, where a broadcast passes the one that is kept first, or last."""
    one, other = await two(storage, clock)
    while (one.person.id < other.person.id) is not kept_first:
        async with storage.transaction() as tx:
            await tx.people.forget(other.person.id)
        other = await resident(storage, "77001", clock.now)
    return one, other


async def join(storage: Storage, kept: Guest, other: Guest, clock: Clock) -> None:
    async with storage.transaction() as tx:
        assert await tx.people.join(kept.person.id, other.person.id, clock.now)


async def with_webinars(storage: Storage, *ids: str) -> None:
    async with storage.transaction() as tx:
        for id in ids:
            await tx.webinars.put(webinar(id))


async def test_both_accounts_lead_to_one_person(storage: Storage, clock: Clock) -> None:
    kept, other = await two(storage, clock)
    await join(storage, kept, other, clock)
    async with storage.reading() as tx:
        for guest in (kept, other):
            address = await tx.people.find(guest.arrival.channel, guest.arrival.account)
            assert address == replace(guest.address, person=kept.person.id, linked=True)
        assert await tx.people.get(other.person.id) is None
        assert len(await tx.people.addresses(kept.person.id)) == 2


async def test_nobody_is_joined_with_themselves_or_with_nobody(
    storage: Storage, clock: Clock
) -> None:
    kept, other = await two(storage, clock)
    async with storage.transaction() as tx:
        for one, with_whom in ((kept, kept.person.id), (kept, 12345)):
            assert await tx.people.join(one.person.id, with_whom, clock.now) is None
        assert await tx.people.join(12345, other.person.id, clock.now) is None
        assert await tx.people.get(kept.person.id) == kept.person
        assert await tx.people.get(other.person.id) == other.person


async def test_what_one_has_told_stands_and_the_other_fills_in(
    storage: Storage, clock: Clock
) -> None:
    kept, other = await welcome(storage, "1", clock.now), await welcome(storage, "2", clock.now)
    mine = replace(kept.person, profile=Profile(nickname="Anna"), announcements=False)
    theirs = replace(
        other.person,
        language="en",
        profile=Profile("Nora", "BA", "Europe/Rome", "a@example.org"),
        text_only=True,
        all_future=True,
    )
    async with storage.transaction() as tx:
        await tx.people.update(mine, clock.now)
        await tx.people.update(theirs, clock.now)
        joined = await tx.people.join(mine.id, theirs.id, clock.now)
        assert await tx.people.get(mine.id) == joined
    assert joined == replace(
        mine,
        profile=Profile("Anna", "BA", "Europe/Rome", "a@example.org"),
        text_only=True,
        all_future=True,
    )


async def test_all_registrations_stay_and_of_two_the_one_with_answers(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage, "one", "two", "three", "four")
    kept, other = await two(storage, clock)
    a, b = kept.person.id, other.person.id
    async with storage.transaction() as tx:
        put = tx.registrations.put
        only_mine = await put(a, "one", {"from": "mine"}, clock.now)
        only_theirs = await put(b, "two", {"from": "theirs"}, clock.now)
        await put(a, "three", {"from": None}, clock.now, approved=False)
        answered = await put(b, "three", {"from": "theirs"}, clock.now + HOUR)
        mine = await put(a, "four", {"from": "mine"}, clock.now)
        await put(b, "four", {"from": "theirs"}, clock.now)
        await tx.registrations.note_told(b, "four")
    await join(storage, kept, other, clock)
    async with storage.reading() as tx:
        found = {r.webinar: r for r in await tx.registrations.of(a)}
        assert await tx.registrations.of(b) == []
        assert [await tx.registrations.count(w) for w in found] == [1, 1, 1, 1]
    assert found == {
        "one": only_mine,
        "two": replace(only_theirs, person=a),
        "three": Registration(answered.id, a, "three", {"from": "theirs"}, approved=True),
        "four": replace(mine, told=True),
    }


async def test_what_the_other_asked_is_theirs_to_see_change_and_take_back(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage, "one")
    kept, other = await two(storage, clock)
    a, b = kept.person.id, other.person.id
    async with storage.transaction() as tx:
        mine = await tx.questions.add(a, "one", "question", "?", True, "ar", "1", clock.now)
        theirs = await tx.questions.add(b, "one", "question", "؟", True, "ar", "77", clock.now)
        idea = await tx.questions.add(b, None, "idea", "!", False, "en", None, clock.now)
    await join(storage, kept, other, clock)
    async with storage.transaction() as tx:
        assert await tx.questions.of(a) == [idea, theirs, mine]
        assert await tx.questions.by_message(a, "77") == theirs
        assert await tx.questions.rewrite(a, theirs.id, "changed", "78")
        assert await tx.questions.withdraw(a, idea.id)
        assert not await tx.questions.withdraw(b, mine.id)
        forgotten = await tx.people.forget(a)
        assert len(forgotten.addresses) == 2
        rows = await tx.desk.connection.fetch("SELECT asker FROM questions")
    assert rows == []


async def test_each_consent_is_kept_with_where_it_was_given(storage: Storage, clock: Clock) -> None:
    kept, other = await two(storage, clock)
    async with storage.transaction() as tx:
        newer = Consent("2", "ffff", "en")
        await tx.people.consent(other.person.id, newer, clock.now + HOUR, "telegram")
    await join(storage, kept, other, clock)
    async with storage.reading() as tx:
        given = await tx.people.consents(kept.person.id)
    assert sorted((each.version, each.channel) for each in given) == [
        ("1", "telegram"), ("1", WHATSAPP), ("2", "telegram"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mine", "theirs", "stays"),
    [
        (None, None, None),
        ((Role.MODERATOR, True), None, (Role.MODERATOR, True)),
        (None, (Role.ORGANISER, True), (Role.ORGANISER, True)),
        (None, (Role.OWNER, False), (Role.OWNER, False)),
        ((Role.MODERATOR, True), (Role.ORGANISER, True), (Role.ORGANISER, True)),
        ((Role.OWNER, True), (Role.ORGANISER, True), (Role.OWNER, True)),
        ((Role.SPEAKER, True), (Role.OWNER, False), (Role.SPEAKER, True)),
        ((Role.ORGANISER, False), (Role.MODERATOR, False), (Role.ORGANISER, False)),
    ],
)
async def test_a_role_stays_and_none_begins_by_joining(
    sqlite: Storage,
    clock: Clock,
    mine: tuple[Role, bool] | None,
    theirs: tuple[Role, bool] | None,
    stays: tuple[Role, bool] | None,
) -> None:
    kept, other = await two(sqlite, clock)
    async with sqlite.transaction() as tx:
        for guest, role in ((kept, mine), (other, theirs)):
            if role is not None:
                put = "INSERT INTO staff VALUES (:person, :role, :state, '', 0)"
                state = "active" if role[1] else "waiting"
                values = {"person": guest.person.id, "role": role[0], "state": state}
                await tx.desk.connection.run(put, values)
                await tx.staff.invite(Role.SPEAKER, guest.person.id, clock.now)
    await join(sqlite, kept, other, clock)
    async with sqlite.reading() as tx:
        members = await tx.staff.members()
        invited = await tx.staff.invited(kept.person.id)
    assert [(m.person, m.role, m.active) for m in members] == (
        [(kept.person.id, *stays)] if stays else []
    )
    assert len(invited) == (mine is not None) + (theirs is not None)


async def test_the_conversation_in_front_stays_else_the_other_goes_on(
    storage: Storage, clock: Clock
) -> None:
    kept, other = await two(storage, clock)
    third = await welcome(storage, "3", clock.now, "web")
    async with storage.transaction() as tx:
        await tx.turns.save(
            [
                Kept(replace(other.arrival, id="7"), other.person.id, state="theirs"),
                Kept(replace(third.arrival, id="7"), third.person.id, state="behind"),
            ],
            clock.now,
        )
    for whom, expected in ((other, "theirs"), (third, "theirs")):
        await join(storage, kept, whom, clock)
        async with storage.transaction() as tx:
            ((found,), _) = await tx.turns.load([kept.arrival])
        assert found.state == expected


async def test_what_was_to_be_said_on_the_other_account_is_said_there(
    storage: Storage, clock: Clock
) -> None:
    kept, other = await two(storage, clock)
    reply = draft(storage, other, "still to come", clock.now)
    async with storage.transaction() as tx:
        await tx.outbox.add([reply])
    await join(storage, kept, other, clock)
    async with storage.transaction() as tx:
        assert [d.id for d in await tx.outbox.claim("telegram", clock.now, 9)] == [reply.id]


async def sent_to(storage: Storage, clock: Clock) -> list[str]:
    """Which accounts get something now, on either channel."""
    taken = [
        delivery
        for channel in ("telegram", WHATSAPP, "web")
        for delivery in await claim(storage, clock.now, channel=channel)
    ]
    await settle(storage, taken, State.SENT, "")
    return [delivery.account for delivery in taken]


async def test_a_broadcast_that_was_written_down_for_both_comes_once(
    storage: Storage, clock: Clock
) -> None:
    kept, other = await two(storage, clock)
    made = await frozen(storage, clock.now)
    await join(storage, kept, other, clock)
    assert await recipients(storage, made.id) == [(kept.person.id, kept.address.id)]
    assert await sent_to(storage, clock) == ["whatsapp:+9647"]


@pytest.mark.parametrize("first", ["telegram", WHATSAPP])
async def test_what_one_account_got_already_does_not_come_on_the_other(
    storage: Storage, clock: Clock, first: str
) -> None:
    kept, other = await two(storage, clock)
    made = await frozen(storage, clock.now)
    (left,) = await claim(storage, clock.now, channel=first)
    await join(storage, kept, other, clock)
    assert await recipients(storage, made.id) == [(kept.person.id, left.address)]
    assert await sent_to(storage, clock) == []
    await settle(storage, [left], State.SENT, "")
    async with storage.reading() as tx:
        assert (await tx.recipients.counts(made.id)).by_state == {"sent": 1}


@pytest.mark.parametrize("failed", ["telegram", WHATSAPP])
async def test_what_failed_on_one_account_keeps_nothing_from_the_other(
    storage: Storage, clock: Clock, failed: str
) -> None:
    kept, other = await two(storage, clock)
    made = await frozen(storage, clock.now)
    await settle(storage, await claim(storage, clock.now, channel=failed), State.FAILED, "refused")
    await join(storage, kept, other, clock)
    (waits,) = [g for g in (kept, other) if g.arrival.channel != failed]
    assert await sent_to(storage, clock) == [waits.arrival.account]
    async with storage.reading() as tx:
        assert (await tx.recipients.counts(made.id)).by_state == {"sent": 1}


async def test_what_both_got_before_is_still_known_to_be_there(
    storage: Storage, clock: Clock
) -> None:
    kept, other = await two(storage, clock)
    await frozen(storage, clock.now)
    for channel in ("telegram", WHATSAPP):
        (left,) = await claim(storage, clock.now, channel=channel)
        async with storage.transaction() as tx:
            await tx.outbox.status(left.id, State.DELIVERED, f"id {channel}")
    await join(storage, kept, other, clock)
    async with storage.transaction() as tx:
        forgotten = await tx.people.forget(kept.person.id)
        ((rows,),) = await tx.desk.connection.fetch("SELECT COUNT(*) FROM outbox")
    assert {messages for _, _, messages in forgotten.addresses} == {
        ("id telegram",), (f"id {WHATSAPP}",),
    }  # fmt: skip
    assert rows == 0


@pytest.mark.parametrize("kept_first", [True, False])
@pytest.mark.parametrize("passed", [1, 3])
async def test_joining_in_the_middle_of_writing_down_neither_loses_nor_doubles_anybody(
    storage: Storage, clock: Clock, kept_first: bool, passed: int
) -> None:
    kept, other = await in_order(storage, clock, kept_first=kept_first)
    others = [await resident(storage, f"t{n}", clock.now) for n in range(2)]
    async with storage.transaction() as tx:
        made = await tx.broadcasts.put(
            Kind.NOTICE, Rule("all"), {"texts": {"ar": "x"}}, clock.now, phase=Phase.HELD
        )
        assert await tx.broadcasts.begin(made.id, clock.now)
        for _ in range(passed):
            await tx.recipients.freeze(made.id, 1)
    await join(storage, kept, other, clock)
    await freeze(storage, made.id, 1)
    assert await phase(storage, made.id) == "running"
    people = [person for person, _ in await recipients(storage, made.id)]
    assert people == sorted([kept.person.id, *(guest.person.id for guest in others)])


async def test_joining_beside_the_writing_down_leaves_each_person_one_row(
    storage: Storage, clock: Clock
) -> None:
    await with_webinars(storage, "one")
    pairs = [
        [await resident(storage, f"{channel}{n}", clock.now, channel=channel)
         for channel in (WHATSAPP, "telegram")]
        for n in range(12)
    ]  # fmt: skip
    await register(storage, "one", clock.now, *(other for _, other in pairs))
    made = await announced(storage, clock.now, Rule("participants"), kind=Kind.NOTICE)
    async with storage.transaction() as tx:
        assert await tx.broadcasts.begin(made.id, clock.now)

    async def join_all() -> None:
        for kept, other in pairs:
            await join(storage, kept, other, clock)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(join_all())
        tasks.create_task(freeze(storage, made.id, 1))
    people = [person for person, _ in await recipients(storage, made.id)]
    assert people == sorted(kept.person.id for kept, _ in pairs)


@pytest.mark.parametrize("kept_first", [True, False])
async def test_a_registration_that_changes_hands_keeps_its_notice(
    storage: Storage, clock: Clock, kept_first: bool
) -> None:
    await with_webinars(storage, "one")
    kept, other = await in_order(storage, clock, kept_first=kept_first)
    await register(storage, "one", clock.now, other)
    async with storage.transaction() as tx:
        made = await tx.broadcasts.put(
            *(Kind.NOTICE, Rule("participants"), {"texts": {"ar": "x"}}, clock.now),
            phase=Phase.HELD,
        )
        assert await tx.broadcasts.begin(made.id, clock.now)
        await tx.recipients.freeze(made.id, 1)
    await join(storage, kept, other, clock)
    await freeze(storage, made.id, 1)
    assert [person for person, _ in await recipients(storage, made.id)] == [kept.person.id]


async def test_forgetting_one_of_two_forgets_both_in_older_backups_too(
    url: str, keyring: Path, clock: Clock
) -> None:
    backup = Backup(url)
    async with await Storage.open(url, keyring, MASTER, clock) as storage:
        kept, other = await two(storage, clock)
        third = await welcome(storage, "3", clock.now, "web")
    await backup.make()
    async with await Storage.open(url, keyring, MASTER, clock) as storage:
        await join(storage, other, third, clock)
        await join(storage, kept, other, clock)
        async with storage.transaction() as tx:
            forgotten = await tx.people.forget(kept.person.id)
            assert len(forgotten.addresses) == 3
            ((left,),) = await tx.desk.connection.fetch("SELECT COUNT(*) FROM joined")
            assert left == 0
        await storage.scrub()
    await backup.restore()
    async with (
        await Storage.open(url, keyring, MASTER, clock) as storage,
        storage.transaction() as tx,
    ):
        found, _ = await tx.turns.load([g.arrival for g in (kept, other, third)])
    assert found == [Found(seen=False)] * 3


async def test_joining_itself_buries_nobody(url: str, keyring: Path, clock: Clock) -> None:
    backup = Backup(url)
    async with await Storage.open(url, keyring, MASTER, clock) as storage:
        kept, other = await two(storage, clock)
    await backup.make()
    async with await Storage.open(url, keyring, MASTER, clock) as storage:
        await join(storage, kept, other, clock)
    await backup.restore()
    async with (
        await Storage.open(url, keyring, MASTER, clock) as storage,
        storage.transaction() as tx,
    ):
        found, _ = await tx.turns.load([kept.arrival, other.arrival])
    assert [f.person for f in found] == [kept.person, other.person]
