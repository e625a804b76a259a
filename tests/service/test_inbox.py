"""Mail from a real mailbox: each one once, however the connection or the process ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from channels.email.imap import box_of
from channels.email.reading import Known, Mail
from channels.email.vouching import Vouching
from delivery import Clock, Duty
from delivery.clock import wait_until_set
from dialogue.incoming import Incoming, TryAgain
from handlers.mail.tickets import ticket
from service.inbox import HELD_FOR, TIDY_EVERY, MailIn
from service.mail_heard import HEARD
from storage import Storage
from tests.handlers.chatting import NOW, Calendar
from tests.platforms.imap import ImapServer

OURS = "webinars@example.org"
LAYLA = "layla@example.net"


def mail(number: int | str = 1, words: str = "Why?", headers: str = "") -> bytes:
    """A mail that Layla wrote."""
    return (
        f"From: Layla <{LAYLA}>\r\nTo: {OURS}\r\nSubject: A question\r\n"
        f"Message-ID: <{number}@example.net>\r\n{headers}\r\n{words}\r\n"
    ).encode()


@dataclass
class House:
    """Everything behind the mailbox: it takes each mail once, unless it is told not to."""

    server: ImapServer
    storage: Storage
    calendar: Calendar
    taken: list[Incoming] = field(default_factory=list[Incoming])
    set_aside: list[str | None] = field(default_factory=list[str | None])
    noted: list[Mail] = field(default_factory=list[Mail])
    not_now: set[str] = field(default_factory=set[str])
    """Words of mails that cannot be taken now."""
    stirred: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, incoming: Incoming) -> None:
        self.stirred.set()
        if incoming.text in self.not_now:
            raise TryAgain
        if incoming.id not in {each.id for each in self.taken}:
            self.taken.append(incoming)

    async def poison(self, channel: str, account: str | None, raw: str, reason: str) -> None:
        self.set_aside.append(account)
        self.stirred.set()

    @property
    def words(self) -> list[str | None]:
        """What was taken, in its order."""
        return [each.text for each in self.taken]

    async def takes(self, *words: str) -> None:
        """Returns once just this was taken."""
        async with asyncio.timeout(30):
            while sorted(map(str, self.words)) != sorted(words):
                self.stirred.clear()
                await self.stirred.wait()

    async def place(self) -> str | None:
        """How far the mailbox was taken, as it is kept."""
        async with self.storage.reading() as tx:
            return await tx.meta.get(HEARD)

    async def looked(self, times: int = 1) -> None:
        """Returns once it has looked for new mail so many times more, and waits again."""
        await self.server.hears("IDLE", times)

    def mail_in(self, days: int = 7) -> MailIn:
        async def hurried(event: asyncio.Event, seconds: float | None) -> None:
            await wait_until_set(event, None if seconds is None else seconds / 100)

        return MailIn(
            box_of(self.server.url),
            Known(OURS, lambda account, id: id == f"<to-{account}>", Vouching()),
            self.storage,
            Clock(self.calendar, wait=hurried, chance=lambda: 0.0),
            take=self.take,
            poison=self.poison,
            noted=self.noted.append,
            days=days,
        )

    @asynccontextmanager
    async def serving(self, days: int = 7) -> AsyncGenerator[MailIn]:
        """Take what comes in, until the block ends."""
        duty, mail_in = Duty(), self.mail_in(days)
        looks = asyncio.create_task(self.server.hears("IDLE"))
        await asyncio.sleep(0)
        duty.begin()
        running = asyncio.create_task(mail_in.run(duty))
        async with asyncio.timeout(30):
            await looks
        yield mail_in
        mail_in.hang_up()
        async with asyncio.timeout(30):
            await running


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    calendar = Calendar()
    keyring = tmp_path / "keys" / "keyring.json"
    url = f"sqlite:///{tmp_path}/data/tadamun.db"
    async with (
        ImapServer() as server,
        await Storage.open(url, keyring, None, calendar) as storage,
    ):
        yield House(server, storage, calendar)
    assert server.faults == []


async def test_what_lay_there_before_is_left_alone_and_what_comes_is_taken(house: House) -> None:
    old = house.server.deliver(mail("old", "Before us."))
    async with house.serving() as mail_in:
        assert mail_in.connected
        house.server.deliver(mail(headers="Delivered-To: webinars+w-virus@example.org\r\n"))
        await house.takes("Why?")
    (taken,) = house.taken
    assert (taken.channel, taken.sender, taken.message) == ("email", LAYLA, None)
    assert taken.mailed is not None
    assert taken.mailed.lies_at == f"{house.server.validity}.{old + 1}"
    assert (taken.mailed.subject, taken.mailed.aim) == ("A question", "w-virus")
    assert [each.message_id for each in house.noted] == ["<1@example.net>"]
    assert not mail_in.connected


async def test_what_comes_while_nobody_listens_is_taken_at_the_next_start(house: House) -> None:
    async with house.serving():
        pass
    for number in range(25):
        house.server.deliver(mail(number, f"Question {number}"))
    async with house.serving():
        assert house.words == [f"Question {number}" for number in range(25)]
    assert await house.place() == f"{house.server.validity} 1 25"


async def test_machines_are_passed_over_and_nothing_is_said_of_them(house: House) -> None:
    async with house.serving():
        house.server.deliver(mail(1, headers="Auto-Submitted: auto-replied\r\n"))
        house.server.deliver(mail(2, "A question"))
        await house.takes("A question")
    assert len(house.noted) == 1


async def test_what_cannot_be_taken_stops_nobody_and_is_tried_again(house: House) -> None:
    house.not_now = {"Not now"}
    async with house.serving():
        house.server.deliver(mail(1, "Not now"))
        house.server.deliver(mail(2, "At once"))
        await house.takes("At once")
        await house.looked()
        # What is not taken is not passed, wherever this ends.
        assert await house.place() == f"{house.server.validity} 1 0"
    async with house.serving():
        assert house.words == ["At once"]
        house.not_now = set()
        house.server.deliver(mail(3, "Later"))
        await house.takes("At once", "Not now", "Later")
        await house.looked()
        assert await house.place() == f"{house.server.validity} 1 3"


async def test_what_can_never_be_taken_is_let_go_after_a_day(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.not_now = {"Never"}
    async with house.serving():
        house.server.deliver(mail(1, "Never"), NOW)
        await house.looked()
        house.calendar.passes(HELD_FOR + timedelta(minutes=1))
        house.server.deliver(mail(2, "After it"))
        await house.takes("After it")
        await house.looked()
        assert await house.place() == f"{house.server.validity} 1 2"
    assert "ALERT: a mail could not be taken for a day" in caplog.text
    assert 1 in house.server.mails


async def test_what_had_lain_there_for_days_is_tried_again_like_any_other(house: House) -> None:
    house.not_now = {"Not now"}
    async with house.serving():
        house.server.deliver(mail(1, "Not now"), NOW - 3 * HELD_FOR)
        await house.looked()
        house.not_now = set()
        house.server.deliver(mail(2, "After it"))
        await house.takes("Not now", "After it")


async def test_what_nobody_can_read_is_set_aside_and_the_next_is_taken(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3000))
    async with house.serving():
        house.server.deliver(b"\xff\xfe no mail at all")
        house.server.deliver(f"From: {LAYLA}\n{deep}words".encode())
        house.server.deliver(mail(3, "After them"))
        await house.takes("After them")
    assert house.set_aside == [LAYLA]
    assert LAYLA not in caplog.text


async def test_a_server_that_goes_away_loses_nothing(house: House) -> None:
    async with house.serving() as mail_in:
        house.server.deliver(mail(1, "First"))
        await house.takes("First")
        await house.server.go_away()
        house.server.deliver(mail(2, "Meanwhile"))
        await house.server.come_back()
        await house.takes("First", "Meanwhile")
        assert mail_in.connected


async def test_a_mailbox_with_other_numbers_is_read_again_and_nothing_is_taken_twice(
    house: House,
) -> None:
    async with house.serving():
        for number in range(3):
            house.server.deliver(mail(number, f"Question {number}"), NOW)
        await house.takes("Question 0", "Question 1", "Question 2")
        house.server.deliver(mail("ancient", "Long ago"), NOW - timedelta(days=30))
        await house.takes("Question 0", "Question 1", "Question 2", "Long ago")
        house.taken.pop()
        house.server.renumber()
        house.server.deliver(mail(4, "New"), NOW)
        await house.takes("Question 0", "Question 1", "Question 2", "New")


async def test_a_wrong_password_is_told_to_those_who_run_the_bot(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.server.lets_in = False
    duty, mail_in = Duty(), house.mail_in()
    duty.begin()
    running = asyncio.create_task(mail_in.run(duty))
    await house.server.hears("LOGIN", 2)
    mail_in.hang_up()
    await running
    assert "ALERT: the mailbox cannot be opened: The mailbox refuses user or password." in (
        caplog.text
    )


async def test_only_whoever_serves_the_sender_reads_its_mail(house: House) -> None:
    duty, mail_in = Duty(), house.mail_in()
    running = asyncio.create_task(mail_in.run(duty))
    looks = asyncio.create_task(house.server.hears("IDLE"))
    await asyncio.sleep(0)
    assert house.server.heard == []
    duty.begin()
    await looks
    duty.end()
    async with asyncio.timeout(30):
        while mail_in.connected:
            await wait_until_set(asyncio.Event(), 0.01)
    house.server.deliver(mail())
    looks = asyncio.create_task(house.server.hears("IDLE"))
    await asyncio.sleep(0)
    assert house.taken == []
    duty.begin()
    await looks
    assert house.words == ["Why?"]
    mail_in.hang_up()
    await running


@pytest.mark.parametrize(("days", "left"), [(7, [1, 4, 5]), (0, [1, 2, 3, 4, 5])])
async def test_mails_that_were_seen_to_are_deleted_after_some_days(
    house: House, days: int, left: list[int]
) -> None:
    house.server.deliver(mail("old"), NOW - timedelta(days=90))
    async with house.serving(days):
        pass
    for number in (9, 8, 6):
        house.server.deliver(mail(number, f"{number} days ago"), NOW - timedelta(days=number))
    async with house.serving(days):
        assert len(house.taken) == 3
        house.calendar.passes(TIDY_EVERY)
        house.not_now = {"Not taken"}
        house.server.deliver(mail("held", "Not taken"), NOW)
        await house.looked()
        assert sorted(house.server.mails) == left


async def test_a_mail_is_fetched_once_more_for_its_own_link_alone(house: House) -> None:
    uid = house.server.deliver(mail())
    machine = house.server.deliver(mail(2, headers="Auto-Submitted: auto-replied\r\n"))
    mail_in, validity = house.mail_in(), house.server.validity
    found = await mail_in.once_more(ticket(LAYLA, NOW, f"{validity}.{uid}"))
    assert found is not None
    assert found.mailed is not None
    assert (found.text, found.mailed.lies_at) == ("Why?", f"{validity}.{uid}")
    for lies_at in (f"{validity}.99", f"{validity + 1}.{uid}", f"{validity}.{machine}", "-", "1.x"):
        assert await mail_in.once_more(ticket(LAYLA, NOW, lies_at)) is None
