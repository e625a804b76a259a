"""Nothing is told to a mail server that cannot show who it is, and whoever runs the bot hears why:
over real TLS, by each way in which mail leaves and comes in."""

from __future__ import annotations

import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from channels import Barred
from channels.email import Connection, relay_of
from channels.email.imap import box_of
from channels.email.inbox import Inbox
from tests.platforms.imap import ImapServer
from tests.platforms.smtp import Certificate, SmtpServer, certificate

YESTERDAY = timedelta(days=-1)


@dataclass(frozen=True)
class Side:
    """A server that shows a certificate, and whoever calls it."""

    calls: Callable[[ssl.SSLContext | None], Awaitable[object]]
    """Trusting what they are given; this machine's own authorities without it."""
    told: Callable[[], Sequence[str]]
    """What the server was told."""


@asynccontextmanager
async def imaps(shown: Certificate) -> AsyncGenerator[Side]:
    """A mailbox, ciphered from the first byte on."""
    async with ImapServer(tls=shown.for_the_server()) as server:

        async def calls(trusted: ssl.SSLContext | None) -> None:
            inbox = Inbox(box_of(server.url), tls=trusted)
            try:
                await inbox.open()
            finally:
                await inbox.close()

        yield Side(calls, lambda: server.heard)


@asynccontextmanager
async def smtps(shown: Certificate) -> AsyncGenerator[Side]:
    """A server that takes mail, ciphered from the first byte on."""
    async with SmtpServer(tls=shown.for_the_server(), implicit=True) as server:
        yield _writing(server)


@asynccontextmanager
async def starttls(shown: Certificate) -> AsyncGenerator[Side]:
    """One that begins in the open."""
    async with SmtpServer(tls=shown.for_the_server()) as server:
        yield _writing(server)


def _writing(server: SmtpServer) -> Side:
    async def calls(trusted: ssl.SSLContext | None) -> None:
        line = Connection(relay_of(server.url()), tls=trusted)
        try:
            await line.hand_over("a@example.org", "b@example.org", b"Subject: a\r\n\r\nb\r\n")
        finally:
            await line.close()

    return Side(calls, lambda: [step for step in server.seen if step != "call"])


Way = Callable[[Certificate], AbstractAsyncContextManager[Side]]
ways = pytest.mark.parametrize("way", [imaps, smtps, starttls])


@ways
async def test_a_server_that_shows_who_it_is_is_spoken_to(way: Way, tmp_path: Path) -> None:
    shown = certificate(tmp_path)
    async with way(shown) as side:
        await side.calls(shown.for_whoever_trusts_it())
        assert side.told()


@ways
async def test_a_certificate_for_another_name_is_refused(way: Way, tmp_path: Path) -> None:
    shown = certificate(tmp_path, "mail.example.org")
    async with way(shown) as side:
        with pytest.raises(Barred, match="is for another name than the address in the settings"):
            await side.calls(shown.for_whoever_trusts_it())
        assert side.told() == []


@ways
async def test_a_certificate_that_has_expired_is_refused(way: Way, tmp_path: Path) -> None:
    shown = certificate(tmp_path, ends_in=YESTERDAY)
    async with way(shown) as side:
        with pytest.raises(Barred, match="has expired: it has to be renewed there"):
            await side.calls(shown.for_whoever_trusts_it())
        assert side.told() == []


@ways
async def test_a_certificate_signed_by_itself_is_refused(way: Way, tmp_path: Path) -> None:
    async with way(certificate(tmp_path)) as side:
        with pytest.raises(Barred, match="is signed by itself alone"):
            await side.calls(None)
        assert side.told() == []
