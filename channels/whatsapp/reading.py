"""Reading what Twilio brings: a form in, `Incoming` out, nothing trusted on the way.

The fields: https://www.twilio.com/docs/messaging/guides/webhook-request. New ones may come
unannounced, and are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict

from channels.whatsapp.forms import Form
from dialogue.incoming import Incoming

CHANNEL = "whatsapp"

_READ = frozenset(
    {
        *("MessageSid", "From", "Body", "NumMedia", "MediaContentType0", "MessageType"),
        *("ButtonText", "ButtonPayload", "ListId", "Latitude", "Longitude"),
        *("OriginalRepliedMessageSid", "ExternalUserId"),
    }
)
_SID = re.compile(r"[A-Za-z0-9]{2,64}")
_ACCOUNT = re.compile(r"whatsapp:[+A-Za-z0-9._-]{1,160}")
_START = re.compile(r"/?start\s+([a-z]-[A-Za-z0-9_-]{1,62})|(w-[A-Za-z0-9_-]{1,62})", re.IGNORECASE)
_MARKS = "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"
"""Marks of direction that a keyboard or a page puts around what is pasted."""

_SAID_OF_THE_CHAT = frozenset({"reaction", "system", "ephemeral"})
"""Kinds that nobody expects an answer to."""


class Said(TypedDict, total=False):
    """What was done, as `Incoming` names it."""

    text: str | None
    choice: str | None
    media: str | None
    start: str | None


class Unreadable(Exception):
    """This is no message as Twilio brings them; the text says what is wrong, never the content."""


def read(form: Form, at: datetime) -> Incoming | None:
    """What this message says; None where it concerns nobody. Raises Unreadable."""
    fields = _known(form)
    sender = fields.get("From", "")
    if not sender.startswith("whatsapp:"):
        return None  # the same number takes text messages, too
    phone, external = _account(sender), fields.get("ExternalUserId")
    account = _account(external) if external else phone
    sid = _sid(fields.get("MessageSid"))
    said = _said(fields)
    if said is None:
        return None
    replied = fields.get("OriginalRepliedMessageSid")
    return Incoming(
        channel=CHANNEL,
        sender=account,
        id=sid,
        at=at,
        message=_sid(replied) if replied else sid,
        alias=phone if phone != account else None,
        **said,
    )


def started(text: str) -> str | None:
    """The payload of a deep link, if the text is nothing but one; it may have been typed over."""
    found = _START.fullmatch(text.strip().strip(_MARKS).strip())
    return None if found is None else found[1] or found[2]


def words(text: str) -> Said:
    """How `Incoming` is told of a text."""
    payload = started(text)
    return {"text": text} if payload is None else {"text": "/start", "start": payload}


def _said(fields: Mapping[str, str]) -> Said | None:
    """What was pressed, sent or written, as `Incoming` names it; None where nothing was."""
    pressed = fields.get("ButtonPayload") or fields.get("ListId")
    if pressed:
        return {"choice": pressed}
    kind = fields.get("MessageType", "")
    if fields.get("NumMedia", "0").strip() not in ("", "0"):
        return {"media": _kind_of_media(fields.get("MediaContentType0", ""), kind)}
    if "Latitude" in fields and "Longitude" in fields:
        return {"media": "location"}
    text = fields.get("Body") or fields.get("ButtonText") or ""
    if text.strip():
        return words(text)
    if kind in _SAID_OF_THE_CHAT:
        return None
    return {"text": text} if kind in ("", "text") else {"media": _bare(kind)}


_KINDS = {"image": "photo", "audio": "voice", "video": "video"}


def _kind_of_media(content_type: str, message_type: str) -> str:
    if message_type == "sticker":
        return message_type
    return _KINDS.get(content_type.partition("/")[0].strip().lower(), "document")


def _bare(kind: str) -> str:
    return kind if kind.isascii() and kind.isalpha() and len(kind) <= 32 else "unknown"


def _known(form: Form) -> dict[str, str]:
    """The fields that we read, each of which comes once."""
    fields: dict[str, str] = {}
    for name, value in form:
        if name not in _READ:
            continue
        if name in fields:
            raise Unreadable("a field comes twice")
        if not _can_be_written(value):
            raise Unreadable("half of a surrogate pair")
        fields[name] = value
    return fields


def _sid(value: str | None) -> str:
    if value is None or _SID.fullmatch(value) is None:
        raise Unreadable("a message's number is missing or malformed")
    return value


def _account(value: str) -> str:
    if _ACCOUNT.fullmatch(value) is None:
        raise Unreadable("an account is malformed")
    return value


def _can_be_written(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
