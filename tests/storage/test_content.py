"""Programme, registrations, questions, mailbox, jobs: what goes in comes out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dialogue.words import Act, Localised, Message
from storage import Storage
from storage.community.registrations import Registration
from storage.series.webinars import WayIn
from tests.storage.community import SERIES, both, webinar, welcome
from tests.storage.conftest import Clock
from tests.storage.needles import on_disk


async def test_the_programme_says_what_changed(storage: Storage) -> None:
    one = webinar("one")
    early = webinar("early", one.starts_at - timedelta(days=1))
    cancelled = replace(one, state="cancelled", title=both("No", "لا"))
    async with storage.transaction() as tx:
        assert await tx.webinars.put_series(SERIES) == "added"
        assert await tx.webinars.put_series(SERIES) == "same"
        assert await tx.webinars.put(one) == "added"
        assert await tx.webinars.put(one) == "same"
        assert await tx.webinars.put(early) == "added"
        assert await tx.webinars.put(cancelled) == "changed"
    async with storage.reading() as tx:
        programme = await tx.webinars.programme()
    assert programme.version == 4
    assert programme.series == (SERIES,)
    assert programme.webinars == (early, cancelled)


async def test_a_webinar_is_kept_with_all_that_belongs_to_it(storage: Storage) -> None:
    whole = replace(
        webinar("one"),
        state="finished",
        version=3,
        approval=True,
        way_in=WayIn("https://meet.example/1", "+964 1 234", "سر"),
        posters={"ar": 2**62, "en": 7},
        reminders=(1440, 10, 0),
    )
    quiet = replace(webinar("two"), reminders=())
    series = replace(SERIES, posters={"ar": 5}, reminders=(60,))
    async with storage.transaction() as tx:
        assert await tx.webinars.put_series(series) == "added"
        assert await tx.webinars.put(whole) == "added"
        assert await tx.webinars.put(quiet) == "added"
        assert await tx.webinars.put(whole) == "same"
        assert await tx.webinars.put_series(series) == "same"
    async with storage.reading() as tx:
        assert await tx.webinars.get("one") == whole
        assert await tx.webinars.get("two") == quiet
        assert await tx.webinars.get("three") is None
        assert await tx.webinars.series("icssi") == series
        assert await tx.webinars.series("others") is None
        assert (await tx.webinars.programme()).webinars == (whole, quiet)


async def test_another_way_in_changes_the_programme(storage: Storage) -> None:
    one = webinar("one")
    async with storage.transaction() as tx:
        await tx.webinars.put(one)
        for way_in in (WayIn("https://meet.example/1"), WayIn(passcode="1"), None):
            changed = replace(one, way_in=way_in)
            before = (await tx.webinars.programme()).version
            assert await tx.webinars.put(changed) == "changed"
            assert await tx.webinars.put(changed) == "same"
            assert await tx.webinars.get("one") == changed
            assert (await tx.webinars.programme()).version == before + 1


async def test_the_way_in_stands_nowhere_open_and_opens_for_its_webinar_alone(
    sqlite: Storage, sqlite_file: Path
) -> None:
    one = replace(webinar("one"), way_in=WayIn("https://meet.example/secret"))
    async with sqlite.transaction() as tx:
        await tx.webinars.put(one)
        await tx.webinars.put(webinar("two"))
    assert b"meet.example" not in on_disk(sqlite_file)
    async with sqlite.transaction() as tx:
        await tx.desk.connection.run(
            "UPDATE webinars SET way_in = (SELECT way_in FROM webinars WHERE id = 'one')"
        )
        other = await tx.webinars.get("two")
        assert other is not None
        assert other.way_in is None
        assert await tx.webinars.get("one") == one


@pytest.mark.parametrize(
    ("title", "id"),
    [
        (both("The Pandemic, Work & Democracy!", "الجائحة"), "the-pandemic-work-democracy"),
        (Localised({"ar": "الجائحة والعمل", "en": "Zoë's café"}), "zoe-s-cafe"),
        (both("All", "الكل"), "icssi-all"),
        ("الجائحة والعمل", "icssi-1"),
        (both("", "!"), "icssi-1"),
        (
            "A day of more words than any link should have to hold",
            "a-day-of-more-words-than-any-link",
        ),
        ("x" * 90, "icssi-1"),
        ("-- a -- b --", "a-b"),
    ],
)
async def test_an_id_is_made_of_the_title_where_it_can_be(
    storage: Storage, title: Localised | str, id: str
) -> None:
    async with storage.transaction() as tx:
        assert await tx.webinars.new_id("icssi", title) == id


async def test_an_id_is_never_given_twice(storage: Storage) -> None:
    given: list[str] = []
    async with storage.transaction() as tx:
        for title in ("Bread and salt", "خبز", "w" * 33 + " " + "w" * 33) * 12:
            id = await tx.webinars.new_id("a-series-" + "s" * 31, title)
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", id)
            assert len(id) <= 40
            given.append(id)
            await tx.webinars.put(webinar(id))
    assert len(set(given)) == len(given)
    assert given[0] == "bread-and-salt"
    assert given[3] == "bread-and-salt-2"


async def test_registering_again_changes_the_answers(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "1", clock.now)
    id = guest.person.id
    async with storage.transaction() as tx:
        await tx.webinars.put(webinar("one"))
        first = await tx.registrations.put(id, "one", {"from": "x", "why": None}, clock.now)
        again = await tx.registrations.put(id, "one", {"from": ["x", "y"]}, clock.now)
        assert again == Registration(first.id, id, "one", {"from": ["x", "y"]})
        assert await tx.registrations.of(id) == [again]
        assert await tx.registrations.count("one") == 1
        assert await tx.registrations.remove(id, "one")
        assert not await tx.registrations.remove(id, "one")
        assert await tx.registrations.of(id) == []


async def test_those_registered_are_listed_by_the_hour_and_of_them_the_nickname_alone(
    storage: Storage, clock: Clock
) -> None:
    async with storage.transaction() as tx:
        await tx.webinars.put(webinar("one"))
    hours: list[datetime] = []
    for name in ("Amal", None, "Clara"):
        guest = await welcome(storage, str(name), clock.now)
        profile = replace(guest.person.profile, nickname=name, governorate="Basra")
        async with storage.transaction() as tx:
            await tx.people.update(replace(guest.person, profile=profile), clock.now)
            await tx.registrations.put(guest.person.id, "one", {"from": "x"}, clock.now)
        hours.append(clock.now.replace(minute=0, second=0, microsecond=0))
        clock.forward(timedelta(hours=1))
    async with storage.reading() as tx:
        everybody = await tx.registrations.listed("one")
        assert [each.nickname for each in everybody] == ["Amal", None, "Clara"]
        assert [each.order for each in everybody] == [1, 2, 3]
        assert [each.hour for each in everybody] == hours
        assert [each.kept for each in everybody] == await tx.registrations.all("one")
        assert await tx.registrations.listed("one", after=1, limit=1) == everybody[1:2]
        assert await tx.registrations.listed("one", after=3, limit=8) == []
        assert await tx.registrations.listed("two") == []
    assert "Basra" not in repr(everybody)


async def test_who_waits_for_approval_waits_until_an_organiser_agrees(
    storage: Storage, clock: Clock
) -> None:
    first, second, third = [(await welcome(storage, n, clock.now)).person.id for n in "123"]
    async with storage.transaction() as tx:
        await tx.webinars.put(replace(webinar("one"), approval=True))
        put = tx.registrations.put
        waits = await put(first, "one", {}, clock.now, approved=False)
        assert not waits.approved
        later = clock.forward(timedelta(hours=1))
        also = await put(second, "one", {"from": "x"}, later, approved=False)
        sure = await put(third, "one", {}, clock.forward(timedelta(hours=1)))
        assert await tx.registrations.all("one") == [waits, also, sure]
        assert await tx.registrations.waiting("one") == [waits, also]
        assert await tx.registrations.count_waiting("one") == 2
        assert await tx.registrations.by_id(also.id, "one") == also
        assert await tx.registrations.by_id(also.id, "two") is None
        assert await tx.registrations.approve(first, "one")
        assert not await tx.registrations.approve(first, "two")
        agreed = replace(waits, approved=True)
        assert await tx.registrations.get(first, "one") == agreed
        assert await tx.registrations.of(first) == [agreed]
        assert await tx.registrations.waiting("one") == [also]
        assert await tx.registrations.get(first, "two") is None
        assert await tx.registrations.approve(third, "one", approved=False)
        assert await tx.registrations.waiting("one") == [also, replace(sure, approved=False)]


async def test_answering_anew_changes_neither_what_was_agreed_nor_what_was_told(
    storage: Storage, clock: Clock
) -> None:
    id = (await welcome(storage, "1", clock.now)).person.id
    async with storage.transaction() as tx:
        await tx.webinars.put(replace(webinar("one"), approval=True))
        put = tx.registrations.put
        await put(id, "one", {}, clock.now, approved=False)
        still = await put(id, "one", {"from": "x"}, clock.now)
        assert not still.approved
        await tx.registrations.approve(id, "one")
        await tx.registrations.note_told(id, "one")
        again = await put(id, "one", {"from": "y"}, clock.now, approved=False)
        assert (again.approved, again.told) == (True, True)
        assert await tx.registrations.of(id) == [again]
        await tx.registrations.remove(id, "one")
        anew = await put(id, "one", {}, clock.now, approved=False)
        assert (anew.approved, anew.told) == (False, False)


async def test_once_no_approval_is_asked_for_whoever_waited_is_in(
    storage: Storage, clock: Clock
) -> None:
    id = (await welcome(storage, "1", clock.now)).person.id
    async with storage.transaction() as tx:
        for name in ("one", "two"):
            await tx.webinars.put(replace(webinar(name), approval=True))
            await tx.registrations.put(id, name, {}, clock.now, approved=False)
        await tx.webinars.put(replace(webinar("one"), approval=True, minutes=60))
        assert len(await tx.registrations.waiting("one")) == 1
        await tx.webinars.put(webinar("one"))
        assert await tx.registrations.waiting("one") == []
        assert len(await tx.registrations.waiting("two")) == 1


async def test_own_questions_are_found_changed_and_withdrawn(
    storage: Storage, clock: Clock
) -> None:
    one, two = await welcome(storage, "1", clock.now), await welcome(storage, "2", clock.now)
    mine, other = one.person.id, two.person.id
    async with storage.transaction() as tx:
        await tx.webinars.put(webinar("one"))
        ask = tx.questions.add
        first = await ask(mine, "one", "question", "سؤال", True, "ar", "501", clock.now)
        second = await ask(mine, None, "idea", "فكرة", False, "ar", None, clock.now)
        theirs = await ask(other, "one", "question", "x", True, "en", "501", clock.now)
        assert await tx.questions.of(mine) == [second, first]
        assert await tx.questions.by_message(mine, "501") == first
        assert await tx.questions.by_message(other, "501") == theirs
        assert await tx.questions.by_message(mine, "502") is None
        assert await tx.questions.rewrite(mine, first.id, "سؤال آخر", "502")
        assert await tx.questions.by_message(mine, "501") is None
        assert (await tx.questions.by_message(mine, "502")) is not None
        assert not await tx.questions.rewrite(other, first.id, "!", None)
        assert not await tx.questions.rewrite(mine, 1, "!", None)
        assert await tx.questions.withdraw(mine, second.id)
        assert not await tx.questions.withdraw(mine, second.id)
        assert not await tx.questions.withdraw(mine, theirs.id)
        assert await tx.questions.of(mine) == [
            replace(second, state="withdrawn"),
            replace(first, text="سؤال آخر", message="502"),
        ]
    assert (first.order, second.order, theirs.order) == (1, 2, 3)
    assert first.hour == clock.now.replace(minute=0, second=0)


async def test_letters_are_numbered_for_each_address(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "1", clock.now, channel="web")
    id, hello = guest.address.id, Message("مرحبًا")
    async with storage.transaction() as tx:
        assert await tx.mailbox.append(id, Act.SEND, None, hello, clock.now) == 1
        assert await tx.mailbox.append(id, Act.STRIP, 1, Message("!"), clock.now) == 2
        with pytest.raises(KeyError):
            await tx.mailbox.append(5, Act.SEND, None, hello, clock.now)
    async with storage.reading() as tx:
        first, second = await tx.mailbox.after(id, 0)
        assert [letter.number for letter in await tx.mailbox.after(id, 1)] == [2]
    assert (first.message, first.at, first.target) == (hello, clock.now, None)
    assert (second.act, second.target) == (Act.STRIP, 1)


async def test_an_erasure_stays_until_it_is_done(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        await tx.erasures.add("telegram", "1", ["5", "6"], clock.now)
        await tx.erasures.add("telegram", "2", [], clock.now)
        (job,) = await tx.erasures.take(10)
        assert (job.channel, job.account, job.messages) == ("telegram", "1", ("5", "6"))
        await tx.erasures.done(job.id)
        assert await tx.erasures.take(10) == []


async def test_a_job_that_the_disk_has_spoilt_keeps_no_other_from_being_done(
    storage: Storage, clock: Clock
) -> None:
    async with storage.transaction() as tx:
        await tx.erasures.add("telegram", "1", ["5"], clock.now)
        spoilt = {"spoilt": bytes(64)}
        await tx.desk.connection.run("UPDATE erasures SET job = :spoilt", spoilt)
        await tx.erasures.add("telegram", "2", ["6"], clock.now)
        assert [job.account for job in await tx.erasures.take(10)] == ["2"]


async def test_facts_are_kept_by_name(storage: Storage) -> None:
    async with storage.transaction() as tx:
        assert await tx.meta.get("offset") is None
        await tx.meta.put("offset", "1")
        await tx.meta.put("offset", "2")
    async with storage.reading() as tx:
        assert await tx.meta.get("offset") == "2"


async def test_what_poisons_a_turn_can_be_kept(storage: Storage, clock: Clock) -> None:
    async with storage.transaction() as tx:
        await tx.quarantine.put("telegram", "\ud83d \x00", "UnicodeEncodeError", clock.now, "1")
        assert await tx.quarantine.count() == 1
