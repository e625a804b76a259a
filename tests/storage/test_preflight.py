"""What a broadcast would come to: who can be written to, and how."""

from __future__ import annotations

from datetime import timedelta

from storage import Storage
from storage.broadcasting.broadcasts import Kind, Preflight, Rule
from storage.broadcasting.preflight import preflight
from tests.storage.community import Guest, welcome
from tests.storage.conftest import Clock
from tests.storage.crowd import announced, frozen, recipients, register, resident

HOUR = timedelta(hours=1)


async def looked(
    storage: Storage, clock: Clock, rule: Rule | None = None, kind: Kind = Kind.ANNOUNCEMENT
) -> Preflight:
    async with storage.reading() as tx:
        return await tx.recipients.preflight(rule or Rule(), None, kind, clock.now)


async def on_whatsapp(
    storage: Storage, clock: Clock, name: str, hours: int, language: str = "ar"
) -> Guest:
    """Somebody whose window is open for so many hours more, or closed for as many."""
    guest = await resident(storage, name, clock.now, channel="whatsapp", language=language)
    async with storage.transaction() as tx:
        await tx.people.open_window(guest.address.id, clock.now + hours * HOUR)
    return guest


async def test_each_is_counted_by_the_way_that_leads_to_them(
    storage: Storage, clock: Clock
) -> None:
    await resident(storage, "on telegram", clock.now)
    for name, hours, language in (
        ("inside", 1, "ar"), ("outside", -1, "ar"), ("outside, too", -1, "ar"),
        ("just closed", 0, "en"),
    ):  # fmt: skip
        await on_whatsapp(storage, clock, name, hours, language)
    blocked, stopped, silent = [
        await resident(storage, n, clock.now) for n in ("b", "s", "no news")
    ]
    spared = await on_whatsapp(storage, clock, "spared", 1)
    async with storage.transaction() as tx:
        await tx.people.mark(blocked.address.id, reachable=False)
        await tx.people.mark(stopped.address.id, reachable=False, stopped=True)
        await tx.people.mark(spared.address.id, marketing=False)
        silenced = "UPDATE people SET announcements = 0 WHERE id = :id"
        await tx.desk.connection.run(silenced, {"id": silent.person.id})
    assert await looked(storage, clock) == Preflight(
        open=1,
        template=3,
        unreachable=1,
        by_channel={"telegram": 1, "whatsapp": 4},
        by_language={"ar": 4, "en": 1},
        templates={"ar": 2, "en": 1},
        total=5,
    )
    async with storage.reading() as tx:
        steps = preflight(tx.desk, Rule(), None, Kind.ANNOUNCEMENT, clock.now, (), step=3)
        assert await steps == await looked(storage, clock)
    # What they did not refuse: all but who stopped.
    notice = await looked(storage, clock, kind=Kind.NOTICE)
    assert (notice.open, notice.template, notice.unreachable, notice.total) == (2, 3, 1, 7)


async def test_whoever_can_be_reached_somewhere_is_counted_there_alone(
    storage: Storage, clock: Clock
) -> None:
    guest = await on_whatsapp(storage, clock, "amal", -1)
    other = await welcome(storage, "amal", clock.now, "web")
    async with storage.transaction() as tx:
        await tx.people.join(guest.person.id, other.person.id, clock.now)
    assert (await looked(storage, clock)).by_channel == {"whatsapp": 1}
    async with storage.transaction() as tx:
        await tx.people.mark(guest.address.id, reachable=False)
    found = await looked(storage, clock)
    assert (found.by_channel, found.unreachable, found.template) == ({"web": 1}, 0, 0)


async def test_only_whom_the_rule_means_is_counted(storage: Storage, clock: Clock) -> None:
    inside, outside = [await on_whatsapp(storage, clock, n, h) for n, h in (("a", 1), ("b", -1))]
    blocked = await on_whatsapp(storage, clock, "c", -1)
    async with storage.transaction() as tx:
        await tx.people.mark(blocked.address.id, reachable=False)
    await register(storage, "one", clock.now, outside, blocked)
    found = await looked(storage, clock, Rule("registered", "one"), Kind.REMINDER)
    assert (found.open, found.template, found.unreachable) == (0, 1, 1)
    found = await looked(storage, clock, Rule("not_registered", "one"))
    assert (found.open, found.template, found.unreachable) == (1, 0, 0)
    made = await frozen(storage, clock.now, Rule("not_registered", "one"))
    assert await recipients(storage, made.id) == [(inside.person.id, inside.address.id)]


async def test_a_channel_that_nobody_serves_steps_behind(storage: Storage, clock: Clock) -> None:
    guest = await on_whatsapp(storage, clock, "amal", -1)
    other = await welcome(storage, "amal", clock.now, "web")
    async with storage.transaction() as tx:
        await tx.people.join(guest.person.id, other.person.id, clock.now)
        await tx.people.prefer(guest.person.id, guest.address.id)

    async def by_channel(*served: str) -> object:
        async with storage.reading() as tx:
            look = tx.recipients.preflight(
                Rule(), None, Kind.ANNOUNCEMENT, clock.now, served=served
            )
            return (await look).by_channel

    assert await by_channel("whatsapp", "web") == {"whatsapp": 1}
    assert await by_channel("telegram", "web") == {"web": 1}
    assert await by_channel("telegram") == {"whatsapp": 1}
    for served, channel in ((("telegram", "web"), "web"), (("whatsapp", "web"), "whatsapp")):
        made = await announced(storage, clock.now)
        async with storage.transaction() as tx:
            counts = await tx.recipients.audience(Rule(), served=served)
            assert await tx.broadcasts.begin(made.id, clock.now)
            while await tx.recipients.freeze(made.id, 9, served):
                pass
            counted = await tx.recipients.counts(made.id)
        assert counts.by_channel == counted.by_channel == {channel: 1}
