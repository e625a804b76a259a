"""Which mail is taken, of whom, and who is asked to agree first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from dialogue.incoming import Incoming, Mailed
from dialogue.words import Reply
from handlers.arrivals import arrival
from handlers.commands import Commands
from handlers.desk import Desk
from handlers.digest import replying
from handlers.house import House
from handlers.mail import mailed
from handlers.mail.strangers import Strangers
from handlers.meter import Meter, Verdict
from handlers.participants import help, privacy
from handlers.teller import Told
from handlers.telling.telling import Telling
from handlers.turn import Turn
from storage import Transaction
from storage.turns import Found

Asking: TypeAlias = Callable[[House, Incoming, Mailed, datetime], Reply]
"""The mail with a link that confirms something."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered, in a turn that is kept, or, without one, said and forgotten."""

    found: Found
    replies: Sequence[Reply] = ()
    turn: Turn | None = None
    told: Sequence[Told] = ()
    """What others hear of it."""
    settled: bool = False
    """Something of it is kept: it counts as taken, whether or not they can be told so."""


@dataclass(frozen=True, slots=True)
class MailTurns:
    """Takes mails: questions, or the few words that are obeyed."""

    house: House
    commands: Commands
    meter: Meter
    strangers: Strangers

    async def answer(
        self, storage: Transaction, incoming: Incoming, mail: Mailed, found: Found, now: datetime
    ) -> Answer:
        """What becomes of this one; of who has not agreed to the notice nothing is written."""
        expert = not mail.erases and await replying.is_one(storage, incoming, found.role)
        if expert and not (mail.answers_ours or mail.vouched or mail.agreed is not None):
            # An expert's address is no secret, and what is sent from it replaces what they wrote.
            return Answer(found, self._asked(incoming, mail, now, mailed.vouching))
        if mail.vouched and not expert:
            # They were to be answers: whether they shall be a question instead is theirs to say.
            return Answer(found, self._asked(incoming, mail, now))
        answered: Sequence[Reply] | None = None
        to = Telling(self.house, storage, now)
        if expert:
            answered = (await replying.take(to, incoming, found.role),)
        elif found.person is None and mail.agreed is not None:
            consent = privacy.consent(self.house, mail.agreed)
            address, person = await storage.people.welcome(
                arrival(incoming), mail.agreed, consent, now
            )
            found = replace(found, address=address, person=person)
        if found.person is None or found.address is None:
            if answered is not None:
                return Answer(found, answered, told=to.told, settled=True)
            return Answer(found, self._asked(incoming, mail, now))
        desk = Desk.from_json(found.state) if found.state else Desk(at=now)
        turn = Turn(
            incoming, found.person, found.address, desk, now, self.house, storage, found.role
        )
        replies = await self._replies(turn, mail) if answered is None else answered
        if replies is None:
            return Answer(found, await self._unsure(turn, mail))
        return Answer(found, replies, turn, to.told)

    async def _replies(self, turn: Turn, mail: Mailed) -> list[Reply] | None:
        """What is answered; None when they have to agree first."""
        turn.address = replace(turn.address, reachable=True)
        if mail.erases:
            return await privacy.erase(turn)
        agreed = turn.person.notice == privacy.version(self.house)
        if mail.agreed is not None:
            if not agreed:
                await self._agree(turn, mail.agreed)
            return [await mailed.question(turn)]
        obeyed = self.commands.find(turn.incoming.text or "") in mailed.OBEYED
        if mail.doubtful or not (agreed or obeyed):
            return None
        match self.meter.hear(*turn.incoming.origin, turn.incoming.at, turn.incoming.id):
            case Verdict.FINE:
                return await mailed.answer(turn, self.commands)
            case Verdict.WARN:
                return [help.too_fast()]
            case Verdict.IGNORE:
                return []

    async def _unsure(self, turn: Turn, mail: Mailed) -> Sequence[Reply]:
        """What goes to whom somebody else may have written for, or who must agree: kept nowhere."""
        incoming, command = turn.incoming, self.commands.find(turn.incoming.text or "")
        if command is None or command not in mailed.OBEYED:
            return self._asked(incoming, mail, turn.now)
        if not self.strangers.may_be_asked(incoming.sender, incoming.id, turn.now):
            return ()
        replies = await mailed.obeyed_by_link(turn, command)
        return [replace(each, language=turn.person.language) for each in replies]

    async def _agree(self, turn: Turn, language: str) -> None:
        consent = privacy.consent(self.house, language)
        channel = turn.incoming.channel
        await turn.storage.people.consent(turn.person.id, consent, turn.now, channel)
        turn.person = replace(turn.person, notice=consent.version)

    def _asked(
        self, incoming: Incoming, mail: Mailed, now: datetime, asking: Asking = mailed.asking
    ) -> tuple[Reply, ...]:
        """The mail with the link, within limits; none where there is nothing to agree to."""
        words = incoming.text or ""
        if mail.erases or not words or self.commands.find(words) is not None:
            return ()
        if not self.strangers.may_be_asked(incoming.sender, incoming.id, now):
            return ()
        return (asking(self.house, incoming, mail, now),)
