"""The interpreters at the board: a text is taken, put into the other language, and approved."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dialogue.words import Text
from handlers.deed import Outcome
from handlers.interpreting import texts
from storage import Transaction
from storage.asking.texts import Claimed
from storage.community.boards import Place, Seat
from storage.ids import id_in
from web.board.acting import Result
from web.board.deeds import Deeds
from web.board.feeds import Feeds
from web.board.once import once
from web.board.pages import Pages
from web.board.parts import BoardParts
from web.board.seats import Seats
from web.board.sheets import SheetShown, translate_sheet
from web.mailboxes import reachable

_DO = re.compile(r"translate\.([0-9]{1,19})\.([0-9a-f]{8})")


class Interpreters:
    """What interpreters do; moderators may as well, from the desk."""

    def __init__(
        self,
        parts: BoardParts,
        feeds: Feeds,
        pages: Pages,
        seats: Seats,
        deeds: Deeds,
        now: Callable[[], datetime],
    ) -> None:
        self._parts = parts
        self._feeds = feeds
        self._pages = pages
        self._seats = seats
        self._deeds = deeds
        self._now = now

    def routes(self) -> list[Route]:
        """Where all this is found."""
        return [
            Route("/board/{webinar}/translate", self.translate, methods=["POST"]),
            Route("/board/{webinar}/translating", self.translating, methods=["POST"]),
        ]

    async def translate(self, request: Request) -> Response:
        """Take a text, approve what stands for it, or let others have it."""
        form, place, secret = await self._seats.form(request, Seat.INTERPRET, Seat.DESK)
        do = _read(form.get("do", ""))
        if do is None:
            raise HTTPException(400)
        now = self._now()
        with reachable():
            async with self._parts.storage.transaction() as tx:
                if await tx.boards.place(secret, now) is None:
                    raise HTTPException(401)
                done = await once(
                    tx, place, form, now, lambda: self._carry_out(tx, request, place, do, form)
                )
                await tx.boards.touch(place.key, now)
        self._feeds.ring(place.webinar)
        if isinstance(done, SheetShown):
            status = 409 if done.note else 200
            return self._deeds.sheet(request, place, secret, done, status)
        if done.outcome is Outcome.DONE:
            self._parts.moved()
        return self._deeds.done(request, place, done, "/interpret")

    async def translating(self, request: Request) -> Response:
        """Somebody still works here, and holds the text on the sheet that is open."""
        form, place, _ = await self._seats.form(request, Seat.INTERPRET, Seat.DESK)
        await self._seats.touch(place)
        do = _read(form.get("hold", ""))
        if do is not None:
            with reachable():
                async with self._parts.storage.transaction() as tx:
                    await tx.texts.hold(do[0], place.person, self._now())
        return Response(status_code=204)

    async def _carry_out(
        self,
        tx: Transaction,
        request: Request,
        place: Place,
        do: tuple[int, str],
        form: dict[str, str],
    ) -> Result | SheetShown:
        id, seen = do
        if "drop" in form:
            await texts.release(tx, place.person, id)
            return Result(Outcome.DONE, Text("cancelled"))
        if "words" not in form:
            found = await texts.claim(tx, place.webinar, place.person, id, self._now())
            if isinstance(found, Claimed):
                return Result(Outcome.TAKEN, texts.taken(found))
            if found is None:
                return Result(Outcome.GONE, Text("interpret-gone"))
            return translate_sheet(found)
        came = await texts.approve(
            tx, place.webinar, place.person, id, seen, form["words"], self._now()
        )
        if came.outcome is Outcome.DONE and came.text is not None:
            await self._parts.told(tx, place, [came.text.question])
        if came.outcome is Outcome.CHANGED and came.text is not None:
            look = self._seats.look(request, place)
            return translate_sheet(came.text, self._pages.say(look.language, came.said))
        return Result(came.outcome, came.said)


def _read(carried: str) -> tuple[int, str] | None:
    found = _DO.fullmatch(carried)
    id = id_in(found[1]) if found else None
    return None if found is None or id is None else (id, found[2])
