"""The mailbox that people write to, over IMAP: what is new in it, one mail again, and its tidying.

imap-tools waits while it works, so each call goes to a thread. What the server says is never
repeated: it may name people.
"""

from __future__ import annotations

import asyncio
import imaplib
import re
import selectors
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar, cast
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from channels import Barred, Unreachable
from channels.email.reading import LONGEST

T = TypeVar("T")
CONNECT = 10.0
"""Seconds until the server takes the call."""
PATIENCE = 30.0
"""Seconds for an answer of the server."""
_AT_ONCE = 500
"""Mails that one command names, at most: servers read lines of some thousand letters."""
_DATE = re.compile(rb'INTERNALDATE "\s*(\d{1,2})-(\w{3})-(\d{4}) ([\d:]{8}) ([+-]\d{4})"')
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Box:
    """Where the mailbox is, and as whom it is opened."""

    host: str
    port: int
    ciphered: bool
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"


def box_of(url: str) -> Box:
    """The mailbox of `imaps://user:password@host/INBOX`; the address was checked."""
    parts = urlsplit(url)
    ciphered = parts.scheme == "imaps"
    return Box(
        host=parts.hostname or "",
        port=parts.port or (993 if ciphered else 143),
        ciphered=ciphered,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How the mailbox is when it is opened."""

    validity: int
    """The numbers of mails mean something only as long as this stays the same
    (https://www.rfc-editor.org/rfc/rfc3501#section-2.3.1.1)."""
    next_uid: int
    """No mail has this number yet, or a larger one."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One mail as it lies there, cut to what is read of it."""

    uid: int
    at: datetime
    """When it arrived."""
    raw: bytes = field(repr=False)


class Inbox:
    """One connection to the mailbox; every call raises Barred or Unreachable."""

    def __init__(self, box: Box, *, tls: ssl.SSLContext | None = None) -> None:
        """`tls` is what certificates are checked by; None is what this machine trusts."""
        self._box = box
        self._tls = tls
        self._line: BaseMailBox | None = None
        self._able: frozenset[str] = frozenset()
        self._turn = asyncio.Lock()

    async def open(self) -> Standing:
        """Log in and look how it stands."""
        return await self._call(self._open)

    async def after(self, uid: int) -> list[int]:
        """The numbers of all mails behind this one, in their order."""
        # `n:*` always names the last one, whatever its number is.
        found = await self._call(lambda: self._search(f"UID {uid + 1}:*"))
        return [each for each in found if each > uid]

    async def since(self, day: datetime) -> list[int]:
        """The numbers of all mails that arrived on this day or later."""
        return await self._call(lambda: self._search(f"SINCE {_named(day)}"))

    async def before(self, day: datetime, first: int, last: int) -> list[int]:
        """The numbers, between these two, of mails that arrived earlier than on this day."""
        if first > last:
            return []
        return await self._call(lambda: self._search(f"UID {first}:{last} BEFORE {_named(day)}"))

    async def fetch(self, uid: int) -> Fetched | None:
        """This mail, left as it was; None if it is there no more."""
        return await self._call(lambda: self._fetch(uid))

    async def delete(self, uids: Sequence[int]) -> None:
        """Delete these, and nothing else where the server can do that (RFC 4315)."""
        for start in range(0, len(uids), _AT_ONCE):
            some = uids[start : start + _AT_ONCE]
            await self._call(lambda some=some: self._delete(some))

    async def wait(self, seconds: float) -> None:
        """Returns when the server tells of anything new, or after so long."""
        await self._call(lambda: self._wait(seconds))

    async def close(self) -> None:
        """Hang up, also in the midst of a call."""
        line = self._line
        if line is None:
            return
        if self._turn.locked():
            _cut(line)
            return
        self._line = None
        await asyncio.to_thread(_leave, line)

    async def _call(self, work: Callable[[], T]) -> T:
        async with self._turn:
            try:
                return await asyncio.to_thread(self._tidily, work)
            except asyncio.CancelledError:
                # A call that nobody waits for any more must not go on.
                if self._line is not None:
                    _cut(self._line)
                raise

    # --- within a thread ------------------------------------------------------------------------

    def _tidily(self, work: Callable[[], T]) -> T:
        try:
            return work()
        except BaseException as error:
            # What was said on this line since is nobody's answer any more.
            line, self._line = self._line, None
            if line is not None:
                _close(line)
            fault = _fault_of(error)
            if fault is None:
                raise
            raise fault from None

    def _open(self) -> Standing:
        box = self._box
        if box.ciphered:
            tls = self._tls or ssl.create_default_context()
            line = MailBox(box.host, box.port, timeout=CONNECT, ssl_context=tls)
        else:
            line = MailBoxUnencrypted(box.host, box.port, timeout=CONNECT)
        self._line = line
        _let_in(line, box)
        line.client.sock.settimeout(PATIENCE)
        # What a server can do it may say only to whoever is let in.
        _, able = line.client.capability()
        self._able = frozenset(str(able[-1], "ascii", "replace").upper().split())
        validity, following = (_number(line, name) for name in ("UIDVALIDITY", "UIDNEXT"))
        if following == 0:
            # It need not say so when it is asked for something else.
            following = max(self._search("ALL"), default=0) + 1
        return Standing(validity, following)

    def _client(self) -> imaplib.IMAP4:
        if self._line is None:
            raise Unreachable("The mailbox is not open.")
        return self._line.client

    def _search(self, what: str) -> list[int]:
        _, data = _well(self._client().uid("SEARCH", what))
        return sorted(int(each) for line in data if line for each in line.split())

    def _fetch(self, uid: int) -> Fetched | None:
        wanted = f"(UID INTERNALDATE BODY.PEEK[]<0.{LONGEST}>)"
        _, data = _well(self._client().uid("FETCH", str(uid), wanted))
        parts = cast("Sequence[tuple[bytes, bytes] | bytes | None]", data)
        raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
        if raw is None:
            return None
        said = b" ".join(part[0] if isinstance(part, tuple) else part or b"" for part in parts)
        return Fetched(uid, _arrived(said), raw)

    def _delete(self, uids: Sequence[int]) -> None:
        client, named = self._client(), ",".join(map(str, uids))
        _well(client.uid("STORE", named, "+FLAGS.SILENT", r"(\Deleted)"))
        _well(client.uid("EXPUNGE", named) if "UIDPLUS" in self._able else client.expunge())

    def _wait(self, seconds: float) -> None:
        client = self._client()
        if self._line is not None and "IDLE" in self._able:
            with self._line.idle as idle:
                if not _at_hand(client):
                    idle.poll(seconds)
            return
        with selectors.DefaultSelector() as selector:
            # Nothing comes on this line, unless somebody hangs up.
            selector.register(client.sock, selectors.EVENT_READ)
            selector.select(seconds)
        _well(client.noop())


def _well(answer: tuple[str, Sequence[Any]]) -> tuple[str, Sequence[Any]]:
    if answer[0] != "OK":
        raise Unreachable("The mail server could not do what it was asked.")
    return answer


def _number(line: BaseMailBox, name: str) -> int:
    _, values = line.client.response(name)
    said = cast("list[bytes | None]", values)
    return int(said[-1]) if said and said[-1] else 0


def _named(day: datetime) -> str:
    return f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"


def _arrived(said: bytes) -> datetime:
    found = _DATE.search(said)
    if found is None:
        raise Unreachable("The mail server does not say when a mail arrived.")
    day, month, year, time, zone = (part.decode("ascii") for part in found.groups())
    return parsedate_to_datetime(f"{day} {month} {year} {time} {zone}").astimezone(UTC)


def _let_in(line: BaseMailBox, box: Box) -> None:
    plain = (box.user + box.password).isascii()
    login = line.login if plain else line.login_utf8
    try:
        login(box.user, box.password, box.folder)
    except imaplib.IMAP4.abort:
        raise
    except (MailboxLoginError, imaplib.IMAP4.error):
        raise Barred("The mailbox refuses user or password.") from None


def _at_hand(client: imaplib.IMAP4) -> bytes:
    """What has been read from the line already, since that can be waited for in vain."""
    patience = client.sock.gettimeout()
    client.sock.settimeout(0)
    try:
        return client.readline()
    except OSError:
        return b""
    finally:
        client.sock.settimeout(patience)


def _cut(line: BaseMailBox) -> None:
    """Whoever waits on this line, in a thread, waits no more."""
    with suppress(OSError):
        line.client.sock.shutdown(socket.SHUT_RDWR)


def _close(line: BaseMailBox) -> None:
    with suppress(OSError):
        line.client.shutdown()


def _leave(line: BaseMailBox) -> None:
    with suppress(imaplib.IMAP4.error, OSError):
        line.client.sock.settimeout(2)
        line.client.logout()
    _close(line)


def _fault_of(error: BaseException) -> Exception | None:
    """What it means that a call failed; None for what is no answer of server or network."""
    if isinstance(error, Barred | Unreachable):
        return error
    if isinstance(error, MailboxFolderSelectError):
        return Barred("There is no such folder in the mailbox.")
    if isinstance(error, ssl.SSLCertVerificationError):
        return Barred("The mail server has no certificate that can be trusted.")
    if isinstance(error, ImapToolsError | imaplib.IMAP4.error | OSError):
        return Unreachable(f"The mailbox cannot be reached ({type(error).__name__}).")
    return None
