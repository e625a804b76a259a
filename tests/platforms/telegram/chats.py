"""The chats of the stand-in: what people see on their phones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.platforms.telegram.pictures import Kept


@dataclass(frozen=True, slots=True)
class ShownButton:
    """A button under a message."""

    label: str
    value: str | None
    url: str | None


@dataclass(slots=True)
class Shown:
    """A message of the bot as the chat shows it now."""

    chat: int
    id: int
    text: str
    markup: Mapping[str, Any] | None = None
    document: tuple[str, bytes] | None = None
    photo: Sequence[Kept] | None = None
    """Its picture in the sizes that there are of it; the text is the caption then."""
    fields: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What the request that sent it carried."""
    edits: int = 0
    deleted: bool = False
    too_old: bool = False

    @property
    def rows(self) -> tuple[tuple[ShownButton, ...], ...]:
        """Its buttons, row by row."""
        rows = (self.markup or {}).get("inline_keyboard", [])
        return tuple(
            tuple(ShownButton(b["text"], b.get("callback_data"), b.get("url")) for b in row)
            for row in rows
        )

    @property
    def buttons(self) -> tuple[ShownButton, ...]:
        """All its buttons."""
        return tuple(button for row in self.rows for button in row)

    @property
    def labels(self) -> tuple[str, ...]:
        """What is written on its buttons."""
        return tuple(button.label for button in self.buttons)

    def button(self, label: str) -> ShownButton:
        """The button with this label, or else the one whose label holds it."""
        exact = [button for button in self.buttons if button.label == label]
        found = exact or [button for button in self.buttons if label in button.label]
        assert len(found) == 1, f"{len(found)} buttons say {label!r}: {self.labels}"
        return found[0]


@dataclass(slots=True)
class Chat:
    """One chat with the bot; `id` is the person's, negative for a group."""

    id: int
    person: dict[str, Any] = field(default_factory=dict[str, Any])
    blocked: bool = False
    left: bool = False
    last_id: int = 0
    sent: dict[int, Shown] = field(default_factory=dict[int, Shown])
    """What the bot sent, by message id, deleted ones too."""
    said: dict[int, str] = field(default_factory=dict[int, str])
    """What the person sent, by message id."""

    def next_id(self) -> int:
        """The id of the next message: they rise within a chat, whoever writes."""
        self.last_id += 1
        return self.last_id

    def __iter__(self) -> Iterator[Shown]:
        """The bot's messages that can be seen, oldest first."""
        return (message for message in self.sent.values() if not message.deleted)

    @property
    def texts(self) -> list[str]:
        """Their texts."""
        return [message.text for message in self]

    @property
    def last(self) -> Shown:
        """The newest of them."""
        seen = list(self)
        assert seen, f"the bot has sent nothing to {self.id}"
        return seen[-1]

    def json(self) -> dict[str, Any]:
        """The chat as updates and answers carry it."""
        if self.id < 0:
            return {"id": self.id, "type": "supergroup", "title": "A group"}
        return {"id": self.id, "type": "private", **self.person}


def content_of(message: Shown) -> dict[str, Any]:
    """What a message of the bot holds, as updates and answers carry it."""
    if message.photo is None and message.document is None:
        return {"text": message.text}
    content: dict[str, Any] = {"caption": message.text} if message.text else {}
    if message.photo is not None:
        return content | {"photo": [size.json() for size in message.photo]}
    return content | {"document": {"file_id": "BQAC", "file_unique_id": "AgAD"}}
