"""What there is to do at a board: buttons are pressed, sheets are opened and filled in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from dialogue.fold import clean
from dialogue.words import Text
from handlers.deed import Outcome
from storage import Transaction
from storage.asking.moderation import Handled
from storage.community.boards import Place, Seat
from web.board.access import Keys
from web.board.acting import Result, Wish, act, answers_here, in_hand, read_wish
from web.board.feeds import Feeds
from web.board.once import once
from web.board.pages import Pages
from web.board.parts import BoardParts
from web.board.seats import Seats
from web.board.sheets import HEARD, SheetShown, answer_sheet, edit_sheet, heard_sheet, merge_sheet
from web.board.shell import Shell
from web.board.ways import Sheet
from web.board.writing import Scribe, Written
from web.mailboxes import reachable

STATUS = {
    Outcome.DONE: 200,
    Outcome.TAKEN: 409,
    Outcome.CHANGED: 409,
    Outcome.GONE: 410,
    Outcome.UNFIT: 422,
}


class Deeds:
    """What moderators do at the desk, and guest experts at the stage."""

    def __init__(
        self,
        parts: BoardParts,
        feeds: Feeds,
        keys: Keys,
        pages: Pages,
        seats: Seats,
        now: Callable[[], datetime],
    ) -> None:
        self._parts = parts
        self._storage = parts.storage
        self._feeds = feeds
        self._keys = keys
        self._pages = pages
        self._seats = seats
        self._now = now
        self._scribe = Scribe(pages.languages, parts.question_length, parts.told, parts.answered)

    def routes(self) -> list[Route]:
        """Where all this is found."""
        return [
            Route("/board/{webinar}/act", self.act, methods=["POST"]),
            Route("/board/{webinar}/answer", self.answer, methods=["POST"]),
            Route("/board/{webinar}/here", self.here, methods=["POST"]),
        ]

    async def act(self, request: Request) -> Response:
        """Bring a question further, open a sheet, or have it count; JSON for the script."""
        form, place, secret = await self._seats.form(request, Seat.DESK)
        return await self._do(request, form, place, secret)

    async def answer(self, request: Request) -> Response:
        """The same at the stage, for answers of guest experts alone."""
        form, place, secret = await self._seats.form(request, Seat.STAGE)
        wish = read_wish(form.get("do", ""))
        if not answers_here(place) or wish is None or wish.to is not Sheet.ANSWER:
            raise HTTPException(403)
        return await self._do(request, form, place, secret)

    async def here(self, request: Request) -> Response:
        """Somebody still works here, and holds the question on the sheet that is open."""
        form, place, _ = await self._seats.form(request, Seat.DESK, Seat.STAGE)
        await self._seats.touch(place)
        wish = read_wish(form.get("hold", ""))
        if wish is not None:
            with reachable():
                async with self._storage.transaction() as tx:
                    await tx.moderation.hold(wish.question, place.person, self._now())
        return Response(status_code=204)

    async def _do(
        self, request: Request, form: dict[str, str], place: Place, secret: str
    ) -> Response:
        wish = read_wish(form.get("do", ""), self._reason(form))
        if wish is None and form.get("do") != HEARD:
            raise HTTPException(400)
        now = self._now()
        feed = self._feeds.of(place.webinar)
        with reachable():
            if wish is not None and isinstance(wish.to, Sheet):
                await feed.look(at_once=True)
            async with self._storage.transaction() as tx:
                if await tx.boards.place(secret, now) is None:
                    raise HTTPException(401)
                done = await once(
                    tx, place, form, now, lambda: self._carry_out(tx, place, wish, form, now)
                )
                await tx.boards.touch(place.key, now)
        if isinstance(done, Result) and done.outcome is Outcome.DONE:
            self._parts.moved()
        self._feeds.ring(place.webinar)
        if isinstance(done, SheetShown):
            return self.sheet(request, place, secret, done)
        return self.done(request, place, done)

    async def _carry_out(
        self, tx: Transaction, place: Place, wish: Wish | None, form: dict[str, str], now: datetime
    ) -> Result | SheetShown:
        """What came of it, or the sheet that was opened."""
        if "drop" in form:
            if wish is not None:
                await tx.moderation.release(wish.question, place.person)
            return Result(Outcome.DONE, Text("cancelled"))
        if wish is None:
            if "words" not in form:
                return heard_sheet(self._parts.question_length)
            return await self._scribe.heard(tx, place, form["words"], now)
        if not isinstance(wish.to, Sheet):
            return await act(tx, place, wish, now, self._parts.told)
        if "words" in form or "into" in form:
            written = Written(
                form.get("words", ""),
                form.get("who") == "public",
                form.get("into", ""),
                form.get("then") == "approved",
            )
            return await self._scribe.write(tx, place, wish, written, now)
        found = await in_hand(tx, place, wish, now, keep=True)
        return found if isinstance(found, Result) else await self._open(tx, place, wish, found)

    def _reason(self, form: dict[str, str]) -> str | None:
        """Why it is declined: one of the reasons, or a moderator's own words, none of which is."""
        given = form.get("reason")
        if any(given == stored for stored, _ in self._parts.reasons):
            return given
        own = clean(form.get("own", ""), self._parts.question_length)
        return own.lstrip("!") or None

    async def _open(
        self, tx: Transaction, place: Place, wish: Wish, question: Handled
    ) -> SheetShown:
        feed, most = self._feeds.of(place.webinar), self._parts.question_length
        match wish.to:
            case Sheet.EDIT:
                return edit_sheet(feed, question, most)
            case Sheet.MERGE:
                found = (await tx.alike.of([question.id])).get(question.id, ())
                return merge_sheet(feed, question, [each.id for each in found])
            case _:
                return answer_sheet(feed, question, most)

    # --- what is answered ---------------------------------------------------------------------

    def sheet(
        self, request: Request, place: Place, secret: str, sheet: SheetShown, status: int = 200
    ) -> Response:
        """A sheet: for the script to show, or a page of its own."""
        look = self._seats.look(request, place)
        token = self._keys.form_token(secret)
        shell = Shell(place.webinar, place.seat, 0, token, self._keys.number())
        action = f"{request.url.path}?lang={look.language}&theme={look.theme}"
        if wants_json(request):
            html = self._pages.sheet(look.language, shell, sheet, action)
            return JSONResponse({"said": sheet.note, "sheet": html}, status)
        return HTMLResponse(self._pages.sheet_page(look, shell, sheet, action), status)

    def done(self, request: Request, place: Place, result: Result, way: str = "") -> Response:
        """What came of it: for the script to say, or back to the page."""
        look = self._seats.look(request, place)
        if wants_json(request):
            said = self._pages.say(look.language, result.said)
            return JSONResponse({"said": said}, STATUS[result.outcome])
        said = {Outcome.DONE: "", Outcome.GONE: "&said=board-gone"}.get(
            result.outcome, "&said=board-changed"
        )
        back = f"/board/{place.webinar}{way}?lang={look.language}&theme={look.theme}{said}"
        return RedirectResponse(back, 303)


def wants_json(request: Request) -> bool:
    """Whether the script asks, and no reader."""
    return "application/json" in request.headers.get("accept", "")
