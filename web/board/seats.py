"""Who asks for a page of a board, and how it is to look to them."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from storage import Storage
from storage.community.boards import Place, Seat
from storage.community.doors import Door
from web.board.access import Keys
from web.board.pages import Pages
from web.board.shell import Look
from web.mailboxes import reachable
from web.security import from_here, read_form

Session: TypeAlias = tuple[Place, str]
"""Who sits where, and the secret that their cookie holds."""


DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Opened:
    """Where a link has led, and what the browser is to hold from now on."""

    seat: Seat
    webinar: str
    secret: str
    asks: bool = False
    """A code is still to be typed: until then the secret opens nothing but the page for it."""


class Seats:
    """Finds out who asks, by the cookies of the boards."""

    def __init__(
        self,
        storage: Storage,
        keys: Keys,
        pages: Pages,
        now: Callable[[], datetime],
        public_url: str | None,
        codes: Collection[Seat],
    ) -> None:
        """`codes` are the seats that ask for a code beside the link."""
        self._storage = storage
        self._keys = keys
        self._pages = pages
        self._now = now
        self._public_url = public_url
        self._codes = frozenset(codes)

    async def session(self, request: Request, *seats: Seat, used: bool = True) -> Session | None:
        """The session at the first of these seats that this browser has; `used` keeps it."""
        webinar = webinar_of(request)
        for seat in seats:
            secret = self._keys.secret(request, seat, webinar)
            place = await self._place(secret) if secret else None
            if secret and place and place.seat is seat and place.webinar == webinar:
                if used and request.method == "GET":
                    await self.touch(place)
                return place, secret
        return None

    async def form(self, request: Request, *seats: Seat) -> tuple[dict[str, str], Place, str]:
        """What a form sent, by whom, and their secret; 401 or 403 if it is none of these seats'.

        Several may be open in one browser: the form's token says to which it belongs.
        """
        from_here(request, self._public_url)
        form = await read_form(request)
        found = [await self.session(request, seat, used=False) for seat in seats]
        sessions = [session for session in found if session is not None]
        if not sessions:
            raise HTTPException(401)
        for place, secret in sessions:
            if self._keys.is_form_token(secret, form.get("token", "")):
                return form, place, secret
        raise HTTPException(403)

    async def open(self, request: Request) -> Opened | None:
        """What is behind this link, which is used up now.

        None for a link that opens nothing, 403 if another site has sent them.
        """
        from_here(request, self._public_url)
        with reachable():
            async with self._storage.transaction() as tx:
                passage = await tx.boards.open(request.path_params["token"], self._now())
                if passage is None:
                    return None
                asks = passage.seat in self._codes
                begin = tx.doors.begin if asks else tx.boards.begin
                secret = await begin(passage, self._now())
        return Opened(passage.seat, passage.webinar, secret, asks) if secret else None

    def lead_in(self, opened: Opened, to: str = "") -> Response:
        """To the seat, or before to where its code is asked for; `to` may be the digest."""
        seat, webinar = opened.seat, opened.webinar
        if opened.asks:
            way = f"/code/{seat}" + (f"?to={to}" if to else "")
        else:
            way = f"/{to}" if to else "" if seat is Seat.DESK else f"/{seat}"
        response = RedirectResponse(f"/board/{webinar}{way}", 303)
        name = door_of(seat) if opened.asks else seat
        self._keys.give(response, name, webinar, opened.secret)
        return response

    async def touch(self, place: Place) -> None:
        """Somebody was here just now."""
        with reachable():
            async with self._storage.transaction() as tx:
                await tx.boards.touch(place.key, self._now())

    async def still_open(self, place: Place) -> None:
        """A page is open: a stage is looked at, everywhere else somebody has to do things."""
        if place.seat is Seat.STAGE:
            await self.touch(place)

    def look(self, request: Request, place: Place | Door | None = None) -> Look:
        """As this page was asked for, or else in the language in which the bot speaks to them."""
        asked = request.query_params
        accepted = request.headers.get("accept-language", "")[:2].lower()
        language = self._pages.known(asked.get("lang"), place.language if place else accepted)
        theme = asked.get("theme", "")
        return Look(language, theme if theme in ("light", "dark") else "")

    def outside(self, request: Request) -> Response:
        """What somebody without a session sees."""
        return HTMLResponse(self._pages.door(self.look(request), None), 401)

    async def _place(self, secret: str) -> Place | None:
        with reachable():
            async with self._storage.reading() as tx:
                return await tx.boards.place(secret, self._now())


def webinar_of(request: Request) -> str:
    """The webinar that the address names."""
    return str(request.path_params["webinar"])


def door_of(seat: Seat) -> str:
    """What the cookie of the page before this seat is named after."""
    return f"code-{seat}"
