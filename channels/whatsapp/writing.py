"""From a message to what is posted at Twilio."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from channels import Closed, Refused, Slip, Unapproved
from channels.whatsapp.contents import Contents
from channels.whatsapp.drafts import VALUES_UNITS
from channels.whatsapp.numbered import buttons_of, numbered
from channels.whatsapp.variables import as_variables, variables
from dialogue.fold import utf16_length
from dialogue.words import Message

TEXT_UNITS = 1600
CAPTION_UNITS = 1024
LONGEST_VALIDITY = 36_000
"""Seconds."""
VALUE_BYTES = 64
MOST_PARTS = 10
CLOSING = timedelta(seconds=30)
"""A window that closes so soon may be closed when the message gets there."""


@dataclass(frozen=True, slots=True)
class Post:
    """One request to send; without `body` it is a Content."""

    to: str
    sender: str
    body: str | None = None
    media: str | None = None
    content: str | None = None
    variables: str | None = None
    callback: str | None = None
    validity: int | None = None
    """Seconds."""


def posts(
    message: Message,
    slip: Slip,
    now: datetime,
    contents: Contents,
    media_url: Callable[[str], str],
    to: str,
    sender: str,
) -> list[Post]:
    """The requests that say this, mostly one. Raises Closed, or Refused for what cannot be said.

    In an open window it is said as it is; in a closed one by the message's template.
    """
    plain = Post(to, sender, validity=_validity(slip, now))
    opened = slip.open_until
    if opened is not None and now + CLOSING >= opened:
        template = _templated(message, contents, plain)
        if template is not None:
            return [template]
        if now >= opened and message.template is not None:
            raise Unapproved("The window is closed, and its template is not approved yet.")
        if now >= opened:
            raise Closed("The window is closed, and there is no approved template for it.")
    return _freely(message, slip, contents, media_url, plain)


def _templated(message: Message, contents: Contents, plain: Post) -> Post | None:
    if message.template is None:
        return None
    sid = contents.template(message.template, message.language)
    if sid is None:
        return None
    values = message.template.values
    filled = variables(values, VALUES_UNITS) if values else None
    return replace(plain, content=sid, variables=filled)


def _freely(
    message: Message, slip: Slip, contents: Contents, media_url: Callable[[str], str], plain: Post
) -> list[Post]:
    prompt = contents.prompt(message)
    if prompt is not None:
        values = [button.value for button in buttons_of(message)]
        if all(len(value.encode("utf-8", "replace")) <= VALUE_BYTES for value in values):
            return [replace(plain, content=prompt, variables=as_variables(values))]
    shown = message.photo if not slip.plain else None
    media = None if shown is None else media_url(shown)
    parts = numbered(_with_file(message), TEXT_UNITS)
    if len(parts) > MOST_PARTS or not (parts or media):
        raise Refused("The message is empty, or far too long.")
    said = [replace(plain, body=part) for part in parts]
    if media is None:
        return said
    if len(said) == 1 and utf16_length(parts[0]) <= CAPTION_UNITS:
        return [replace(said[0], media=media)]
    # Apart from the words, which get there even where the picture does not.
    return [replace(plain, media=media), *said]


def _with_file(message: Message) -> Message:
    """A file becomes words: as a file it would have to lie where anybody may fetch it."""
    if message.file is None:
        return message
    content = message.file.content.decode("utf-8", "replace")
    return replace(message, text=f"{message.text}\n\n{content}".strip())


def _validity(slip: Slip, now: datetime) -> int | None:
    if slip.not_after is None:
        return None
    seconds = int((slip.not_after - now).total_seconds())
    return min(max(seconds, 1), LONGEST_VALIDITY)
