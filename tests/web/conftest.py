"""A running site, and visitors to it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import unescape
from pathlib import Path

import httpx
import pytest

from storage.roles import Role
from tests.web.community import Community, Member, running_community
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
    async with httpx.AsyncClient(base_url=site.url, timeout=30) as http:
        yield http


@pytest.fixture
def heartbeat() -> float:
    """Seconds after which an open line of a board says that it is still there."""
    return 20.0


@pytest.fixture
async def community(tmp_path: Path, heartbeat: float) -> AsyncIterator[Community]:
    """A community with boards; a module whose `client` goes there says that it is its `site`."""
    async with running_community(tmp_path, heartbeat=heartbeat) as running:
        yield running


@pytest.fixture
async def moderator(community: Community, client: httpx.AsyncClient) -> Member:
    """A moderator at the desk."""
    member = Member(client, community)
    person = await community.staff(Role.MODERATOR, "moderator")
    await member.enter(await community.link(person))
    return member


@pytest.fixture
async def visit(client: httpx.AsyncClient) -> Visit:
    """A visitor without scripts, who has not looked at the page yet."""
    return Visit(client)
