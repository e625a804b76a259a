"""The page on which a stranger agrees and has their mail fetched once more, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import pytest

from channels import Unreachable
from dialogue.incoming import Incoming, Mailed
from dialogue.words import text
from handlers.mail.tickets import Ticket, Way, ticket
from tests.web.community import Community, running_community
from tests.web.standin import Site, running_site, spoken
from web.app import WebParts
from web.mail.parts import AskingParts
from web.mail.rooms import MailParts

LAYLA = "layla@example.net"


@dataclass
class Pages:
    """A site with this page, a mailbox behind it, and what was asked of that."""

    community: Community
    fetched: list[str] = field(default_factory=list[str])
    taken: list[Incoming] = field(default_factory=list[Incoming])
    open: asyncio.Event = field(default_factory=asyncio.Event)
    """Set while the mailbox answers."""
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    away: bool = False

    async def fetch(self, ticket: Ticket) -> Incoming | None:
        """The mail, as it lies there."""
        self.fetched.append(ticket.lies_at)
        self.asked.set()
        await self.open.wait()
        if self.away:
            raise Unreachable("away")
        mail = Mailed(ticket.lies_at)
        now = self.community.clock()
        return Incoming("email", ticket.account, ticket.lies_at, now, text="Why?", mailed=mail)

    async def take(self, incoming: Incoming) -> None:
        """One turn."""
        self.taken.append(incoming)

    def opened(self, way: Way, token: str) -> str | None:
        """What such a link holds: here it is known by where the mail lies."""
        known = way in (Way.ASK, Way.ANSWER) and token.startswith("7.")
        return str(ticket(LAYLA, self.community.clock(), token)) if known else None


@asynccontextmanager
async def running_pages(folder: Path) -> AsyncGenerator[tuple[Pages, Site]]:
    async with running_community(folder) as community:
        pages = Pages(community)
        pages.open.set()

        async def agreed(*_given: object) -> None:
            raise AssertionError("nobody was named here")

        mail = MailParts(
            storage=community.storage,
            say=lambda code, said: spoken().voice(code, None).say(said),
            account_in=lambda token: None,
            agreed=agreed,
            proved=agreed,
            queued=lambda: None,
            asking=AskingParts(
                pages.opened, lambda: ((text("notice-heading"),), "7"), pages.fetch, pages.take
            ),
        )

        def with_mail(parts: WebParts) -> WebParts:
            return replace(parts, mail=mail, now=community.clock)

        async with running_site(with_mail) as site:
            yield pages, site


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[tuple[Pages, Site]]:
    async with running_pages(tmp_path) as running:
        yield running


async def test_however_often_the_button_is_pressed_the_mail_is_fetched_once(
    pages: tuple[Pages, Site],
) -> None:
    here, site = pages
    here.open.clear()
    async with httpx.AsyncClient(base_url=site.url, timeout=30) as browser:

        async def presses(lies_at: str = "7.1") -> int:
            return (
                await browser.post(f"/mail/question/{lies_at}?lang=en", data={"notice": "7"})
            ).status_code

        first = asyncio.create_task(presses())
        await here.asked.wait()
        # Each would log in to the mailbox, and everybody else would wait behind them.
        assert [await presses() for _ in range(3)] == [503] * 3
        here.open.set()
        assert await first == 200
        assert [await presses() for _ in range(3)] == [200] * 3
        assert await presses("7.2") == 200
    assert here.fetched == ["7.1", "7.2"]
    assert [each.id for each in here.taken] == ["7.1", "7.2"]


async def test_what_could_not_be_fetched_is_fetched_when_the_button_is_pressed_again(
    pages: tuple[Pages, Site],
) -> None:
    here, site = pages
    here.away = True
    async with httpx.AsyncClient(base_url=site.url, timeout=30) as browser:
        way = "/mail/question/7.1?lang=en"
        assert (await browser.post(way, data={"notice": "7"})).status_code == 503
        here.away = False
        assert (await browser.post(way, data={"notice": "7"})).status_code == 200
    assert len(here.taken) == 1


@pytest.mark.parametrize("language", ["ar", "en"])
async def test_an_expert_reads_that_the_answers_arrived_and_nothing_of_a_question(
    pages: tuple[Pages, Site], language: str
) -> None:
    here, site = pages

    def says(key: str) -> str:
        return spoken().voice(language, None).say(text(key))

    async with httpx.AsyncClient(base_url=site.url, timeout=30) as browser:
        way = f"/mail/answers/7.1?lang={language}"
        page = (await browser.get(way)).text
        assert says("mail-answers") in page
        assert says("btn-mail-answers-send") in page
        assert says("notice-heading") not in page, "of them nothing is kept to agree to"
        assert here.fetched == []
        pressed = [await browser.post(way) for _ in range(2)]
        assert [each.status_code for each in pressed] == [200, 200]
        assert all(says("mail-answers-sent") in each.text for each in pressed)
        assert all(says("mail-question-sent") not in each.text for each in pressed)
    (taken,) = here.taken
    assert taken.mailed == Mailed("7.1", vouched=True)


async def test_what_does_not_lead_to_answers_says_so_and_what_is_away_may_be_tried_again(
    pages: tuple[Pages, Site],
) -> None:
    here, site = pages
    async with httpx.AsyncClient(base_url=site.url, timeout=30) as browser:
        wrong = await browser.post("/mail/answers/8.1?lang=en")
        assert (wrong.status_code, "cannot be used" in wrong.text) == (404, True)
        here.away = True
        away = await browser.post("/mail/answers/7.1?lang=en")
        assert (away.status_code, "Yes, they are mine" in away.text) == (503, True)
        here.away = False
        assert (await browser.post("/mail/answers/7.1?lang=en")).status_code == 200
        # To ask by the same mail would be something else.
        assert (await browser.post("/mail/question/7.1", data={"notice": "7"})).status_code == 200
    assert [each.mailed and each.mailed.vouched for each in here.taken] == [True, False]
