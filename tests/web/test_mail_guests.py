"""The pages on which experts say whether they want a webinar's questions by mail, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest

from storage import Storage, Transaction
from storage.asking.guest import Guest, Wanted
from storage.asking.guests import LASTING
from tests.web.community import WEBINAR, Clock, Community, running_community
from tests.web.standin import Site, running_site, spoken
from web.app import WebParts
from web.mail.rooms import MailParts

HUDA = "huda@hospital.example"
TOKEN = "a-token-of-their-mail-program"


@dataclass
class Pages:
    """A site with these pages, and what came of what was pressed there."""

    community: Community
    site: Site
    agreed: list[int] = field(default_factory=list[int])
    queued: list[None] = field(default_factory=list[None])

    @property
    def storage(self) -> Storage:
        return self.community.storage

    @property
    def clock(self) -> Clock:
        return self.community.clock

    async def guest(self) -> tuple[Guest, str]:
        """Somebody who is asked, and where the link in their mail leads."""
        async with self.storage.transaction() as tx:
            guest = await tx.guests.ask(WEBINAR, HUDA, "en", self.clock())
            assert guest is not None
            return guest, f"/mail/guest/{tx.guests.link(guest)}"

    async def wanted(self) -> Wanted:
        """What they said."""
        async with self.storage.reading() as tx:
            (guest,) = await tx.guests.of(WEBINAR)
        return guest.wanted


@asynccontextmanager
async def running_pages(folder: Path) -> AsyncGenerator[Pages]:
    """The pages, until the block ends."""
    async with running_community(folder) as community:
        agreed, queued = list[int](), list[None]()

        async def note(tx: Transaction, guest: Guest) -> None:
            agreed.append(guest.id)

        async def nobody(*_given: object) -> None:
            raise AssertionError("nobody proves an address here")

        mail = MailParts(
            storage=community.storage,
            say=lambda code, said: spoken().voice(code, None).say(said),
            account_in=lambda token: HUDA if token == TOKEN else None,
            agreed=note,
            proved=nobody,
            queued=lambda: queued.append(None),
        )

        def with_mail(parts: WebParts) -> WebParts:
            return replace(parts, mail=mail, now=community.clock)

        async with running_site(with_mail) as site:
            yield Pages(community, site, agreed, queued)


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[Pages]:
    async with running_pages(tmp_path) as running:
        yield running


@pytest.fixture
async def browser(pages: Pages) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=pages.site.url, timeout=30) as client:
        yield client


async def test_looking_changes_nothing_and_tells_nothing(
    pages: Pages, browser: httpx.AsyncClient
) -> None:
    _, link = await pages.guest()
    for way in (link, f"{link}/no"):
        page = (await browser.get(way)).text
        assert f'action="{way}' in page
        assert page.replace(link, "") == (
            await browser.get(way.replace(link, "/mail/guest/x"))
        ).text.replace("/mail/guest/x", "")
    assert await pages.wanted() is Wanted.ASKED
    assert pages.agreed == []


async def test_yes_counts_once_and_may_be_pressed_again(
    pages: Pages, browser: httpx.AsyncClient
) -> None:
    guest, link = await pages.guest()
    for _ in range(2):
        assert (await browser.post(link)).status_code == 200
    assert await pages.wanted() is Wanted.AGREED
    assert pages.agreed == [guest.id]
    assert pages.queued


async def test_no_erases_the_address_and_stays_no(pages: Pages, browser: httpx.AsyncClient) -> None:
    _, link = await pages.guest()
    await browser.post(link)
    assert (await browser.post(f"{link}/no")).status_code == 200
    assert await pages.wanted() is Wanted.REFUSED
    assert (await browser.post(link)).status_code == 404
    assert await pages.wanted() is Wanted.REFUSED


async def test_wrong_and_too_old_links_are_one_answer(
    pages: Pages, browser: httpx.AsyncClient
) -> None:
    _, link = await pages.guest()
    wrong = await browser.post("/mail/guest/" + "0" * 38)
    pages.clock.forward(LASTING)
    old = await browser.post(link)
    assert (wrong.status_code, wrong.text) == (old.status_code, old.text)
    assert old.status_code == 404
    assert await pages.wanted() is Wanted.ASKED


async def test_another_site_cannot_press_the_buttons(
    pages: Pages, browser: httpx.AsyncClient
) -> None:
    _, link = await pages.guest()
    for way in (link, f"{link}/no"):
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            assert (await browser.post(way, headers=headers)).status_code == 403
    assert await pages.wanted() is Wanted.ASKED


async def test_the_button_of_a_mail_program_ends_it_as_well(
    pages: Pages, browser: httpx.AsyncClient
) -> None:
    _, link = await pages.guest()
    await browser.post(link)
    stopped = await browser.post(f"/mail/stop/{TOKEN}", data={"List-Unsubscribe": "One-Click"})
    assert stopped.status_code == 200
    assert await pages.wanted() is Wanted.REFUSED


@pytest.mark.parametrize("language", ["ar", "en"])
async def test_the_pages_speak_the_language_of_the_link(
    pages: Pages, browser: httpx.AsyncClient, language: str
) -> None:
    _, link = await pages.guest()
    for way in (link, f"{link}/no"):
        page = (await browser.get(f"{way}?lang={language}")).text
        assert f'<html lang="{language}"' in page
        assert HUDA not in page
