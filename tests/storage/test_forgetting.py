"""/forget: the person is gone, and so are their bytes."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from dialogue.words import Act, Message
from storage import Storage, Transaction
from storage.asking.pseudonyms import asker_keys
from storage.broadcasting.broadcasts import Broadcast, Kind, Phase, Rule
from storage.community.boards import Passage, Seat
from storage.community.people import Profile
from storage.community.staff import Role
from storage.outbox import Settlement, State
from storage.turns import Arrival, Found, Kept
from tests.codes import code_at, wrong_code
from tests.storage.community import Guest, draft, webinar, welcome
from tests.storage.conftest import MASTER, Clock
from tests.storage.needles import left, noted, on_disk


async def lived(storage: Storage, account: str, clock: Clock, turns: int = 6) -> Guest:
    """Somebody who left something in every table."""
    guest = await welcome(storage, account, clock.now)
    profile = Profile("نورا", account, "Europe/Rome", "a@example.org")
    person = replace(guest.person, profile=profile)
    id = person.id
    for number in range(turns):
        reply = draft(storage, guest, "نص " * 50 * number, clock.now, state=State.SENDING)
        arrival = replace(guest.arrival, id=f"u{number}")
        async with storage.transaction() as tx:
            state = "x" * 40 * number
            await tx.turns.save([Kept(arrival, id, person, None, state, (reply,))], clock.now)
        async with storage.transaction() as tx:
            await tx.outbox.settle([Settlement(reply.id, State.SENT, f"{account}{number}")])
    async with storage.transaction() as tx:
        await tx.outbox.add([draft(storage, guest, "waiting", clock.now, target="12")])
        await tx.registrations.put(id, "one", {"from": "x" * 500}, clock.now)
        await tx.questions.add(id, "one", "question", "سؤال", True, "ar", "77", clock.now)
        await tx.questions.add(id, None, "idea", "فكرة", True, "ar", "78", clock.now)
        await tx.mailbox.append(guest.address.id, Act.SEND, None, Message("x" * 5000), clock.now)
        await tx.quarantine.put("telegram", "{" * 300, "ValueError", clock.now, account)
        await tx.links.make(id, clock.now)
        await tx.proofs.want(id, f"{account}@example.org", clock.now)
        (proof,) = await tx.proofs.waiting(clock.now)
        await tx.proofs.begin(proof.id, clock.now)
        await tx.links.redeem("BCDFGHJK", id, clock.now)
        await tx.reach.note(guest.address.id, clock.now)
        await has_a_code(tx, id, clock)
        await took_part(tx, id, clock)
        await was_looked_up(tx, id, clock)
    return replace(guest, person=person)


async def has_a_code(tx: Transaction, id: int, clock: Clock) -> None:
    """Somebody set a code up, and mistyped the next."""
    secret = tx.codes.drawn()
    assert await tx.codes.set_up(id, secret, code_at(secret, clock.now), clock.now) == "right"
    assert await tx.codes.check(id, wrong_code(secret, clock.now), clock.now) == "wrong"


async def took_part(tx: Transaction, id: int, clock: Clock) -> None:
    """Somebody asked what was put in other words and translated, supported what others asked, was
    muted for a while, and moderated."""
    asked = await tx.questions.add(id, "one", "question", "سؤال", True, "ar", "79", clock.now)
    heard = await tx.moderation.type_in("one", "heard", "en", id, clock.now)
    await tx.support.add(heard.id, id)
    for question in (asked.id, heard.id):
        await tx.moderation.note_sent(question, id, 2**62 + 1)
        await tx.moderation.claim(question, id, clock.now)
        await tx.texts.want(question, "question", "en")
        await tx.texts.next("one", id, ["ar", "en"], clock.now)
    await tx.moderation.edit(asked.id, id, "سؤال آخر", clock.now)
    await tx.hush.strike(asked.id)
    await tx.hush.mute(asked.id, clock.now)


async def was_looked_up(tx: Transaction, id: int, clock: Clock) -> None:
    """Somebody asked with their nickname, and looked up who that was."""
    asked = await tx.questions.add(
        *(id, "one", "question", "سؤال", False, "ar", "80", clock.now), revealable=True
    )
    why = "Somebody is in danger"
    assert await tx.reveals.reveal(asked.id, id, Role.ORGANISER, why, "123456", clock.now)


async def worked(storage: Storage, guest: Guest, clock: Clock) -> Broadcast:
    """This guest became one of the staff, invited somebody, and wrote to everybody."""
    id, now = guest.person.id, clock.now
    async with storage.transaction() as tx:
        offer = await tx.staff.invite(Role.ORGANISER, None, now)
        assert await tx.staff.redeem(offer.token, id, now) is not None
        assert await tx.staff.activate(id)
        await tx.staff.invite(Role.SPEAKER, id, now)
        passage = Passage(id, Role.ORGANISER, Seat.DESK, "one")
        assert await tx.doors.begin(passage, now) is not None
        held = await tx.broadcasts.put(
            *(Kind.ANNOUNCEMENT, Rule("all"), {"texts": {"en": "To all"}}, now),
            made_by=id,
            phase=Phase.HELD,
            starts_at=now,
        )
        await tx.broadcasts.begin(held.id, now)
        while await tx.recipients.freeze(held.id, 100):
            pass
        progress = draft(storage, guest, "Sending …", now)
        await tx.outbox.add([progress])
        await tx.broadcasts.note_progress(held.id, progress.id)
    return held


async def askers_of(storage: Storage, guest: Guest) -> str:
    async with storage.reading() as tx:
        return json.dumps(await asker_keys(tx.desk, guest.person.id))


async def with_the_webinar(storage: Storage) -> None:
    async with storage.transaction() as tx:
        await tx.webinars.put(webinar("one"))


async def test_a_forgotten_person_is_a_stranger_and_others_stay(
    storage: Storage, clock: Clock
) -> None:
    await with_the_webinar(storage)
    guest, other = await lived(storage, "77001", clock), await lived(storage, "77002", clock)
    async with storage.transaction() as tx:
        questions = await tx.questions.of(other.person.id)
        forgotten = await tx.people.forget(guest.person.id)
    assert await storage.scrub()
    assert forgotten.addresses == (("telegram", "77001", tuple(f"77001{n}" for n in range(6))),)
    async with storage.transaction() as tx:
        found, _ = await tx.turns.load([guest.arrival, other.arrival])
        assert found[0] == Found(seen=False)
        assert found[1].person == other.person
        assert await tx.people.get(guest.person.id) is None
        assert await tx.people.consents(guest.person.id) == []
        assert await tx.registrations.of(guest.person.id) == []
        assert await tx.questions.of(guest.person.id) == []
        assert await tx.mailbox.after(guest.address.id, 0) == []
        assert await tx.outbox.messages(guest.address.id, clock.now - timedelta(days=2)) == []
        assert await tx.registrations.count("one") == 1
        assert await tx.questions.of(other.person.id) == questions
        assert await tx.quarantine.count() == 1


async def test_a_forgotten_member_of_the_staff_has_no_role_and_no_invitation_left(
    storage: Storage, clock: Clock
) -> None:
    guest, other = await welcome(storage, "1", clock.now), await welcome(storage, "2", clock.now)
    ours, theirs = await worked(storage, guest, clock), await worked(storage, other, clock)
    async with storage.transaction() as tx:
        await tx.people.forget(guest.person.id)
    async with storage.transaction() as tx:
        assert [member.person for member in await tx.staff.members()] == [other.person.id]
        assert await tx.staff.invited(guest.person.id) == []
        assert len(await tx.staff.invited(other.person.id)) == 1
        sent, kept = [await tx.broadcasts.get(each.id) for each in (ours, theirs)]
        assert sent is not None
        assert kept is not None
        # What they wrote to everybody goes on, and tells no more who wrote it.
        assert (sent.made_by, sent.progress, sent.content) == (None, None, ours.content)
        assert kept.made_by == other.person.id
        assert kept.progress is not None
        assert [(await tx.recipients.counts(each.id)).total for each in (ours, theirs)] == [1, 1]
        (again,) = (await tx.turns.load([replace(guest.arrival, id="9")]))[0]
    assert again == Found(seen=False)


async def test_who_is_forgotten_in_the_middle_of_a_broadcast_keeps_nobody_from_it(
    storage: Storage, clock: Clock
) -> None:
    guests = [await welcome(storage, str(n), clock.now) for n in range(7)]
    ids = sorted(guest.person.id for guest in guests)
    rule, content = Rule("all"), {"texts": {"en": "To all"}}
    async with storage.transaction() as tx:
        held = await tx.broadcasts.put(
            *(Kind.ANNOUNCEMENT, rule, content, clock.now), phase=Phase.HELD, starts_at=clock.now
        )
        await tx.broadcasts.begin(held.id, clock.now)
        assert await tx.recipients.freeze(held.id, 3) == 3
        await tx.people.forget(ids[2])
        while await tx.recipients.freeze(held.id, 2):
            pass
        rows = await tx.desk.connection.fetch("SELECT person FROM outbox ORDER BY person")
    assert [person for (person,) in rows] == [*ids[:2], *ids[3:]]


async def test_only_messages_that_can_still_be_deleted_are_named(
    storage: Storage, clock: Clock
) -> None:
    await with_the_webinar(storage)
    guest = await lived(storage, "77001", clock, turns=1)
    clock.forward(timedelta(hours=48, milliseconds=1))
    async with storage.transaction() as tx:
        forgotten = await tx.people.forget(guest.person.id)
    assert forgotten.addresses == (("telegram", "77001", ()),)


async def test_a_question_that_the_experts_have_stays_and_leads_nowhere(
    sqlite: Storage, sqlite_file: Path, clock: Clock
) -> None:
    await with_the_webinar(sqlite)
    guest = await lived(sqlite, "77001", clock)
    with closing(sqlite3.connect(sqlite_file)) as database, database:
        database.execute("UPDATE questions SET state = 'queued' WHERE webinar = 'one'")
    async with sqlite.transaction() as tx:
        await tx.people.forget(guest.person.id)
        assert await tx.questions.of(guest.person.id) == []
    with closing(sqlite3.connect(sqlite_file)) as database:
        rows = database.execute(
            "SELECT state, asker, asker_key, message, message_key FROM questions"
        ).fetchall()
    # Three were theirs, one they had typed in.
    assert rows == [("queued", None, None, None, None)] * 4


async def test_no_byte_of_a_forgotten_person_is_left(
    sqlite: Storage, sqlite_file: Path, clock: Clock
) -> None:
    await with_the_webinar(sqlite)
    guests = [await lived(sqlite, f"770{n}", clock) for n in range(40)]
    # The last by their ids, too: a broadcast remembers how far it went.
    last = max(guests, key=lambda guest: guest.person.id)
    gone = [guest for n, guest in enumerate(guests) if n % 3 == 0 or guest is last]
    for guest in guests[:9]:
        await worked(sqlite, guest, clock)
    needles = {
        f"{guest.arrival.account} {name}": parts
        for guest in gone
        for name, parts in noted(
            sqlite_file, guest.person.id, await askers_of(sqlite, guest)
        ).items()
    }
    assert len(needles) > 40 * len(gone)
    # The control: without /forget each of them is found.
    assert sorted(left(on_disk(sqlite_file), needles)) == sorted(needles)
    for guest in gone:
        async with sqlite.transaction() as tx:
            await tx.people.forget(guest.person.id)
    assert await sqlite.scrub()
    assert left(on_disk(sqlite_file), needles) == []


async def test_no_byte_is_left_of_who_was_two(
    sqlite: Storage, sqlite_file: Path, clock: Clock
) -> None:
    await with_the_webinar(sqlite)
    lives = [await lived(sqlite, f"7700{n}", clock) for n in range(3)]
    # The other is the last by their ids: a broadcast remembers how far it went.
    kept, third, other = sorted(lives, key=lambda guest: guest.person.id)
    await worked(sqlite, other, clock)
    guests = (kept, other)
    needles = {
        f"{guest.arrival.account} {name}": parts
        for guest in guests
        for name, parts in noted(
            sqlite_file, guest.person.id, await askers_of(sqlite, guest)
        ).items()
    }
    async with sqlite.transaction() as tx:
        await tx.people.join(kept.person.id, other.person.id, clock.now)
    needles |= noted(sqlite_file, kept.person.id, await askers_of(sqlite, kept))
    assert sorted(left(on_disk(sqlite_file), needles)) == sorted(needles)
    async with sqlite.transaction() as tx:
        await tx.people.forget(kept.person.id)
        assert await tx.people.get(third.person.id) == third.person
        assert await tx.reach.count(clock.now - timedelta(hours=1)) == 3
    assert await sqlite.scrub()
    assert left(on_disk(sqlite_file), needles) == []


async def test_the_control_stays_after_a_scrub_alone(
    sqlite: Storage, sqlite_file: Path, clock: Clock
) -> None:
    await with_the_webinar(sqlite)
    guest = await lived(sqlite, "77001", clock)
    needles = noted(sqlite_file, guest.person.id, await askers_of(sqlite, guest))
    assert await sqlite.scrub()
    assert sorted(left(on_disk(sqlite_file), needles)) == sorted(needles)


async def test_a_tombstone_waits_outside_the_database(
    url: str, storage: Storage, keyring: Path, clock: Clock
) -> None:
    guest = await welcome(storage, "77001", clock.now)
    async with storage.transaction() as tx:
        await tx.people.forget(guest.person.id)
    tombstones = keyring.with_name("tombstones")
    assert not tombstones.exists()
    await storage.close()
    # Even if the process ended right after the commit.
    async with await Storage.open(url, keyring, MASTER, clock) as again:
        of_person, of_account = lines = tombstones.read_text().splitlines()
        assert tombstones.stat().st_mode & 0o077 == 0
        assert "77001" not in of_person + of_account
        await again.scrub()
        assert tombstones.read_text().splitlines() == lines
        await again.sweep(clock.forward(timedelta(days=14, hours=1)))
        assert tombstones.read_text() == ""


async def test_who_comes_back_after_forgetting_is_new(storage: Storage, clock: Clock) -> None:
    first = await welcome(storage, "77001", clock.now)
    async with storage.transaction() as tx:
        await tx.people.forget(first.person.id)
    second = await welcome(storage, "77001", clock.now)
    assert second.person.id != first.person.id
    async with storage.transaction() as tx:
        found, _ = await tx.turns.load([Arrival("telegram", "77001", "2")])
        await tx.people.forget(second.person.id)
    assert found[0].person == second.person
    await storage.scrub()


async def test_the_log_is_cut_to_nothing(sqlite: Storage, sqlite_file: Path, clock: Clock) -> None:
    await welcome(sqlite, "77001", clock.now)
    wal = sqlite_file.with_name(sqlite_file.name + "-wal")
    assert wal.stat().st_size > 0
    async with sqlite.reading() as tx:
        await tx.webinars.programme()
    assert await sqlite.scrub()
    assert wal.stat().st_size == 0
