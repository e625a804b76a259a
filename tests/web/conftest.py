"""A running site, and visitors to it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape

import httpx
import pytest

from tests.web.standin import Site, running_site


class Visit:
    """Somebody whose browser knows forms and cookies, but no scripts."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.page = ""

    async def open(self, path: str = "/chat", language: str = "en") -> httpx.Response:
        """Look at the page."""
        answer = await self.client.get(
            path, headers={"Accept-Language": language}, follow_redirects=True
        )
        self.page = answer.text
        return answer

    def field(self, name: str) -> str:
        """What the page's hidden field holds."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        assert found, f"The page has no field {name}."
        return unescape(found[1])

    def form(self, **fields: str) -> dict[str, str]:
        """What the page's form would send."""
        hidden = {name: self.field(name) for name in ("token", "id", "seen")}
        return {**hidden, **fields}

    async def send(self, **fields: str) -> httpx.Response:
        """Submit the form and look at the page that follows."""
        answer = await self.client.post("/chat", data=self.form(**fields), follow_redirects=True)
        self.page = answer.text
        return answer

    async def fetch(self, **fields: str) -> httpx.Response:
        """Submit as the script does."""
        headers = {"Accept": "application/json"}
        return await self.client.post("/chat", data=self.form(**fields), headers=headers)

    def button(self, label: str) -> str:
        """What the button with this label carries."""
        found = re.search(rf'value="([^"]*)"><bdi>{re.escape(label)}<', self.page)
        assert found, f"The page has no button {label}."
        return unescape(found[1])

    async def press(self, label: str) -> httpx.Response:
        """Press a button and look at the page that follows."""
        return await self.send(press=self.button(label))


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """A community that answers."""
    async with running_site() as running:
        yield running


@pytest.fixture
async def client(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    """A browser's way to the site, with a place for cookies."""
    async with httpx.AsyncClient(base_url=site.url, timeout=10) as http:
        yield http


@pytest.fixture
async def visit(client: httpx.AsyncClient) -> Visit:
    """A visitor without scripts, who has not looked at the page yet."""
    return Visit(client)
