"""A mail that is to be written, and what all mails of ours have in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.utils import parseaddr

from channels.email.lines import one_line
from channels.email.posters import Poster
from channels.email.threads import Thread
from dialogue.words import Message


@dataclass(frozen=True, slots=True)
class Words:
    """What every mail in one language says below the message."""

    in_chat: str
    """What leads to where a message with buttons is answered."""
    about: str
    """Why they get this."""
    stop: str
    """What leads to where it ends."""
    no_subject: str
    """The subject of what has no words."""
    poster: str
    """What is said in place of a picture."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What all mails of ours have in common."""

    sender: str
    """As in the settings: `Name <address>`."""
    words: Mapping[str, Words]
    """By language."""
    chat: Callable[[], str]
    """Where the chat is, as a whole address."""
    stop: Callable[[str], str]
    """The page on which this account ends mail, as a whole address."""
    key: bytes
    """What the ids of mails are made with, so that they tell nothing."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One mail that is to be written."""

    account: str
    message: Message
    at: datetime
    delivery: int | None = None
    """The row of the outbox; None for what proves an address, which has nothing to stop yet."""
    thread: Thread | None = None
    poster: Poster | None = None
    """What the message shows, if it is to come along."""


def addressed(sender: str) -> Address:
    """`Name <address>` as a header takes it."""
    name, address = parseaddr(one_line(sender))
    return Address(name, addr_spec=address)
