"""A stand-in for a server that translates: real HTTP on the loopback, and strict about requests."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from aiohttp import web

from tests.platforms.waiting import Watchers
from tests.ports import free_port

FIELDS = {"q", "source", "target", "format"}
LONGEST = 3000

Answer = Callable[[], web.StreamResponse]


class TranslateServer:
    """Knows `drafts`, by the text, and two languages; `async with TranslateServer() as server:`.

    A request that holds anything but a text, its languages and its format is refused, and noted
    in `violations`. What `falls` holds is answered first, in its order.
    """

    def __init__(self, drafts: Mapping[str, str] | None = None, api_key: str | None = None) -> None:
        self.drafts = dict(drafts or {})
        self.api_key = api_key
        self.asked: list[dict[str, Any]] = []
        self.violations: list[str] = []
        self.falls: deque[Answer] = deque()
        self.hangs = False
        self.languages: object = [
            {"code": "ar", "name": "Arabic", "targets": ["ar", "en"]},
            {"code": "en", "name": "English", "targets": ["ar", "en"]},
        ]
        """What it says that it knows."""
        self._over = asyncio.Event()
        self.watchers = Watchers()
        self.wait_for = self.watchers.wait_for
        self._runner: web.ServerRunner | None = None
        self._port = free_port()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> TranslateServer:
        self._runner = web.ServerRunner(web.Server(self._handle), shutdown_timeout=0)
        await self._runner.setup()
        # Its own: where it was, nobody else answers once it is gone.
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        if (request.method, request.path) == ("GET", "/languages"):
            return web.json_response(self.languages)
        try:
            wish: dict[str, Any] = await request.json()
        except ValueError:
            wish = {}
        self.asked.append(wish)
        try:
            return await self._answer(request, wish)
        finally:
            self.watchers.changed()

    async def _answer(self, request: web.BaseRequest, wish: dict[str, Any]) -> web.StreamResponse:
        wrong = self._wrong(request, wish)
        if wrong:
            self.violations.append(wrong)
            return web.json_response({"error": wrong}, status=400)
        if self.hangs:
            await self._over.wait()
        if self.falls:
            return self.falls.popleft()()
        if wish.get("api_key") != self.api_key:
            return web.json_response({"error": "Invalid API key"}, status=403)
        if wish["q"] not in self.drafts:
            return web.json_response({"error": "nothing"}, status=400)
        return web.json_response({"translatedText": self.drafts[wish["q"]]})

    def _wrong(self, request: web.BaseRequest, wish: dict[str, Any]) -> str:
        if (request.method, request.path, request.content_type) != (
            "POST",
            "/translate",
            "application/json",
        ):
            return f"{request.method} {request.path} {request.content_type}"
        if set(wish) - {"api_key"} != FIELDS or wish["format"] != "text":
            return f"other fields than a text and its languages: {sorted(wish)}"
        text, languages = wish["q"], {wish["source"], wish["target"]}
        if not isinstance(text, str) or not text.strip() or len(text) > LONGEST:
            return "no text, or too long a one"
        if languages != {"ar", "en"}:
            return f"no pair of languages: {sorted(map(str, languages))}"
        if set(request.headers) & {"Cookie", "Referer", "Authorization"}:
            return "a header that tells more than was asked"
        return ""


def answer(status: int, body: str = "{}", headers: Mapping[str, str] | None = None) -> Answer:
    """An answer out of the row."""
    return lambda: web.Response(
        status=status, text=body, content_type="application/json", headers=headers
    )
