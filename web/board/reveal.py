"""Where organisers look up who asked a question: in need, with a reason and a code of their app."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dialogue.fold import clean, utf16_length
from dialogue.stages import Stage
from dialogue.words import Text, text
from handlers.roles import ORGANISERS
from storage import Storage, Transaction
from storage.asking.moderation import Handled
from storage.asking.reveals import Behind
from storage.community.boards import Passage, Place, Seat
from storage.community.codes import Verdict
from storage.ids import id_in
from web.board.access import Keys
from web.board.feeds import Feeds
from web.board.parts import BoardParts
from web.board.seats import Opened, Seats
from web.board.who import EMPTY, LEAST, MOST, Filled, Standing, WhoPage, asked_by
from web.mailboxes import reachable

NOT_RIGHT: Mapping[Verdict, Text] = {
    Verdict.WRONG: text("who-wrong"),
    Verdict.WAIT: text("who-wait"),
    Verdict.NONE: text("who-no-code"),
}


@dataclass(frozen=True, slots=True)
class Came:
    """What came of the form."""

    standing: Standing
    filled: Filled
    status: int = 200


class Reveals:
    """The page of each question on the desk, for organisers and owners."""

    def __init__(
        self,
        parts: BoardParts,
        feeds: Feeds,
        keys: Keys,
        seats: Seats,
        page: WhoPage,
        now: Callable[[], datetime],
    ) -> None:
        self._parts = parts
        self._storage: Storage = parts.storage
        self._feeds = feeds
        self._keys = keys
        self._seats = seats
        self._page = page
        self._now = now

    def routes(self) -> list[Route]:
        """Where all this is found; nowhere where nobody may ever be looked up."""
        if not self._parts.reveals_per_day:
            return []
        way = asked_by("{webinar}") + "/{question}"
        return [
            Route(way, self.show, methods=["GET"]),
            Route(way, self.look_up, methods=["POST"]),
            Route(f"{way}/code", self.set_up, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """What it means, and the form; or why there is none. Nothing of whoever asked."""
        session = await self._seats.session(request, Seat.DESK)
        if session is None:
            return self._seats.outside(request)
        place, secret = session
        _allow(place)
        question = await self._on_the_desk(request, place)
        if question is None:
            return self._gone(request, place)
        with reachable():
            async with self._storage.reading() as tx:
                standing = await self._standing(tx, place, question, self._now())
        return self._shown(request, place, secret, Came(standing, EMPTY))

    async def look_up(self, request: Request) -> Response:
        """Look up who asked, and show it in this answer alone; or the form again, and why."""
        form, place, secret = await self._seats.form(request, Seat.DESK)
        _allow(place)
        question = await self._on_the_desk(request, place)
        if question is None:
            return self._gone(request, place)
        now = self._now()
        with reachable():
            async with self._storage.transaction() as tx:
                if await tx.boards.place(secret, now) is None:
                    raise HTTPException(401)
                await tx.boards.touch(place.key, now)
                came = await self._carry_out(tx, place, question, form, now)
        if came.filled.asker is not None:
            self._parts.moved()
        return self._shown(request, place, secret, came)

    async def set_up(self, request: Request) -> Response:
        """To the page on which they set up the codes that this needs."""
        _, place, _ = await self._seats.form(request, Seat.DESK)
        _allow(place)
        passage = Passage(place.person, place.role, Seat.DESK, place.webinar)
        with reachable():
            async with self._storage.transaction() as tx:
                held = await tx.doors.begin(passage, self._now())
        if held is None:
            raise HTTPException(401)
        return self._seats.lead_in(Opened(Seat.DESK, place.webinar, held, asks=True))

    async def _carry_out(
        self,
        tx: Transaction,
        place: Place,
        question: Handled,
        form: Mapping[str, str],
        now: datetime,
    ) -> Came:
        reason, code = clean(form.get("reason", "")), form.get("code", "").strip()
        await tx.reveals.hold()
        standing = await self._standing(tx, place, question, now)
        pressed = await tx.reveals.pressed(question.id, place.person, code, now)
        if pressed is not None:
            return Came(standing, Filled(asker=pressed))
        if standing.behind is not Behind.SOMEBODY:
            return Came(standing, EMPTY, 409)
        if not standing.left:
            return Came(standing, EMPTY, 429)
        if (problem := _unfit(reason)) is not None:
            return Came(standing, Filled(reason, problem), 422)
        verdict = await tx.codes.check(place.person, code, now)
        if verdict is not Verdict.RIGHT:
            status = 429 if verdict is Verdict.WAIT else 422
            return Came(standing, Filled(reason, NOT_RIGHT[verdict]), status)
        asker = await tx.reveals.reveal(question.id, place.person, place.role, reason, code, now)
        if asker is None:
            return Came(replace(standing, behind=Behind.ERASED), EMPTY, 409)
        await self._parts.revealed(tx, question, place.role, reason)
        return Came(standing, Filled(asker=asker))

    async def _standing(
        self, tx: Transaction, place: Place, question: Handled, now: datetime
    ) -> Standing:
        there = self._feeds.of(place.webinar).questions.values()
        return Standing(
            question,
            sorted((e for e in there if e.merged == question.id), key=lambda each: each.order),
            await tx.reveals.behind(question.id) or Behind.ERASED,
            max(0, self._parts.reveals_per_day - await tx.reveals.count(now)),
            await tx.codes.has(place.person),
        )

    async def _on_the_desk(self, request: Request, place: Place) -> Handled | None:
        """The question that the address names, as boards have it; None when it is not there."""
        feed = self._feeds.of(place.webinar)
        with reachable():
            await feed.look(at_once=True)
        found = feed.questions.get(id_in(request.path_params["question"]) or 0)
        return None if found is None or found.stage is Stage.WITHDRAWN else found

    def _shown(self, request: Request, place: Place, secret: str, came: Came) -> Response:
        look = self._seats.look(request, place)
        token = self._keys.form_token(secret)
        page = self._page.page(look, place.webinar, token, came.standing, came.filled)
        return HTMLResponse(page, came.status)

    def _gone(self, request: Request, place: Place) -> Response:
        look = self._seats.look(request, place)
        back = f"/board/{place.webinar}?lang={look.language}&theme={look.theme}"
        return RedirectResponse(f"{back}&said=board-gone", 303)


def _allow(place: Place) -> None:
    if place.role not in ORGANISERS:
        raise HTTPException(403)


def _unfit(reason: str) -> Text | None:
    """What is wrong with a reason."""
    length = utf16_length(reason)
    if length < LEAST:
        return text("who-short", least=LEAST)
    return text("board-too-long", length=length, most=MOST) if length > MOST else None
