"""What a channel read from its platform, verified, before anything else looks at it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Event(StrEnum):
    """Something that happened to the chat itself, not said in it."""

    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    GROUP = "group"
    """The bot was added to, or addressed in, a group: it does not talk there."""


@dataclass(frozen=True, slots=True)
class Mailed:
    """What comes with a text that was sent as a mail."""

    lies_at: str = ""
    """Where it lies in the mailbox, so that it can be fetched once more; no blank in it."""
    subject: str = ""
    aim: str | None = None
    """The payload of the address that it was written to, e.g. `w-corona-1`."""
    doubtful: bool = False
    """Somebody else may have written it in this name."""
    answers_ours: bool = False
    """It names a mail of ours as only who reads there can: nobody else has written it."""
    agreed: str | None = None
    """They have just agreed, on the page that a mail of ours led to, in this language."""
    vouched: bool = False
    """On such a page they have said that the answers in it are theirs."""
    erases: bool = False
    """On such a page they had everything erased."""

    @property
    def decided(self) -> bool:
        """Whether a button on such a page was pressed."""
        return self.erases or self.vouched or self.agreed is not None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that a person did: wrote a text, pressed a button, sent media, edited, blocked.

    Exactly one of `text`, `choice`, `media`, `event` is set.
    """

    channel: str
    sender: str
    """The account on that channel, opaque to everybody but the channel."""
    id: str
    """The platform's own number of this update; `(channel, id)` comes at most once."""
    at: datetime
    text: str | None = None
    choice: str | None = None
    """What the pressed button carried."""
    media: str | None = None
    """The kind of a thing that is not text: photo, voice, document, sticker, location, contact …"""
    photo: str | None = None
    """With media: the picture's id on the platform, or `upload:<poster>` if it is here already."""
    event: Event | None = None
    message: str | None = None
    """The platform's id of the message that was sent, edited, or whose button was pressed."""
    on_photo: bool = False
    """The message whose button was pressed shows a picture, which no text can take the place of."""
    edited: bool = False
    hint: str | None = None
    """A language code that the platform suggests; only a hint."""
    alias: str | None = None
    """Another id of the same account, by which it may be known already."""
    bare: bool = False
    """It names the account by its number alone, although the platform may have another id of it."""
    start: str | None = None
    """The payload of a deep link, e.g. `w-corona-1`; the text is then `/start`."""
    mailed: Mailed | None = None
    """With a text: it came as a mail."""
    ack: Callable[[], Awaitable[None]] | None = None
    """Acknowledges a pressed button; called once, after the commit, failures are forgotten."""

    @property
    def origin(self) -> tuple[str, str]:
        """The channel and whose it is, by the id that the platform's log says, too."""
        return self.channel, self.alias or self.sender


class TryAgain(Exception):
    """What came in was not taken: acknowledge nothing, and it will be sent again."""
