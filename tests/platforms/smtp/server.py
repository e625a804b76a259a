"""The server: what it took, and what it does instead of taking it."""

from __future__ import annotations

import asyncio
import email
import logging
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from ssl import SSLContext
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.platforms.waiting import Watchers
from tests.ports import free_port

USER, PASSWORD = "webinars@example.org", "p@ss/word: 1"


@dataclass(frozen=True)
class Received:
    """A mail that was taken."""

    sender: str
    recipient: str
    raw: bytes

    @property
    def mail(self) -> EmailMessage:
        """The mail, read as any program reads it."""
        return email.message_from_bytes(self.raw, policy=default)

    @property
    def text(self) -> str:
        """Its words."""
        return self._part("plain")

    @property
    def html(self) -> str:
        """The same as a page."""
        return self._part("html")

    def _part(self, kind: str) -> str:
        body = self.mail.get_body((kind,))
        assert body is not None
        return str(body.get_content()).replace("\r\n", "\n")


@dataclass
class SmtpServer(Watchers):
    """A mail server on the loopback.

    Answers that are put into `answers` are given, once each, in place of its own to MAIL, RCPT and
    DATA; `LOST` there hangs up without a word.
    """

    tls: SSLContext | None = None
    """How the line is ciphered; without it there is no cipher."""
    implicit: bool = False
    """From the first byte on; else by STARTTLS."""
    auth: bool = False
    """Nobody writes who has not shown USER and PASSWORD."""
    inbox: list[Received] = field(default_factory=list[Received])
    seen: list[str] = field(default_factory=list[str])
    """Each step that was told it, and how often somebody called."""
    answers: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    port: int = 0
    _server: asyncio.Server | None = None
    _lines: set[asyncio.Transport] = field(default_factory=set[asyncio.Transport])

    def __post_init__(self) -> None:
        super().__init__()

    async def __aenter__(self) -> SmtpServer:
        # What it logs holds mails, and it warns of everything that a test does on purpose.
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)
        loop = asyncio.get_running_loop()
        make: Callable[[], asyncio.Protocol] = self._protocol
        tls = self.tls if self.implicit else None
        self.port = self.port or free_port()
        self._server = await loop.create_server(make, "127.0.0.1", self.port, ssl=tls)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.hangs_up()
        await self._server.wait_closed()

    def hangs_up(self) -> None:
        """End every line that is open."""
        for line in self._lines:
            with suppress(RuntimeError):
                line.abort()
        self._lines.clear()

    def url(self, user: str | None = None) -> str:
        """Its address, as the settings have it."""
        scheme = "smtp+plain" if self.tls is None else "smtps" if self.implicit else "smtp"
        host = "127.0.0.1" if self.tls is None else "localhost"
        return f"{scheme}://{user + '@' if user else ''}{host}:{self.port}"

    async def takes(self, number: int) -> list[Received]:
        """All that it took, once there are so many."""
        await self.wait_for(lambda: len(self.inbox) >= number)
        return self.inbox

    def to(self, recipient: str) -> list[Received]:
        """What it took for this account."""
        return [each for each in self.inbox if each.recipient == recipient]

    def _protocol(self) -> SMTP:
        self.seen.append("call")
        with warnings.catch_warnings():
            # That the line is ciphered is not seen here: the socket below does it.
            warnings.simplefilter("ignore")
            server = _Protocol(
                self,
                enable_SMTPUTF8=False,
                hostname="localhost",
                ident="a mail server",
                tls_context=None if self.implicit else self.tls,
                require_starttls=self.tls is not None and not self.implicit,
                auth_required=self.auth,
                auth_require_tls=False,
                authenticator=_let_in,
                loop=asyncio.get_running_loop(),
            )
        server.opened = self._lines.add
        return server

    # The names are those that aiosmtpd looks for.

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, sender: str, options: list[str]
    ) -> str:
        answer = self._instead("MAIL", server)
        if answer is None:
            envelope.mail_from = sender
        return answer or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, account: str, options: list[str]
    ) -> str:
        answer = self._instead("RCPT", server)
        if answer is None:
            envelope.rcpt_tos.append(account)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = self._instead("DATA", server)
        if answer is not None and answer != LOST:
            return answer
        content = envelope.content
        assert isinstance(content, bytes)
        self.inbox += [
            Received(str(envelope.mail_from), account, content) for account in envelope.rcpt_tos
        ]
        self.changed()
        return "250 OK"

    def _instead(self, step: str, server: SMTP) -> str | None:
        self.seen.append(step)
        waiting = self.answers.get(step)
        answer = waiting.pop(0) if waiting else None
        if answer == LOST:
            transport = server.transport
            assert transport is not None
            transport.abort()  # type: ignore[attr-defined]
        return answer


LOST = "lost"
"""The line ends; a mail that was told completely is taken all the same."""


class _Protocol(SMTP):
    """Remembers its line, so that the server can hang up."""

    opened: Callable[[asyncio.Transport], None]

    def connection_made(self, transport: Any) -> None:
        self.opened(transport)
        super().connection_made(transport)


def _let_in(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
) -> AuthResult:
    shown = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=shown, handled=False)
