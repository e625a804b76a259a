"""What a handler is given: one person's turn, and the house in which it is taken."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from dialogue.form import Answers, Form
from dialogue.incoming import Incoming
from dialogue.talk import Talk
from dialogue.words import Localised, Reply, Text
from handlers.bursts import Bursts
from handlers.counting import Audience, Countable, Counted, Recipients, Uncounted, Ways
from handlers.desk import Desk
from handlers.duty import Duty
from handlers.roles import Roles
from locales import Languages, Voice
from locales.flagging import WordList
from storage import Transaction
from storage.broadcasts import Counts, Preflight
from storage.people import Address, Person
from storage.roles import Role
from storage.webinars import Programme

T = TypeVar("T")


OUTSIDE = "out"
"""The answer of somebody outside Iraq to where they are."""


@dataclass(frozen=True, slots=True)
class Community:
    """Who runs this bot, in its own words."""

    name: Localised
    partners: tuple[Localised, ...]
    contact: str
    zone: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers that the notice names and the handlers keep."""

    messages_per_minute: int = 20
    questions_per_window: int = 5
    question_window: timedelta = timedelta(minutes=10)
    question_length: int = 1000
    nickname_length: int = 40
    retention_days: int = 30
    subscriber_days: int = 180
    backup_days: int = 14
    mail_is_set_up: bool = False
    mails_per_second: int = 5
    mailbox_days: int | None = None
    """After so many mails to us are deleted, never for 0; None where none are read."""
    proofs_per_day: int = 3
    """Mails to one person, or to one address, that prove one."""
    way_in_minutes: int = 15
    """Before the start; from then on those registered are shown the way in."""
    reminders: tuple[int, ...] = (1440, 60, 10, 0)
    """Minutes before the start, where a webinar and its series say nothing else."""
    undo: timedelta = timedelta(seconds=60)
    second_person_above: int = 500
    """Recipients of an announcement, beyond which a second member of staff must agree."""
    wait: timedelta = timedelta(minutes=10)
    """How long such an announcement waits where there is no second member of staff."""
    messages_per_second: int = 30
    """What Telegram takes, to say how long an announcement will be on its way."""
    whatsapp_per_second: int = 80
    first_messages_per_day: int = 250
    """To so many people on WhatsApp one may write first within 24 hours."""
    translator: str = ""
    """The host whose machine drafts translations; empty without one, or where it is ours."""
    translation: timedelta = timedelta(hours=24)
    """So long an answer waits at most for its words in somebody's language."""
    invitations_last: timedelta = timedelta(minutes=15)
    digest_before: timedelta = timedelta(hours=24)
    """So long before the start the experts are sent the questions; nothing is never."""
    digest_after: timedelta = timedelta(hours=2)
    """So long after the end they hear what became of them; nothing is never."""
    invitation_tries: int = 10
    """Misses in an hour, of everybody together, after which no typed code is taken."""


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


def _nobody(_channel: str) -> str | None:
    return None


def _no_link(_page: str, _words: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class House:
    """All that is the same for every turn until the programme changes."""

    languages: Languages
    community: Community
    rules: Rules
    programme: Programme
    conversations: Mapping[str, Conversation]
    """The forms that people talk through, by the letter that marks their buttons."""
    random_token: Callable[[], str]
    telegram_name: Callable[[], str | None]
    """The bot's name on Telegram, once known, for links that lead there."""
    web_address: Callable[[], str]
    """Where the web chat's server is reached, without a slash at the end."""
    whatsapp_number: str | None = None
    """The digits of the number on WhatsApp, for links that lead there; None without one."""
    uploader: Callable[[str], str | None] = _nobody
    """As whom pictures are uploaded to a channel, for `posters.file`; None where they are not."""
    mail_link: Callable[[str, str], str] = _no_link
    """The address of the page that a mail leads to, by its name and what it is to hold sealed."""
    words: WordList = field(default_factory=WordList, repr=False, compare=False)
    """The community's own, by which a question is flagged."""
    bursts: Bursts = field(default_factory=Bursts, repr=False, compare=False)
    """Whose news have not left yet."""
    duty: Duty = field(default_factory=Duty, repr=False, compare=False)
    """Which moderators are at work."""
    interpreting: Duty = field(default_factory=Duty, repr=False, compare=False)
    """Which interpreters are."""
    _made: dict[Hashable, Any] = field(
        default_factory=dict[Hashable, Any], init=False, repr=False, compare=False
    )

    def once(self, name: Hashable, make: Callable[[], T]) -> T:
        """What follows from this house alone, nobody's turn: made once, and then the same again."""
        try:
            return self._made[name]
        except KeyError:
            return self._made.setdefault(name, make())


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody else hears of a turn."""

    person: int
    reply: Reply
    slot: str | None = None
    """What waits in this slot of the outbox is not said: this takes its place."""
    due: datetime | None = None
    """Not before; None is at once."""
    answers: tuple[int, ...] = ()
    """The questions whose answers it brings: once it has arrived, no way back to them is kept."""
    target: int | None = None
    """The delivery that it edits or deletes; where nothing can be edited, nothing is said then."""
    sent: Callable[[int], None] | None = None
    """Is given the id of the delivery that it becomes."""


class Teller(Protocol):
    """Has people told what happened: somebody's turn, or what happens without one."""

    @property
    def house(self) -> House: ...
    @property
    def storage(self) -> Transaction: ...
    @property
    def now(self) -> datetime: ...
    @property
    def programme(self) -> Programme: ...

    def tell(
        self,
        person_id: int,
        reply: Reply,
        *,
        slot: str | None = None,
        due: datetime | None = None,
        answers: tuple[int, ...] = (),
        target: int | None = None,
        sent: Callable[[int], None] | None = None,
    ) -> None:
        """As `Turn.tell`."""
        ...


@dataclass(slots=True)
class Turn:
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
    """What others hear of this turn, by person."""
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

    @property
    def programme(self) -> Programme:
        """The webinars there are."""
        return self.house.programme

    async def want_poster(self, source: str) -> int:
        """The poster that is made of this picture, by its platform's id, once that is fetched."""
        self.wants_posters = True
        return await self.storage.posters.want(source, self.now)

    def tell(
        self,
        person_id: int,
        reply: Reply,
        *,
        slot: str | None = None,
        due: datetime | None = None,
        answers: tuple[int, ...] = (),
        target: int | None = None,
        sent: Callable[[int], None] | None = None,
    ) -> None:
        """Have somebody else hear this, with the commit of this turn; the rest as in `Told`.

        In their language and zone, on the address that they prefer; not at all when they have
        none on which they wish to be written to. A button under it works; a number does not.
        """
        self.told.append(Told(person_id, reply, slot, due, answers, target, sent))

    def keep_draft(self, draft: str) -> None:
        """Remember a text while the person is asked what it was meant for."""
        self.desk = replace(self.desk, draft=draft, draft_message=self.incoming.message)
