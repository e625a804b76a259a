"""Open boards of a webinar, each a browser of its own with one open line; and a moderator."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable
from typing import Any

import aiohttp

from benchmarks.participants import NUMBER

_TOKEN = re.compile(r'name="token" value="([^"]*)"')
_BUTTON = re.compile(r'value="([a-z_]+)\.(\d+)\.([0-9a-f]+)"')


class Screen:
    """One browser, from the link to the open line."""

    def __init__(self, client: aiohttp.ClientSession, webinar: str, view: str) -> None:
        """`view` is `desk`, `stage` or `projector`."""
        self._client = client
        self._at = f"/board/{webinar}"
        self._view = view
        self._headers: dict[str, str] = {}
        self._token = ""
        self.seen: dict[int, float] = {}
        """When each question was first shown here."""
        self.listening = asyncio.Event()
        self._cards: Callable[[list[dict[str, Any]]], None] | None = None

    async def enter(self, link: str) -> float:
        """Press the button behind the link, and load the page: how many seconds that took."""
        async with self._client.post(link, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
            cookies = "; ".join(f"{c.key}={c.value}" for c in answer.cookies.values())
            self._headers = {"Cookie": cookies}
        way = "" if self._view == "desk" else f"/{self._view}"
        began = time.perf_counter()
        async with self._client.get(self._at + way, headers=self._headers) as answer:
            page = await answer.text()
            assert answer.status == 200, page
        took = time.perf_counter() - began
        if found := _TOKEN.search(page):
            self._token = found[1]
        return took

    async def listen(self) -> None:
        """Keep the line open, and note what it brings, until cancelled."""
        where = {"view": self._view, "after": "0"}
        events = self._client.get(f"{self._at}/events", params=where, headers=self._headers)
        async with events as answer:
            assert answer.status == 200, answer.status
            self.listening.set()
            unread = b""
            async for part in answer.content.iter_any():
                unread += part
                *whole, unread = unread.split(b"\n\n")
                now = time.perf_counter()
                for event in whole:
                    self._note(event, now)
        raise AssertionError("a line of the board was closed")

    def hand_cards(self, take: Callable[[list[dict[str, Any]]], None]) -> None:
        """Hand the cards over that this desk is brought."""
        self._cards = take

    async def press(self, do: str) -> int:
        """Press a button of a card: the status of the answer."""
        form = {"token": self._token, "do": do}
        headers = {**self._headers, "Accept": "application/json"}
        async with self._client.post(f"{self._at}/act", data=form, headers=headers) as answer:
            await answer.read()
            return answer.status

    def _note(self, event: bytes, now: float) -> None:
        # A projector shows first what is put now, and then what comes next.
        shown = event if self._view == "desk" else event.partition(b"</section>")[0]
        for found in NUMBER.findall(shown):
            self.seen.setdefault(int(found), now)
        if self._cards is not None and b"event: cards" in event:
            data = event.partition(b"data: ")[2]
            self._cards(json.loads(data)["cards"])


class Moderator:
    """Somebody at a desk who puts one question after the other to the experts."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        screen.hand_cards(self._take)
        self._ways: dict[str, dict[str, str]] = {}
        """The buttons of each card, by where they bring it."""
        self._numbers: dict[str, int] = {}
        self._changed = asyncio.Event()
        self._done: set[str] = set()
        self.live: dict[int, float] = {}
        """When "live" was pressed under each question."""

    def newest(self) -> str | None:
        """A card that nobody has touched yet."""
        untouched = [id for id, ways in self._ways.items() if "approved" in ways]
        return next((id for id in reversed(untouched) if id not in self._done), None)

    async def bring(self, card: str, *stages: str) -> None:
        """Press one button after the other, each as soon as the board shows it."""
        self._done.add(card)
        for stage in stages:
            while (do := self._ways[card].get(stage)) is None:
                self._changed.clear()
                await asyncio.wait_for(self._changed.wait(), 10)
            if stage == "live":
                self.live[self._numbers[card]] = time.perf_counter()
            status = await self._screen.press(do)
            assert status == 200, f"{stage} was answered with {status}"

    def _take(self, cards: list[dict[str, Any]]) -> None:
        for card in cards:
            html = str(card["html"])
            self._ways[card["id"]] = {
                way: f"{way}.{id}.{seen}"
                for way, id, seen in _BUTTON.findall(html)
                if id == card["id"]
            }
            if found := NUMBER.search(html.encode()):
                self._numbers[card["id"]] = int(found[1])
        self._changed.set()
