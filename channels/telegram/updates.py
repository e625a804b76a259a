"""Reading Telegram's updates: raw JSON in, `Incoming` out, nothing trusted on the way."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import partial
from typing import cast

from channels.telegram.sizes import picture_in
from dialogue.incoming import Event, Incoming

Update = Mapping[str, object]

LARGEST_ID = 2**63 - 1

_COMMAND = re.compile(r"(/[^\s@]*)(?:@\w+)?(?=\s|\Z)")
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PRESENT = {"member", "administrator", "creator", "restricted"}

# The first that a message holds names it; an animation is also a document, a venue a location.
_MEDIA = (
    *("photo", "voice", "video", "animation", "document", "sticker", "video_note", "audio"),
    *("venue", "location", "contact", "poll", "dice", "story", "game", "checklist", "paid_media"),
    *("invoice", "giveaway"),
)


class Unreadable(Exception):
    """This is no update as Telegram sends them; the text says what is wrong, never the content."""


class Reader:
    """Reads the updates of one bot."""

    def __init__(
        self,
        bot_id: str,
        *,
        clock: Callable[[], datetime],
        acknowledge: Callable[[str], Awaitable[None]],
    ) -> None:
        self._bot_id = bot_id
        self._clock = clock
        self._acknowledge = acknowledge

    def read_body(self, body: bytes) -> Incoming | None:
        """What one update as it came over the wire says; raises Unreadable."""
        try:
            update: object = json.loads(body)
        except (ValueError, RecursionError):
            update = None
        if update is None:  # outside of the except: that error holds the body
            raise Unreadable("not JSON that can be read")
        return self.read(update)

    def read(self, update: object) -> Incoming | None:
        """What the update says; None where it concerns nobody. Raises Unreadable."""
        fields = _object(update)
        number = str(_id(fields.get("update_id")))
        match fields:
            case {"message": message}:
                return self._message(number, _object(message), edited=False)
            case {"edited_message": message}:
                return self._message(number, _object(message), edited=True)
            case {"callback_query": query}:
                return self._pressed(number, _object(query))
            case {"my_chat_member": change}:
                return self._membership(number, _object(change))
            case _:
                return None

    def _message(self, number: str, message: Update, *, edited: bool) -> Incoming | None:
        chat = _object(message.get("chat"))
        sender = str(_id(chat.get("id")))
        if chat.get("type") != "private":
            addressed = not edited and self._is_addressed(message)
            return self._event(number, sender, Event.GROUP) if addressed else None
        author = _object(message.get("from"))
        text, media = message.get("text"), _media(message)
        if text is None and media is None:
            return None  # a service message: a pin, a timer
        written, start = (None, None) if text is None else _command(_string(text))
        return Incoming(
            channel="telegram",
            sender=sender,
            id=number,
            at=self._clock(),
            text=written,
            media=media if text is None else None,
            photo=picture_in(message) if text is None else None,
            message=str(_id(message.get("message_id"))),
            edited=edited,
            hint=_optional_string(author.get("language_code")),
            start=start,
        )

    def _pressed(self, number: str, query: Update) -> Incoming | None:
        author = _object(query.get("from"))
        choice = _optional_string(query.get("data"))
        message = query.get("message")
        if choice is None or message is None:
            return None  # a game, or a message that was sent by way of another chat
        pressed = _object(message)
        chat = _object(pressed.get("chat"))
        if chat.get("type") != "private":
            return None
        return Incoming(
            channel="telegram",
            sender=str(_id(chat.get("id"))),
            id=number,
            at=self._clock(),
            choice=choice,
            message=str(_id(pressed.get("message_id"))),
            on_photo="photo" in pressed,
            hint=_optional_string(author.get("language_code")),
            ack=partial(self._acknowledge, _string(query.get("id"))),
        )

    def _membership(self, number: str, change: Update) -> Incoming | None:
        chat = _object(change.get("chat"))
        sender = str(_id(chat.get("id")))
        before = _object(change.get("old_chat_member")).get("status")
        after = _object(change.get("new_chat_member")).get("status")
        if chat.get("type") == "private":
            if after == "kicked":
                return self._event(number, sender, Event.BLOCKED)
            return self._event(number, sender, Event.UNBLOCKED) if after == "member" else None
        added = after in _PRESENT and before not in _PRESENT
        return self._event(number, sender, Event.GROUP) if added else None

    def _event(self, number: str, sender: str, event: Event) -> Incoming:
        return Incoming(channel="telegram", sender=sender, id=number, at=self._clock(), event=event)

    def _is_addressed(self, message: Update) -> bool:
        """Whether a group speaks to the bot: a command, an answer to it, or adding it.

        In its privacy mode Telegram hands on commands only if they are meant for the bot.
        """
        text = message.get("text")
        if isinstance(text, str) and text.startswith("/"):
            return True
        answered = message.get("reply_to_message")
        members = message.get("new_chat_members")
        people = [*(cast("list[object]", members) if isinstance(members, list) else [])]
        if isinstance(answered, dict):
            people.append(cast("Update", answered).get("from"))
        return any(
            isinstance(person, dict) and str(cast("Update", person).get("id")) == self._bot_id
            for person in people
        )


def _command(text: str) -> tuple[str, str | None]:
    """The text with a command's @name taken off, and the payload of a deep link."""
    found = _COMMAND.match(text)
    if found is None:
        return text, None
    command, rest = found[1], text[found.end() :]
    if command != "/start":
        return command + rest, None
    payload = rest.strip()
    return command, payload if _PAYLOAD.fullmatch(payload) else None


def _media(message: Update) -> str | None:
    return next((kind for kind in _MEDIA if kind in message), None)


def _object(value: object) -> Update:
    if isinstance(value, dict):
        return cast("Update", value)
    raise Unreadable("an object is missing")


def _id(value: object) -> int:
    # bool is an int to Python, not to Telegram.
    if type(value) is int and -LARGEST_ID <= value <= LARGEST_ID:
        return value
    raise Unreadable("a number is missing or too large")


def _optional_string(value: object) -> str | None:
    return None if value is None else _string(value)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise Unreadable("a text is missing")
    if not _can_be_written(value):
        raise Unreadable("half of a surrogate pair")
    return value


def _can_be_written(text: str) -> bool:
    """Whether it is text at all: half of a surrogate pair passes in JSON, and nowhere else."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
