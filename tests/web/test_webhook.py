"""The way in for Telegram: what it is handed, and what it answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace

import httpx
import pytest

from tests.web.standin import running_site
from web.app import WebParts


@dataclass
class Hook:
    """Takes what Telegram sends, and answers as it is told to."""

    status: int = 200
    taken: list[tuple[str | None, bytes]] = field(default_factory=list[tuple[str | None, bytes]])

    async def take(self, secret: str | None, read: Callable[[], Awaitable[bytes]]) -> int:
        """As the web's Webhook says."""
        self.taken.append((secret, await read()))
        return self.status

    @property
    def into(self) -> Callable[[WebParts], WebParts]:
        """Parts with this webhook."""
        return lambda parts: replace(parts, telegram_webhook=self.take)


@pytest.mark.parametrize("status", [200, 403, 503])
async def test_the_answer_is_what_the_channel_says(status: int) -> None:
    hook = Hook(status)
    async with running_site(hook.into) as site, httpx.AsyncClient(base_url=site.url) as http:
        headers = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}
        answer = await http.post("/telegram", content=b'{"update_id": 1}', headers=headers)
        assert answer.status_code == status
        assert hook.taken == [("s3cret", b'{"update_id": 1}')]


async def test_a_missing_secret_is_handed_on_as_none() -> None:
    hook = Hook(403)
    async with running_site(hook.into) as site, httpx.AsyncClient(base_url=site.url) as http:
        assert (await http.post("/telegram", content=b"{}")).status_code == 403
        assert hook.taken == [(None, b"{}")]


async def test_too_large_an_update_never_reaches_the_channel() -> None:
    hook = Hook()
    async with running_site(hook.into) as site, httpx.AsyncClient(base_url=site.url) as http:
        assert (await http.post("/telegram", content=b"x" * 300_000)).status_code == 413
        assert hook.taken == []


async def test_only_posts_are_updates() -> None:
    hook = Hook()
    async with running_site(hook.into) as site, httpx.AsyncClient(base_url=site.url) as http:
        assert (await http.get("/telegram")).status_code == 405


async def test_an_update_that_grows_beyond_the_limit_is_refused_on_the_way() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"x" * 10_000

    hook = Hook()
    async with running_site(hook.into) as site, httpx.AsyncClient(base_url=site.url) as http:
        assert (await http.post("/telegram", content=pieces())).status_code == 413
        assert hook.taken == []


async def test_what_telegram_is_answered_carries_the_security_headers() -> None:
    hook = Hook()
    async with running_site(hook.into) as site, httpx.AsyncClient(base_url=site.url) as http:
        answer = await http.post("/telegram", content=b"{}")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
