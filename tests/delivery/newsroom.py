"""A post office with broadcasts to send, people to send them to, and a clock that may leap."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from channels import Limits
from delivery import PostOffice
from dialogue.words import Act, Filled, Lane, Message
from storage import Storage, Transaction
from storage.broadcasting.broadcasts import Broadcast, Counts, Kind, Phase, Rule
from storage.community.people import Arrival, Consent, Profile
from storage.outbox import Draft, State
from storage.roles import Role
from tests.delivery.hurry import NOON, PATIENCE, Hurry
from tests.delivery.post import ScriptedPlatform

SLOW = Limits(4096, per_second=10, at_once=2)


class Leaping(Hurry):
    """A clock that can be put forward or back; its steady seconds do not notice."""

    leap = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.leap


class PlainWords:
    """Says in one line what it was asked to say."""

    def __init__(self) -> None:
        self.made: list[tuple[str, str | None, bool]] = []
        self.broken_for: set[int] = set()

    async def message(
        self,
        tx: Transaction,
        broadcast: Broadcast,
        language: str,
        zone: str | None,
        text_only: bool,
    ) -> Message:
        if broadcast.id in self.broken_for:
            raise LookupError("no such word")
        self.made.append((language, zone, text_only))
        if broadcast.kind is Kind.REMINDER:
            said = f"remember {' '.join(f'{w}-{m}' for w, m in broadcast.reminders)}"
            return Message(said, template=Filled("reminder", (said,)))
        said = str(broadcast.content["texts"][language])
        photo = broadcast.content.get("photos", {}).get(language)
        photo = None if text_only else photo
        return Message(said, language=language, template=Filled("news", (said,)), photo=photo)

    def brought(self, message: Message, language: str) -> Message:
        return Message(f"{language} first", language=message.language, photo=message.photo)

    def progress(
        self,
        broadcast: Broadcast,
        counts: Counts,
        rate: float | None,
        left: timedelta | None,
        language: str,
    ) -> Message:
        return Message(f"progress {broadcast.phase} {counts.of('sent')}/{counts.total}")

    def frozen(
        self, broadcast: Broadcast, now: datetime, language: str, zone: str | None
    ) -> Message:
        return Message(f"goes to {broadcast.frozen} {broadcast.phase}")

    def outgrown(self, broadcast: Broadcast, total: int, language: str) -> Message:
        return Message(f"outgrown {broadcast.confirmed} {total}")

    def missed(self, broadcast: Broadcast, language: str, zone: str | None) -> Message:
        return Message(f"missed {broadcast.confirmed}")

    def report(self, broadcast: Broadcast, counts: Counts, language: str) -> Message:
        states = " ".join(f"{state}={n}" for state, n in sorted(counts.by_state.items()))
        return Message(f"report {broadcast.phase} {states}")


class Newsroom:
    """An office at work, and what tests do with it."""

    def __init__(
        self,
        storage: Storage,
        hurry: Leaping,
        platform: ScriptedPlatform,
        *others: ScriptedPlatform,
    ) -> None:
        self.storage = hurry.heeds(storage)
        self._others = others
        self.hurry = hurry
        self.platform = platform
        self.words = PlainWords()
        self.offsets = (60, 10, 0)
        self.office = self._new_office()
        self._running: asyncio.Task[None] | None = None

    def _new_office(self) -> PostOffice:
        clock = self.hurry.clock()
        channels = [self.platform, *self._others]
        return PostOffice(channels, self.storage, clock, self.words, self.offsets)

    async def meets(
        self, *accounts: str, language: str = "en", channel: str = "scripted", **flags: Any
    ) -> list[int]:
        """People, by their ids."""
        ids: list[int] = []
        async with self.storage.transaction() as tx:
            for account in accounts:
                arrival = Arrival(channel, account, "1")
                consent = Consent("1", "x", language)
                _, person = await tx.people.welcome(arrival, language, consent, NOON)
                changed = replace(person, profile=Profile(zone="Asia/Baghdad"), **flags)
                await tx.people.update(changed, NOON)
                ids.append(person.id)
        return ids

    async def has_owner(self, account: str = "owner", channel: str = "scripted") -> int:
        """Somebody in charge, who wants no announcements."""
        (owner,) = await self.meets(account, channel=channel, announcements=False)
        async with self.storage.transaction() as tx:
            invitation = await tx.staff.invite(Role.OWNER, None, self.hurry.now())
            member = await tx.staff.redeem(invitation.token, owner, self.hurry.now())
        assert member is not None
        assert member.active
        return owner

    async def announces(
        self, english: str = "news", *, kind: Kind = Kind.ANNOUNCEMENT, **more: Any
    ) -> int:
        """A broadcast that begins as soon as its time has come."""
        content: dict[str, Any] = {"texts": {"en": english, "ar": f"{english} ar"}}
        content["photos"] = more.pop("photos", {})
        rule, phase = more.pop("rule", Rule()), more.pop("phase", Phase.HELD)
        async with self.storage.transaction() as tx:
            made = await tx.broadcasts.put(
                kind, rule, content, self.hurry.now(), phase=phase, **more
            )
        self.office.wake_broadcasts()
        return made.id

    async def tells(self, address: int, message: Message, lane: Lane) -> int:
        """A message to one person, of which the postmen are told."""
        now = self.hurry.now()
        draft = Draft(self.storage.ids.delivery(now), address, Act.SEND, lane, message, now)
        async with self.storage.transaction() as tx:
            await tx.outbox.add([draft])
        self.office.look()
        return draft.id

    async def confirms(
        self, number: int, to: Phase = Phase.HELD, wait: float = 0.0, **more: Any
    ) -> int:
        """An announcement that its author has just confirmed for so many people."""
        made = await self.announces(phase=Phase.DRAFT, **more)
        assert await self.confirms_anew(made, number, to, wait)
        return made

    async def confirms_anew(
        self, broadcast: int, number: int, to: Phase = Phase.HELD, wait: float = 0.0
    ) -> bool:
        """The draft is let go for so many people, to leave in so many seconds."""
        at = self.hurry.now() + timedelta(seconds=wait)
        async with self.storage.transaction() as tx:
            done = await tx.broadcasts.set_phase(
                broadcast, to, {Phase.DRAFT}, self.hurry.now(), starts_at=at, confirmed=number
            )
        self.office.wake_broadcasts()
        return done

    async def is_sent(self, *deliveries: int | None) -> bool:
        """Whether the platform took all of these, and we know of it."""
        async with self.storage.reading() as tx:
            states = {await tx.outbox.state(id) for id in deliveries if id is not None}
        return states == {State.SENT}

    async def sets(self, broadcast: int, phase: Phase, *expected: Phase) -> bool:
        """As a member of staff does it, in another process: nobody here is told."""
        async with self.storage.transaction() as tx:
            return await tx.broadcasts.set_phase(broadcast, phase, expected, self.hurry.now())

    async def get(self, broadcast: int) -> Broadcast:
        async with self.storage.reading() as tx:
            found = await tx.broadcasts.get(broadcast)
        assert found is not None
        return found

    async def counts(self, broadcast: int) -> Counts:
        async with self.storage.reading() as tx:
            return await tx.recipients.counts(broadcast)

    def opens(self) -> None:
        """The office starts work."""
        self._running = asyncio.create_task(self.office.run())

    async def closes(self) -> None:
        """The office stops as at the end of the process."""
        await self.office.stop()
        if self._running is not None:
            await self._running
            self._running = None

    async def dies(self) -> None:
        """It is gone from one moment to the next, and another one comes."""
        assert self._running is not None
        self._running.cancel()
        await asyncio.wait([self._running])
        self.office = self._new_office()
        self.opens()

    async def comes_to(self, broadcast: int, *phases: Phase) -> Broadcast:
        """Returns when the broadcast is in one of these phases."""

        async def there() -> bool:
            return (await self.get(broadcast)).phase in phases

        await self.until(there)
        return await self.get(broadcast)

    async def until(self, true: Callable[[], Awaitable[bool]]) -> None:
        """Returns when this has become true."""
        async with asyncio.timeout(PATIENCE):
            lull = self.hurry.next_lull
            while not await true():
                await lull.wait()
                lull = self.hurry.next_lull

    async def passes(self, seconds: float) -> None:
        """So many seconds go by on the office's clock."""
        await self.hurry.wait(asyncio.Event(), seconds)

    async def lands(self, words: str) -> None:
        """Returns when the platform has taken a message that begins so."""

        async def there() -> bool:
            return any(heard.text.startswith(words) for heard in self.platform.taken)

        await self.until(there)

    def copies(self, *texts: str) -> dict[str, int]:
        """How often each account got one of these texts."""
        got = [h.account for h in self.platform.taken if h.text in texts and h.act is Act.SEND]
        return {account: got.count(account) for account in got}
