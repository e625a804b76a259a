"""The board of a session, as its staff use it: with forms alone, or in a browser."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from html import unescape
from typing import Protocol

import httpx
from playwright.async_api import Locator, Page

from tests.codes import App, asks, let_in, let_in_by
from tests.conversations.people import plain
from tests.conversations.session import PATIENCE, WEBINAR
from tests.safety.seen import word

BOARD = f"/board/{WEBINAR}"
CARDS = re.compile(r'(?=<li class="card"|<article>|<section)')
DO = re.compile(r'value="((\w+)\.\d+\.[0-9a-f]+)"')


class Board(Protocol):
    """One of the staff at a board."""

    async def enters(self, link: str) -> None:
        """Come in by the link that the bot gave."""
        ...

    async def sees(self, *words: str) -> None:
        """All of this is there, or comes."""
        ...

    async def sees_likeness(self, question: str) -> None:
        """Others seem to ask the same as this one, or will soon."""
        ...

    async def presses(self, question: str, to: str) -> None:
        """Bring a question to this stage."""
        ...

    async def declines(self, question: str, reason: str) -> None:
        """Decline it: by the button that says this key, or in one's own words."""
        ...

    async def merges(self, question: str, into: str, *, suggested: bool) -> None:
        """Make it one with another, which the board suggests as likely, or does not."""
        ...

    async def hears(self, words: str) -> None:
        """Take down what was asked in the session."""
        ...

    async def answers(self, question: str, words: str, *, for_all: bool) -> None:
        """Write an answer."""
        ...

    async def unfolds(self, question: str) -> None:
        """Read a question that was folded away."""
        ...

    async def waiting(self) -> Sequence[str]:
        """The texts that wait for an interpreter and are in nobody's hand."""
        ...

    async def translates(self, text: str, words: str) -> None:
        """Put it into the other language."""
        ...

    async def leaves(self) -> None:
        """Close it."""
        ...


class OnForms:
    """A browser that knows forms and cookies, and no scripts."""

    def __init__(self, address: str) -> None:
        self._browser = httpx.AsyncClient(
            base_url=address,
            timeout=PATIENCE,
            # As with whoever has the web chat open.
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=True,
            headers={"Origin": address},
        )
        self.page = ""
        self._way = ""

    async def enters(self, link: str) -> None:
        shown = await self._browser.get(link)
        assert shown.status_code == 200, shown
        entered = await self._browser.post(link)
        assert entered.status_code == 200, entered
        asked = asks(entered.text)
        entered = await let_in(self._browser, entered, App(), datetime.now(UTC))
        self._way = entered.url.path.removeprefix(BOARD)
        # As the shipped settings have it: the desk asks for a code, and nothing else does.
        assert asked is (not self._way)
        self.page = entered.text

    async def sees(self, *words: str) -> None:
        await self._waits(lambda page: all(each in plain(unescape(page)) for each in words))

    async def sees_likeness(self, question: str) -> None:
        await self._waits(
            lambda page: any(
                "data-alike" in each and _says(each, question) for each in _cards(page)
            )
        )

    async def _waits(self, holds: Callable[[str], bool]) -> None:
        if holds(await self._opens()):
            return
        # Each change of any question is told on the open line.
        look = {"view": "desk" if not self._way else self._way.strip("/")}
        async with (
            asyncio.timeout(PATIENCE),
            self._browser.stream("GET", f"{BOARD}/events", params=look) as events,
        ):
            async for line in events.aiter_lines():
                if line.startswith("event:") and holds(await self._opens()):
                    return
        raise AssertionError(plain(unescape(self.page)))

    async def _opens(self) -> str:
        page = await self._browser.get(f"{BOARD}{self._way}")
        assert page.status_code == 200, page
        self.page = page.text
        return self.page

    async def presses(self, question: str, to: str) -> None:
        await self._act(await self._do(question, to))

    async def declines(self, question: str, reason: str) -> None:
        given = re.fullmatch(r"btn-reason-(\w+)", reason)
        fields = {"reason": f"!{given[1]}"} if given else {"own": reason}
        await self._act(await self._do(question, "declined"), **fields)

    async def merges(self, question: str, into: str, *, suggested: bool) -> None:
        do = await self._do(question, "merge")
        sheet = await self._act(do)
        (choice,) = [each for each in sheet.split("<label")[1:] if _says(each, into)]
        value = re.search(r'name="into" value="([^"]+)"', choice)
        assert value, sheet
        likely = sheet.partition(f"<h3>{word('board-likely', 'ar')}")[2].partition("<h3>")[0]
        assert _says(likely, into) is suggested, sheet
        await self._act(do, into=value[1])

    async def hears(self, words: str) -> None:
        await self._opens()
        await self._act("heard", words=words)

    async def answers(self, question: str, words: str, *, for_all: bool) -> None:
        do = await self._do(question, "answer")
        await self._act(do)
        await self._act(do, words=words, who="public" if for_all else "private")

    async def unfolds(self, question: str) -> None:
        (card,) = [each for each in _cards(await self._opens()) if _says(each, question)]
        assert '<details class="flagged"><summary>' in card

    async def waiting(self) -> Sequence[str]:
        cards = _cards(await self._opens())
        found = [re.search(r"<bdi[^>]*>(.*?)</bdi>", each) for each in cards]
        return [plain(unescape(each[1])) for each in found if each]

    async def translates(self, text: str, words: str) -> None:
        do = await self._do(text, "translate")
        await self._act(do)
        await self._act(do, words=words)

    async def leaves(self) -> None:
        await self._browser.aclose()

    async def _do(self, question: str, to: str) -> str:
        """What the button carries that brings this question there."""
        for card in _cards(await self._opens()):
            for carried, leads in DO.findall(card):
                if leads == to and _says(card, question):
                    return carried
        raise AssertionError(f"no button brings {question!r} to {to}")

    async def _act(self, do: str, **fields: str) -> str:
        form = {"": "act", "/stage": "answer", "/interpret": "translate"}[self._way]
        token = re.search(r'name="token" value="([^"]+)"', self.page)
        assert token, self.page
        done = await self._browser.post(
            f"{BOARD}/{form}",
            data={"token": token[1], "do": do, **fields},
            headers={"Accept": "application/json"},
        )
        assert done.status_code == 200, done.text
        return str(done.json().get("sheet", ""))


def _cards(page: str) -> list[str]:
    return [each for each in CARDS.split(page) if not each.startswith(("<section", "<!"))]


def _says(html: str, words: str) -> bool:
    return f">{words}</bdi>" in plain(unescape(html))


class InBrowser:
    """The pages as people see them, pressed and typed into."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(PATIENCE * 1000)

    async def enters(self, link: str) -> None:
        await self.page.goto(link)
        await self.page.get_by_role("button").click()
        await let_in_by(self.page, App(), lambda: datetime.now(UTC))

    async def sees(self, *words: str) -> None:
        for each in words:
            await (
                self.page.locator("main bdi").filter(has_text=each).first.wait_for(state="attached")
            )

    async def sees_likeness(self, question: str) -> None:
        await (
            self.page.locator(".card[data-alike]")
            .filter(has=self.page.get_by_text(question, exact=True))
            .wait_for(state="attached")
        )

    async def presses(self, question: str, to: str) -> None:
        await self._way(question, to).click()
        # The card has gone where it belongs once this way is no longer there.
        await self._way(question, to).wait_for(state="detached")

    async def declines(self, question: str, reason: str) -> None:
        await self._way(question, "declined").click()
        why = self.page.locator("#why")
        if reason.startswith("btn-"):
            await why.get_by_role("button", name=word(reason, "ar")).click()
        else:
            await why.locator("summary").click()
            await why.locator("textarea").fill(reason)
            await why.locator("button[value=own]").click()
        await self._way(question, "declined").wait_for(state="detached")

    async def merges(self, question: str, into: str, *, suggested: bool) -> None:
        await self._way(question, "merge").click()
        sheet = self._sheet
        choice = sheet.locator("label.choice").filter(has=self.page.get_by_text(into, exact=True))
        likely = sheet.locator(".choices:not(.found) > *").first
        assert (await likely.inner_text() == word("board-likely", "ar")) or not suggested
        await choice.locator("input").check()
        await self._sends()

    async def hears(self, words: str) -> None:
        await self.page.locator("button.add").click()
        await self._sheet.locator("textarea").fill(words)
        await self._sends()

    async def answers(self, question: str, words: str, *, for_all: bool) -> None:
        await self._way(question, "answer").click()
        await self._sheet.locator("textarea").fill(words)
        await self._sheet.locator(f"input[value={'public' if for_all else 'private'}]").check()
        await self._sends()

    async def unfolds(self, question: str) -> None:
        folded = self._card(question).locator("details.flagged")
        assert not await folded.get_by_text(question).is_visible()
        await folded.locator("summary").click()
        assert await folded.get_by_text(question).is_visible()

    async def waiting(self) -> Sequence[str]:
        return [
            plain(each) for each in await self.page.locator("main .card bdi").all_text_contents()
        ]

    async def translates(self, text: str, words: str) -> None:
        if not await self._sheet.get_by_text(text, exact=True).count():
            await self._way(text, "translate").click()
        await self._sheet.get_by_text(text, exact=True).wait_for()
        await self._sheet.locator("textarea").fill(words)
        await self._sheet.locator("button.main").click()
        await self._card(text).wait_for(state="detached")

    async def leaves(self) -> None:
        await self.page.close()

    @property
    def _sheet(self) -> Locator:
        return self.page.locator("#sheet")

    async def _sends(self) -> None:
        await self._sheet.locator("button.main").first.click()
        await self._sheet.locator("form").wait_for(state="detached")

    def _card(self, question: str) -> Locator:
        return self.page.locator(".card, .now article").filter(
            has=self.page.locator(".text:not(.more) bdi, .put bdi").get_by_text(
                question, exact=True
            )
        )

    def _way(self, question: str, to: str) -> Locator:
        return self._card(question).locator(f'button[value^="{to}."]').first
