"""Takes what the platforms bring, before the rest of the web looks at it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a platform."""

    proof: str | None
    """What the hook's header says; None without that header."""
    query: str
    """What stands behind the question mark, as it came; empty for nothing."""
    read: Callable[[], Awaitable[bytes]]
    """Reads the body."""


Take: TypeAlias = Callable[[Call], Awaitable[int]]
"""Takes a call, and gives the status to answer."""


@dataclass(frozen=True, slots=True)
class Hook:
    """Where a platform brings something by POST, and what it is answered."""

    path: str
    header: str
    """Names the header by which a call proves where it comes from."""
    take: Take
    answer: bytes = b""
    """What a call that was taken is answered."""
    answer_type: str | None = None


class Webhooks:
    """Answers the platforms' calls, and hands everything else on.

    Nothing is asked for as often. So it does without a route, a request and a response object,
    which took a twentieth of a turn.
    """

    def __init__(self, app: ASGIApp, hooks: Iterable[Hook]) -> None:
        self._app = app
        self._hooks = {hook.path: (hook, hook.header.lower().encode()) for hook in hooks}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._hooks.get(scope["path"]) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return
        hook, header = found
        if scope["method"] != "POST":
            await _answer(send, 405, b"", (b"allow", b"POST"))
            return
        status = await _status(hook, header, scope, receive)
        if status == 200 and hook.answer_type is not None:
            kind = (b"content-type", hook.answer_type.encode())
            await _answer(send, status, hook.answer, kind)
        else:
            await _answer(send, status, b"")


async def _status(hook: Hook, header: bytes, scope: Scope, receive: Receive) -> int:
    proof = next((value for name, value in scope["headers"] if name == header), None)

    async def body() -> bytes:
        return await _body(receive)

    call = Call(
        None if proof is None else proof.decode("latin-1"),
        scope["query_string"].decode("latin-1"),
        body,
    )
    try:
        return await hook.take(call)
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


async def _answer(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    length = (b"content-length", str(len(body)).encode())
    start = {"type": "http.response.start", "status": status, "headers": [length, *headers]}
    await send(start)
    await send({"type": "http.response.body", "body": body})
