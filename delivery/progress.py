"""Shows whoever made a broadcast how far it is, in one message that is edited, and reports."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta

from delivery.clock import Clock
from delivery.readers import all_concerned, all_in_charge, reader_of, readers_of_report
from delivery.wording import Words
from dialogue.words import Act, Lane, Message
from storage import Storage, Transaction
from storage.broadcasting.broadcasts import Broadcast, Counts, Phase, has_outgrown
from storage.outbox import Draft, State
from storage.persons import Address

EVERY = 3.0
"""Seconds between two edits."""
COUNTING = 20
"""So many times as long as the counting took, nothing is counted again."""
REPORTED = timedelta(days=7)
"""So long a report is tried: also after the network was away for days."""
WAITING = (State.QUEUED, State.SENDING)
ARRIVED = (State.SENT, State.DELIVERED, State.READ)
CONFIRMED = (Phase.HELD, Phase.WAITING)


@dataclass(slots=True)
class Shown:
    """What was shown last, and when; times in monotonic seconds."""

    phase: Phase
    left: int
    """How many had not got it then."""
    at: float
    again_at: float
    rate: float | None = None
    turns: bool = False
    """It began just now, or halted, or goes on."""


class Progress:
    """What the makers of broadcasts see of them."""

    def __init__(
        self, storage: Storage, clock: Clock, words: Words, fixed: Collection[str] = ()
    ) -> None:
        """On `fixed` channels nothing can be edited: there it is told where it began and where it
        halted, and no step in between."""
        self._storage = storage
        self._fixed = fixed
        self._clock = clock
        self._words = words
        self._shown: dict[int, Shown] = {}

    async def show(self, broadcast: Broadcast) -> None:
        """Has the message edited, unless that was done just now, or is still to be done."""
        before, now = self._shown.get(broadcast.id), self._clock.monotonic()
        if broadcast.made_by is None or not _worth_it(before, broadcast.phase, now):
            return
        async with self._storage.reading() as tx:
            if await _state(tx, broadcast) in WAITING:
                return
        counts = await self._counts(broadcast)
        shown = self._measured(broadcast, counts, before, now)
        shown.turns = before is None or before.phase is not broadcast.phase
        async with self._storage.transaction() as tx:
            found = await tx.broadcasts.get(broadcast.id)
            if found is None or found.phase is not broadcast.phase:
                return  # Somebody held it up while it was counted: they have read that already.
            self._shown[broadcast.id] = shown
            await self._edit(tx, broadcast, counts, shown)

    async def frozen(self, broadcast_id: int, number: int) -> None:
        """Notes how many recipients are written down, and tells its author.

        Makes it a draft again when these are many more than it was confirmed for.
        """
        async with self._storage.transaction() as tx:
            found = await tx.broadcasts.get(broadcast_id)
            if found is None or found.confirmed is None or found.phase not in CONFIRMED:
                return
            outgrown = has_outgrown(number, found.confirmed)
            if not await self._note(tx, found, number, outgrown=outgrown):
                return
            reader = await reader_of(tx, found.made_by)
            if reader is None:
                return
            address, person = reader
            if outgrown:
                message = self._words.outgrown(found, number, person.language)
            else:
                zone, known = person.profile.zone, replace(found, frozen=number)
                message = self._words.frozen(known, self._clock.now(), person.language, zone)
            await tx.outbox.add([self._draft(address, message)])

    async def missed(self, broadcast_id: int) -> None:
        """Makes what did not begin at its time a draft again, and tells its author.

        All in charge are told where that is none of them any more: else nobody would know.
        """
        async with self._storage.transaction() as tx:
            found, now = await tx.broadcasts.get(broadcast_id), self._clock.now()
            changed = await tx.broadcasts.set_phase(broadcast_id, Phase.DRAFT, (Phase.HELD,), now)
            if found is None or not changed:
                return
            for reader in [await reader_of(tx, each) for each in await all_concerned(tx, found)]:
                if reader is not None:
                    address, person = reader
                    message = self._words.missed(found, person.language, person.profile.zone)
                    await tx.outbox.add([self._draft(address, message)])

    async def _note(
        self, tx: Transaction, broadcast: Broadcast, number: int, *, outgrown: bool
    ) -> bool:
        """False when it was undone in the meantime."""
        if not await tx.recipients.note_frozen(broadcast.id, number):
            return False
        if not outgrown:
            return True
        now = self._clock.now()
        return await tx.broadcasts.set_phase(broadcast.id, Phase.DRAFT, CONFIRMED, now)

    async def finish(self, broadcast: Broadcast) -> bool:
        """Ends the broadcast and reports; False when it is over, or somebody waits again."""
        counts = await self._counts(broadcast)
        async with self._storage.transaction() as tx:
            now = self._clock.now()
            phase = await tx.broadcasts.finish(broadcast.id, counts, now)
            self._shown.pop(broadcast.id, None)
            if phase is None:
                return False
            over = replace(broadcast, phase=phase, counts=counts, ended=now)
            if over.progress is not None and over.made_by is not None:
                shown = Shown(phase, 0, 0.0, 0.0)
                await self._edit(tx, over, counts, shown)
            await self._report(tx, over, counts)
        return True

    async def _counts(self, broadcast: Broadcast) -> Counts:
        async with self._storage.reading() as tx:
            return await tx.recipients.counts(broadcast.id)

    def _measured(
        self, broadcast: Broadcast, counts: Counts, before: Shown | None, began: float
    ) -> Shown:
        now, left = self._clock.monotonic(), counts.of(*WAITING)
        again_at = now + max(EVERY, COUNTING * (now - began))
        shown = Shown(broadcast.phase, left, now, again_at)
        if before is not None and before.phase is broadcast.phase and now > before.at:
            shown.rate = max(0.0, (before.left - left) / (now - before.at))
        return shown

    async def _edit(
        self, tx: Transaction, broadcast: Broadcast, counts: Counts, shown: Shown
    ) -> None:
        in_charge = broadcast.made_by in await all_in_charge(tx)
        reader = await reader_of(tx, broadcast.made_by) if in_charge else None
        if reader is None:
            return
        address, person = reader
        fixed = address.channel in self._fixed
        if fixed and not shown.turns:
            return
        left = timedelta(seconds=shown.left / shown.rate) if shown.rate else None
        message = self._words.progress(broadcast, counts, shown.rate, left, person.language)
        edits = not fixed and await _state(tx, broadcast) in (*ARRIVED, *WAITING)
        draft = self._draft(address, message)
        draft = replace(
            draft,
            act=Act.EDIT if edits else Act.SEND,
            target_delivery=broadcast.progress if edits else None,
            slot=f"progress:{broadcast.id}",
        )
        await tx.outbox.add([draft])
        await tx.broadcasts.note_progress(broadcast.id, draft.id)

    async def _report(self, tx: Transaction, broadcast: Broadcast, counts: Counts) -> None:
        drafts: list[Draft] = []
        for person in await readers_of_report(tx, broadcast, counts):
            reader = await reader_of(tx, person)
            if reader is not None:
                message = self._words.report(broadcast, counts, reader[1].language)
                draft = self._draft(reader[0], message)
                drafts.append(replace(draft, not_after=draft.due + REPORTED))
        await tx.outbox.add(drafts)

    def _draft(self, address: Address, message: Message) -> Draft:
        """In the lane behind replies: in any later one it came after all rows of a reminder."""
        now = self._clock.now()
        id = self._storage.ids.delivery(now)
        return Draft(id, address.id, Act.SEND, Lane.REMINDER, message, now)


def _worth_it(before: Shown | None, phase: Phase, now: float) -> bool:
    """Whether there is something new to show; while it pauses nothing moves."""
    if before is None or before.phase is not phase:
        return True
    return phase is not Phase.PAUSED and now >= before.again_at


async def _state(tx: Transaction, broadcast: Broadcast) -> State | None:
    """How far the message has come that showed its progress last."""
    return None if broadcast.progress is None else await tx.outbox.state(broadcast.progress)
