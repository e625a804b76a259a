"""The routes under /board."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

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
from web.board.feed import Feeds
from web.board.lines import Line, View, stand_html
from web.board.pages import Desk, Look, Pages
from web.mailboxes import reachable
from web.security import read_form, same_origin
from web.sent import number

SAID = ("board-gone", "board-changed")
STATUS = {Outcome.DONE: 200, Outcome.TAKEN: 409, Outcome.CHANGED: 409, Outcome.GONE: 410}
Session: TypeAlias = tuple[Place, str]


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
        self._public_url = public_url
        self._heartbeat = heartbeat
        https = public_url is not None and public_url.startswith("https://")
        self._keys = Keys(https, form_key)
        self._feeds = Feeds(parts.storage, bells, now)
        folder = Path(__file__).parent.parent
        self._pages = Pages(parts.say, languages, assets.addresses, parts.reasons, folder)

    def routes(self) -> list[Route]:
        """Where all this is found."""
        return [
            Route("/board/open/{token}", self.door, methods=["GET"]),
            Route("/board/open/{token}", self.enter, methods=["POST"]),
            Route("/board/{webinar}", self.desk, methods=["GET"]),
            Route("/board/{webinar}/stage", self.stage, methods=["GET"]),
            Route("/board/{webinar}/projector", self.stage, methods=["GET"]),
            Route("/board/{webinar}/events", self.events, methods=["GET"]),
            Route("/board/{webinar}/act", self.act, methods=["POST"]),
            Route("/board/{webinar}/here", self.here, methods=["POST"]),
            Route("/board/{webinar}/screen", self.screen, methods=["POST"]),
            Route("/board/{webinar}/close", self.close, methods=["POST"]),
        ]

    # --- the door -----------------------------------------------------------------------------

    async def door(self, request: Request) -> Response:
        """The page with the one button; whether the link is good is not even looked up."""
        return HTMLResponse(self._pages.door(self._look(request), request.path_params["token"]))

    async def enter(self, request: Request) -> Response:
        """Use the link up, and go in."""
        if not same_origin(request, self._public_url):
            raise HTTPException(403)
        with reachable():
            async with self._storage.transaction() as tx:
                opened = await tx.boards.open(request.path_params["token"], self._now())
        if opened is None:
            return HTMLResponse(self._pages.door(self._look(request), None), 403)
        seat, webinar, secret = opened
        way = "" if seat is Seat.DESK else "/stage"
        response = RedirectResponse(f"/board/{webinar}{way}", 303)
        self._keys.give(response, seat, webinar, secret)
        return response

    # --- what there is to see -----------------------------------------------------------------

    async def desk(self, request: Request) -> Response:
        """All questions in their columns; the stage, for whoever has no more than that."""
        session = await self._session(request, Seat.DESK)
        if session is None:
            if await self._session(request, Seat.STAGE) is None:
                return self._outside(request)
            return RedirectResponse(f"/board/{_webinar(request)}/stage", 303)
        place, secret = session
        look = self._look(request, place)
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
        session = await self._session(request, Seat.STAGE) or await self._session(
            request, Seat.DESK
        )
        if session is None:
            return self._outside(request)
        place, _ = session
        look = self._look(request, place)
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
        session = await self._session(request, seat, used=False)
        if session is None and seat is Seat.STAGE:
            session = await self._session(request, Seat.DESK, used=False)
        if session is None:
            raise HTTPException(401)
        if not self._bells.has_room:
            raise HTTPException(503, headers={"Retry-After": "30"})
        place, _ = session
        view = View(seat, self._look(request, place).language, shown == "projector")
        line = Line(
            self._feeds.of(place.webinar),
            self._bells,
            self._pages,
            view,
            place.key,
            lambda: self._used(place),
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
        form, place = await self._form(request)
        wish = read_wish(form.get("do", ""), self._reason(form))
        if wish is None:
            raise HTTPException(400)
        now = self._now()
        with reachable():
            async with self._storage.transaction() as tx:
                if await tx.boards.place(form["secret"], now) is None:
                    raise HTTPException(401)
                result = await act(tx, place, wish, now, self._parts.told)
                await tx.boards.touch(place.key, now)
        if result.outcome is Outcome.DONE:
            self._parts.moved()
        self._feeds.ring(place.webinar)
        return self._done(request, place, result)

    async def here(self, request: Request) -> Response:
        """Somebody still works at this desk."""
        _, place = await self._form(request)
        await self._touch(place)
        return Response(status_code=204)

    async def screen(self, request: Request) -> Response:
        """Open the stage beside the desk, with a session of its own."""
        form, place = await self._form(request)
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
        _, place = await self._form(request)
        screen = await self._session(request, Seat.STAGE, used=False)
        with reachable():
            async with self._storage.transaction() as tx:
                await tx.boards.close(place.key)
                if screen is not None:
                    await tx.boards.close(screen[0].key)
        response = HTMLResponse(self._pages.door(self._look(request, place), None))
        for seat in Seat:
            self._keys.take(response, seat, place.webinar)
        return response

    # --- who asks -----------------------------------------------------------------------------

    async def _session(self, request: Request, seat: Seat, *, used: bool = True) -> Session | None:
        webinar = _webinar(request)
        secret = self._keys.secret(request, seat, webinar)
        if secret is None:
            return None
        with reachable():
            async with self._storage.reading() as tx:
                place = await tx.boards.place(secret, self._now())
        if place is None or place.seat is not seat or place.webinar != webinar:
            return None
        if used and request.method == "GET":
            await self._touch(place)
        return place, secret

    async def _form(self, request: Request) -> tuple[dict[str, str], Place]:
        """What the desk's form sent, with the session's secret; 401 or 403 if it is not ours."""
        if not same_origin(request, self._public_url):
            raise HTTPException(403)
        session = await self._session(request, Seat.DESK, used=False)
        if session is None:
            raise HTTPException(401)
        place, secret = session
        form = await read_form(request)
        if not self._keys.is_form_token(secret, form.get("token", "")):
            raise HTTPException(403)
        return {**form, "secret": secret}, place

    async def _used(self, place: Place) -> None:
        # A stage is looked at and nothing else; at a desk somebody has to do something.
        if place.seat is Seat.STAGE:
            await self._touch(place)

    async def _touch(self, place: Place) -> None:
        with reachable():
            async with self._storage.transaction() as tx:
                await tx.boards.touch(place.key, self._now())

    def _reason(self, form: dict[str, str]) -> str | None:
        given = form.get("reason")
        return given if any(given == stored for stored, _ in self._parts.reasons) else None

    def _look(self, request: Request, place: Place | None = None) -> Look:
        asked = request.query_params
        accepted = request.headers.get("accept-language", "")[:2].lower()
        language = self._pages.known(asked.get("lang"), place.language if place else accepted)
        theme = asked.get("theme", "")
        return Look(language, theme if theme in ("light", "dark") else "")

    async def _title(self, place: Place) -> Localised:
        async with self._storage.reading() as tx:
            webinar = await tx.webinars.get(place.webinar)
        return webinar.title if webinar else Localised({})

    def _outside(self, request: Request) -> Response:
        return HTMLResponse(self._pages.door(self._look(request), None), 401)

    def _done(self, request: Request, place: Place, result: Result) -> Response:
        look = self._look(request, place)
        if "application/json" in request.headers.get("accept", ""):
            said = self._pages.say(look.language, result.said)
            return JSONResponse({"said": said}, STATUS[result.outcome])
        said = {Outcome.DONE: "", Outcome.GONE: "&said=board-gone"}.get(
            result.outcome, "&said=board-changed"
        )
        way = f"/board/{place.webinar}?lang={look.language}&theme={look.theme}{said}"
        return RedirectResponse(way, 303)


def _webinar(request: Request) -> str:
    return str(request.path_params["webinar"])
