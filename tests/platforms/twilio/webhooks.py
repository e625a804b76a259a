"""Twilio's requests to the bot: signed forms, one after another for each person."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit
from xml.etree import ElementTree

import aiohttp

# The library says nothing of its types.
from twilio.request_validator import (  # pyright: ignore[reportMissingTypeStubs]
    RequestValidator,
)

NOWHERE = "http://127.0.0.1:1/"
"""Nobody listens there: no test has anything to tell the rest of the world."""
ANSWER_SECONDS = 30.0
"""Twilio gives a bot 15, but none that runs on a slow machine beside three others."""
SIGNATURE = "X-Twilio-Signature"


@dataclass(frozen=True, slots=True)
class Told:
    """One request to the bot, as it was answered (0: no answer came)."""

    url: str
    form: Mapping[str, str]
    status: int


class Webhooks:
    """Tells the bot what came in and what became of messages."""

    def __init__(self, token: str, changed: Callable[[], None]) -> None:
        self.url: str | None = None
        """Where messages go, as it is set in the console; None: nowhere."""
        self.behind: dict[str, str] = {}
        """Public addresses, and where they really lead: what a proxy in front of the bot does."""
        self.told: list[Told] = []
        self.complaints: list[str] = []
        """What Twilio's console would list about the bot's answers."""
        self.record = True
        self._signature = cast(
            "Callable[[str, object], str]",
            RequestValidator(token).compute_signature,  # pyright: ignore[reportUnknownMemberType]
        )
        self._changed = changed
        self._last: dict[str, asyncio.Task[int]] = {}
        self._tasks: set[asyncio.Task[int]] = set()
        self._session: aiohttp.ClientSession | None = None
        self._stopped = False

    @property
    def busy(self) -> bool:
        """Whether something is still to be told."""
        return bool(self._tasks)

    def sign(self, url: str, form: Mapping[str, str]) -> str:
        """The signature of a request with this form to this address."""
        return self._signature(url, form)

    def tell(
        self, person: str, url: str | None, form: Mapping[str, str]
    ) -> list[asyncio.Task[int]]:
        """Tells the bot this, once everything before it of this person is told; returns what
        does so, if anything has to be told."""
        if url is None or self._stopped:
            return []
        before = self._last.get(person)
        task = asyncio.ensure_future(self._after(before, url, form))
        self._last[person] = task
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._is_told(person, done))
        return [task]

    def _is_told(self, person: str, task: asyncio.Task[int]) -> None:
        self._tasks.discard(task)
        if self._last.get(person) is task:
            del self._last[person]
        self._changed()

    async def _after(
        self, before: asyncio.Task[int] | None, url: str, form: Mapping[str, str]
    ) -> int:
        if before is not None:
            await asyncio.wait([before])
        return await self.post(url, form)

    async def post(self, url: str, form: Mapping[str, str], signature: str | None = None) -> int:
        """Tells the bot this at once; a connection that fails is tried once more."""
        headers = {SIGNATURE: signature or self.sign(url, form), "User-Agent": "TwilioProxy/1.1"}
        status = 0
        for _ in range(2):
            try:
                status = await self._request(url, form, headers)
            except (aiohttp.ClientError, OSError, TimeoutError):
                continue
            break
        if self.record:
            self.told.append(Told(url, form, status))
        return status

    async def _request(self, url: str, form: Mapping[str, str], headers: dict[str, str]) -> int:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=64),
                timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS),
            )
        async with self._session.post(self.really(url), data=form, headers=headers) as answer:
            body = await answer.text()
            if answer.status == 200 and url == self.url:
                self._look(answer.content_type, body)
            if answer.status == 500:
                self.complaints.append("11200: the bot failed")
            return answer.status

    def really(self, url: str) -> str:
        """Where this address leads; nowhere, unless it is `behind` something or on this machine."""
        for public, real in self.behind.items():
            if url.startswith(public):
                return real + url.removeprefix(public)
        return url if urlsplit(url).hostname in ("127.0.0.1", "localhost") else NOWHERE

    def _look(self, kind: str, body: str) -> None:
        """The bot says nothing in its answer: that could carry no buttons."""
        if kind not in ("text/xml", "application/xml"):
            self.complaints.append(f"12300: an answer of the type {kind}")
        elif body and (len(root := ElementTree.fromstring(body)) or root.tag != "Response"):  # noqa: S314
            self.complaints.append(f"12200: an answer that says something: {body[:100]}")

    def start(self) -> None:
        """Tells again what comes to be told."""
        self._stopped = False

    async def stop(self) -> None:
        """Tells nothing more."""
        self._stopped = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        session, self._session = self._session, None
        if session is not None:
            await session.close()
