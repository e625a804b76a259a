"""What strangers are told before they agree, and how they become known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dialogue.incoming import Incoming
from dialogue.words import Reply, text
from handlers.arrivals import arrival
from handlers.commands import Commands
from handlers.desk import Desk
from handlers.house import House
from handlers.meter import Meter, Verdict
from handlers.participants import help, privacy, welcome
from handlers.receiving import routes
from handlers.receiving.newcomers import Newcomers
from handlers.speaking import lists, menus
from handlers.turn import Turn
from storage import Transaction
from storage.turns import Found


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: in a turn that is kept, or, without one, said and forgotten."""

    replies: Sequence[Reply] = ()
    welcomed: tuple[Turn, Found] | None = None
    """The turn of whoever has agreed, and how they were when it began."""
    language: str | None = None
    """In which it is said; None for what they seem to read."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Answers those of whom nothing is stored."""

    house: House
    commands: Commands
    meter: Meter
    newcomers: Newcomers

    async def answer(self, storage: Transaction, incoming: Incoming, now: datetime) -> Answer:
        """What becomes of this; nothing is written before they agree to the notice."""
        if incoming.event is not None or incoming.edited:
            return Answer()
        match self.meter.hear(*incoming.origin, incoming.at, incoming.id):
            case Verdict.WARN:
                return Answer([help.too_fast()])
            case Verdict.IGNORE:
                return Answer()
            case Verdict.FINE:
                pass
        # By its log the platform names an account otherwise than by its webhook.
        who = incoming.origin
        shown = self.newcomers.shown(*who)
        greeting = welcome.greet(self.house, self.commands, incoming, now, shown)
        if not greeting.agreed:
            listed = lists.entries(self.house.languages, greeting.replies[-1].rows)
            self.newcomers.show(*who, listed)
            return Answer(greeting.replies, language=greeting.language)
        self.newcomers.forget(*who)
        return await self._welcomed(storage, incoming, greeting, now)

    async def _welcomed(
        self, storage: Transaction, incoming: Incoming, greeting: welcome.Greeting, now: datetime
    ) -> Answer:
        consent = privacy.consent(self.house, greeting.language)
        address, person = await storage.people.welcome(
            arrival(incoming), greeting.language, consent, now
        )
        # Of whom nothing was known, nothing was noted: a platform's log would bring it all again.
        answered = self.newcomers.answered(incoming)
        before = [replace(arrival(incoming), id=id) for id in answered]
        await storage.turns.note_answered(before, now)
        turn = Turn(incoming, person, address, Desk(at=now), now, self.house, storage)
        found = Found(seen=False, address=address, person=person)
        if greeting.aim:
            replies = await routes.arrive(turn, greeting.aim, text("agreed"))
        else:
            replies = [menus.main_menu(turn, text("agreed"))]
        return Answer(replies, (turn, found))
