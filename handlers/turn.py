"""What a handler is given: one person's turn, and where it may lead."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from dialogue.form import Answers, Form
from dialogue.incoming import Incoming
from dialogue.talk import Talk
from dialogue.words import Reply, Text
from handlers.counting import Audience, Countable, Counted, Recipients, Uncounted, Ways
from handlers.desk import Desk
from handlers.house import House
from handlers.roles import Roles
from handlers.teller import Teller, Told
from locales import Voice
from storage import Transaction
from storage.broadcasting.broadcasts import Counts, Preflight
from storage.community.people import Address, Person
from storage.roles import Role

OUTSIDE = "out"
"""The answer of somebody outside Iraq to where they are."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A form that people talk through: `code` marks its buttons, `finish` keeps its answers."""

    code: str
    build: Callable[[Turn], Form]
    finish: Callable[[Turn, Answers], Awaitable[list[Reply]]]
    summary: str | None = None
    """The key of the summary's heading; None finishes with the last answer."""
    may: Roles | None = None
    """Who may have this conversation; None is everybody. Whoever may no more, has it no more."""
    rest_later: bool = False
    """All that may be left out can be left out at once; the summary leaves it out, too."""
    left: Callable[[Turn, Answers], Awaitable[list[Reply]]] | None = None
    """Where cancelling leads, told what was answered so far; None leads to the menu."""
    beside: Callable[[Turn, Talk], Awaitable[tuple[Text, ...]]] | None = None
    """What there is to think of beside an answer that is said back, to be agreed to."""


@dataclass(frozen=True, slots=True)
class StaffWay:
    """Where a button of the staff leads, and for whom; for others it is a stale one."""

    run: Callable[[Turn, str], Awaitable[list[Reply]]]
    """Takes what the button carries after the name of the way; "" when that is all."""
    may: Roles


@dataclass(slots=True)
class Turn(Teller):
    """One message of one person; a handler changes `person`, `address` and `desk` by assignment."""

    incoming: Incoming
    person: Person
    address: Address
    desk: Desk
    now: datetime
    house: House
    storage: Transaction
    role: Role | None = None
    """What they are on the staff, once their powers have begun."""
    counted: Mapping[Countable, Counted] = field(default_factory=dict[Countable, Counted])
    """What was counted for this turn, before its transaction began."""
    _forms: dict[str, tuple[Person, Form]] = field(
        default_factory=dict[str, tuple[Person, Form]], init=False, repr=False
    )
    forgotten: bool = False
    """Set when the person had everything erased: nothing of the turn is kept."""
    wants_posters: bool = False
    """Set when a picture is to be fetched from the platform that it was sent on."""
    told: list[Told] = field(default_factory=list[Told], init=False)
    elsewhere: list[tuple[Address, Reply]] = field(
        default_factory=list[tuple[Address, Reply]], init=False
    )
    """What is said on other addresses of the same person."""

    @property
    def voice(self) -> Voice:
        """How this person is spoken to: their language and zone, the one just given if any."""
        zone, talk = self.person.profile.zone, self.desk.talk
        if talk is not None and talk.answers.get("gov") == OUTSIDE:
            zone = str(talk.answers.get("zone") or "") or zone
        return self.house.languages.voice(self.person.language, zone)

    def form(self, conversation: Conversation) -> Form:
        """What this conversation asks; made once, and again when the person has changed."""
        made = self._forms.get(conversation.code)
        if made is None or made[0] is not self.person:
            made = self._forms[conversation.code] = (self.person, conversation.build(self))
        return made[1]

    def count(self, what: Audience | Recipients) -> Counts:
        """How many they are, as it was counted a moment ago.

        Raises Uncounted where it was not: the turn is rolled back, and taken again with it.
        """
        counted = self.counted.get(what)
        if isinstance(counted, Counts):
            return counted
        raise Uncounted(self.incoming.origin, what)

    def ways(self, what: Ways) -> Preflight:
        """How they could be written to, in the same manner."""
        counted = self.counted.get(what)
        if isinstance(counted, Preflight):
            return counted
        raise Uncounted(self.incoming.origin, what)

    async def want_poster(self, source: str) -> int:
        """The poster that is made of this picture, by its platform's id, once that is fetched."""
        self.wants_posters = True
        return await self.storage.posters.want(source, self.now)

    def keep_draft(self, draft: str) -> None:
        """Remember a text while the person is asked what it was meant for."""
        self.desk = replace(self.desk, draft=draft, draft_message=self.incoming.message)
