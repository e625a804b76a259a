"""Coming in by a link, opening a screen beside the desk, and closing both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from storage import Storage
from storage.community.boards import Seat
from web.board.access import Keys
from web.board.pages import Pages
from web.board.seats import Seats
from web.mailboxes import reachable


class Door:
    """The routes by which sessions begin and end."""

    def __init__(
        self,
        storage: Storage,
        keys: Keys,
        pages: Pages,
        seats: Seats,
        now: Callable[[], datetime],
    ) -> None:
        self._storage = storage
        self._keys = keys
        self._pages = pages
        self._seats = seats
        self._now = now

    def routes(self) -> list[Route]:
        """Where all this is found."""
        return [
            Route("/board/open/{token}", self.show, methods=["GET"]),
            Route("/board/open/{token}", self.enter, methods=["POST"]),
            Route("/board/{webinar}/screen", self.screen, methods=["POST"]),
            Route("/board/{webinar}/close", self.close, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The page with the one button; whether the link is good is not even looked up."""
        token = request.path_params["token"]
        return HTMLResponse(self._pages.door(self._seats.look(request), token))

    async def enter(self, request: Request) -> Response:
        """Use the link up, and go in, or to where a code is asked for."""
        opened = await self._seats.open(request)
        if opened is None:
            return HTMLResponse(self._pages.door(self._seats.look(request), None), 403)
        return self._seats.lead_in(opened)

    async def screen(self, request: Request) -> Response:
        """Open the stage beside the desk, with a session of its own."""
        form, place, _ = await self._seats.form(request, Seat.DESK)
        with reachable():
            async with self._storage.transaction() as tx:
                secret = await tx.boards.beside(place, self._now())
        if secret is None:
            raise HTTPException(401)
        way = "projector" if form.get("bare") else "stage"
        query = f"?lang={self._pages.known(form.get('lang'), place.language)}"
        response = RedirectResponse(f"/board/{place.webinar}/{way}{query}", 303)
        self._keys.give(response, Seat.STAGE, place.webinar, secret)
        return response

    async def close(self, request: Request) -> Response:
        """End the session of this desk, and of the screen beside it."""
        if await self._seats.session(request, Seat.DESK, Seat.INTERPRET, used=False) is None:
            # Pressed twice, it is closed all the same.
            return self._seats.outside(request)
        _, place, _ = await self._seats.form(request, Seat.DESK, Seat.INTERPRET)
        screen = await self._seats.session(request, Seat.STAGE, used=False)
        with reachable():
            async with self._storage.transaction() as tx:
                await tx.boards.close(place.key)
                if screen is not None:
                    await tx.boards.close(screen[0].key)
        response = HTMLResponse(self._pages.door(self._seats.look(request, place), None))
        for seat in Seat:
            self._keys.take(response, seat, place.webinar)
        return response
