"""Whoever only a template may go to, while none is approved, is passed over and is no failure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from storage import Storage
from storage.broadcasting.broadcasts import Kind
from storage.community.people import Arrival
from storage.post.contents import Approval, Content
from tests.storage.community import CONSENT, Guest
from tests.storage.conftest import Clock
from tests.storage.crowd import also_on, claim, frozen

PENDING = Content("key", "announcement", "quick-reply", "ar", "marketing", "HX1", "pending")


async def silent(storage: Storage, name: str, clock: Clock, language: str = "ar") -> Guest:
    """Somebody on WhatsApp who wrote for the last time two days ago."""
    until = clock.now - timedelta(days=1)
    arrival = Arrival("whatsapp", name, "1", opens_until=until)
    async with storage.transaction() as tx:
        address, person = await tx.people.welcome(arrival, language, CONSENT, clock.now)
    return Guest(arrival, address, person)


async def laid_down(storage: Storage, *contents: Content) -> None:
    """What the platform was handed."""
    async with storage.transaction() as tx:
        for content in contents:
            await tx.contents.put(content)


async def reached(storage: Storage, clock: Clock) -> list[str]:
    """The accounts to which it may leave."""
    claimed = await claim(storage, clock.now, channel="whatsapp")
    return sorted(delivery.account for delivery in claimed)


@pytest.mark.parametrize(
    ("state", "who"),
    [("pending", []), ("rejected", []), ("approved", ["nour"]), ("paused", ["nour"])],
)
async def test_only_what_is_approved_leaves(
    storage: Storage, clock: Clock, state: Approval, who: list[str]
) -> None:
    await silent(storage, "nour", clock)
    await laid_down(storage, replace(PENDING, state=state))
    broadcast = await frozen(storage, clock.now)
    assert await reached(storage, clock) == who
    async with storage.reading() as tx:
        counts = await tx.recipients.counts(broadcast.id)
    assert counts.of("failed") == 0
    assert counts.by_fault == ({} if who else {"closed": 1})


async def test_another_language_and_another_kind_are_no_template_for_it(
    storage: Storage, clock: Clock
) -> None:
    for name, language in (("nour", "ar"), ("anna", "en")):
        await silent(storage, name, clock, language)
    approved = replace(PENDING, state="approved")
    await laid_down(storage, approved, replace(approved, key="other", language="en", name="notice"))
    await frozen(storage, clock.now)
    assert await reached(storage, clock) == ["nour"]
    await frozen(storage, clock.now, kind=Kind.NOTICE)
    assert await reached(storage, clock) == ["anna"]


async def test_who_has_another_chat_is_not_given_up_for_it(storage: Storage, clock: Clock) -> None:
    guest = await silent(storage, "nour", clock)
    await also_on(storage, guest, "web", clock.now)
    async with storage.transaction() as tx:
        await tx.people.prefer(guest.person.id, guest.address.id)
        linked = "UPDATE addresses SET linked = 1 WHERE person = :person"
        await tx.desk.connection.run(linked, {"person": guest.person.id})
    await laid_down(storage, PENDING)
    await frozen(storage, clock.now)
    assert await reached(storage, clock) == ["nour"]


async def test_nor_is_it_where_no_template_was_ever_made(storage: Storage, clock: Clock) -> None:
    await silent(storage, "nour", clock)
    broadcast = await frozen(storage, clock.now)
    assert await reached(storage, clock) == []
    async with storage.reading() as tx:
        assert (await tx.recipients.counts(broadcast.id)).by_fault == {"closed": 1}
