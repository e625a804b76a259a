"""The routes under /board."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from channels.webbells import Bells
from dialogue.words import Localised, Text
from storage import Storage
from storage.boards import Place, Seat
from web.assets import Assets
from web.board.access import Keys
from web.board.acting import Outcome, Result, Told, act, read_wish
from web.board.cards import Column
from web.board.door import Door
from web.board.feed import Feeds
from web.board.lines import Line, View, stand_html
from web.board.pages import Desk, Pages
from web.board.seats import Seats
from web.mailboxes import reachable
from web.sent import number

SAID = ("board-gone", "board-changed")
STATUS = {Outcome.DONE: 200, Outcome.TAKEN: 409, Outcome.CHANGED: 409, Outcome.GONE: 410}


@dataclass(frozen=True, slots=True)
class BoardParts:
    """What the boards need of the others."""

    storage: Storage
    say: Callable[[str, Text], str]
    """What a text says in a language."""
    told: Told
    moved: Callable[[], None]
    """Told after each commit that brought a question further."""
    reasons: Sequence[tuple[str, Text]]
    """For which a question is declined: as it is stored, and as it is said."""


class BoardRooms:
    """The boards of all webinars."""

    def __init__(
        self,
        parts: BoardParts,
        bells: Bells,
        assets: Assets,
        languages: Sequence[str],
        now: Callable[[], datetime],
        form_key: bytes,
        public_url: str | None,
        heartbeat: float,
    ) -> None:
        self._parts = parts
        self._storage = parts.storage
        self._bells = bells
        self._now = now
        self._heartbeat = heartbeat
        https = public_url is not None and public_url.startswith("https://")
        self._keys = Keys(https, form_key)
        self._feeds = Feeds(parts.storage, bells, now)
        folder = Path(__file__).parent.parent
        self._pages = Pages(parts.say, languages, assets.addresses, parts.reasons, folder)
        self._seats = Seats(parts.storage, self._keys, self._pages, now, public_url)

    def routes(self) -> list[Route]:
        """Where all this is found."""
        door = Door(self._storage, self._keys, self._pages, self._seats, self._now)
        return [
            *door.routes(),
            Route("/board/{webinar}", self.desk, methods=["GET"]),
            Route("/board/{webinar}/stage", self.stage, methods=["GET"]),
            Route("/board/{webinar}/projector", self.stage, methods=["GET"]),
            Route("/board/{webinar}/events", self.events, methods=["GET"]),
            Route("/board/{webinar}/act", self.act, methods=["POST"]),
            Route("/board/{webinar}/here", self.here, methods=["POST"]),
        ]

    # --- what there is to see -----------------------------------------------------------------

    async def desk(self, request: Request) -> Response:
        """All questions in their columns; the stage, for whoever has no more than that."""
        session = await self._seats.session(request, Seat.DESK, Seat.STAGE)
        if session is None:
            return self._seats.outside(request)
        place, secret = session
        if place.seat is Seat.STAGE:
            return RedirectResponse(f"/board/{place.webinar}/stage", 303)
        look = self._seats.look(request, place)
        feed = self._feeds.of(place.webinar)
        with reachable():
            title = await self._title(place)
            await feed.look(at_once=True)
        columns: dict[Column, list[str]] = {column: [] for column in Column}
        for card in sorted(feed.cards(), key=lambda each: each.order):
            html = feed.rendered(card, look.language, self._pages.card)
            columns[card.column].append(html)
        said = request.query_params.get("said", "")
        shown = Desk(
            place.webinar,
            columns,
            feed.version,
            self._keys.form_token(secret),
            self._pages.say(look.language, Text(said)) if said in SAID else "",
        )
        return HTMLResponse(self._pages.desk(look, title, shown))

    async def stage(self, request: Request) -> Response:
        """What is put to the experts; for a projector, with nothing to press."""
        session = await self._seats.session(request, Seat.STAGE, Seat.DESK)
        if session is None:
            return self._seats.outside(request)
        place, _ = session
        look = self._seats.look(request, place)
        feed = self._feeds.of(place.webinar)
        with reachable():
            title = await self._title(place)
            await feed.look(at_once=True)
        bare = request.url.path.endswith("/projector")
        stand = stand_html(feed, self._pages, View(Seat.STAGE, look.language, bare))
        return HTMLResponse(
            self._pages.stage(look, title, place.webinar, stand, feed.version, bare)
        )

    async def events(self, request: Request) -> Response:
        """The open line of a page; 401 when its session is over, 503 when there is no room."""
        shown = request.query_params.get("view", "desk")
        seat = Seat.DESK if shown == "desk" else Seat.STAGE
        session = await self._seats.session(request, seat, Seat.DESK, used=False)
        if session is None:
            raise HTTPException(401)
        if not self._bells.has_room:
            raise HTTPException(503, headers={"Retry-After": "30"})
        place, _ = session
        view = View(seat, self._seats.look(request, place).language, shown == "projector")
        line = Line(
            self._feeds.of(place.webinar),
            self._bells,
            self._pages,
            view,
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

    # --- what there is to do ------------------------------------------------------------------

    async def act(self, request: Request) -> Response:
        """Bring a question further; JSON where the script asks for that."""
        form, place, secret = await self._seats.form(request)
        wish = read_wish(form.get("do", ""), self._reason(form))
        if wish is None:
            raise HTTPException(400)
        now = self._now()
        with reachable():
            async with self._storage.transaction() as tx:
                if await tx.boards.place(secret, now) is None:
                    raise HTTPException(401)
                result = await act(tx, place, wish, now, self._parts.told)
                await tx.boards.touch(place.key, now)
        if result.outcome is Outcome.DONE:
            self._parts.moved()
        self._feeds.ring(place.webinar)
        return self._done(request, place, result)

    async def here(self, request: Request) -> Response:
        """Somebody still works at this desk."""
        _, place, _ = await self._seats.form(request)
        await self._seats.touch(place)
        return Response(status_code=204)

    def _reason(self, form: dict[str, str]) -> str | None:
        given = form.get("reason")
        return given if any(given == stored for stored, _ in self._parts.reasons) else None

    async def _title(self, place: Place) -> Localised:
        async with self._storage.reading() as tx:
            webinar = await tx.webinars.get(place.webinar)
        return webinar.title if webinar else Localised({})

    def _done(self, request: Request, place: Place, result: Result) -> Response:
        look = self._seats.look(request, place)
        if "application/json" in request.headers.get("accept", ""):
            said = self._pages.say(look.language, result.said)
            return JSONResponse({"said": said}, STATUS[result.outcome])
        said = {Outcome.DONE: "", Outcome.GONE: "&said=board-gone"}.get(
            result.outcome, "&said=board-changed"
        )
        way = f"/board/{place.webinar}?lang={look.language}&theme={look.theme}{said}"
        return RedirectResponse(way, 303)
