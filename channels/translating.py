"""A machine that drafts translations: any server that speaks as LibreTranslate does.

It is sent a text and two languages, and nothing else: https://docs.libretranslate.com/
"""

from __future__ import annotations

import json
from contextlib import AbstractAsyncContextManager
from typing import Any, cast

import aiohttp

from channels import Barred, Busy, Faltering, Refused, Unreachable
from dialogue.fold import LONGEST_TEXT, clean, utf16_length

SECONDS = 30.0
"""For a whole answer: such a machine may think for a while."""
MOST_BYTES = 64 * 1024
PAUSE = 60.0
"""Seconds to wait where a server that is busy does not say for how long."""
LONGEST_PAUSE = 3600.0


class Translator:
    """One such server; its session is opened inside the loop that first needs it.

    Its errors hold neither the text nor the key.
    """

    def __init__(self, url: str, api_key: str | None = None, seconds: float = SECONDS) -> None:
        self._url = url
        self._api_key = api_key
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None

    async def translate(self, text: str, source: str, target: str) -> str:
        """What the machine makes of it, at most LONGEST_TEXT units long and without control signs.

        Raises Busy, Unreachable or Barred for another time, Faltering where that may be due to
        this very text, Refused where there is nothing for it.
        """
        wish = {"q": text, "source": source, "target": target, "format": "text"}
        if self._api_key:
            wish["api_key"] = self._api_key
        # A redirect would have the text go where nobody meant it to.
        wished = self._opened().post(f"{self._url}/translate", json=wish, allow_redirects=False)
        return _draft(await _answer(wished))

    async def pairs(self) -> frozenset[tuple[str, str]]:
        """From which language it translates into which, as it says; raises as `translate`."""
        asked = self._opened().get(f"{self._url}/languages", allow_redirects=False)
        return _pairs(await _answer(asked))

    async def close(self) -> None:
        """Close the connections."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=1),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=self._seconds),
                headers={"User-Agent": "Tadamun"},
            )
        return self._session


async def _answer(asked: AbstractAsyncContextManager[aiohttp.ClientResponse]) -> bytes:
    """What the machine says, if it says yes; raises as `Translator.translate`."""
    try:
        async with asked as answer:
            body = await _read(answer)
            status, wait = answer.status, answer.headers.get("Retry-After", "")
    except TimeoutError:
        raise Faltering("The translator thinks for too long.") from None
    except (aiohttp.ClientError, OSError) as error:
        raise Unreachable(f"The translator cannot be reached: {type(error).__name__}") from None
    if status == 429:
        raise Busy(min(float(wait), LONGEST_PAUSE) if wait.isdecimal() else PAUSE)
    if status in (401, 403):
        raise Barred(f"The translator answers {status}.")
    if status in (408, 425, 502, 503, 504):
        raise Unreachable(f"The translator answers {status}.")
    if status >= 500:
        raise Faltering(f"The translator answers {status}.")
    if status != 200:
        raise Refused(f"The translator answers {status}.")
    return body


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for part in answer.content.iter_chunked(16 * 1024):
        body += part
        if len(body) > MOST_BYTES:
            raise Refused("The translator says more than was asked for.")
    return bytes(body)


def _said(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Faltering("The translator's answer cannot be read.") from None


def _pairs(body: bytes) -> frozenset[tuple[str, str]]:
    """Of older machines, which name no targets, each language goes into each."""
    said = _said(body)
    listed = cast("list[object]", said) if isinstance(said, list) else []
    known = [cast("dict[str, Any]", each) for each in listed if isinstance(each, dict)]
    codes = [str(each.get("code", "")) for each in known]
    found: set[tuple[str, str]] = set()
    for code, each in zip(codes, known, strict=True):
        targets = each.get("targets")
        named = cast("list[object]", targets) if isinstance(targets, list) else codes
        found |= {(code, str(target)) for target in named}
    return frozenset(found)


def _draft(body: bytes) -> str:
    said = _said(body)
    told = cast("dict[str, Any]", said).get("translatedText") if isinstance(said, dict) else None
    draft = clean(told) if isinstance(told, str) else ""
    # No interpreter could approve a longer one.
    if not draft or utf16_length(draft) > LONGEST_TEXT:
        raise Refused("The translator has no draft of this.")
    return draft
