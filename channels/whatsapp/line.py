"""The HTTP line to Twilio: the library's own client, over one session of ours."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

# The library says nothing of its types.
from twilio.http.async_http_client import (  # pyright: ignore[reportMissingTypeStubs]
    AsyncTwilioHttpClient,
)
from twilio.http.response import Response  # pyright: ignore[reportMissingTypeStubs]

from channels import Unreachable, Unsure
from channels.whatsapp.faults import meaning
from channels.whatsapp.forms import form_of


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait for a connection and for an answer, in seconds."""

    connect: float = 10.0
    answer: float = 20.0


# Errors of aiohttp that are raised before the first byte of a request has left.
_NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ServerFingerprintMismatch,
    ValueError,  # an address that cannot be used
    aiohttp.NonHttpUrlClientError,
)

LONGEST_WAIT = 3600.0
LARGEST_ANSWER = 16 * 1024 * 1024
"""Bytes: more than a page of a thousand messages."""


class TwilioLine(AsyncTwilioHttpClient):
    """Carries the library's requests; to be made inside the running loop.

    `servers` says where to find what the library looks for at Twilio's hosts; it goes nowhere
    else. Every answer but success becomes an error of `channels`, which holds no number, no text
    and no token.
    """

    def __init__(
        self,
        servers: Mapping[str, str],
        account_sid: str,
        auth_token: str,
        timeouts: Timeouts,
        connections: int,
    ) -> None:
        super().__init__(pool_connections=False)  # pyright: ignore[reportUnknownMemberType]
        self._servers = {host: server.rstrip("/") for host, server in servers.items()}
        # The library's own way to sign in goes away with the next version of aiohttp.
        credentials = b64encode(f"{account_sid}:{auth_token}".encode()).decode()
        self._authorization = f"Basic {credentials}"
        self._whole = timeouts.connect + timeouts.answer
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=connections),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(
                total=None,
                connect=timeouts.connect,
                sock_connect=timeouts.connect,
                sock_read=timeouts.answer,
            ),
        )

    async def request(
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's signature
        allow_redirects: bool = False,
    ) -> Response:
        """What Twilio answered; the library calls this. Raises one of `FAULTS`."""
        sent = {"Authorization": self._authorization, **(headers or {})}
        if sent.get("Content-Type") == "application/json":
            # The library's own client would send a form even so.
            content = json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")
        else:
            content = None if data is None else form_of(data)
        status, body, wait = await self._exchange(method, self._place(url), params, sent, content)
        text = body.decode("utf-8", "replace")
        if not 200 <= status < 300:
            raise meaning(status, _code_in(text), wait)
        if status != 204 and _object_in(text) is None:
            # It was taken, if anybody there answered: what was done cannot be told.
            raise Unsure("The platform's answer cannot be read.")
        return Response(status, text)

    async def close(self) -> None:
        """Closes the session and its connections."""
        await self._session.close()

    def _place(self, url: str) -> str:
        scheme, _, rest = url.partition("://")
        host, slash, path = rest.partition("/")
        server = self._servers.get(f"{scheme}://{host}")
        if server is None:
            # An answer may name the next page anywhere.
            raise Unreachable("The platform points to another server.")
        return f"{server}{slash}{path}"

    async def _exchange(
        self,
        method: str,
        url: str,
        params: dict[str, object] | None,
        headers: dict[str, str],
        content: bytes | None,
    ) -> tuple[int, bytes, float]:
        error: Exception
        try:
            async with (
                asyncio.timeout(self._whole),
                self._session.request(
                    method.upper(),
                    url,
                    params=_query(params),
                    headers=headers,
                    data=content,
                    allow_redirects=False,  # a redirect would carry the token elsewhere
                ) as answer,
            ):
                body = await answer.content.read(LARGEST_ANSWER)
                while not answer.content.at_eof() and len(body) < LARGEST_ANSWER:
                    body += await answer.content.read(LARGEST_ANSWER - len(body))
                return answer.status, body, _seconds(answer.headers.get("Retry-After"))
        except _NOT_SENT:
            error = Unreachable("The platform could not be reached.")
        except (aiohttp.ClientError, OSError, TimeoutError):
            error = Unsure("The platform's answer was lost.")
        # Raised here and not above, so that the cause, which may hold a number, is not chained.
        raise error


def _query(params: dict[str, object] | None) -> dict[str, str] | None:
    return None if params is None else {name: str(value) for name, value in params.items()}


def _object_in(text: str) -> dict[str, Any] | None:
    try:
        answer: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None  # pyright: ignore


def _code_in(text: str) -> int | None:
    answer = _object_in(text)
    code = None if answer is None else answer.get("code")
    return code if type(code) is int else None


def _seconds(said: str | None) -> float:
    """What Retry-After says, within an hour; 0 for a date or nothing."""
    if said is None or not said.isascii() or not said.isdigit() or len(said) > 9:
        return 0.0
    return min(float(said), LONGEST_WAIT)
