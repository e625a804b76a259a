"""A session's questions for the tests to work with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from storage import Storage
from storage.asking.asked import AskedQuestion
from storage.asking.moderation import Handled, Order, Stage, WayBack
from storage.community.people import Profile
from tests.storage.community import Guest, webinar, welcome

ONE, TWO = 11, 12
"""Two moderators."""


async def with_webinars(storage: Storage, *ids: str) -> None:
    """These webinars exist."""
    async with storage.transaction() as tx:
        for id in ids or ("one",):
            await tx.webinars.put(webinar(id))


async def resident(
    storage: Storage, account: str, now: datetime, governorate: str | None = None, nick: str = "N"
) -> Guest:
    """Somebody who told where they are from."""
    guest = await welcome(storage, account, now)
    person = replace(guest.person, profile=Profile(nick, governorate))
    async with storage.transaction() as tx:
        await tx.people.update(person, now)
    return replace(guest, person=person)


async def ask(
    storage: Storage,
    guest: Guest,
    text: str,
    now: datetime,
    webinar: str | None = "one",
    *,
    anonymous: bool = True,
) -> AskedQuestion:
    """This guest asks."""
    async with storage.transaction() as tx:
        return await tx.questions.add(
            guest.person.id, webinar, "question", text, anonymous, "ar", None, now
        )


async def brought(
    storage: Storage, question_id: int, *stages: Stage, now: datetime, by: int = ONE
) -> Handled:
    """A moderator brings it to each of these stages."""
    found: Handled | None = None
    for stage in stages:
        async with storage.transaction() as tx:
            found = await tx.moderation.move(question_id, by, stage, now)
        assert found is not None, stage
    assert found is not None
    return found


async def approved(storage: Storage, guest: Guest, text: str, now: datetime) -> int:
    """The id of a question of this guest's that was approved."""
    asked = await ask(storage, guest, text, now)
    await brought(storage, asked.id, Stage.IN_REVIEW, Stage.APPROVED, now=now)
    return asked.id


async def following(
    storage: Storage, guest: Guest, text: str, root: int, now: datetime, webinar: str = "one"
) -> int:
    """The id of a question of this guest's that was merged into that one."""
    asked = await ask(storage, guest, text, now, webinar)
    await brought(storage, asked.id, Stage.IN_REVIEW, now=now)
    async with storage.transaction() as tx:
        assert await tx.moderation.merge(asked.id, root, ONE, now) is not None
    return asked.id


async def given(
    storage: Storage, staff: int, now: datetime, order: Order = Order.OLDEST, *skip: int
) -> Handled | None:
    """What a moderator gets next."""
    async with storage.transaction() as tx:
        return await tx.moderation.next("one", staff, order, now, skip)


async def standing(storage: Storage, guest: Guest) -> Mapping[int, Stage]:
    """How far this guest's questions have come, as they see it."""
    async with storage.reading() as tx:
        return {asked.id: asked.state for asked in await tx.questions.of(guest.person.id)}


async def ways(storage: Storage, *question_ids: int) -> list[WayBack]:
    """The ways back from these."""
    async with storage.reading() as tx:
        return await tx.moderation.askers(question_ids)


async def supports(storage: Storage, question_id: int) -> int:
    """How many others want to know."""
    async with storage.reading() as tx:
        found = await tx.moderation.get(question_id)
    assert found is not None
    return found.supports


async def supported(storage: Storage, question_id: int, *guests: Guest) -> list[bool]:
    """These guests want to know, too."""
    async with storage.transaction() as tx:
        return [await tx.support.add(question_id, guest.person.id) for guest in guests]
