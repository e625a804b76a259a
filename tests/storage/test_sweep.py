"""Retention: everything has its time, to the millisecond where the clock is exact."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dialogue.words import Act, Message
from storage import Storage, Unreadable
from storage.broadcasting.broadcasts import Kind, Rule
from storage.community.registrations import Registration
from storage.community.staff import Role
from storage.outbox import Settlement, State
from storage.series.outages import Outage
from storage.series.webinars import WayIn, Webinar
from storage.turns import Kept
from tests.pictures import png
from tests.storage.community import SERIES, draft, webinar, welcome
from tests.storage.conftest import Clock

TICK = timedelta(milliseconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


async def test_an_update_is_remembered_for_seven_days(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "1", clock.now)
    arrival = replace(guest.arrival, id="5")
    async with storage.transaction() as tx:
        await tx.turns.save([Kept(arrival, guest.person.id)], clock.now)

    async def seen_after(age: timedelta) -> bool:
        await storage.sweep(clock.now + age)
        async with storage.transaction() as tx:
            ((found,), _) = await tx.turns.load([arrival])
        return found.seen

    assert await seen_after(7 * DAY - TICK)
    assert not await seen_after(7 * DAY)


async def test_a_platform_id_is_kept_48_hours_and_the_row_seven_days(
    sqlite: Storage, clock: Clock
) -> None:
    guest = await welcome(sqlite, "1", clock.now)
    row = draft(sqlite, guest, "x", clock.now, state=State.SENDING)
    waiting = draft(sqlite, guest, "y", clock.now)
    async with sqlite.transaction() as tx:
        await tx.outbox.add([row, waiting])
        await tx.outbox.settle([Settlement(row.id, State.SENT, "77")])

    async def left_after(age: timedelta) -> tuple[int, int]:
        await sqlite.sweep(clock.now + age)
        async with sqlite.reading() as tx:
            ids = await tx.outbox.messages(guest.address.id, clock.now)
            ((rows,),) = await tx.desk.connection.fetch("SELECT COUNT(*) FROM outbox")
        return len(ids), rows

    assert await left_after(timedelta(hours=48) - TICK) == (1, 2)
    assert await left_after(timedelta(hours=48)) == (0, 2)
    assert await left_after(7 * DAY - TICK) == (0, 2)
    assert await left_after(7 * DAY) == (0, 1)


async def test_what_a_platform_keeps_until_told_otherwise_is_tried_for_longer(
    storage: Storage, clock: Clock
) -> None:
    async with storage.transaction() as tx:
        await tx.erasures.add("whatsapp", "whatsapp:+9647", ["*"], clock.now)

    async def left() -> int:
        async with storage.reading() as tx:
            return len(await tx.erasures.take(9))

    await storage.sweep(clock.now + 14 * DAY - TICK)
    assert await left() == 1
    await storage.sweep(clock.now + 14 * DAY)
    assert await left() == 0


async def test_quarantine_and_erasures_go_in_time(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        await tx.quarantine.put("telegram", "{", "ValueError", clock.now)
        await tx.erasures.add("telegram", "1", ["5"], clock.now)

    async def left_after(age: timedelta) -> tuple[int, int]:
        await storage.sweep(clock.now + age)
        async with storage.reading() as tx:
            return await tx.quarantine.count(), len(await tx.erasures.take(9))

    assert await left_after(DAY - TICK) == (1, 1)
    assert await left_after(DAY) == (0, 1)
    assert await left_after(2 * DAY - TICK) == (0, 1)
    assert await left_after(2 * DAY) == (0, 0)


async def test_letters_go_a_day_after_they_were_read_else_after_thirty(
    storage: Storage, clock: Clock
) -> None:
    guest = await welcome(storage, "1", clock.now, channel="web")
    id, hour = guest.address.id, clock.now.replace(minute=0, second=0)
    async with storage.transaction() as tx:
        # All future ones: so that the person stays while the letter is looked at.
        await tx.people.update(replace(guest.person, all_future=True), clock.now)
        await tx.mailbox.append(id, Act.SEND, None, Message("read"), clock.now)
        await tx.mailbox.acknowledge(id, 1, clock.now)
        await tx.mailbox.append(id, Act.SEND, None, Message("unread"), clock.now)

    async def left_at(now: datetime) -> list[int]:
        await storage.sweep(now)
        async with storage.reading() as tx:
            return [letter.number for letter in await tx.mailbox.after(id, 0)]

    assert await left_at(clock.now + DAY - TICK) == [1, 2]
    assert await left_at(clock.now + DAY) == [2]
    assert await left_at(hour + 30 * DAY - TICK) == [2]
    assert await left_at(hour + 30 * DAY) == []


async def test_thirty_days_after_the_last_webinar_everything_about_it_goes(
    storage: Storage, clock: Clock
) -> None:
    start = datetime(2026, 4, 10, 16, tzinfo=UTC)
    end = start + timedelta(minutes=90)
    leaving, staying, keen = [await welcome(storage, n, clock.now) for n in "123"]
    async with storage.transaction() as tx:
        await tx.webinars.put(webinar("one", start))
        await tx.webinars.put(webinar("two", start + DAY))
        await tx.people.update(replace(keen.person, all_future=True), clock.now)
        for guest in (leaving, staying, keen):
            await tx.registrations.put(guest.person.id, "one", {}, clock.now)
            for scope in ("one", None):
                await tx.questions.add(
                    guest.person.id, scope, "question", "?", True, "ar", None, clock.now
                )
        later = await tx.registrations.put(staying.person.id, "two", {"a": "b"}, clock.now)

    async def at(now: datetime) -> tuple[list[bool], int, int]:
        await storage.sweep(now)
        async with storage.reading() as tx:
            people = [await tx.people.get(g.person.id) for g in (leaving, staying, keen)]
            asked = await tx.questions.of(staying.person.id)
            return [p is not None for p in people], await tx.registrations.count("one"), len(asked)

    assert await at(end + 30 * DAY - TICK) == ([True, True, True], 3, 2)
    assert await at(end + 30 * DAY) == ([False, True, True], 0, 0)
    async with storage.reading() as tx:
        assert await tx.registrations.of(staying.person.id) == [
            Registration(later.id, staying.person.id, "two", {"a": "b"})
        ]
    assert await at(end + 31 * DAY) == ([False, False, True], 0, 0)
    heard = clock.now.replace(minute=0, second=0, microsecond=0)
    assert await at(heard + 180 * DAY - TICK) == ([False, False, True], 0, 0)
    assert await at(heard + 180 * DAY) == ([False, False, False], 0, 0)


async def test_the_key_of_a_webinar_goes_with_it(sqlite: Storage, clock: Clock) -> None:
    one = webinar("one")
    guest = await welcome(sqlite, "1", clock.now)
    select = "SELECT id, person, webinar, extra FROM registrations"
    put_back = """
    INSERT INTO registrations (id, person, webinar, extra, hour)
    VALUES (:id, :person, :webinar, :extra, 0)
    """
    async with sqlite.transaction() as tx:
        await tx.webinars.put(one)
        await tx.people.update(replace(guest.person, all_future=True), clock.now)
        await tx.registrations.put(guest.person.id, "one", {"a": "b"}, clock.now)
        (row,) = await tx.desk.connection.fetch(select)
    await sqlite.sweep(one.starts_at + 40 * DAY)
    async with sqlite.transaction() as tx:
        # As if an old backup had come back.
        names = ("id", "person", "webinar", "extra")
        await tx.desk.connection.run(put_back, dict(zip(names, row, strict=True)))
        with pytest.raises(Unreadable):
            await tx.registrations.of(guest.person.id)


async def test_who_never_registered_goes_thirty_days_after_the_last_contact(
    storage: Storage, clock: Clock
) -> None:
    guest = await welcome(storage, "1", clock.now)
    clock.forward(3 * DAY)
    async with storage.transaction() as tx:
        await tx.turns.save([Kept(guest.arrival, guest.person.id)], clock.now)
    hour = clock.now.replace(minute=0, second=0)

    async def known_at(now: datetime) -> bool:
        await storage.sweep(now)
        async with storage.reading() as tx:
            return await tx.people.find("telegram", "1") is not None

    assert await known_at(hour + 30 * DAY - TICK)
    assert not await known_at(hour + 30 * DAY)


SPOILS = {
    "account": "UPDATE addresses SET account = :spoilt WHERE id = :address",
    "message": "UPDATE outbox SET platform_id = :spoilt WHERE address = :address",
}


@pytest.mark.parametrize("what", SPOILS)
async def test_what_the_disk_has_spoilt_keeps_nobody_from_being_forgotten(
    storage: Storage, clock: Clock, what: str
) -> None:
    first, last = [await welcome(storage, account, clock.now) for account in ("1", "2")]
    later = clock.forward(31 * DAY)
    for guest in (first, last):
        sent = draft(storage, guest, "late", later, state=State.SENDING)
        async with storage.transaction() as tx:
            await tx.outbox.add([sent])
            await tx.outbox.settle([Settlement(sent.id, State.SENT, f"id of {guest.person.id}")])
    values = {"address": first.address.id, "spoilt": bytes(64)}
    async with storage.transaction() as tx:
        await tx.desk.connection.run(SPOILS[what], values)
    assert (await storage.sweep(later)).people == 2
    async with storage.reading() as tx:
        assert await tx.desk.connection.fetch("SELECT id FROM people") == []
        assert await tx.desk.connection.fetch("SELECT id FROM addresses") == []


async def test_an_invitation_goes_when_it_ends_and_a_try_after_an_hour(
    storage: Storage, clock: Clock
) -> None:
    async with storage.transaction() as tx:
        ends = (await tx.staff.invite(Role.OWNER, None, clock.now)).expires
        assert await tx.staff.look("wrong", clock.now) is None

    async def left_at(now: datetime) -> tuple[int, int]:
        await storage.sweep(now)
        async with storage.reading() as tx:
            fetch = tx.desk.connection.fetch
            ((invites,),) = await fetch("SELECT COUNT(*) FROM invites")
            ((tries,),) = await fetch("SELECT COUNT(*) FROM invite_tries")
        return invites, tries

    assert await left_at(ends - TICK) == (1, 1)
    assert await left_at(ends) == (0, 1)
    assert await left_at(clock.now + HOUR - TICK) == (0, 1)
    assert await left_at(clock.now + HOUR) == (0, 0)


async def test_a_cut_goes_when_it_is_over(storage: Storage, clock: Clock) -> None:
    begins, ends = clock.now, clock.now + 4 * HOUR
    async with storage.transaction() as tx:
        cut = await tx.outages.add(begins, ends)

    async def left_at(now: datetime) -> list[Outage]:
        await storage.sweep(now)
        async with storage.reading() as tx:
            return await tx.outages.coming(begins)

    assert await left_at(ends - TICK) == [cut]
    assert await left_at(ends) == []


async def test_a_poster_goes_after_thirty_days_unless_something_shows_it(
    storage: Storage, clock: Clock
) -> None:
    hour = clock.now.replace(minute=0, second=0)
    async with storage.transaction() as tx:
        names = ("webinar", "series", "broadcast", "nothing")
        shown = {name: await tx.posters.put(png(60 + n), clock.now) for n, name in enumerate(names)}
        wanted = await tx.posters.want("file", clock.now)
        await tx.webinars.put(replace(webinar("one"), posters={"ar": shown["webinar"]}))
        await tx.webinars.put(webinar("two"))
        await tx.webinars.put_series(replace(SERIES, posters={"en": shown["series"]}))
        await tx.broadcasts.put(
            *(Kind.ANNOUNCEMENT, Rule("all")),
            {"texts": {"ar": "x"}, "posters": {"ar": shown["broadcast"]}},
            clock.now,
        )
        hashes: dict[str, str] = {}
        for name, id in shown.items():
            poster = await tx.posters.get(id)
            assert poster is not None
            assert poster.hash is not None
            hashes[name] = poster.hash
            await tx.posters.keep_file(poster.hash, "ar", "telegram", name)

    async def left_at(now: datetime) -> set[str]:
        await storage.sweep(now)
        async with storage.reading() as tx:
            left = {name for name, id in shown.items() if await tx.posters.get(id) is not None}
            for name, hash in hashes.items():
                known = await tx.posters.file(hash, "ar", "telegram") is not None
                assert known == (name in left)
            return left | ({"wanted"} if await tx.posters.get(wanted) is not None else set())

    assert await left_at(hour + 30 * DAY - TICK) == {*names, "wanted"}
    assert await left_at(hour + 30 * DAY) == {"webinar", "series", "broadcast"}
    async with storage.transaction() as tx:
        await tx.webinars.put(webinar("one"))
        await tx.webinars.put_series(SERIES)
    assert await left_at(hour + 30 * DAY) == {"broadcast"}


async def test_the_way_in_goes_with_the_key_and_the_programme_stays(
    storage: Storage, clock: Clock
) -> None:
    one = replace(webinar("one"), way_in=WayIn("https://meet.example/1"))
    late = replace(webinar("two", one.starts_at + DAY), way_in=WayIn(passcode="5"))
    over = one.starts_at + timedelta(minutes=one.minutes) + 30 * DAY
    async with storage.transaction() as tx:
        await tx.webinars.put(one)
        await tx.webinars.put(late)

    async def left_at(now: datetime) -> tuple[Webinar, ...]:
        await storage.sweep(now)
        async with storage.reading() as tx:
            return (await tx.webinars.programme()).webinars

    assert await left_at(over - TICK) == (one, late)
    async with storage.reading() as tx:
        ((sealed,),) = await tx.desk.connection.fetch(
            "SELECT way_in FROM webinars WHERE id = 'one'"
        )
    gone = (replace(one, way_in=None), late)
    assert await left_at(over) == gone
    async with storage.transaction() as tx:
        # As if an old backup had come back.
        put_back = "UPDATE webinars SET way_in = :sealed WHERE id = 'one'"
        await tx.desk.connection.run(put_back, {"sealed": sealed})
        assert (await tx.webinars.programme()).webinars == gone
        assert await tx.webinars.put(one) == "changed"
        assert await tx.webinars.get("one") == one


@pytest.mark.parametrize("registered", [True, False], ids=["registered", "never registered"])
async def test_the_staff_stay_while_they_are_the_staff(
    storage: Storage, clock: Clock, registered: bool
) -> None:
    one = webinar("one")
    active, waiting, revoked = [(await welcome(storage, n, clock.now)).person.id for n in "123"]
    async with storage.transaction() as tx:
        await tx.webinars.put(one)
        for id in (active, waiting, revoked):
            offer = await tx.staff.invite(Role.ORGANISER, None, clock.now)
            assert await tx.staff.redeem(offer.token, id, clock.now) is not None
            if registered:
                await tx.registrations.put(id, "one", {}, clock.now)
        assert await tx.staff.activate(active)
        assert await tx.staff.activate(revoked)
        assert await tx.staff.revoke(revoked)

    async def left_at(now: datetime) -> tuple[list[bool], list[int]]:
        await storage.sweep(now)
        async with storage.reading() as tx:
            people = [await tx.people.get(id) for id in (active, waiting, revoked)]
            staff = [member.person for member in await tx.staff.members()]
        return [each is not None for each in people], staff

    known, staff = await left_at(one.starts_at)
    assert (known, set(staff)) == ([True, True, True], {active, waiting})
    assert await left_at(one.starts_at + 400 * DAY) == ([True, False, False], [active])
    async with storage.transaction() as tx:
        assert await tx.registrations.count("one") == 0
        assert await tx.staff.revoke(active)
    assert await left_at(one.starts_at + 400 * DAY) == ([False, False, False], [])


async def test_many_rows_are_swept_in_portions(sqlite: Storage, clock: Clock) -> None:
    guest = await welcome(sqlite, "1", clock.now)
    kept = [Kept(replace(guest.arrival, id=str(n)), guest.person.id) for n in range(4100)]
    async with sqlite.transaction() as tx:
        await tx.turns.save(kept, clock.now)
    swept = await sqlite.sweep(clock.now + 7 * DAY)
    assert (swept.rows, swept.people) == (4100, 0)


async def test_codes_that_link_go_when_they_end_and_misses_after_an_hour(
    storage: Storage, clock: Clock
) -> None:
    guest = await welcome(storage, "1", clock.now)
    async with storage.transaction() as tx:
        await tx.links.make(guest.person.id, clock.now)
        await tx.links.redeem("BCDFGHJK", guest.person.id, clock.now)

    async def left_after(age: timedelta) -> list[int]:
        await storage.sweep(clock.now + age)
        async with storage.reading() as tx:
            rows = await tx.desk.connection.fetch(
                "SELECT (SELECT COUNT(*) FROM link_codes), (SELECT COUNT(*) FROM link_tries)"
            )
        return list(rows[0])

    assert await left_after(15 * MINUTE - TICK) == [1, 1]
    assert await left_after(15 * MINUTE) == [0, 1]
    assert await left_after(HOUR - TICK) == [0, 1]
    assert await left_after(HOUR) == [0, 0]


async def test_whom_somebody_was_besides_is_known_as_long_as_backups_last(
    storage: Storage, clock: Clock
) -> None:
    kept, other = [await welcome(storage, n, clock.now) for n in "12"]
    hour = clock.now.replace(minute=0, second=0)
    async with storage.transaction() as tx:
        await tx.people.update(replace(kept.person, all_future=True), clock.now)
        assert await tx.people.join(kept.person.id, other.person.id, clock.now)

    async def left_at(now: datetime) -> int:
        await storage.sweep(now)
        async with storage.reading() as tx:
            ((count,),) = await tx.desk.connection.fetch("SELECT COUNT(*) FROM joined")
        return count

    assert await left_at(hour + 14 * DAY + HOUR - TICK) == 1
    assert await left_at(hour + 14 * DAY + HOUR) == 0


async def test_when_an_address_rested_is_forgotten_after_seven_days(
    storage: Storage, clock: Clock
) -> None:
    guest = await welcome(storage, "1", clock.now)
    async with storage.transaction() as tx:
        await tx.people.mark(guest.address.id, rests_until=clock.now)

    async def left_after(age: timedelta) -> int:
        await storage.sweep(clock.now + age)
        async with storage.reading() as tx:
            rows = await tx.desk.connection.fetch(
                "SELECT 1 FROM addresses WHERE rests_until IS NOT NULL"
            )
        return len(rows)

    assert await left_after(7 * DAY - TICK) == 1
    assert await left_after(7 * DAY) == 0


async def test_words_that_were_kept_are_erased_with_the_platforms_id(
    storage: Storage, clock: Clock
) -> None:
    guest = await welcome(storage, "1", clock.now)
    row = draft(storage, guest, "x", clock.now, state=State.SENDING)
    async with storage.transaction() as tx:
        await tx.outbox.add([row])
        await tx.outbox.settle([Settlement(row.id, State.SENT, "77", keep_words=True)])

    async def left_after(age: timedelta) -> list[int]:
        await storage.sweep(clock.now + age)
        async with storage.reading() as tx:
            rows = await tx.desk.connection.fetch("SELECT COUNT(message), COUNT(*) FROM outbox")
        return list(rows[0])

    assert await left_after(2 * DAY - TICK) == [1, 1]
    assert await left_after(2 * DAY) == [0, 1]
