"""People, their accounts, their consent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from storage import Storage
from storage.community.people import Arrival, Consent, Profile
from tests.storage.community import CONSENT, welcome
from tests.storage.conftest import Clock


async def test_a_welcomed_person_is_found_by_account_and_by_id(
    storage: Storage, clock: Clock
) -> None:
    guest = await welcome(storage, "77001", clock.now)
    async with storage.reading() as tx:
        assert await tx.people.find("telegram", "77001") == guest.address
        assert await tx.people.find("web", "77001") is None
        assert await tx.people.get(guest.person.id) == guest.person
        assert await tx.people.addresses(guest.person.id) == [guest.address]


async def test_what_they_told_is_kept_as_it_was_told(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "77001", clock.now)
    profile = Profile("عليّ \u200d👩\u200d👧", "BA", "Europe/Rome", "a@example.org")
    changed = replace(
        guest.person, language="en", profile=profile, announcements=False, text_only=True
    )
    async with storage.transaction() as tx:
        await tx.people.update(changed, clock.now)
    async with storage.reading() as tx:
        assert await tx.people.get(guest.person.id) == changed


async def test_each_consent_is_kept_to_the_hour(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "77001", clock.now)
    newer = Consent("2", "ffff", "en")
    async with storage.transaction() as tx:
        await tx.people.consent(guest.person.id, newer, clock.forward(timedelta(days=1)))
    async with storage.reading() as tx:
        first, second = await tx.people.consents(guest.person.id)
        person = await tx.people.get(guest.person.id)
    assert (first.version, first.hash, first.language) == (CONSENT.version, CONSENT.hash, "ar")
    assert second.at == clock.now.replace(minute=0, second=0)
    assert person
    assert person.notice == "2"


async def test_marking_changes_only_what_is_named(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "77001", clock.now)
    async with storage.transaction() as tx:
        await tx.people.mark(guest.address.id, stopped=True)
        await tx.people.mark(guest.address.id, reachable=False)
    async with storage.reading() as tx:
        found = await tx.people.find("telegram", "77001")
    assert found == replace(guest.address, stopped=True, reachable=False)


async def test_a_moved_account_is_found_by_both_ids(storage: Storage, clock: Clock) -> None:
    guest = await welcome(storage, "77001", clock.now)
    async with storage.transaction() as tx:
        await tx.people.move(guest.address.id, "-10077001")
    async with storage.reading() as tx:
        expected = replace(guest.address, account="-10077001")
        assert await tx.people.find("telegram", "77001") == expected
        assert await tx.people.find("telegram", "-10077001") == expected


async def test_accounts_that_run_together_are_two(storage: Storage, clock: Clock) -> None:
    await welcome(storage, "1|2", clock.now)
    async with storage.reading() as tx:
        assert await tx.people.find("telegram|1", "2") is None
        found, _ = await tx.turns.load([Arrival("telegram", "1", "2|1")])
    assert not found[0].seen
