"""The HTTP line to the Bot API, on aiohttp."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import aiohttp
from pydantic_core import to_json
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

from channels.telegram.answers import MaybeTaken, NotTaken, read_object, told_apart


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait for a connection and for an answer, in seconds."""

    connect: float = 10.0
    answer: float = 20.0


# Errors of aiohttp that are raised before the first byte of a request has left.
_NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ServerFingerprintMismatch,
    ValueError,  # an address, or a proxy, that cannot be used
    aiohttp.NonHttpUrlClientError,
)

# Arabic takes two bytes a letter so, and six when escaped.
_slowly_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

FETCH_SECONDS = 120.0
"""For a whole file, however slowly it comes."""


class AiohttpRequest(BaseRequest):
    """Carries requests over one session, which is opened inside the loop that first needs it.

    Its errors hold neither the address (which holds the token) nor the content of a request.
    """

    __slots__ = ("_closed", "_connections", "_proxy", "_session", "_timeouts")

    def __init__(
        self,
        timeouts: Timeouts | None = None,
        *,
        connections: int = 256,
        proxy: str | None = None,
    ) -> None:
        self._timeouts = timeouts or Timeouts()
        self._connections = connections
        self._proxy = proxy or None
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    @property
    def read_timeout(self) -> float | None:
        """Seconds that an answer may take."""
        return self._timeouts.answer

    async def initialize(self) -> None:
        """Opens the session; needs a running loop, and nothing of the network."""
        self._opened()

    def _opened(self) -> aiohttp.ClientSession:
        if self._closed:
            raise NotTaken("The line is closed.")
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=self._timeout(self._timeouts.answer),
                headers={"User-Agent": "Tadamun"},
            )
        return self._session

    async def shutdown(self) -> None:
        """Closes the session and its connections; nothing is sent any more."""
        self._closed = True
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """The status and the body of the answer; the library calls this.

        Raises NotTaken, MaybeTaken or Paused where no readable answer of Telegram stands behind.
        """
        answer = read_timeout if isinstance(read_timeout, int | float) else None
        if request_data is not None and request_data.contains_files:
            return await self._exchange(url, method, _form(request_data), answer)
        return await self.post_json(url, request_data.parameters if request_data else {}, answer)

    async def post_json(
        self, url: str, fields: Mapping[str, Any], answer_timeout: float | None = None
    ) -> tuple[int, bytes]:
        """Posts the fields as JSON; errors as in `do_request`."""
        payload = aiohttp.BytesPayload(_as_json(fields), content_type="application/json")
        return await self._exchange(url, "POST", payload, answer_timeout)

    async def fetch(self, url: str, most: int) -> tuple[int, bytes]:
        """The status, and what lies at this address, cut off after `most` + 1 bytes.

        No redirect is followed, nothing is unpacked. Raises NotTaken.
        """
        fetching = self._opened().get(
            url,
            proxy=self._proxy,
            allow_redirects=False,
            auto_decompress=False,
            headers={"Accept-Encoding": "identity"},
            timeout=self._timeout(self._timeouts.answer, FETCH_SECONDS),
        )
        content = bytearray()
        try:
            async with fetching as answer:
                async for part in answer.content.iter_chunked(65_536):
                    content += part[: most + 1 - len(content)]
                    if len(content) > most:
                        break
                return answer.status, bytes(content)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
            pass
        # Outside of the except: that error names the address, and with it the token.
        raise NotTaken("The platform could not be reached.")

    async def _exchange(
        self,
        url: str,
        method: str,
        content: aiohttp.FormData | aiohttp.BytesPayload,
        answer_timeout: float | None,
    ) -> tuple[int, bytes]:
        session = self._opened()
        timeout = session.timeout if answer_timeout is None else self._timeout(answer_timeout)
        error: TelegramError
        try:
            async with session.request(
                method,
                url,
                data=content,
                proxy=self._proxy,
                allow_redirects=False,  # a redirect would carry the token elsewhere
                timeout=timeout,
            ) as answer:
                status, body = answer.status, await answer.read()
        except _NOT_SENT:
            error = NotTaken("The platform could not be reached.")
        except (aiohttp.ClientError, OSError, TimeoutError):
            error = MaybeTaken("The platform's answer was lost.")
        else:
            return told_apart(status, body)
        # Raised here and not above, so that the cause, which may hold the address, is not chained.
        raise error

    def _timeout(self, answer: float, total: float | None = None) -> aiohttp.ClientTimeout:
        connect = self._timeouts.connect
        return aiohttp.ClientTimeout(
            total=total, connect=connect, sock_connect=connect, sock_read=answer
        )

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as an object; raises MaybeTaken where it cannot be read, and logs nothing."""
        answer = read_object(payload)
        if answer is None:
            raise MaybeTaken("The platform's answer cannot be read.")
        return answer


def _as_json(fields: Mapping[str, Any]) -> bytes:
    try:
        return to_json(fields)  # five times as fast as the standard library
    except ValueError:
        # "replace": a lone surrogate cannot be sent; it must not stop the rest of the text.
        return _slowly_as_json(fields).encode("utf-8", "replace")


def _form(request_data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)  # Telegram shows a quoted file name as it came
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, content_type) in request_data.multipart_data.items():
        # What is large leaves piece by piece, and lets others send in between.
        part = BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, part, filename=filename, content_type=content_type)
    return form
