"""The only home of the platforms' libraries: how each platform is read and written to.

Imports `dialogue` and nothing else of ours; never storage, never locales.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from dialogue.words import Act, Message


class Busy(Exception):
    """The platform asks the whole sender to pause; the message was not taken."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The platform asks to wait {seconds} s.")
        self.seconds = seconds


class Unreachable(Exception):
    """The request never arrived, or the platform failed without taking it: send it again later."""


class Unsure(Exception):
    """The answer was lost after sending: the message may have arrived, or not."""


class Gone(Exception):
    """This account cannot be written to any more: it blocked the bot, or it does not exist."""


class Refused(Exception):
    """The platform refuses this message for good; the message of the error says why."""


class Closed(Refused):
    """The account's window is closed: only an approved template may be sent there now."""


class Unapproved(Closed):
    """The same, and there is a template for this message which nobody has approved yet."""


class OptedOut(Gone):
    """They told the platform that they want to hear nothing more from us: it counts as stop."""


class NoMarketing(Refused):
    """They told the platform that they want no announcements; what they asked for still may go."""


class Resting(Exception):
    """The platform keeps this from this account for now; others are not concerned."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The platform keeps this from the account for {seconds} s.")
        self.seconds = seconds


class Exhausted(Exception):
    """So many have been written to first that the platform takes no more; replies still go."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The platform takes no more first messages for {seconds} s.")
        self.seconds = seconds


class Unfit(Refused):
    """The platform takes this content from nobody to nobody: whoever else would get it must not."""


class NoPicture(Refused):
    """The platform could not have or show the picture; the words alone may go."""


class Faltering(Exception):
    """The platform failed with this very message: a few more tries may do, many will not."""


class TargetGone(Refused):
    """The message to edit or delete is not there (any more), or may not be changed."""


class Barred(Exception):
    """The platform does not accept our credentials: nothing can be sent until that is mended."""


class Moved(Exception):
    """The account has another id now."""

    def __init__(self, account: str) -> None:
        super().__init__("The account has another id now.")
        self.account = account


FAULTS = (Barred, Busy, Exhausted, Faltering, Gone, Moved, Refused, Resting, Unreachable, Unsure)
"""All that a call of a platform may raise."""


LATER = (Barred, Busy, Exhausted, Faltering, Resting, Unreachable, Unsure)
"""What may be tried again later."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one message may hold on a platform, and how fast they may leave."""

    text_units: int
    """UTF-16 code units in one text."""
    per_second: int
    """Messages per second for the whole sender."""
    chat_burst: int = 3
    chat_seconds: float = 1.0
    """After a burst of `chat_burst`, one message per `chat_seconds` to one account."""
    at_once: int = 32
    """Messages on their way at the same time: a crash makes at most so many doubtful."""
    edits: bool = True
    """Whether what was said can be changed; else an edit and a strip are not even asked for."""
    first_messages_per_day: int | None = None
    """To so many accounts a template may go in 24 hours; None is without end."""
    reconcile_seconds: float | None = None
    """What was perhaps sent waits so long for the platform's word before it may be sent again;
    None where the platform says nothing more of it."""
    pictures_of: str | None = None
    """As whose the pictures that were brought there are known; None where none is brought."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What a platform may have to be told besides the message."""

    delivery: int | None = None
    """Comes back with what the platform says of it later; None for what is not stored."""
    not_after: datetime | None = None
    """Later than this it is not to arrive any more."""
    open_until: datetime | None = None
    """Until then the account takes any message, later only templates; None where that is not so,
    and for an answer to what just came in."""
    plain: bool = False
    """Words alone: the platform did without the picture the last time (`NoPicture`)."""


NO_SLIP = Slip()


class Channel(Protocol):
    """One sender on one platform: a bot token, a WhatsApp number, this server's web chat."""

    name: str
    """`telegram`, `web` …: as in `Incoming.channel` and in the address."""
    limits: Limits

    async def send(
        self, account: str, act: Act, target: str | None, message: Message, slip: Slip = NO_SLIP
    ) -> str:
        """Carry this out and return the platform's id of the message.

        Raises Busy, Unreachable, Unsure, Resting, Exhausted, Faltering, Gone, Refused or a kind of
        it, Barred or Moved, and nothing else that is expected.
        """
        ...


@runtime_checkable
class Lists(Protocol):
    """A platform that tells afterwards what it took from us."""

    async def outbound_since(
        self, account: str, since: datetime, message: Message, slip: Slip
    ) -> Sequence[tuple[str, str, datetime]]:
        """What it took for this account since then: its id, its state and when it was taken.

        The state is `failed`, `undelivered` or `canceled` where it did not arrive. Where this
        message takes several, only the last of them is listed, and once all are there; those that
        have left are not sent again. Raises Busy, Unreachable or Barred.
        """
        ...

    def has_begun(self, delivery: int) -> bool:
        """Whether some parts of it have left, and the last of them not yet."""
        ...
