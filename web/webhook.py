"""Takes what Telegram delivers, before the rest of the web looks at it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from channels.telegram import SECRET_HEADER

PATH = "/telegram"

Take: TypeAlias = Callable[[str | None, Callable[[], Awaitable[bytes]]], Awaitable[int]]
"""Takes the secret that came along, if any, and what reads the body; gives the status to answer."""

_SECRET = SECRET_HEADER.lower().encode()


class Webhook:
    """Answers `POST /telegram`, and hands everything else on.

    Nothing is asked for as often. So it does without a route, a request and a response object,
    which took a twentieth of a turn.
    """

    def __init__(self, app: ASGIApp, take: Take) -> None:
        self._app = app
        self._take = take

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
        elif scope["method"] != "POST":
            await _answer(send, 405, (b"allow", b"POST"))
        else:
            await _answer(send, await self._status(scope, receive))

    async def _status(self, scope: Scope, receive: Receive) -> int:
        secret = next((value for name, value in scope["headers"] if name == _SECRET), None)

        async def body() -> bytes:
            return await _body(receive)

        try:
            return await self._take(None if secret is None else secret.decode("latin-1"), body)
        except HTTPException as refused:
            # The guard's: the body is longer than it said.
            return refused.status_code


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


async def _answer(send: Send, status: int, *headers: tuple[bytes, bytes]) -> None:
    start = {"type": "http.response.start", "status": status}
    await send({**start, "headers": [(b"content-length", b"0"), *headers]})
    await send({"type": "http.response.body", "body": b""})
