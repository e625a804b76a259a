"""The mailbox over real IMAP: what is new, one mail again, tidying, and every way to fail."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from channels import Barred, Unreachable
from channels.email.imap import box_of
from channels.email.inbox import Inbox
from channels.email.reading import LONGEST
from tests.platforms.imap import PASSWORD, ImapServer

NOON = datetime(2020, 4, 3, 12, tzinfo=UTC)
MAIL = b"From: layla@example.net\r\nSubject: =?utf-8?B?2LPYpNin2YQ=?=\r\n\r\nWhy?\r\n"


@pytest.fixture
async def server() -> AsyncIterator[ImapServer]:
    async with ImapServer() as server:
        yield server
    assert server.faults == []


@pytest.fixture
async def inbox(server: ImapServer) -> AsyncIterator[Inbox]:
    inbox = Inbox(box_of(server.url))
    yield inbox
    await inbox.close()


async def test_what_came_after_a_mail_is_found_in_order_and_read_as_it_is(
    server: ImapServer, inbox: Inbox
) -> None:
    first, second = server.deliver(MAIL, NOON), server.deliver(MAIL + b"\xd8\n", NOON)
    standing = await inbox.open()
    assert (standing.validity, standing.next_uid) == (server.validity, second + 1)
    assert await inbox.after(0) == [first, second]
    assert await inbox.after(first) == [second]
    assert await inbox.after(second) == []
    fetched = await inbox.fetch(second)
    assert fetched is not None
    assert (fetched.uid, fetched.at, fetched.raw) == (second, NOON, MAIL + b"\xd8\n")
    assert server.mails[second].flags == set()


async def test_of_a_large_mail_no_more_is_fetched_than_is_read(
    server: ImapServer, inbox: Inbox
) -> None:
    uid = server.deliver(MAIL + b"x" * (2 * LONGEST))
    await inbox.open()
    fetched = await inbox.fetch(uid)
    assert fetched is not None
    assert len(fetched.raw) == LONGEST


async def test_a_mail_that_was_deleted_meanwhile_is_not_there(
    server: ImapServer, inbox: Inbox
) -> None:
    await inbox.open()
    assert await inbox.fetch(7) is None


async def test_a_new_mail_ends_the_wait(server: ImapServer, inbox: Inbox) -> None:
    await inbox.open()
    waiting = asyncio.create_task(inbox.wait(60))
    await server.hears("IDLE")
    server.deliver(MAIL)
    async with asyncio.timeout(30):
        await waiting
    assert await inbox.after(0) == [1]


async def test_where_the_server_cannot_tell_the_wait_ends_by_itself() -> None:
    async with ImapServer(able=("IMAP4rev1",)) as server:
        inbox = Inbox(box_of(server.url))
        await inbox.open()
        server.deliver(MAIL)
        await inbox.wait(0.05)
        assert await inbox.after(0) == [1]
        await inbox.close()
    assert server.faults == []


@pytest.mark.parametrize("able", [("IMAP4rev1", "UIDPLUS"), ("IMAP4rev1",)])
async def test_mails_of_some_days_ago_are_deleted_and_no_others(able: tuple[str, ...]) -> None:
    async with ImapServer(able=able) as server:
        for days in (9, 8, 1, 0):
            server.deliver(MAIL, NOON - timedelta(days=days))
        inbox = Inbox(box_of(server.url))
        await inbox.open()
        old = await inbox.before(NOON - timedelta(days=7), 2, 4)
        assert old == [2]
        await inbox.delete(old)
        assert sorted(server.mails) == [1, 3, 4]
        assert await inbox.before(NOON, 3, 2) == []
        assert await inbox.since(NOON - timedelta(days=1)) == [3, 4]
        await inbox.close()
    assert server.faults == []


async def test_hanging_up_ends_a_wait_at_once(server: ImapServer, inbox: Inbox) -> None:
    await inbox.open()
    waiting = asyncio.create_task(inbox.wait(600))
    await server.hears("IDLE")
    async with asyncio.timeout(30):
        await inbox.close()
        with pytest.raises(Unreachable):
            await waiting


async def test_who_stops_waiting_leaves_no_thread_behind(server: ImapServer, inbox: Inbox) -> None:
    await inbox.open()
    waiting = asyncio.create_task(inbox.wait(600))
    await server.hears("IDLE")
    waiting.cancel()
    async with asyncio.timeout(30):
        await asyncio.wait([waiting])
        # The thread is free again: it would be waited for here.
        await asyncio.get_running_loop().shutdown_default_executor()


async def test_a_server_that_hangs_up_or_is_away_can_be_tried_again(
    server: ImapServer, inbox: Inbox
) -> None:
    await inbox.open()
    server.hang_up()
    with pytest.raises(Unreachable):
        await inbox.after(0)
    await inbox.open()
    assert await inbox.after(0) == []
    await server.go_away()
    with pytest.raises(Unreachable):
        await inbox.open()
    await server.come_back()
    assert (await inbox.open()).next_uid == 1


@pytest.mark.parametrize("at", ["99-Foo-2020 10:00:00 +0000", "01-Jan-0000 99:99:99 +9999", "x"])
async def test_a_server_that_answers_nonsense_is_one_that_cannot_be_reached(
    server: ImapServer, inbox: Inbox, at: str
) -> None:
    server.deliver(MAIL)
    server.arrived = at
    await inbox.open()
    with pytest.raises(Unreachable):
        await inbox.fetch(1)


async def test_a_wrong_password_and_a_missing_folder_are_ours_to_mend(
    server: ImapServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for url in (
        server.url.replace("s3cr%22t", "wrong"),
        server.url.replace("s3cr%22t", "%D8%B3%D8%B1"),
        server.url.replace("/INBOX", "/Elsewhere"),
    ):
        with pytest.raises(Barred) as refused:
            await Inbox(box_of(url)).open()
        assert "wrong" not in str(refused.value)
        assert "who are you" not in str(refused.value)
    assert PASSWORD not in caplog.text
    assert PASSWORD not in repr(box_of(server.url))


async def test_no_mail_is_asked_for_before_the_mailbox_is_open(inbox: Inbox) -> None:
    with pytest.raises(Unreachable):
        await inbox.after(0)
    with pytest.raises(Unreachable):
        await inbox.wait(1)
