"""One group of turns: loaded together, handled one by one, saved and committed together."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from dialogue.fold import LONGEST, clean
from dialogue.incoming import Event, Incoming, Mailed
from handlers.arrivals import arrival
from handlers.commands import Commands
from handlers.counting import Countable, Counted
from handlers.desk import Desk
from handlers.house import House
from handlers.mail import turns
from handlers.mail.strangers import Strangers
from handlers.meter import Meter
from handlers.receiving import agreed, beside
from handlers.receiving.concluding import aloud, conclude, in_group
from handlers.receiving.newcomers import Newcomers
from handlers.receiving.unknown import Unknown
from handlers.telling.outcome import Door, Outcome
from handlers.telling.telling import drafts_for_others
from handlers.turn import Turn
from storage import Transaction
from storage.asking.moderation import Handled
from storage.roles import Role
from storage.turns import Found

_NEVER_CARRIED = re.compile("[\x00-\x1f\ud800-\udfff]")
"""No button of ours holds these."""
LONGEST_MAIL = 65_536
"""Code points: one mail of an expert's answers many questions."""


@dataclass(slots=True)
class Receiver:
    """Turns what came in into what goes out, inside one transaction; sends nothing itself."""

    house: House
    commands: Commands
    meter: Meter
    door: Door
    clock: Callable[[], datetime]
    next_id: Callable[[datetime], int]
    newcomers: Newcomers = field(default_factory=Newcomers)
    strangers: Strangers = field(default_factory=Strangers)

    async def receive(
        self,
        storage: Transaction,
        group: Sequence[Incoming],
        counted: Sequence[Mapping[Countable, Counted]],
    ) -> list[Outcome]:
        """Handle these turns, at most one per account, in this transaction.

        `counted` is what was counted for each of them. Raises Uncounted for what must be.
        """
        found, version = await storage.turns.load([arrival(incoming) for incoming in group])
        if version != self.house.programme.version:
            self.house = replace(self.house, programme=await storage.webinars.programme())
        now = self.clock()
        handled: dict[int, Outcome] = {}
        # The staff first: should one of them need a number, nobody else has said anything yet.
        for place in sorted(range(len(group)), key=lambda place: found[place].role is None):
            numbers = counted[place]
            handled[place] = await self._one(storage, group[place], found[place], now, numbers)
        outcomes = [handled[place] for place in range(len(group))]
        await storage.turns.save([o.kept for o in outcomes if o.kept is not None], now)
        # Only now it is known in which language each of the group wishes to be told.
        # As they were handled: what is told last was counted last.
        told = [each for outcome in handled.values() for each in outcome.told]
        if told:
            others = drafts_for_others(
                self.house, storage, self.door, told, now, lambda: self.next_id(now)
            )
            await storage.outbox.add(await others)
        return outcomes

    async def tell_askers(
        self,
        storage: Transaction,
        person_id: int,
        questions: Sequence[int],
        *,
        answered: bool = False,
    ) -> None:
        """As `beside.tell_askers`, in this transaction."""
        await self._read_programme(storage)
        now = self.clock()
        await beside.tell_askers(
            self.house,
            storage,
            self.door,
            person_id,
            questions,
            now,
            lambda: self.next_id(now),
            answered=answered,
        )

    async def tell_of_reveal(
        self, storage: Transaction, question: Handled, role: Role, reason: str
    ) -> None:
        """As `beside.tell_of_reveal`, in this transaction."""
        await self._read_programme(storage)
        now = self.clock()
        await beside.tell_of_reveal(
            *(self.house, storage, self.door, question, role, reason, now),
            lambda: self.next_id(now),
        )

    async def tell_overdue(self, storage: Transaction, question: int) -> None:
        """As `beside.tell_overdue`, in this transaction."""
        await self._read_programme(storage)
        now = self.clock()
        await beside.tell_overdue(
            self.house, storage, self.door, question, now, lambda: self.next_id(now)
        )

    async def _read_programme(self, storage: Transaction) -> None:
        programme = await storage.webinars.programme()
        if programme.version != self.house.programme.version:
            self.house = replace(self.house, programme=programme)

    async def _one(
        self,
        storage: Transaction,
        incoming: Incoming,
        found: Found,
        now: datetime,
        counted: Mapping[Countable, Counted],
    ) -> Outcome:
        mail = incoming.mailed
        decided = mail is not None and mail.decided
        if found.seen or (not decided and self.newcomers.was_answered(incoming)):
            return Outcome(incoming)
        longest = LONGEST if mail is None else LONGEST_MAIL
        if incoming.text is not None and (words := clean(incoming.text, longest)) != incoming.text:
            incoming = replace(incoming, text=words)
        if incoming.choice is not None and _NEVER_CARRIED.search(incoming.choice):
            # No database looks for it.
            incoming = replace(incoming, choice="")
        if incoming.event is Event.GROUP:
            return in_group(self.house, self.door, incoming)
        if mail is not None:
            return await self._by_mail(storage, incoming, mail, found, now)
        if found.person is None or found.address is None:
            return await self._unknown(storage, incoming, now)
        turn = Turn(
            incoming=incoming,
            person=found.person,
            address=found.address,
            desk=Desk.from_json(found.state),
            now=now,
            house=self.house,
            storage=storage,
            role=found.role,
            counted=counted,
        )
        replies = await agreed.answer(turn, self.commands, self.meter)
        return conclude(turn, found, replies, self.door, self.next_id)

    async def _unknown(self, storage: Transaction, incoming: Incoming, now: datetime) -> Outcome:
        rules = Unknown(self.house, self.commands, self.meter, self.newcomers)
        answer = await rules.answer(storage, incoming, now)
        if answer.welcomed is not None:
            return conclude(*answer.welcomed, answer.replies, self.door, self.next_id)
        return aloud(self.house, self.door, incoming, answer.replies, answer.language)

    async def _by_mail(
        self, storage: Transaction, incoming: Incoming, mail: Mailed, found: Found, now: datetime
    ) -> Outcome:
        rules = turns.MailTurns(self.house, self.commands, self.meter, self.strangers)
        answer = await rules.answer(storage, incoming, mail, found, now)
        if answer.turn is not None:
            outcome = conclude(answer.turn, answer.found, answer.replies, self.door, self.next_id)
        else:
            outcome = aloud(self.house, self.door, incoming, answer.replies)
        return replace(outcome, told=(*outcome.told, *answer.told), settled=answer.settled)
