"""What the bot says, before and after translation.

Handlers speak in keys (`Text`, `Reply`); `locales` turns them into a `Message` at the very end;
channels only ever see a `Message`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Localised:
    """A text that an organiser wrote, by language code; a missing language shows another."""

    by_language: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Text:
    """A message key and the values that its translation inserts.

    A `str` is somebody's words and is isolated from the sentence's direction; a `datetime` is
    shown in the community's zone and in the reader's own; an `int` named `count` picks the plural
    form; a `Text` is translated in place; a tuple of `Text`s becomes one line each.
    """

    key: str
    values: Mapping[str, Value] = field(default_factory=dict[str, "Value"])
    language: str | None = None
    """Said in this language, whatever the reader's: the greeting is."""

    def __hash__(self) -> int:
        return hash((self.key, tuple(sorted(self.values))))


Value: TypeAlias = str | int | datetime | Text | Localised | tuple[Text | Localised, ...]
Label: TypeAlias = Text | Localised | str


def text(key: str, **values: Value) -> Text:
    """A `Text`, written as it reads."""
    return Text(key, values)


@dataclass(frozen=True, slots=True)
class Button:
    """A button: pressing it sends `value` back (at most 64 bytes), or opens `url`."""

    label: Label
    value: str = ""
    url: str | None = None
    picked: bool = False
    number: int | None = None
    """What may be typed instead of pressing it, besides its label."""

    def numbered(self, number: int) -> Button:
        """The same button, with this number."""
        # Not by `replace`, which takes three times as long: each button of each list passes here.
        return Button(self.label, self.value, self.url, self.picked, number)


@dataclass(frozen=True, slots=True)
class Template:
    """A fixed sentence that a platform has approved, where it lets nothing else through."""

    name: str
    """As in the catalogues, behind `template-`."""
    values: tuple[Label, ...]
    """What is inserted, in the order of the sentence's numbers."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A date; whoever is told of it by mail may enter it into a calendar."""

    id: str
    """The same for as long as it is the same, however often it is moved."""
    title: Label
    starts_at: datetime
    minutes: int
    version: int
    """Of two that are told, the one with the larger number counts."""
    cancelled: bool = False


class Act(StrEnum):
    """What a reply does on the platform."""

    SEND = "send"
    EDIT = "edit"
    STRIP = "strip"
    """Take the buttons off an earlier message."""
    DELETE = "delete"
    LEAVE = "leave"
    """Leave the group that wrote."""


EVERYTHING = "*"
"""The target of a deletion: all that the platform keeps of what was said with this account."""


class Lane(StrEnum):
    """Who goes first when the platform lets only so many through, in this order."""

    REPLY = "reply"
    REMINDER = "reminder"
    ANNOUNCEMENT = "announcement"
    PROGRESS = "progress"


@dataclass(frozen=True, slots=True)
class File:
    """A document sent along with the text."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to the person whose turn it is; its texts are joined by blank lines."""

    texts: tuple[Text, ...] = ()
    rows: tuple[tuple[Button, ...], ...] = ()
    act: Act = Act.SEND
    target: str | None = None
    """For an edit, a strip or a delete: the platform's id of the message."""
    gone_after: timedelta | None = None
    """The message is deleted again after so long."""
    file: File | None = None
    photo: str | None = None
    """The hash of a poster, shown with the text: at most 1,024 UTF-16 units of it on Telegram."""
    on_request: bool = False
    """Who gets words alone otherwise asked for the picture, and is shown it."""
    wants_photo: bool = False
    """It asks for a picture: the web chat offers to send one."""
    language: str | None = None
    """Said in this language, whatever the reader's: what others will read is shown so."""
    template: Template | None = None
    """Says the same to somebody to whom the platform lets us write nothing else."""
    meetings: tuple[Meeting, ...] = ()
    """The dates that it tells of, for those who read it as a mail."""


@dataclass(frozen=True, slots=True)
class MessageButton:
    """A button in the reader's language."""

    label: str
    value: str = ""
    url: str | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """A template with what is inserted, in the reader's language."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MessageMeeting:
    """A date with its title in the reader's language."""

    id: str
    title: str
    starts_at: datetime
    minutes: int
    version: int
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A reply in the reader's language, ready for a channel."""

    text: str = ""
    rows: tuple[tuple[MessageButton, ...], ...] = ()
    language: str = "en"
    file: File | None = None
    photo: str | None = None
    """The hash of the poster that is shown with it."""
    wants_photo: bool = False
    template: Filled | None = None
    meetings: tuple[MessageMeeting, ...] = ()
