"""Mails leave over real SMTP: ciphered, as whom the settings name, one line for many."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from channels import (
    Barred,
    Busy,
    Gone,
    Refused,
    Resting,
    Slip,
    TargetGone,
    Unreachable,
    Unsure,
)
from channels.email import Connection, Desk, EmailChannel, Posters, Words, relay_of
from channels.email.posters import HELD
from dialogue.words import Act, Message
from tests.pictures import jpeg, png
from tests.platforms.smtp import (
    LOST,
    PASSWORD,
    USER,
    Certificate,
    Received,
    SmtpServer,
    certificate,
)

NOUR = "nour@example.org"
SENDER = "تضامن <webinars@example.org>"
WORDS = Words("Answer in the chat", "You gave us this address.", "Stop", "A message", "Poster")
DESK = Desk(
    sender=SENDER,
    words={"en": WORDS},
    chat=lambda: "https://tadamun.example.org/chat",
    stop=lambda account: "https://tadamun.example.org/mail/stop/sealed",
    key=b"a key for tests",
)


@pytest.fixture
def shown(tmp_path: Path) -> Certificate:
    return certificate(tmp_path)


@pytest.fixture
async def server() -> AsyncIterator[SmtpServer]:
    async with SmtpServer() as running:
        yield running


@pytest.fixture
async def line(server: SmtpServer) -> AsyncIterator[Connection]:
    connection = Connection(relay_of(server.url()))
    yield connection
    await connection.close()


@pytest.fixture
def channel(line: Connection) -> EmailChannel:
    return EmailChannel(line, DESK, 5, lambda: datetime(2026, 4, 3, 16, 20, tzinfo=UTC))


async def sent(channel: EmailChannel, delivery: int = 1, words: str = "Hello") -> str:
    return await channel.send(
        NOUR, Act.SEND, None, Message(words, language="en"), Slip(delivery=delivery)
    )


async def test_a_mail_arrives_from_whom_it_says(channel: EmailChannel, server: SmtpServer):
    message_id = await sent(channel)
    (got,) = server.inbox
    assert (got.sender, got.recipient) == ("webinars@example.org", NOUR)
    assert got.mail["From"] == SENDER
    assert got.mail["Message-ID"] == message_id
    assert got.text.startswith("Hello\n")


async def test_one_line_serves_many_mails(channel: EmailChannel, server: SmtpServer):
    for delivery in range(5):
        await sent(channel, delivery)
    assert server.seen.count("call") == 1
    assert len(server.inbox) == 5


async def test_a_server_that_has_hung_up_is_called_again(channel: EmailChannel, server: SmtpServer):
    await sent(channel, 1)
    server.hangs_up()
    await sent(channel, 2)
    assert server.seen.count("call") == 2
    assert len(server.inbox) == 2


@pytest.mark.parametrize("implicit", [True, False], ids=["tls", "starttls"])
async def test_the_line_is_ciphered_and_the_password_shown(shown: Certificate, implicit: bool):
    async with SmtpServer(tls=shown.for_the_server(), implicit=implicit, auth=True) as server:
        url = server.url(f"{quote(USER)}:{quote(PASSWORD, safe='')}")
        line = Connection(relay_of(url), tls=shown.for_whoever_trusts_it())
        await line.hand_over("webinars@example.org", NOUR, b"Subject: a\r\n\r\nb\r\n")
        await line.close()
        assert [each.recipient for each in server.inbox] == [NOUR]


@pytest.mark.parametrize("implicit", [True, False], ids=["tls", "starttls"])
async def test_a_certificate_that_nobody_vouches_for_gets_no_mail(
    shown: Certificate, implicit: bool
):
    async with SmtpServer(tls=shown.for_the_server(), implicit=implicit) as server:
        line = Connection(relay_of(server.url()))
        with pytest.raises(Barred):
            await line.check()
        assert not line.let_in
        assert server.inbox == []


async def test_a_certificate_for_another_name_gets_no_mail(tmp_path: Path):
    other = certificate(tmp_path, "mail.example.org")
    async with SmtpServer(tls=other.for_the_server(), implicit=True) as server:
        line = Connection(relay_of(server.url()), tls=other.for_whoever_trusts_it())
        with pytest.raises(Barred):
            await line.check()


async def test_a_server_without_starttls_is_told_nothing(server: SmtpServer, shown: Certificate):
    url = f"smtp://{quote(USER)}:x@localhost:{server.port}"
    line = Connection(relay_of(url), tls=shown.for_whoever_trusts_it())
    with pytest.raises(Barred):
        await line.hand_over("webinars@example.org", NOUR, b"Subject: a\r\n\r\nb\r\n")
    assert set(server.seen) == {"call"}


async def test_a_wrong_password_bars_us_without_being_repeated(shown: Certificate):
    async with SmtpServer(tls=shown.for_the_server(), implicit=True, auth=True) as server:
        url = server.url(f"{quote(USER)}:not-the-password")
        line = Connection(relay_of(url), tls=shown.for_whoever_trusts_it())
        with pytest.raises(Barred) as barred:
            await line.check()
        assert "not-the-password" not in str(barred.value)
        assert "not-the-password" not in repr(relay_of(url))


async def test_a_server_that_wants_to_know_who_writes_bars_whoever_does_not_say(
    shown: Certificate,
):
    async with SmtpServer(tls=shown.for_the_server(), implicit=True, auth=True) as server:
        line = Connection(relay_of(server.url()), tls=shown.for_whoever_trusts_it())
        with pytest.raises(Barred):
            await line.hand_over("webinars@example.org", NOUR, b"Subject: a\r\n\r\nb\r\n")


async def test_a_server_that_is_not_there_is_tried_later():
    async with SmtpServer() as server:
        url = server.url()
    line = Connection(relay_of(url))
    with pytest.raises(Unreachable):
        await line.check()


@pytest.mark.parametrize(
    ("step", "answer", "meant"),
    [
        ("MAIL", "421 4.3.2 closing", Busy),
        ("MAIL", "451 4.7.1 later", Busy),
        ("MAIL", "550 5.7.1 not you", Barred),
        ("MAIL", "530 5.7.0 who are you", Barred),
        ("RCPT", "450 4.2.1 greylisted", Resting),
        ("RCPT", "451 4.7.1 greylisted", Resting),
        ("RCPT", "452 4.2.2 mailbox full", Resting),
        ("RCPT", "552 5.2.2 mailbox full", Resting),
        ("RCPT", "550 5.1.1 no such user", Gone),
        ("RCPT", "550 no such user", Gone),
        ("RCPT", "550 5.2.1 disabled", Gone),
        ("RCPT", "554 5.7.1 relay access denied", Refused),
        ("RCPT", "550 5.7.26 not authenticated", Refused),
        ("DATA", "451 4.3.0 later", Resting),
        ("DATA", "554 5.6.0 not like this", Refused),
        ("RCPT", LOST, Unreachable),
        ("DATA", LOST, Unsure),
    ],
)
async def test_each_answer_means_what_it_says(
    channel: EmailChannel, server: SmtpServer, step: str, answer: str, meant: type[Exception]
):
    server.answers[step] = [answer]
    with pytest.raises(meant) as raised:
        await sent(channel)
    assert type(raised.value) is meant
    assert NOUR not in str(raised.value)
    # Whatever it was, the next mail arrives.
    await sent(channel, 2, "And now")
    assert server.inbox[-1].text.startswith("And now")


async def test_what_may_have_arrived_is_the_same_mail_when_it_goes_again(
    channel: EmailChannel, server: SmtpServer
):
    server.answers["DATA"] = [LOST]
    with pytest.raises(Unsure):
        await sent(channel)
    await sent(channel)
    first, second = await server.takes(2)
    assert first.mail["Message-ID"] == second.mail["Message-ID"]


@pytest.mark.parametrize("act", [Act.EDIT, Act.STRIP, Act.DELETE])
async def test_nothing_that_was_mailed_can_be_changed(
    channel: EmailChannel, server: SmtpServer, act: Act
):
    with pytest.raises(TargetGone):
        await channel.send(NOUR, act, "<an-id@example.org>", Message("x", language="en"))
    assert server.seen == []
    assert not channel.limits.edits


async def test_a_poster_is_read_once_for_all_mails_that_show_it(
    line: Connection, server: SmtpServer
):
    kept, read = {"a poster": png(), "another": jpeg()}, list[str]()

    async def content(hash: str) -> bytes | None:
        read.append(hash)
        return kept.get(hash)

    posters = Posters(content)
    channel = EmailChannel(line, DESK, 5, lambda: datetime(2026, 4, 3, tzinfo=UTC), posters)
    for delivery, hash in enumerate(["a poster", "another", "gone"] * 3):
        message = Message("Hello", language="en", photo=hash)
        await channel.send(NOUR, Act.SEND, None, message, Slip(delivery=delivery))
    assert read == ["a poster", "another", "gone"]
    assert [pictures(got) for got in server.inbox] == [[png()], [jpeg()], []] * 3
    # However many there are, few are held.
    for number in range(3 * HELD):
        await posters.find(str(number))
    await posters.find("a poster")
    assert read.count("a poster") == 2


def pictures(got: Received) -> list[bytes]:
    """The pictures inside a mail."""
    parts = [part for part in got.mail.walk() if part.get_content_maintype() == "image"]
    return [part.get_content() for part in parts]
