"""Questions by mail, over real IMAP, SMTP and HTTP: from a first mail to the last word."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest

from delivery.clock import wait_until_set
from handlers.mail.tickets import LASTING
from service import EXAMPLE
from settings import SHIPPED, load
from storage import Storage
from storage.asking.asked import AskedQuestion
from tests.conversations.community import NOW, Community, community
from tests.conversations.given import environment
from tests.conversations.people import plain
from tests.conversations.process import BotProcess
from tests.conversations.test_mail import by_mail, link_in, looked_at, pressed
from tests.platforms.imap import ImapServer
from tests.platforms.smtp import Received, SmtpServer
from tests.platforms.telegram import TelegramServer
from tests.platforms.waiting import PATIENCE
from tests.safety.rows import everything
from tests.safety.seen import LANGUAGES, says, word
from tests.safety.test_forgetting import in_plain, on_disk
from tests.storage.needles import left, noted

LAYLA = "layla.of.kut@example.net"
OURS = "webinars@example.org"
SERVER = "mx.example.org"
"""What the mail server calls itself that takes mail for us."""
ARABIC = "كيف يمكن حماية العاملين في القطاع الصحي؟"
ENGLISH = "How-do-you-protect-nurses-of-Kut?"
CHANGING = frozenset({"meta", "sqlite_stat1", "versions"})
"""Tables that hold what the machine needs for itself."""


@dataclass
class Post:
    """Both sides of the mail server."""

    out: SmtpServer
    inbox: ImapServer

    @property
    def settings(self) -> dict[str, str]:
        """Of a bot that writes and reads mails."""
        return {
            **by_mail(self.out),
            "TADAMUN_MAIL__IMAP_URL": self.inbox.url,
            "TADAMUN_MAIL__VOUCHED_BY": SERVER,
        }

    def answers(self, key: str, language: str = "en") -> list[Received]:
        """What Layla got that says this."""
        return [each for each in self.out.to(LAYLA) if says(plain(each.text), key, language)]

    async def answered(self, key: str, language: str = "en", times: int = 1) -> Received:
        """The last such answer, once there are so many."""
        await self.out.wait_for(lambda: len(self.answers(key, language)) >= times)
        return self.answers(key, language)[-1]


@pytest.fixture
async def post() -> AsyncGenerator[Post]:
    async with SmtpServer() as out, ImapServer() as inbox:
        yield Post(out, inbox)
    assert inbox.faults == []


def mail(number: int, words: str, charset: str = "utf-8", **headers: str) -> bytes:
    """A mail of Layla's, as her program writes it, and our server takes it."""
    made = EmailMessage()
    made["Authentication-Results"] = f"{SERVER}; dmarc=pass header.from=example.net"
    made["From"] = f"Layla Hassan <{LAYLA}>"
    made["To"] = OURS
    made["Subject"] = headers.pop("subject", "سؤال")
    made["Message-ID"] = f"<{number}@example.net>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(words, charset=charset, cte="base64")
    return made.as_bytes()


async def presses(link: str) -> httpx.Response:
    """Open the page, and press its button as a browser does."""
    async with httpx.AsyncClient(timeout=30) as browser:
        page = (await browser.get(link)).text
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
        found = re.search(r'<form method="post" action="([^"]+)"', page)
        assert found is not None, page
        address = httpx.URL(link).join(found[1])
        return await browser.post(address, data=fields, headers={"Sec-Fetch-Site": "same-origin"})


async def questions(storage: Storage) -> list[AskedQuestion]:
    """What Layla asked, the oldest first."""
    async with storage.reading() as tx:
        address = await tx.people.find("email", LAYLA)
        return (await tx.questions.of(address.person))[::-1] if address else []


async def stopped(storage: Storage) -> bool:
    """Whether Layla is sent nothing more by mail."""
    async with storage.reading() as tx:
        address = await tx.people.find("email", LAYLA)
    assert address is not None
    return address.stopped


def kept(folder: Path) -> Mapping[str, object]:
    """All that is written down of people."""
    rows = everything(folder / "data" / "tadamun.db")
    return {table: each for table, each in rows.items() if table not in CHANGING}


def receipts(post: Post) -> set[str]:
    """Which receipts Layla got."""
    return {each.mail["Message-ID"] for each in post.answers("mail-question-received", "ar")}


async def agrees(post: Post, number: int = 1) -> None:
    """Layla writes for the first time, and presses the button."""
    post.inbox.deliver(mail(number, ARABIC), NOW)
    asked = await post.answered("mail-question-asks")
    await presses(link_in(asked, "/mail/question/"))
    await post.answered("mail-question-received", "ar")


async def test_a_stranger_asks_by_mail_is_answered_and_is_forgotten(
    tmp_path: Path, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    async with community(tmp_path, "forms", given=post.settings) as here:
        await post.inbox.is_watched()
        before = kept(tmp_path)
        post.inbox.deliver(mail(1, ARABIC, "windows-1256"), here.now)
        asked = await post.answered("mail-question-asks")
        assert asked.mail["In-Reply-To"] == "<1@example.net>"
        assert asked.mail["Auto-Submitted"] == "auto-replied"
        assert all(says(plain(asked.text), "mail-question-asks", each) for each in LANGUAGES)
        link = link_in(asked, "/mail/question/")
        for language in LANGUAGES:
            page = await looked_at(link.partition("?")[0], language)
            assert says(plain(page), "notice-mailbox", language)
            assert word("btn-mail-question-send", language) in page
        # Up to here she has only been written to.
        assert kept(tmp_path) == before
        plainly = {**in_plain(LAYLA), **in_plain("Layla Hassan"), **in_plain(ARABIC)}
        assert left(on_disk(tmp_path), dict(plainly)) == []

        assert word("mail-question-sent", "ar") in plain((await presses(link)).text)
        receipt = await post.answered("mail-question-received", "ar")
        assert ARABIC not in receipt.text
        (question,) = await questions(here.storage)
        assert (question.text, question.language, question.anonymous) == (ARABIC, "ar", True)
        assert word("mail-question-sent", "ar") in plain((await presses(link)).text)
        await here.settles()
        assert len(await questions(here.storage)) == 1
        assert len(post.answers("mail-question-received", "ar")) == 1

        quoting = f"{ENGLISH}\n\nOn Sunday, {OURS} wrote:\n> {receipt.text.splitlines()[0]}\n"
        answering = {"subject": str(receipt.mail["Subject"])}
        post.inbox.deliver(mail(2, quoting, **answering), here.now)
        await post.answered("mail-question-received", "ar", 2)
        assert (await questions(here.storage))[-1].text == ENGLISH

        # Whoever writes in her name ends nothing; where it leads that was sent to her, she does.
        forged = mail(5, "STOP").replace(b"dmarc=pass", b"dmarc=none")
        post.inbox.deliver(forged, here.now)
        stopping = await post.answered("mail-stop", "ar")
        assert not await stopped(here.storage)
        await pressed(link_in(stopping, "/mail/stop/"))
        assert await stopped(here.storage)

        post.inbox.deliver(mail(3, "I am away.", Auto_Submitted="auto-replied"), here.now)
        post.inbox.deliver(mail(4, "/forget"), here.now)
        erasing = await post.answered("mail-forget", "ar")
        assert len(await questions(here.storage)) == 2
        await forgets(here, tmp_path, link_in(erasing, "/mail/forget/"))
        assert left(on_disk(tmp_path), dict(plainly)) == []
        assert left(caplog.text.encode(), dict(plainly)) == []
        assert link.rpartition("/")[2].partition("?")[0] not in caplog.text


async def forgets(here: Community, folder: Path, link: str) -> None:
    """Press the button that erases, and see that nothing is left."""
    async with here.storage.reading() as tx:
        address = await tx.people.find("email", LAYLA)
    assert address is not None
    needles = noted(folder / "data" / "tadamun.db", address.person, "[]")
    assert left(on_disk(folder), dict(needles))
    assert word("mail-forgotten", "ar") in plain((await presses(link)).text)
    async with asyncio.timeout(PATIENCE):
        while await here.storage.owes_scrub():
            await wait_until_set(asyncio.Event(), 0.01)
    assert left(on_disk(folder), dict(needles)) == []


async def test_a_mailbox_that_is_away_costs_nobody_their_question(
    tmp_path: Path, post: Post
) -> None:
    async with community(tmp_path, "forms", given=post.settings) as here:
        await post.inbox.is_watched()
        post.inbox.deliver(mail(1, ARABIC), here.now)
        link = link_in(await post.answered("mail-question-asks"), "/mail/question/")
        await post.inbox.go_away()
        away = await presses(link)
        assert (away.status_code, word("mail-question-away", "ar") in plain(away.text)) == (
            503,
            True,
        )
        assert await questions(here.storage) == []
        await post.inbox.come_back()
        assert word("mail-question-sent", "ar") in plain((await presses(link)).text)
        (question,) = await questions(here.storage)
        assert question.text == ARABIC


async def test_a_link_that_is_old_altered_or_without_its_mail_keeps_nothing(
    tmp_path: Path, post: Post
) -> None:
    async with community(tmp_path, "forms", given=post.settings) as here:
        await post.inbox.is_watched()
        uid = post.inbox.deliver(mail(1, ARABIC), here.now)
        link = link_in(await post.answered("mail-question-asks"), "/mail/question/")
        token = link.partition("?")[0].rpartition("/")[2]
        altered = link.replace(token, token[:-8] + "AAAAAAAA")
        for void in (altered, link.replace(token, "x"), link.replace("/question/", "/forget/")):
            page = await presses(void)
            assert page.status_code == 404
            assert word("mail-question-void", "ar") in plain(page.text)
        taken = post.inbox.mails.pop(uid)
        assert (await presses(link)).status_code == 404
        post.inbox.mails[uid] = taken
        here.now += LASTING
        assert (await presses(link)).status_code == 404
        async with httpx.AsyncClient(timeout=30) as browser:
            foreign = {"Sec-Fetch-Site": "cross-site"}
            assert (await browser.post(link, data={}, headers=foreign)).status_code == 403
        assert await questions(here.storage) == []


async def test_a_thousand_mails_of_one_keep_to_the_limits_and_the_next_is_answered(
    tmp_path: Path, post: Post
) -> None:
    async with community(tmp_path, "forms", given=post.settings) as here:
        await post.inbox.is_watched()
        for number in range(1000):
            post.inbox.deliver(mail(number, f"Spam {number}"), here.now)
        other = mail(1000, ENGLISH).replace(LAYLA.encode(), b"huda@example.net")
        post.inbox.deliver(other, here.now)
        await post.out.wait_for(lambda: post.out.to("huda@example.net"))
        await here.settles()
        assert len(post.answers("mail-question-asks")) == 3
        assert len(post.out.inbox) == 4


async def test_mails_are_deleted_from_the_mailbox_a_week_after_they_came(
    tmp_path: Path, post: Post
) -> None:
    async with community(tmp_path, "forms", given=post.settings) as here:
        await post.inbox.is_watched()
        await agrees(post)
        waits = asyncio.create_task(post.inbox.hears("IDLE"))
        post.inbox.deliver(mail(2, ENGLISH), here.now)
        await post.answered("mail-question-received", "ar", 2)
        await waits
        assert sorted(post.inbox.mails) == [1, 2]
        here.now += 8 * LASTING
        tidied = asyncio.create_task(post.inbox.hears("UID EXPUNGE"))
        # Whatever comes in has it look around.
        for number in (3, 4):
            waits = asyncio.create_task(post.inbox.hears("IDLE"))
            post.inbox.deliver(mail(number, f"Is anybody there? {number}"), here.now)
            await post.answered("mail-question-received", "ar", number)
            await waits
        await tidied
        assert sorted(post.inbox.mails) == [3, 4]


@pytest.mark.timeout(600)
async def test_kills_between_fetching_and_keeping_lose_nothing_and_take_nothing_twice(
    tmp_path: Path, post: Post
) -> None:
    async with TelegramServer() as telegram:
        told = {
            **environment(tmp_path, "forms", telegram, None),
            **post.settings,
            "TADAMUN_LIMITS__QUESTIONS_PER_TEN_MINUTES": "50",
        }
        bot = BotProcess(told, tmp_path / "log")
        await bot.imports(EXAMPLE)
        looks = asyncio.create_task(post.inbox.hears("IDLE"))
        await bot.starts()
        await looks
        await agrees(post)
        for number in range(2, 6):
            fetched = asyncio.create_task(post.inbox.hears("UID FETCH"))
            post.inbox.deliver(mail(number, f"{ENGLISH} {number}"), datetime.now(UTC))
            await fetched
            # Each time at another moment after the mail was handed over.
            await wait_until_set(asyncio.Event(), 0.006 * (number - 2))
            await bot.is_killed()
            await bot.starts()
        post.inbox.deliver(mail(6, f"{ENGLISH} 6"), datetime.now(UTC))
        # A receipt that a kill had leave twice is the same mail.
        await post.out.wait_for(lambda: len(receipts(post)) >= 6)
        await bot.is_killed()
    assert len(receipts(post)) == 6
    settings = load(SHIPPED, told, dotenv=None)
    assert settings.keyring is not None
    keyring = Path(settings.keyring)
    async with await Storage.open(
        settings.storage.url.get_secret_value(), keyring, None, lambda: NOW
    ) as storage:
        asked = [each.text for each in await questions(storage)]
    assert asked == [ARABIC, *(f"{ENGLISH} {number}" for number in range(2, 7))]
