"""Brings a platform the pictures of a broadcast before everybody there is sent them.

One upload takes seconds on a bad line. Were it left to those who are sent the picture at the same
time, they would wait for it on their way, and replies behind them. So a member of staff gets it
first, if one is there, else the first of the recipients alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from delivery.clock import Clock
from delivery.readers import IN_CHARGE
from delivery.wording import Words
from dialogue.words import Act, Lane, Message
from storage import Storage, Transaction
from storage.broadcasting.broadcasts import Broadcast
from storage.outbox import Draft, State
from storage.persons import Address

PATIENCE = 30.0
"""Seconds; so long the others wait for a member of staff to get it."""
TRIES = 3
"""So many recipients get the words alone ahead of the others; then so do all."""
GOOD_FOR = timedelta(hours=1)
"""Later nobody on the staff is sent a picture because of this."""
UNDER_WAY = (State.QUEUED, State.SENDING)
ARRIVED = (State.SENT, State.DELIVERED, State.READ, State.UNKNOWN)


@dataclass(slots=True)
class Bringing:
    """What is known of one broadcast on one channel."""

    wanted: dict[str, Message]
    """By language, what its readers get, where there is a picture to it."""
    staff: tuple[int, ...] = ()
    """The deliveries to the staff that bring pictures."""
    asked_at: float | None = None
    ahead: dict[str, int] = field(default_factory=dict[str, int])
    """By language, the row that goes ahead of the others."""
    in_vain: int = 0
    """So many got the words, and no picture was known afterwards."""


class Pictures:
    """Sees to it that a broadcast finds its pictures there."""

    def __init__(
        self, storage: Storage, clock: Clock, words: Words, pictures_of: Mapping[str, str]
    ) -> None:
        """`pictures_of` is as whose a picture is known, by channel."""
        self._storage = storage
        self._clock = clock
        self._words = words
        self._pictures_of = pictures_of
        self._known: dict[tuple[int, str], Bringing] = {}

    async def hold(self, broadcast: Broadcast) -> None:
        """Nobody is sent it, where pictures are brought, until `see_to` lets them go."""
        for channel in self._pictures_of if broadcast.pictured else ():
            # Who reads it may have changed since it was written down.
            self._known.pop((broadcast.id, channel), None)
            async with self._storage.transaction() as tx:
                await tx.ahead.hold(broadcast.id, channel)

    async def bring(self, broadcast: Broadcast) -> None:
        """Send what is missing to the staff, as its recipients are written down."""
        for channel in self._pictures_of if broadcast.pictured else ():
            bringing = await self._bringing(broadcast, channel)
            async with self._storage.transaction() as tx:
                missing = await self._missing(tx, channel, bringing)
                await self._ask_staff(tx, broadcast, channel, bringing, missing)

    async def see_to(self, broadcast: Broadcast) -> bool:
        """Let its rows go once its pictures are there; whether more may go than before."""
        channel = broadcast.ahead_on or ""
        bringing = await self._bringing(broadcast, channel)
        async with self._storage.transaction() as tx:
            if await self._goes_on(tx, broadcast, channel, bringing):
                return bool(bringing.ahead)
            await tx.ahead.release(broadcast.id)
        self._known.pop((broadcast.id, channel), None)
        return True

    async def _goes_on(
        self, tx: Transaction, broadcast: Broadcast, channel: str, bringing: Bringing
    ) -> bool:
        """Whether the others have to wait; sees to it that somebody is sent what is missing."""
        missing = await self._missing(tx, channel, bringing)
        if not missing:
            return False
        if await self._staff_is_sent(tx, bringing):
            return True
        if bringing.asked_at is None:
            await self._ask_staff(tx, broadcast, channel, bringing, missing)
            if bringing.staff:
                return True
        before = dict(bringing.ahead)
        for language in missing:
            await self._send_ahead(tx, broadcast, channel, language, bringing)
        if bringing.in_vain >= TRIES or not await self._missing(tx, channel, bringing):
            return False
        if bringing.ahead != before:
            await tx.ahead.hold(broadcast.id, channel, [*bringing.ahead.values()])
        return True

    async def _bringing(self, broadcast: Broadcast, channel: str) -> Bringing:
        known = self._known.get((broadcast.id, channel))
        if known is None:
            async with self._storage.reading() as tx:
                wanted = await self._wanted(tx, broadcast, channel)
            known = self._known[broadcast.id, channel] = Bringing(wanted)
        return known

    async def _wanted(
        self, tx: Transaction, broadcast: Broadcast, channel: str
    ) -> dict[str, Message]:
        wanted: dict[str, Message] = {}
        for language in await tx.ahead.languages(broadcast.id, channel):
            message = await self._words.message(tx, broadcast, language, None, False)
            if message.photo is not None and await tx.posters.has(message.photo):
                wanted[language] = message
        return wanted

    async def _missing(self, tx: Transaction, channel: str, bringing: Bringing) -> list[str]:
        """The languages whose readers' picture is not there."""
        of = self._pictures_of.get(channel)
        if of is None:
            return []
        wanted = bringing.wanted.items()
        return [
            language
            for language, message in wanted
            if await tx.posters.file(message.photo or "", message.language, of) is None
        ]

    async def _staff_is_sent(self, tx: Transaction, bringing: Bringing) -> bool:
        """Whether a member of staff is just being sent what is missing."""
        asked = bringing.asked_at
        if asked is None or self._clock.monotonic() - asked > PATIENCE:
            return False
        states = [await tx.outbox.state(id) for id in bringing.staff]
        return any(state in UNDER_WAY for state in states)

    async def _ask_staff(
        self,
        tx: Transaction,
        broadcast: Broadcast,
        channel: str,
        bringing: Bringing,
        missing: list[str],
    ) -> None:
        """Whoever made it gets what is missing, else somebody else who is in charge."""
        reader = await _reader(tx, broadcast, channel) if missing else None
        if reader is None:
            return
        address, language = reader
        brought = [self._words.brought(bringing.wanted[each], language) for each in missing]
        drafts = [self._draft(address, message) for message in brought]
        await tx.outbox.add(drafts)
        bringing.staff = tuple(draft.id for draft in drafts)
        bringing.asked_at = self._clock.monotonic()

    def _draft(self, address: Address, message: Message) -> Draft:
        now = self._clock.now()
        id = self._storage.ids.delivery(now)
        draft = Draft(id, address.id, Act.SEND, Lane.REMINDER, message, now)
        return replace(draft, not_after=now + GOOD_FOR)

    async def _send_ahead(
        self, tx: Transaction, broadcast: Broadcast, channel: str, language: str, bringing: Bringing
    ) -> None:
        """The next of those who read this language goes ahead, unless one is on the way."""
        last, now = bringing.ahead.get(language, 0), self._clock.now()
        state = await tx.outbox.state(last) if last else None
        if state is State.SENDING:
            return
        bringing.in_vain += state in ARRIVED
        waits = state is State.QUEUED
        row = await tx.ahead.first(broadcast.id, channel, language, last - waits, now)
        if row is not None:
            bringing.ahead[language] = row
        elif language not in await tx.ahead.languages(broadcast.id, channel):
            bringing.wanted.pop(language)


async def _reader(
    tx: Transaction, broadcast: Broadcast, channel: str
) -> tuple[Address, str] | None:
    """Who gets a picture first, and their language; None where nobody in charge is there."""
    members = [m for m in await tx.staff.members() if m.active and m.role in IN_CHARGE]
    members.sort(key=lambda member: member.person != broadcast.made_by)
    for member in members:
        person = await tx.people.get(member.person)
        for address in await tx.people.addresses(member.person):
            if person is not None and address.channel == channel and address.reachable:
                return address, person.language
    return None
