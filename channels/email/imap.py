"""What is said to a mailbox over IMAP, and what its answers mean.

imap-tools waits while it works, so all of this belongs into a thread. What the server says is never
repeated: it may name people.
"""

from __future__ import annotations

import imaplib
import re
import selectors
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from channels import Barred, Unreachable
from channels.email import certificates
from channels.email.reading import LONGEST

CONNECT = 10.0
"""Seconds until the server takes the call."""
PATIENCE = 30.0
"""Seconds for an answer of the server."""
_DATE = re.compile(rb'INTERNALDATE "\s*(\d{1,2})-(\w{3})-(\d{4}) ([\d:]{8}) ([+-]\d{4})"')


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


class Line:
    """A line to the mailbox, on which one is let in; each call waits for the server."""

    def __init__(self, box: Box, tls: ssl.SSLContext | None) -> None:
        if box.ciphered:
            tls = tls or ssl.create_default_context()
            self._box = MailBox(box.host, box.port, timeout=CONNECT, ssl_context=tls)
        else:
            self._box = MailBoxUnencrypted(box.host, box.port, timeout=CONNECT)
        self._able: frozenset[str] = frozenset()

    def log_in(self, box: Box) -> Standing:
        """Be let in, and look how it stands; raises Barred for another user or password."""
        _let_in(self._box, box)
        client = self._box.client
        client.sock.settimeout(PATIENCE)
        # What a server can do it may say only to whoever is let in.
        _, able = client.capability()
        self._able = frozenset(str(able[-1], "ascii", "replace").upper().split())
        validity, following = (_number(client, name) for name in ("UIDVALIDITY", "UIDNEXT"))
        if following == 0:
            # It need not say so when it is asked for something else.
            following = max(self.search("ALL"), default=0) + 1
        return Standing(validity, following)

    def search(self, what: str) -> list[int]:
        """The numbers of all mails of which this is so, in their order."""
        _, data = _well(self._box.client.uid("SEARCH", what))
        return sorted(int(each) for line in data if line for each in line.split())

    def fetch(self, uid: int) -> Fetched | None:
        """This mail, left as it was; None if it is there no more."""
        wanted = f"(UID INTERNALDATE BODY.PEEK[]<0.{LONGEST}>)"
        _, data = _well(self._box.client.uid("FETCH", str(uid), wanted))
        parts = cast("Sequence[tuple[bytes, bytes] | bytes | None]", data)
        raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
        if raw is None:
            return None
        said = b" ".join(part[0] if isinstance(part, tuple) else part or b"" for part in parts)
        return Fetched(uid, _arrived(said), raw)

    def delete(self, uids: Sequence[int]) -> None:
        """Delete these, and nothing else where the server can do that (RFC 4315)."""
        client, named = self._box.client, ",".join(map(str, uids))
        _well(client.uid("STORE", named, "+FLAGS.SILENT", r"(\Deleted)"))
        _well(client.uid("EXPUNGE", named) if "UIDPLUS" in self._able else client.expunge())

    def wait(self, seconds: float) -> None:
        """Returns when the server tells of anything new, or after so long."""
        client = self._box.client
        if "IDLE" in self._able:
            with self._box.idle as idle:
                if not _at_hand(client):
                    idle.poll(seconds)
            return
        with selectors.DefaultSelector() as selector:
            # Nothing comes on this line, unless somebody hangs up.
            selector.register(client.sock, selectors.EVENT_READ)
            selector.select(seconds)
        _well(client.noop())

    def cut(self) -> None:
        """Whoever waits on this line, in another thread, waits no more."""
        with suppress(OSError):
            self._box.client.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up without a word."""
        with suppress(OSError):
            self._box.client.shutdown()

    def leave(self) -> None:
        """Take leave, and hang up."""
        with suppress(imaplib.IMAP4.error, OSError):
            self._box.client.sock.settimeout(2)
            self._box.client.logout()
        self.close()


def fault_of(error: BaseException) -> Exception | None:
    """What it means that a call failed; None for what is no answer of server or network."""
    if isinstance(error, Barred | Unreachable):
        return error
    if isinstance(error, MailboxFolderSelectError):
        return Barred("There is no such folder in the mailbox.")
    if isinstance(error, ssl.SSLCertVerificationError):
        return Barred(certificates.sentence(error))
    # Nonsense, too: whatever a server says, it ends nothing but this line.
    if isinstance(error, ImapToolsError | imaplib.IMAP4.error | OSError | ValueError):
        return Unreachable(f"The mailbox cannot be reached ({type(error).__name__}).")
    return None


def _well(answer: tuple[str, Sequence[Any]]) -> tuple[str, Sequence[Any]]:
    if answer[0] != "OK":
        raise Unreachable("The mail server could not do what it was asked.")
    return answer


def _number(client: imaplib.IMAP4, name: str) -> int:
    _, values = client.response(name)
    said = cast("list[bytes | None]", values)
    return int(said[-1]) if said and said[-1] else 0


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
