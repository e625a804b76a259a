"""From a message to a mail: headers that hold one line each, its body, and what comes along."""

from __future__ import annotations

import mimetypes
import re
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime

from channels.email.body import image, page, paragraphs, plain
from channels.email.calendars import METHOD, NAME, calendar
from channels.email.ids import message_id, poster_id
from channels.email.lines import one_line
from channels.email.posters import filled, put_into
from channels.email.sheets import Desk, Sheet, Words, addressed

SUBJECT_LENGTH = 90
"""Characters; what is longer is cut by every list of mails."""
_ID = re.compile(r"<[\x21-\x7e]{1,900}>")


class _OneLine(UnstructuredHeader, BaseHeader):
    """A header that no program reads which finds it folded, or spelt out letter by letter."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


def _policy() -> Policy:
    registry = HeaderRegistry()
    for name in ("list-unsubscribe", "message-id", "in-reply-to", "references", "content-id"):
        registry.map_to_type(name, _OneLine)
    return SMTP.clone(header_factory=registry)


POLICY = _policy()


def mailed(sheet: Sheet, desk: Desk) -> tuple[str, bytes]:
    """The mail's Message-ID, and its bytes as they leave."""
    mail = written(sheet, desk)
    raw = mail.as_bytes()
    if sheet.poster is not None:
        raw = filled(raw, sheet.poster, poster_id(sheet, desk))
    return str(mail["Message-ID"]), raw


def written(sheet: Sheet, desk: Desk) -> EmailMessage:
    """The mail, without the bytes of its poster. The same sheet makes the same Message-ID, whenever
    it is written."""
    language = sheet.message.language
    words = desk.words[language if language in desk.words else next(iter(desk.words))]
    mail = EmailMessage(policy=POLICY)
    _head(mail, sheet, desk, words)
    stop = desk.stop(sheet.account) if sheet.delivery is not None else None
    if stop is not None:
        mail["List-Unsubscribe"] = f"<{stop}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    _fill(mail, sheet, desk, words, stop)
    _attach(mail, sheet, desk)
    # At the end: whoever gives a mail its content takes such headers away.
    mail["Content-Language"] = one_line(language)
    return mail


def _head(mail: EmailMessage, sheet: Sheet, desk: Desk, words: Words) -> None:
    mail["From"] = addressed(desk.sender)
    mail["To"] = Address(addr_spec=one_line(sheet.account))
    mail["Subject"] = _subject(sheet, words)
    mail["Date"] = format_datetime(sheet.at)
    mail["Message-ID"] = message_id(sheet, desk)
    mail["Auto-Submitted"] = "auto-replied" if sheet.thread else "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if sheet.thread is not None and _ID.fullmatch(sheet.thread.message_id):
        mail["In-Reply-To"] = mail["References"] = sheet.thread.message_id


def _subject(sheet: Sheet, words: Words) -> str:
    """The first line, since it says what this is about; an answer keeps the mail's own.

    But not to a stranger: whoever wrote in their name would have us send them what they like.
    """
    if sheet.thread is not None and sheet.thread.subject is not None and sheet.delivery is not None:
        subject = one_line(sheet.thread.subject)
        answer = subject if subject[:3].lower() == "re:" else f"Re: {subject}"
        return answer[: 2 * SUBJECT_LENGTH].rstrip()
    lines = (one_line(line) for line in sheet.message.text.split("\n"))
    first = next((line for line in lines if line), words.no_subject)
    return first if len(first) <= SUBJECT_LENGTH else first[: SUBJECT_LENGTH - 1].rstrip() + "…"


def _fill(mail: EmailMessage, sheet: Sheet, desk: Desk, words: Words, stop: str | None) -> None:
    said = paragraphs(sheet.message, words, desk.chat, stop)
    mail.set_content(plain(said))
    id = "" if sheet.poster is None else poster_id(sheet, desk)
    shown = image(id, words.poster) if id else ""
    mail.add_alternative(page(said, sheet.message.language, shown), subtype="html")
    if sheet.poster is not None:
        put_into(mail, sheet.poster, id)


def _attach(mail: EmailMessage, sheet: Sheet, desk: Desk) -> None:
    file, meetings = sheet.message.file, sheet.message.meetings
    if file is not None:
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        main, _, sub = kind.partition("/")
        mail.add_attachment(file.content, maintype=main, subtype=sub, filename=one_line(file.name))
    if meetings:
        dates = calendar(meetings, addressed(desk.sender).addr_spec, sheet.at)
        how = {"method": METHOD, "charset": "utf-8"}
        mail.add_attachment(dates, maintype="text", subtype="calendar", filename=NAME, params=how)
