"""The open line to a page: letters as server-sent events, resumed from the last one that arrived.

Written out here since the usual library for it logs every event and replaces parts of the server
when it is imported.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import suppress

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from channels import Unreachable
from channels.webbells import Bell, Crowded
from channels.webchat import WebChat
from web.page import Page
from web.posters import Gallery
from web.security import Cookies
from web.sent import number

_RETRY_MILLISECONDS = 3_000


class Stream:
    """The route /chat/events."""

    def __init__(
        self, chat: WebChat, page: Page, gallery: Gallery, cookies: Cookies, heartbeat: float
    ) -> None:
        self._chat = chat
        self._page = page
        self._gallery = gallery
        self._cookies = cookies
        self._heartbeat = heartbeat

    async def open(self, request: Request) -> Response:
        """All letters after Last-Event-ID, or else `?after=`, and from then on each as it comes.

        Events: `letter`; `erased` (drop everything up to this number); `displaced` (a newer page
        took over, do not come back); `beat` every 20 seconds of silence, since a page cannot see
        comments and has to notice a line that died. 503 when there is no room.
        """
        visitor = self._cookies.visitor(request)
        if visitor.new:
            raise HTTPException(401)
        position = number(request.headers.get("last-event-id") or request.query_params.get("after"))
        with suppress(Unreachable):
            await self._chat.acknowledge(visitor.account, position)
        if not self._chat.bells.has_room:
            raise HTTPException(503, headers={"Retry-After": "30"})
        return StreamingResponse(
            self._events(visitor.account, position),
            media_type="text/event-stream",
            headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"},
        )

    async def _events(self, account: str, position: int) -> AsyncIterator[bytes]:
        try:
            with self._chat.bells.stream(account) as bell:
                yield f"retry: {_RETRY_MILLISECONDS}\n\n".encode()
                async for event in self._letters(account, position, bell):
                    yield event
                if bell.displaced:
                    yield _event("displaced", {})
        except (Crowded, Unreachable):
            # The page comes back by itself, from where it was.
            return

    async def _letters(self, account: str, position: int, bell: Bell) -> AsyncIterator[bytes]:
        erased = 0
        while not (bell.closed or bell.displaced):
            if (until := self._chat.erased_until(account)) > erased:
                erased = until
                yield _event("erased", {"until": until})
            letters = await self._chat.after(account, position)
            pictures = await self._gallery.pictures(letters)
            for letter in letters:
                position = letter.number
                yield _event("letter", self._page.letter(letter, pictures), position)
            if not await bell.wait(self._heartbeat):
                yield _event("beat", {})


def _event(name: str, content: dict[str, object], number: int | None = None) -> bytes:
    head = f"id: {number}\n" if number is not None else ""
    return f"{head}event: {name}\ndata: {json.dumps(content, ensure_ascii=False)}\n\n".encode()
