"""A page of the web chat that is open at the process that stands by."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.conversations.web_page import Bubble, Page
from tests.faults.home import Home
from tests.kept_waiting import Allowance, postgres
from tests.platforms.waiting import PATIENCE
from tests.replicas.conftest import Pair

pytestmark = pytest.mark.postgres

HANDED_OVER = 3.0
"""Seconds until another process has taken over and answers."""


class Visitor:
    """Somebody whose page runs its script and listens."""

    def __init__(self, browser: aiohttp.ClientSession, address: str) -> None:
        self._browser = browser
        self._address = address
        self._sent = 0
        self._token = ""
        self._changed = asyncio.Condition()
        self._heard = 0
        self.bubbles: list[Bubble] = []
        self.numbers: list[int] = []
        self.erased = 0

    async def comes(self) -> None:
        async with self._browser.get(f"{self._address}/chat") as answer:
            page = Page(await answer.text())
        self.bubbles, self._token = page.bubbles, page.fields["token"]
        self.numbers = [int(page.fields["seen"])]

    async def listens(self) -> None:
        """Follows the events of the page until cancelled."""
        url = f"{self._address}/chat/events?after={self.numbers[-1]}"
        async with self._browser.get(url) as answer:
            event = ""
            async for line in answer.content:
                name, _, value = line.decode().strip().partition(": ")
                if name == "event":
                    event = value
                elif name == "data":
                    await self._takes(event, json.loads(value))

    async def _takes(self, event: str, content: dict[str, Any]) -> None:
        async with self._changed:
            if event == "erased":
                self.erased = content["until"]
            elif event == "letter":
                self.numbers.append(content["n"])
                if content["act"] in ("send", "edit"):
                    self.bubbles += Page(content["html"]).bubbles
            self._changed.notify_all()

    async def hears(self, words: str) -> Bubble:
        """The next message with these words, whatever came before and after it."""

        def found() -> list[int]:
            later = range(self._heard, len(self.bubbles))
            return [place for place in later if words in self.bubbles[place].text]

        async with asyncio.timeout(PATIENCE), self._changed:
            place = (await self._changed.wait_for(found))[0]
        self._heard = place + 1
        return self.bubbles[place]

    async def loses(self, until: int) -> None:
        """Returns once all up to this number is to vanish; that may be told after what follows."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(lambda: self.erased == until)

    async def says(self, text: str) -> None:
        await self._sends(text=text)

    async def presses(self, label: str) -> None:
        (key,) = [key for key in self.bubbles[self._heard - 1].keys if label in key.label]
        await self._sends(press=str(key.value))

    async def _sends(self, **fields: str) -> None:
        self._sent += 1
        form = {
            "token": self._token,
            "id": f"from-a-script-{self._sent:08}",
            "seen": str(self.numbers[-1]),
            "live": "1",
            **fields,
        }
        headers = {"Accept": "application/json", "Origin": self._address}
        async with self._browser.post(
            f"{self._address}/chat", data=form, headers=headers
        ) as answer:
            assert answer.status == 202, await answer.text()


@asynccontextmanager
async def visitor_at(home: Home) -> AsyncGenerator[Visitor]:
    """A page that is open there."""
    # The loopback has no name, which cookies want.
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as browser:
        visitor = Visitor(browser, home.web)
        await visitor.comes()
        listening = asyncio.create_task(visitor.listens())
        try:
            yield visitor
        finally:
            listening.cancel()
            await asyncio.wait([listening])


async def agrees(visitor: Visitor) -> None:
    await visitor.says("English")
    await visitor.hears("cannot hide that you use this chat")
    await visitor.says("I agree")
    await visitor.hears("Thank you.")


async def test_replies_reach_a_page_at_the_other_process(pair: Pair) -> None:
    async with pair.first.running(), pair.second.running(), visitor_at(pair.second) as visitor:
        await agrees(visitor)
        await visitor.says("/register")
        await visitor.hears("nickname")
        await visitor.says("Anna")
        await visitor.hears("Where are you?")
    assert visitor.numbers == sorted(set(visitor.numbers))


async def test_who_erases_everything_and_comes_back_misses_nothing(pair: Pair) -> None:
    async with pair.first.running(), pair.second.running(), visitor_at(pair.second) as visitor:
        for _ in range(2):
            await agrees(visitor)
            await visitor.says("/forget")
            await visitor.hears("This erases everything")
            await visitor.presses("Delete my data now")
            await visitor.hears("Really erase everything?")
            await visitor.presses("Yes, erase it all")
            said = await visitor.hears("Everything was erased")
            await visitor.loses(said.id - 1)
    assert visitor.numbers == sorted(set(visitor.numbers))


async def test_a_page_goes_on_when_the_serving_process_stops(pair: Pair) -> None:
    async with (
        pair.first.running() as serving,
        pair.second.running() as standing_by,
        visitor_at(pair.second) as visitor,
    ):
        await agrees(visitor)
        assert await serving.end(signal.SIGTERM) == 0
        ended = Allowance(PATIENCE, standing_by.pid, *postgres())
        await visitor.says("/register")
        await visitor.hears("nickname")
        assert ended.spent() < HANDED_OVER
