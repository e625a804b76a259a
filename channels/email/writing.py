"""From a message to a mail: plain text and simple HTML, and headers that hold one line each."""

from __future__ import annotations

import hashlib
import hmac
import html
import mimetypes
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr

from channels.email.calendars import METHOD, NAME, calendar
from channels.email.lines import one_line
from channels.email.posters import Poster, filled, put_into
from channels.email.threads import Thread
from dialogue.words import Message

SUBJECT_LENGTH = 90
"""Characters; what is longer is cut by every list of mails."""
_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "fa", "he", "ur"})
_LINES = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_UNSAID = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
"""Signs that no letter stands for, or that no mail can carry."""
_LINK = re.compile(r"https?://[^\s<>\"'\u2066-\u2069«»]+[^\s<>\"'\u2066-\u2069«».,:;!?)،؛؟]")


_ID = re.compile(r"<[\x21-\x7e]{1,900}>")
_OURS = re.compile(r"<([0-9a-f]{32})\.([0-9a-f]{32})@[^@<>\s]+>")


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


def mailed(sheet: Sheet, desk: Desk) -> tuple[str, bytes]:
    """The mail's Message-ID, and its bytes as they leave."""
    mail = written(sheet, desk)
    raw = mail.as_bytes()
    if sheet.poster is not None:
        raw = filled(raw, sheet.poster, _poster_id(sheet, desk))
    return str(mail["Message-ID"]), raw


def written(sheet: Sheet, desk: Desk) -> EmailMessage:
    """The mail, without the bytes of its poster. The same sheet makes the same Message-ID, whenever
    it is written."""
    message, words = sheet.message, desk.words[_known(sheet.message.language, desk)]
    mail = EmailMessage(policy=POLICY)
    mail["From"] = addressed(desk.sender)
    mail["To"] = Address(addr_spec=one_line(sheet.account))
    mail["Subject"] = _subject(sheet, words)
    mail["Date"] = format_datetime(sheet.at)
    mail["Message-ID"] = message_id(sheet, desk)
    mail["Auto-Submitted"] = "auto-replied" if sheet.thread else "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if sheet.thread is not None and _ID.fullmatch(sheet.thread.message_id):
        mail["In-Reply-To"] = mail["References"] = sheet.thread.message_id
    stop = desk.stop(sheet.account) if sheet.delivery is not None else None
    if stop is not None:
        mail["List-Unsubscribe"] = f"<{stop}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    blocks = _blocks(message, words, desk, stop)
    mail.set_content("\n\n".join(_plain(block) for block in blocks) + "\n")
    shown = "" if sheet.poster is None else _shown(_poster_id(sheet, desk), words.poster)
    mail.add_alternative(_page(blocks, message.language, shown), subtype="html")
    if sheet.poster is not None:
        put_into(mail, sheet.poster, _poster_id(sheet, desk))
    _attach(mail, message)
    if message.meetings:
        dates = calendar(message.meetings, addressed(desk.sender).addr_spec, sheet.at)
        how = {"method": METHOD, "charset": "utf-8"}
        mail.add_attachment(dates, maintype="text", subtype="calendar", filename=NAME, params=how)
    # At the end: whoever gives a mail its content takes such headers away.
    mail["Content-Language"] = one_line(message.language)
    return mail


def addressed(sender: str) -> Address:
    """`Name <address>` as a header takes it."""
    name, address = parseaddr(one_line(sender))
    return Address(name, addr_spec=address)


def message_id(sheet: Sheet, desk: Desk) -> str:
    """The id of this mail, the same for every try to send it."""
    what = f"row:{sheet.delivery}"
    if sheet.delivery is None:
        what = f"said:{sheet.account}\n{sheet.message.text}"
    digest = _digest(desk.key, what)
    # Whoever answers the mail names it, and nobody else can: that stands for who they are.
    return f"<{digest}.{_theirs(desk.key, sheet.account, digest)}@{addressed(desk.sender).domain}>"


def holds(key: bytes, account: str, message_id: str) -> bool:
    """Whether this is the id of a mail that we wrote to this account with this key."""
    named = _OURS.fullmatch(message_id)
    return named is not None and hmac.compare_digest(named[2], _theirs(key, account, named[1]))


def _theirs(key: bytes, account: str, digest: str) -> str:
    return _digest(key, f"to:{account.lower()}\n{digest}")


def _poster_id(sheet: Sheet, desk: Desk) -> str:
    """By which the page of a mail names its poster; nobody who writes a text can know it."""
    digest = _digest(desk.key, f"poster:{sheet.delivery}\n{sheet.account}")
    return f"{digest}@{addressed(desk.sender).domain}"


def _digest(key: bytes, what: str) -> str:
    return hmac.new(key, what.encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph; with a link, its words lead there."""

    text: str
    link: str | None = None
    small: bool = False


def _blocks(message: Message, words: Words, desk: Desk, stop: str | None) -> list[_Block]:
    text = _UNSAID.sub("", _LINES.sub("\n", message.text)).strip("\n")
    blocks = [_Block(part) for part in re.split(r"\n{2,}", text) if part]
    buttons = [button for row in message.rows for button in row]
    blocks += [_Block(button.label, button.url) for button in buttons if button.url is not None]
    if any(button.url is None for button in buttons):
        blocks.append(_Block(words.in_chat, desk.chat()))
    if stop is not None:
        blocks += [_Block(words.about, small=True), _Block(words.stop, stop, small=True)]
    return blocks


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


def _plain(block: _Block) -> str:
    return block.text if block.link is None else f"{block.text}: {block.link}"


def _page(blocks: list[_Block], language: str, shown: str) -> str:
    way = direction(language)
    # Programs of mail take styles from nowhere else than the elements themselves.
    style = "font: 16px/1.6 sans-serif; max-width: 36em; margin: 0 auto; padding: 1em"
    # What is said in every language has each paragraph in its own direction.
    inner = "\n".join(_paragraph(block, _way_of(block.text) or way) for block in blocks)
    return (
        f'<!doctype html>\n<html lang="{html.escape(language)}" dir="{way}">'
        f'<head><meta charset="utf-8"></head>\n<body dir="{way}" style="{style}">\n'
        f"{shown}{inner}\n</body></html>\n"
    )


def _shown(id: str, said: str) -> str:
    """The poster above the words, as chats show it."""
    style = "display: block; max-width: 100%; height: auto; margin: 0 auto"
    return f'<img src="cid:{html.escape(id)}" alt="{html.escape(said)}" style="{style}">\n'


def _paragraph(block: _Block, way: str) -> str:
    align = f"text-align: {'right' if way == 'rtl' else 'left'}"
    style = f"{align}; font-size: 13px; color: #666" if block.small else align
    if block.link is None:
        said = _linked(block.text).replace("\n", "<br>\n")
    else:
        said = f'<a href="{html.escape(block.link)}">{html.escape(block.text)}</a>'
    return f'<p dir="{way}" style="{style}">{said}</p>'


def _way_of(text: str) -> str | None:
    """The direction of the first letter outside what was inserted; None without any."""
    inserted = 0
    for char in text:
        if char in "\u2066\u2067\u2068":
            inserted += 1
        elif char == "\u2069":
            inserted = max(0, inserted - 1)
        elif not inserted and (kind := unicodedata.bidirectional(char)) in {"L", "R", "AL"}:
            return "ltr" if kind == "L" else "rtl"
    return None


def _linked(text: str) -> str:
    """The text as HTML, its https addresses to be pressed."""
    parts, end = list[str](), 0
    for found in _LINK.finditer(text):
        address = html.escape(found[0])
        parts += [html.escape(text[end : found.start()]), f'<a href="{address}">{address}</a>']
        end = found.end()
    return "".join([*parts, html.escape(text[end:])])


def _attach(mail: EmailMessage, message: Message) -> None:
    if message.file is not None:
        kind = mimetypes.guess_type(message.file.name)[0] or "application/octet-stream"
        main, _, sub = kind.partition("/")
        name = one_line(message.file.name)
        mail.add_attachment(message.file.content, maintype=main, subtype=sub, filename=name)


def _known(language: str, desk: Desk) -> str:
    return language if language in desk.words else next(iter(desk.words))


def direction(language: str) -> str:
    """`rtl` or `ltr`: which way the lines of this language run."""
    return "rtl" if language in _RIGHT_TO_LEFT else "ltr"
