"""`bot.py check` calls the mailbox, and says what to do when it is not let in."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.checking import Wrong, check
from settings import SHIPPED, Settings, load
from tests.conversations.test_mail import by_mail
from tests.platforms.imap import ImapServer
from tests.platforms.smtp import SmtpServer


def given(folder: Path, out: SmtpServer, url: str) -> Settings:
    told = {
        "TADAMUN_KEYRING": f"{folder}/keys/keyring.json",
        "TADAMUN_STORAGE__URL": f"sqlite:///{folder}/data/tadamun.db",
        "TADAMUN_MAIL__IMAP_URL": url,
    }
    return load(SHIPPED, {**told, **by_mail(out)}, dotenv=None)


async def test_the_mailbox_is_opened_once(tmp_path: Path) -> None:
    async with SmtpServer() as out, ImapServer() as inbox:
        lines = [line async for line in check(given(tmp_path, out, inbox.url))]
        assert "mailbox: fine, reads INBOX of webinars" in lines
        wrong = inbox.url.replace("s3cr%22t", "wrong")
        with pytest.raises(Wrong, match=r"refuses user or password\. See to mail\.imap_url"):
            [line async for line in check(given(tmp_path, out, wrong))]
        await inbox.go_away()
        with pytest.raises(Wrong, match="cannot be reached"):
            [line async for line in check(given(tmp_path, out, inbox.url))]
