"""Where experts who are not on the team say whether they want a webinar's questions by mail.

The same link says yes for a week and no for ever; looking at either page changes nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dialogue.words import Text, text
from storage import Storage, Transaction
from storage.asking.guest import Guest
from web.mail.frame import Button, Frame, Sheet
from web.mailboxes import reachable

PATH = "/mail/guest/"

Agreed: TypeAlias = Callable[[Transaction, Guest], Awaitable[None]]
"""Has somebody who has just agreed get what the others have, in the same commit."""


class Guests:
    """The pages of an address that organisers named."""

    def __init__(
        self,
        storage: Storage,
        frame: Frame,
        now: Callable[[], datetime],
        agreed: Agreed,
        queued: Callable[[], None],
    ) -> None:
        """`queued` is told once something that is to leave was committed."""
        self._storage = storage
        self._frame = frame
        self._now = now
        self._agreed = agreed
        self._queued = queued

    def routes(self) -> list[Route]:
        """Where they are found."""
        return [
            Route(PATH + "{link}", self.offer, methods=["GET"]),
            Route(PATH + "{link}", self.agree, methods=["POST"]),
            Route(PATH + "{link}/no", self.offer_no, methods=["GET"]),
            Route(PATH + "{link}/no", self.refuse, methods=["POST"]),
        ]

    async def offer(self, request: Request) -> Response:
        """The page that says yes; whether the link is good is not even looked up."""
        return self._page(request, text("guest-yes-page"), text("btn-guest-yes"))

    async def offer_no(self, request: Request) -> Response:
        """The page that says no."""
        return self._page(request, text("guest-no-page"), text("btn-guest-no"))

    async def agree(self, request: Request) -> Response:
        """They want the questions; whatever the others were sent they are sent now."""
        self._frame.from_here(request)
        with reachable():
            async with self._storage.transaction() as tx:
                agreed = await tx.guests.agree(request.path_params["link"], self._now())
                if agreed is not None and agreed[1]:
                    await self._agreed(tx, agreed[0])
        self._queued()
        return self._said(request, text("guest-yes-done") if agreed else None)

    async def refuse(self, request: Request) -> Response:
        """They want nothing, and their address is erased."""
        self._frame.from_here(request)
        with reachable():
            async with self._storage.transaction() as tx:
                refused = await tx.guests.refuse(request.path_params["link"])
        return self._said(request, text("guest-no-done") if refused else None)

    def _page(self, request: Request, words: Text, label: Text) -> Response:
        button = Button(label, request.url.path)
        return self._frame.page(Sheet(self._frame.language(request), (words,), button))

    def _said(self, request: Request, words: Text | None) -> Response:
        sheet = Sheet(self._frame.language(request), (words or text("guest-void"),))
        return self._frame.page(sheet, 404 if words is None else 200)
