"""The only home of the platforms' libraries: how each platform is read and written to.

Imports `dialogue` and nothing else of ours; never storage, never locales.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

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


class TargetGone(Refused):
    """The message to edit or delete is not there (any more), or may not be changed."""


class Barred(Exception):
    """The platform does not accept our credentials: nothing can be sent until that is mended."""


class Moved(Exception):
    """The account has another id now."""

    def __init__(self, account: str) -> None:
        super().__init__("The account has another id now.")
        self.account = account


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


class Channel(Protocol):
    """One sender on one platform: a bot token, a WhatsApp number, this server's web chat."""

    name: str
    """`telegram`, `web` …: as in `Incoming.channel` and in the address."""
    limits: Limits

    async def send(self, account: str, act: Act, target: str | None, message: Message) -> str:
        """Carry this out and return the platform's id of the message.

        Raises Busy, Unreachable, Unsure, Gone, Refused, TargetGone, Barred or Moved, and nothing
        else that is expected.
        """
        ...
