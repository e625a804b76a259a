"""Addresses that organisers name for the experts of a webinar: asked first, erased with it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from dialogue.words import Act, Lane, Message
from storage import Storage
from storage.asking.guest import Guest, Wanted
from storage.asking.guests import LASTING, MOST
from storage.outbox import Draft
from tests.storage.conftest import Clock
from tests.storage.moderating import with_webinars
from tests.storage.needles import on_disk

HUDA = "huda.nasser@hospital.example"


async def asked(
    storage: Storage, clock: Clock, account: str = HUDA, webinar: str = "one"
) -> tuple[Guest, str]:
    """Somebody who is asked, and the end of the link in their mail."""
    await with_webinars(storage, webinar)
    async with storage.transaction() as tx:
        guest = await tx.guests.ask(webinar, account, "en", clock.now)
        assert guest is not None
        return guest, tx.guests.link(guest)


async def agrees(storage: Storage, clock: Clock, link: str) -> Guest | None:
    """They press yes."""
    async with storage.transaction() as tx:
        agreed = await tx.guests.agree(link, clock.now)
    return None if agreed is None else agreed[0]


async def refuses(storage: Storage, link: str) -> bool:
    """They press no."""
    async with storage.transaction() as tx:
        return await tx.guests.refuse(link)


async def of(storage: Storage, webinar: str = "one") -> list[Guest]:
    """All that were named."""
    async with storage.reading() as tx:
        return await tx.guests.of(webinar)


async def letter(storage: Storage, clock: Clock, guest: Guest) -> int:
    """Something waits for this address."""
    id = storage.ids.delivery(clock.now)
    async with storage.transaction() as tx:
        await tx.outbox.add(
            [Draft(id, guest.address, Act.SEND, Lane.REMINDER, Message("Hello"), clock.now)]
        )
    return id


async def test_whoever_is_asked_may_agree_once_and_again(storage: Storage, clock: Clock) -> None:
    guest, link = await asked(storage, clock)
    assert (guest.wanted, guest.account) == (Wanted.ASKED, HUDA)
    agreed = await agrees(storage, clock, link)
    assert agreed is not None
    assert agreed.wanted is Wanted.AGREED
    assert await agrees(storage, clock, link) == agreed
    assert await of(storage) == [agreed]
    assert await of(storage, "two") == []


async def test_only_the_first_yes_is_news(storage: Storage, clock: Clock) -> None:
    _, link = await asked(storage, clock)
    async with storage.transaction() as tx:
        said = [await tx.guests.agree(link, clock.now) for _ in range(2)]
    assert [each and each[1] for each in said] == [True, False]


async def test_whoever_stops_mail_is_a_guest_of_no_webinar(storage: Storage, clock: Clock) -> None:
    one, link = await asked(storage, clock)
    await asked(storage, clock, webinar="two")
    other, _ = await asked(storage, clock, "else@example.org")
    await agrees(storage, clock, link)
    waiting = await letter(storage, clock, one)
    async with storage.transaction() as tx:
        assert await tx.guests.stop("nobody@example.org") == 0
        assert await tx.guests.stop(HUDA) == 2
        assert await tx.outbox.state(waiting) is None
    assert {each.account for each in await of(storage)} == {None, other.account}
    assert [each.wanted for each in await of(storage, "two")] == [Wanted.REFUSED]


async def test_mail_reaches_the_address(storage: Storage, clock: Clock) -> None:
    guest, _ = await asked(storage, clock)
    id = await letter(storage, clock, guest)
    async with storage.transaction() as tx:
        (delivery,) = await tx.outbox.claim("email", clock.now, 10)
    assert (delivery.id, delivery.account) == (id, HUDA)


async def test_whoever_writes_from_there_is_still_a_stranger(
    storage: Storage, clock: Clock
) -> None:
    guest, link = await asked(storage, clock)
    await agrees(storage, clock, link)
    async with storage.reading() as tx:
        assert await tx.people.find("email", HUDA) is None
        assert await tx.people.get(guest.id) is None


async def test_after_a_week_the_link_says_yes_no_more_but_still_no(
    storage: Storage, clock: Clock
) -> None:
    _, link = await asked(storage, clock)
    clock.forward(LASTING + timedelta(seconds=1))
    assert await agrees(storage, clock, link) is None
    assert await refuses(storage, link)


async def test_whoever_refuses_is_erased_and_not_asked_again(
    storage: Storage, clock: Clock
) -> None:
    guest, link = await asked(storage, clock)
    await agrees(storage, clock, link)
    id = await letter(storage, clock, guest)
    assert await refuses(storage, link)
    (known,) = await of(storage)
    assert (known.wanted, known.account, known.way) == (Wanted.REFUSED, None, None)
    clock.forward(2 * LASTING)
    async with storage.transaction() as tx:
        assert await tx.guests.ask("one", HUDA, "en", clock.now) is None
        assert await tx.outbox.state(id) is None
    assert await agrees(storage, clock, link) is None
    # For another webinar they may be asked.
    await asked(storage, clock, webinar="two")


async def test_nobody_is_asked_twice_within_the_week(storage: Storage, clock: Clock) -> None:
    first, link = await asked(storage, clock)
    async with storage.transaction() as tx:
        assert await tx.guests.ask("one", HUDA, "ar", clock.now) is None
    clock.forward(LASTING)
    again, same = await asked(storage, clock)
    assert (again.id, same) == (first.id, link)
    assert await agrees(storage, clock, link) is not None
    async with storage.transaction() as tx:
        assert await tx.guests.ask("one", HUDA, "en", clock.now + 2 * LASTING) is None


@pytest.mark.parametrize("change", ["first", "last", "short", "long", "other", "huge"])
async def test_a_link_that_was_not_made_here_does_nothing(
    storage: Storage, clock: Clock, change: str
) -> None:
    _, link = await asked(storage, clock)
    _, other = await asked(storage, clock, "someone@else.example")
    made_up = {
        "first": ("0" if link[0] != "0" else "1") + link[1:],
        "last": link[:-1] + ("A" if link[-1] != "A" else "B"),
        "short": link[:-1],
        "long": link + "A",
        "other": link[:16] + other[16:],
        "huge": "f" * 16 + link[16:],
    }[change]
    assert await agrees(storage, clock, made_up) is None
    assert not await refuses(storage, made_up)
    assert {each.wanted for each in await of(storage)} == {Wanted.ASKED}


async def test_an_organiser_takes_an_address_off_again(storage: Storage, clock: Clock) -> None:
    guest, link = await asked(storage, clock)
    id = await letter(storage, clock, guest)
    async with storage.transaction() as tx:
        assert not await tx.guests.remove("two", guest.id)
        assert await tx.guests.remove("one", guest.id)
        assert not await tx.guests.remove("one", guest.id)
        assert await tx.outbox.state(id) is None
    assert await of(storage) == []
    assert await agrees(storage, clock, link) is None


async def test_that_somebody_refused_cannot_be_taken_off(storage: Storage, clock: Clock) -> None:
    guest, link = await asked(storage, clock)
    await refuses(storage, link)
    async with storage.transaction() as tx:
        assert not await tx.guests.remove("one", guest.id)


async def test_there_are_not_too_many(storage: Storage, clock: Clock) -> None:
    for number in range(MOST):
        await asked(storage, clock, f"e{number}@example.org")
    async with storage.transaction() as tx:
        assert await tx.guests.ask("one", HUDA, "en", clock.now) is None


async def test_an_address_that_cannot_be_reached_has_no_way(storage: Storage, clock: Clock) -> None:
    guest, _ = await asked(storage, clock)
    assert guest.way is not None
    async with storage.transaction() as tx:
        await tx.people.mark(guest.address, reachable=False)
        gone = await tx.guests.get(guest.id)
    assert gone is not None
    assert gone.way is None


async def test_they_are_erased_with_their_webinar(storage: Storage, clock: Clock) -> None:
    guest, link = await asked(storage, clock)
    id = await letter(storage, clock, guest)
    await storage.sweep(clock.now + timedelta(days=400))
    assert await of(storage) == []
    assert await agrees(storage, clock, link) is None
    async with storage.reading() as tx:
        assert await tx.outbox.state(id) is None


async def test_without_the_key_of_its_webinar_nobody_reads_the_address(
    storage: Storage, clock: Clock
) -> None:
    await asked(storage, clock)
    storage._vault.destroy_key("one")  # pyright: ignore[reportPrivateUsage]
    (guest,) = await of(storage)
    assert guest.account is None


async def test_no_address_is_readable_on_the_disk(
    sqlite: Storage, sqlite_file: Path, clock: Clock
) -> None:
    await asked(sqlite, clock)
    assert HUDA.encode() not in on_disk(sqlite_file)
