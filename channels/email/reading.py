"""What a mail says, from its raw bytes: who wrote what, or that a machine wrote it.

Nothing is opened, fetched or believed: attachments are passed by, markup becomes words, and a
sender is who the mail says until somebody has proved otherwise.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.parser import BytesHeaderParser
from itertools import islice

from channels.email.headers import addresses, header, message_ids, tag_of, uncoded
from channels.email.machines import is_automatic
from channels.email.parts import words_of
from channels.email.quoting import own_words
from channels.email.vouching import Vouching, server_of

LONGEST = 256 * 1024
"""Bytes of a mail that are read; what stands behind them, such as pictures, is not."""
_REPLY = re.compile(
    r"\s*((re|fwd?|aw|wg|tr|رد|إعادة توجيه|الرد|توجيه)\s*(\[\d+\])?\s*[:：]\s*)+", re.I
)
_SERVER = re.compile(r"[a-z0-9._-]{1,253}")
_RESULTS_AT_MOST = 10
"""Lines in which servers say what they found of a sender."""


class Unreadable(Exception):
    """No mail that anybody could have an answer to; the message of the error says why."""

    def __init__(self, why: str, account: str | None = None) -> None:
        super().__init__(why)
        self.account = account
        """Whose it is, as far as that could be read."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail, as far as it concerns us."""

    account: str
    """The address of whoever says that they wrote it."""
    message_id: str
    """The mail's own id; made from its bytes where it has none."""
    subject: str
    text: str
    """What was written now: nothing quoted, no signature; the subject where that is all."""
    at: datetime
    automatic: bool
    """A machine wrote it: a bounce, an answer from somebody on holiday, a list, or we ourselves."""
    reply_to_ours: str | None
    """The id of a mail of ours that it answers, and that only this account got."""
    aim: str | None
    """A webinar's `w-<id>`, from the address that it was written to."""
    doubtful: bool
    """Nobody whom we believe has found that the sender is who the mail says."""

    @property
    def id(self) -> str:
        """By which it is known again, and nothing tells of whom it is."""
        return hashlib.sha256(self.message_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of our side, by which a mail is read."""

    ours: str
    """The address that is written to."""
    is_ours: Callable[[str, str], bool]
    """Whether, of an account and a message id, the id is one that we gave to a mail to them."""
    vouching: Vouching


def read(raw: bytes, at: datetime, known: Known) -> Mail:
    """The mail in these bytes, which arrived at this time; raises Unreadable."""
    account = None
    try:
        # The headers by themselves: whose it is is known although nothing else can be read.
        start = _as_servers_read(raw[:LONGEST])
        account = _sender(BytesHeaderParser().parsebytes(start))
        if _is_a_trap(start):
            raise Unreadable("Trap", account)
        message = message_from_bytes(start)
        return _read(message, account, raw, at, known)
    except _UNFORESEEN as error:
        raise Unreadable(type(error).__name__, account) from error


def vouching_server(raw: bytes) -> str:
    """What the server calls itself whose word on the sender stands first in this mail; "" where
    there is none, or none that is a server's."""
    try:
        start = _as_servers_read(raw[:LONGEST])
        named = server_of(_found(BytesHeaderParser().parsebytes(start)))
    except _UNFORESEEN:
        return ""
    return named if _SERVER.fullmatch(named) else ""


_UNFORESEEN = (MessageError, RecursionError, LookupError, ValueError, TypeError, AttributeError)
"""What Python's own reader of mails raises at what nobody foresaw."""


def _as_servers_read(raw: bytes) -> bytes:
    """With no header within another: to a server, a lone CR ends no line, and hides what follows
    from whoever takes forged lines away (https://www.rfc-editor.org/rfc/rfc5322#section-2.2)."""
    end = _HEADERS_END.search(raw)
    headers = raw[: end.end()] if end else raw
    return _LONE_CR.sub(b" ", headers) + raw[len(headers) :]


_HEADERS_END = re.compile(rb"\n\r*\n")
_LONE_CR = re.compile(rb"\r(?!\n)")


def _is_a_trap(raw: bytes) -> bool:
    """Whether Python's own reader would take the square of its length: seconds for one mail."""
    return raw.lower().count(b"multipart/") > _NESTED_AT_MOST or bool(_ENDLESS.search(raw))


_NESTED_AT_MOST = 60
_ENDLESS = re.compile(
    rb"^content-(?:type|disposition):(?:[^\r\n]|\r?\n[ \t]|\r(?!\n)){8000}",
    re.IGNORECASE | re.MULTILINE,
)


def _sender(message: Message) -> str:
    senders = {each.lower() for each in addresses(message, "From")}
    if len(senders) != 1:
        raise Unreadable("NoSender")
    return senders.pop()


def _read(message: Message, account: str, raw: bytes, at: datetime, known: Known) -> Mail:
    (message_id, *_) = [*message_ids(header(message, "Message-ID")), ""]
    subject = header(message, "Subject")
    answered = message_ids(f"{header(message, 'References')} {header(message, 'In-Reply-To')}")
    automatic = account == known.ours.lower() or is_automatic(message, account, subject)
    reply_to = next((each for each in reversed(answered) if known.is_ours(account, each)), None)
    return Mail(
        account=account,
        message_id=message_id or hashlib.sha256(raw).hexdigest(),
        subject=subject,
        text="" if automatic else _text_of(message, subject),
        at=at,
        automatic=automatic,
        reply_to_ours=reply_to,
        aim=_aim(message, known.ours),
        doubtful=reply_to is None and known.vouching.doubts(_found(message), account),
    )


def _found(message: Message) -> list[str]:
    """What servers on its way say that they found of its sender, the last of them first."""
    return list(islice(uncoded(message, "Authentication-Results"), _RESULTS_AT_MOST))


def _aim(message: Message, ours: str) -> str | None:
    for name in ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"):
        for address in addresses(message, name):
            if tag := tag_of(address, ours):
                return tag.lower()
    return None


def _text_of(message: Message, subject: str) -> str:
    text = own_words(words_of(message))
    # Many write all that they have to say where the subject goes.
    return text or ("" if _REPLY.match(subject) else subject)
