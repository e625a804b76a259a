"""What there is to see of a board: its pages, and the open line of each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from channels.webbells import Bells
from dialogue.words import Localised, Text
from handlers.roles import ORGANISERS
from storage import Storage
from storage.community.boards import Place, Seat
from web.board.access import Keys
from web.board.acting import answers_here
from web.board.cards import Column
from web.board.feed import Feed
from web.board.feeds import Feeds
from web.board.lines import Line, View, list_html, stand_html
from web.board.pages import Pages
from web.board.seats import Seats
from web.board.shell import Desk, Look, Shell
from web.board.who import asked_by
from web.mailboxes import reachable
from web.sent import number

SAID = ("board-gone", "board-changed")
SEATS = {"desk": Seat.DESK, "interpret": Seat.INTERPRET}


class Views:
    """The pages of all boards."""

    def __init__(
        self,
        storage: Storage,
        bells: Bells,
        feeds: Feeds,
        keys: Keys,
        pages: Pages,
        seats: Seats,
        now: Callable[[], datetime],
        heartbeat: float,
        most: int,
        reveals: bool,
    ) -> None:
        """`most` UTF-16 units has a reason; with `reveals`, askers may be looked up."""
        self._storage = storage
        self._bells = bells
        self._feeds = feeds
        self._keys = keys
        self._pages = pages
        self._seats = seats
        self._now = now
        self._heartbeat = heartbeat
        self._most = most
        self._reveals = reveals

    def routes(self) -> list[Route]:
        """Where all this is found."""
        return [
            Route("/board/{webinar}", self.desk, methods=["GET"]),
            Route("/board/{webinar}/stage", self.stage, methods=["GET"]),
            Route("/board/{webinar}/projector", self.stage, methods=["GET"]),
            Route("/board/{webinar}/interpret", self.interpret, methods=["GET"]),
            Route("/board/{webinar}/events", self.events, methods=["GET"]),
        ]

    async def desk(self, request: Request) -> Response:
        """All questions in their columns; whoever has another seat is shown to that one."""
        session = await self._seats.session(request, *Seat)
        if session is None:
            return self._seats.outside(request)
        place, secret = session
        if place.seat is not Seat.DESK:
            return RedirectResponse(f"/board/{place.webinar}/{place.seat}", 303)
        look, feed, title = await self._board(request, place)
        columns: dict[Column, list[str]] = {column: [] for column in Column}
        who = self._who(place)
        for card in sorted(feed.cards(), key=lambda each: (each.flagged, each.order)):
            html = feed.made.rendered(card, look.language, who, self._pages.card)
            columns[card.column].append(html)
        said = request.query_params.get("said", "")
        told = self._pages.say(look.language, Text(said)) if said in SAID else ""
        shell = self._shell(place, "desk", feed, self._keys.form_token(secret))
        return HTMLResponse(
            self._pages.desk(look, title, shell, Desk(columns, told, feed.by_mail, self._most))
        )

    async def stage(self, request: Request) -> Response:
        """What is put to the experts; for a projector, with nothing to press."""
        session = await self._seats.session(request, Seat.STAGE, Seat.DESK)
        if session is None:
            return self._seats.outside(request)
        place, secret = session
        look, feed, title = await self._board(request, place)
        bare = request.url.path.endswith("/projector")
        answers = answers_here(place) and not bare
        view = View(Seat.STAGE, look.language, bare, answers)
        token = self._keys.form_token(secret) if answers else ""
        shell = self._shell(place, "projector" if bare else "stage", feed, token)
        stand = stand_html(feed, self._pages, view)
        return HTMLResponse(self._pages.stage(look, title, shell, stand))

    async def interpret(self, request: Request) -> Response:
        """What is to be put into another language."""
        session = await self._seats.session(request, Seat.INTERPRET, Seat.DESK)
        if session is None:
            return self._seats.outside(request)
        place, secret = session
        look, feed, title = await self._board(request, place)
        with reachable():
            await feed.look_for_wanted()
        view = View(Seat.INTERPRET, look.language, bare=False)
        shell = self._shell(place, "interpret", feed, self._keys.form_token(secret))
        shown = list_html(feed, self._pages, view)
        return HTMLResponse(self._pages.interpret(look, title, shell, shown))

    async def events(self, request: Request) -> Response:
        """The open line of a page; 401 when its session is over, 503 when there is no room."""
        shown = request.query_params.get("view", "desk")
        seat = SEATS.get(shown, Seat.STAGE)
        session = await self._seats.session(request, seat, Seat.DESK, used=False)
        if session is None:
            raise HTTPException(401)
        if not self._bells.has_room:
            raise HTTPException(503, headers={"Retry-After": "30"})
        place, _ = session
        bare = shown == "projector"
        language = self._seats.look(request, place).language
        line = Line(
            self._feeds.of(place.webinar),
            self._bells,
            self._pages,
            View(seat, language, bare, answers_here(place) and not bare, self._who(place)),
            place.key,
            lambda: self._seats.still_open(place),
            lambda: self._feeds.leave(place.webinar),
            self._heartbeat,
        )
        after = request.headers.get("last-event-id") or request.query_params.get("after")
        return StreamingResponse(
            line.events(number(after)),
            media_type="text/event-stream",
            headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"},
        )

    def _shell(self, place: Place, view: str, feed: Feed, form_token: str) -> Shell:
        return Shell(place.webinar, view, feed.version, form_token, self._keys.number())

    def _who(self, place: Place) -> str:
        return asked_by(place.webinar) if self._reveals and place.role in ORGANISERS else ""

    async def _board(self, request: Request, place: Place) -> tuple[Look, Feed, Localised]:
        """How it is to look, what is on it as of now, and the webinar's title."""
        feed = self._feeds.of(place.webinar)
        with reachable():
            async with self._storage.reading() as tx:
                webinar = await tx.webinars.get(place.webinar)
            await feed.look(at_once=True)
        title = webinar.title if webinar else Localised({})
        return self._seats.look(request, place), feed, title
