"""The house in which turns are taken: who runs it, by which rules, and what it has."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from dialogue.words import Localised
from handlers.bursts import Bursts
from handlers.duty import Duty
from locales import Languages
from locales.flagging import WordList
from storage.series.webinars import Programme

if TYPE_CHECKING:
    from handlers.turn import Conversation

T = TypeVar("T")


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
    reveals_per_day: int = 10
    """Askers who may be looked up in a day, of those who chose their nickname; 0 is never."""
    invitation_tries: int = 10
    """Misses in an hour, of everybody together, after which no typed code is taken."""


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
