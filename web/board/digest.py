"""The page that experts print or keep: a webinar's questions in their order, and nothing to press.

It needs no script, and holds nothing of whoever asked: it is made of `handlers.digest.content`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from dialogue.words import Text
from handlers.digest import mails, sending
from handlers.digest.content import Digest, Material, digest, material
from storage import Storage
from storage.asking.digests import Part
from storage.community.boards import Place, Seat
from storage.series.webinars import Webinar
from web.board.seats import DIGEST, Seats
from web.board.words import shown, titled
from web.mailboxes import reachable
from web.rendering import templates

SEATS = (Seat.DESK, Seat.STAGE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one rendering of the page shows."""

    webinar: Webinar
    part: Part
    digest: Digest
    now: datetime
    seat: Seat


class DigestPage:
    """The page, in the community's languages."""

    def __init__(
        self, say: Callable[[str, Text], str], languages: Sequence[str], assets: Mapping[str, str],
        folder: Path,
    ) -> None:  # fmt: skip
        self._say = say
        self._languages = tuple(languages)
        template = templates(folder, assets, shown=shown)
        self._page = template("digest.html")
        self._door = template("digest_door.html")

    def page(self, language: str, sheet: Sheet) -> str:
        """The questions, or what became of them."""

        def say(key: str, **values: Any) -> str:
            return self._say(language, Text(key, values))

        return self._page.render(
            language=language,
            sheet=sheet,
            title=titled(sheet.webinar.title, language),
            say=say,
            reasons=[
                (self._say(language, mails.reason(why)), number)
                for why, number in sheet.digest.declined
            ],
            figures=[self._say(language, each) for each in mails.figures(sheet.digest)],
            others=[code for code in self._languages if code != language],
            parts=list(Part),
            back=f"/board/{sheet.webinar.id}" + ("" if sheet.seat is Seat.DESK else "/stage"),
        )

    def door(self, language: str, token: str) -> str:
        """The page with the one button that a link from the bot leads to."""
        others = [code for code in self._languages if code != language]

        def say(code: str, key: str) -> str:
            return self._say(code, Text(key))

        return self._door.render(language=language, token=token, order=[language, *others], say=say)


class DigestRooms:
    """Where the page is found, and how one comes in to it straight from the bot."""

    def __init__(
        self,
        storage: Storage,
        seats: Seats,
        page: DigestPage,
        now: Callable[[], datetime],
    ) -> None:
        self._storage = storage
        self._seats = seats
        self._page = page
        self._now = now

    def routes(self) -> list[Route]:
        """The addresses; no webinar is called `digest`, since each name has a hyphen."""
        return [
            Route("/board/digest/{token}", self.show, methods=["GET"]),
            Route("/board/digest/{token}", self.enter, methods=["POST"]),
            Route("/board/{webinar}/digest", self.digest, methods=["GET"]),
        ]

    async def show(self, request: Request) -> Response:
        """One button; whether the link is good is not even looked up."""
        language = self._seats.look(request).language
        return HTMLResponse(self._page.door(language, request.path_params["token"]))

    async def enter(self, request: Request) -> Response:
        """Use the link up, and show the page."""
        opened = await self._seats.open(request)
        if opened is None:
            refused = self._seats.outside(request)
            refused.status_code = 403
            return refused
        return self._seats.lead_in(opened, DIGEST)

    async def digest(self, request: Request) -> Response:
        """The page of this webinar, for whoever has its desk or its stage open."""
        session = await self._seats.session(request, *SEATS)
        if session is None:
            return self._seats.outside(request)
        place, _ = session
        look, now = self._seats.look(request, place), self._now()
        with reachable():
            webinar, found = await self._read(place)
        if webinar is None:
            return self._seats.outside(request)
        part = _part(request) or sending.part_of(webinar, now)
        sheet = Sheet(webinar, part, digest(found, look.language), now, place.seat)
        return HTMLResponse(self._page.page(look.language, sheet))

    async def _read(self, place: Place) -> tuple[Webinar | None, Material]:
        async with self._storage.reading() as tx:
            webinar = await tx.webinars.get(place.webinar)
            return webinar, await material(tx, place.webinar)


def _part(request: Request) -> Part | None:
    asked = request.query_params.get("part")
    return next((part for part in Part if part == asked), None)
