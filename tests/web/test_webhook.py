"""The ways in for the platforms: what they are handed, and what they answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace

import httpx
import pytest

from tests.web.standin import running_site
from web.app import WebParts
from web.webhook import Call, Hook


@dataclass
class Platform:
    """Takes what a platform brings, and answers as it is told to."""

    status: int = 200
    taken: list[tuple[str | None, str, bytes]] = field(
        default_factory=list[tuple[str | None, str, bytes]]
    )

    async def take(self, call: Call) -> int:
        """As the hook says."""
        self.taken.append((call.proof, call.query, await call.read()))
        return self.status

    @property
    def into(self) -> Callable[[WebParts], WebParts]:
        """Parts with a hook that answers nothing, and one that answers with a body."""
        plain = Hook("/telegram", "X-Telegram-Bot-Api-Secret-Token", self.take)
        told = Hook("/whatsapp", "X-Twilio-Signature", self.take, b"<Response/>", "text/xml")
        return lambda parts: replace(parts, hooks=(plain, told))


@pytest.mark.parametrize("status", [200, 403, 503])
async def test_the_answer_is_what_the_channel_says(status: int) -> None:
    hook = Platform(status)
    async with (
        running_site(hook.into) as site,
        httpx.AsyncClient(base_url=site.url, timeout=30) as http,
    ):
        headers = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}
        answer = await http.post("/telegram", content=b'{"update_id": 1}', headers=headers)
        assert answer.status_code == status
        assert hook.taken == [("s3cret", "", b'{"update_id": 1}')]


async def test_a_missing_secret_is_handed_on_as_none() -> None:
    hook = Platform(403)
    async with (
        running_site(hook.into) as site,
        httpx.AsyncClient(base_url=site.url, timeout=30) as http,
    ):
        assert (await http.post("/telegram", content=b"{}")).status_code == 403
        assert hook.taken == [(None, "", b"{}")]


async def test_too_large_an_update_never_reaches_the_channel() -> None:
    hook = Platform()
    async with (
        running_site(hook.into) as site,
        httpx.AsyncClient(base_url=site.url, timeout=30) as http,
    ):
        assert (await http.post("/telegram", content=b"x" * 300_000)).status_code == 413
        assert hook.taken == []


async def test_only_posts_are_updates() -> None:
    hook = Platform()
    async with (
        running_site(hook.into) as site,
        httpx.AsyncClient(base_url=site.url, timeout=30) as http,
    ):
        assert (await http.get("/telegram")).status_code == 405


async def test_an_update_that_grows_beyond_the_limit_is_refused_on_the_way() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"x" * 10_000

    hook = Platform()
    async with (
        running_site(hook.into) as site,
        httpx.AsyncClient(base_url=site.url, timeout=30) as http,
    ):
        assert (await http.post("/telegram", content=pieces())).status_code == 413
        assert hook.taken == []


async def test_what_telegram_is_answered_carries_the_security_headers() -> None:
    hook = Platform()
    async with (
        running_site(hook.into) as site,
        httpx.AsyncClient(base_url=site.url, timeout=30) as http,
    ):
        answer = await http.post("/telegram", content=b"{}")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


async def test_each_hook_has_its_own_proof_query_and_answer() -> None:
    hook = Platform()
    async with (
        running_site(hook.into) as site,
        httpx.AsyncClient(base_url=site.url, timeout=30) as http,
    ):
        headers = {"X-Twilio-Signature": "c2lnbmVk"}
        answer = await http.post("/whatsapp?d=1z&e=", content=b"Body=", headers=headers)
        assert (answer.status_code, answer.text) == (200, "<Response/>")
        assert answer.headers["content-type"] == "text/xml"
        assert hook.taken == [("c2lnbmVk", "d=1z&e=", b"Body=")]


async def test_what_is_refused_is_answered_with_nothing() -> None:
    hook = Platform(403)
    async with (
        running_site(hook.into) as site,
        httpx.AsyncClient(base_url=site.url, timeout=30) as http,
    ):
        answer = await http.post("/whatsapp", content=b"Body=")
        assert (answer.status_code, answer.content) == (403, b"")
