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
from typing import cast

from channels.email.headers import (
    addresses,
    decoded,
    from_base64,
    header,
    headers,
    message_ids,
    tag_of,
)
from channels.email.html import to_text
from channels.email.quoting import joined_lines, own_words
from channels.email.vouching import is_doubtful

LONGEST = 256 * 1024
"""Bytes of a mail that are read; what stands behind them, such as pictures, is not."""
_DEEPEST = 30
"""Parts within parts."""
_PARTS_AT_MOST = 200
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
    """Whoever received it for us did not find that the sender is who the mail says."""

    @property
    def id(self) -> str:
        """By which it is known again, and nothing tells of whom it is."""
        return hashlib.sha256(self.message_id.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def read(raw: bytes, at: datetime, ours: str, is_ours: Callable[[str, str], bool]) -> Mail:
    """The mail in these bytes, which arrived at this time.

    `ours` is the address that it was written to, `is_ours` tells of an account
    and a message id whether it is one that we gave to a mail to them. Raises Unreadable.
    """
    account = None
    try:
        # The headers by themselves: whose it is is known although nothing else can be read.
        account = _sender(BytesHeaderParser().parsebytes(raw[:LONGEST]))
        message = message_from_bytes(raw[:LONGEST])
        return _read(message, account, raw, at, ours, is_ours)
    except _UNFORESEEN as error:
        raise Unreadable(type(error).__name__, account) from error


_UNFORESEEN = (MessageError, RecursionError, LookupError, ValueError, TypeError, AttributeError)
"""What Python's own reader of mails raises at what nobody foresaw."""


def _sender(message: Message) -> str:
    senders = {each.lower() for each in addresses(message, "From")}
    if len(senders) != 1:
        raise Unreadable("NoSender")
    return senders.pop()


def _read(
    message: Message,
    account: str,
    raw: bytes,
    at: datetime,
    ours: str,
    is_ours: Callable[[str, str], bool],
) -> Mail:
    (message_id, *_) = [*message_ids(header(message, "Message-ID")), ""]
    subject = header(message, "Subject")
    answered = message_ids(f"{header(message, 'References')} {header(message, 'In-Reply-To')}")
    automatic = account == ours.lower() or _is_automatic(message, account, subject)
    reply_to = next((each for each in reversed(answered) if is_ours(account, each)), None)
    found = list(islice(headers(message, "Authentication-Results"), _RESULTS_AT_MOST))
    return Mail(
        account=account,
        message_id=message_id or hashlib.sha256(raw).hexdigest(),
        subject=subject,
        text="" if automatic else _text_of(message, subject),
        at=at,
        automatic=automatic,
        reply_to_ours=reply_to,
        aim=_aim(message, ours),
        doubtful=reply_to is None and is_doubtful(found, account),
    )


def _aim(message: Message, ours: str) -> str | None:
    for name in ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"):
        for address in addresses(message, name):
            if tag := tag_of(address, ours):
                return tag.lower()
    return None


# --- machines -----------------------------------------------------------------------------------

_SAY_MACHINE = frozenset(
    {
        *("x-autoreply", "x-autorespond", "x-autoreply-from", "x-mail-autoreply", "x-loop"),
        *("x-auto-response-suppress", "x-failed-recipients", "x-auto-reply-to"),
        *("list-id", "list-post", "list-unsubscribe", "list-help", "mailing-list"),
        *("feedback-id", "x-mailing-list", "x-campaign", "x-vacation", "x-cron-env"),
    }
)
_PRECEDENCES = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_REPORTS = frozenset(
    {
        *("multipart/report", "message/delivery-status", "message/disposition-notification"),
        *("message/feedback-report", "text/calendar", "application/pkcs7-mime"),
    }
)
_MACHINES = re.compile(
    r"(mailer-?daemon|postmaster|no-?reply|do-?not-?reply|donotreply|not-?reply|bounces?|auto-?reply"
    r"|mail-?delivery|notifications?|mdaemon|daemon|root|nobody|abuse)([-+._=].*)?@",
    re.IGNORECASE,
)
_SUBJECTS = re.compile(
    r"\s*(automatic reply|auto(matic)?[ -]?(response|reply)|autoreply|out of (the )?office|ooo\b"
    r"|undeliver(able|ed)|delivery (status|failure|has failed)|mail delivery|returned mail"
    r"|failure notice|delivery notification|read:|accepted:|declined:|tentative:"
    r"|automatische antwort|abwesenheit|réponse automatique|risposta automatica"
    r"|رد تلقائي|رد آلي|الرد التلقائي|الرد الآلي|خارج المكتب|تعذر (تسليم|توصيل|إرسال)"
    r"|لم يتم تسليم|فشل (تسليم|إرسال)|إشعار حالة التسليم|غير قابل للتسليم|تم القبول:|تم الرفض:)",
    re.IGNORECASE,
)


def _is_automatic(message: Message, account: str, subject: str) -> bool:
    """Whether no human being waits for an answer (https://www.rfc-editor.org/rfc/rfc3834)."""
    submitted = header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    if submitted not in {"", "no"}:
        return True
    if any(each.strip() == "<>" for each in headers(message, "Return-Path")):
        return True
    if header(message, "Precedence").lower() in _PRECEDENCES:
        return True
    if any(name.lower() in _SAY_MACHINE for name in message.keys()):  # noqa: SIM118 - not a dict
        return True
    if message.get_content_type() in _REPORTS:
        return True
    return bool(_MACHINES.match(account) or _SUBJECTS.match(subject))


# --- words --------------------------------------------------------------------------------------

_REPLY = re.compile(
    r"\s*((re|fwd?|aw|wg|tr|رد|إعادة توجيه|الرد|توجيه)\s*(\[\d+\])?\s*[:：]\s*)+", re.I
)


def _text_of(message: Message, subject: str) -> str:
    words, _ = _body(message, _DEEPEST, [_PARTS_AT_MOST])
    text = own_words(words)
    # Many write all that they have to say where the subject goes.
    return text or ("" if _REPLY.match(subject) else subject)


def _body(part: Message, deep: int, left: list[int]) -> tuple[str, bool]:
    """The words of this part, and whether they were written as plain text."""
    left[0] -= 1
    if deep < 0 or left[0] < 0 or part.get_content_disposition() == "attachment":
        return "", False
    kind = part.get_content_type()
    if part.is_multipart():
        if part.get_content_maintype() != "multipart":
            return "", False  # A mail that was attached.
        inner = [_body(each, deep - 1, left) for each in cast("list[Message]", part.get_payload())]
        return _chosen(inner) if kind == "multipart/alternative" else _together(inner, kind)
    if kind == "text/html":
        return to_text(_content(part)), False
    if kind == "text/plain" and part.get_filename() is None:
        return _plain(part), True
    return "", False


def _chosen(inner: list[tuple[str, bool]]) -> tuple[str, bool]:
    written = [each for each in inner if each[0].strip()]
    return next((each for each in written if each[1]), written[-1] if written else ("", False))


def _together(inner: list[tuple[str, bool]], kind: str) -> tuple[str, bool]:
    written = [each for each in inner if each[0].strip()]
    if kind in {"multipart/related", "multipart/signed"}:
        written = written[:1]
    return "\n\n".join(words for words, _ in written), bool(written) and written[0][1]


def _plain(part: Message) -> str:
    words = _content(part)
    if str(part.get_param("format", "")).lower() != "flowed":
        return words
    return joined_lines(words, drop_space=str(part.get_param("delsp", "")).lower() == "yes")


def _content(part: Message) -> str:
    if header(part, "Content-Transfer-Encoding").lower() == "base64":
        raw = from_base64(str(part.get_payload()).encode("ascii", "surrogateescape"))
    else:
        payload = part.get_payload(decode=True)
        raw = payload if isinstance(payload, bytes) else b""
    charset = part.get_param("charset", "")
    return decoded(raw, charset if isinstance(charset, str) else charset[2])
