"""The page before a seat: a code of an authenticator app, which is set up there the first time."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dialogue.words import Text
from storage import Storage
from storage.community.boards import Seat
from storage.community.codes import Verdict
from storage.community.doors import Door
from web.board.access import Keys
from web.board.seats import DIGEST, Opened, Seats, door_of, webinar_of
from web.board.shell import Look
from web.mailboxes import reachable
from web.rendering import templates
from web.security import from_here, read_form

LETTERS_IN_A_GROUP = 4
APPS = {"first": "Aegis", "second": "FreeOTP+", "phone": "iPhone"}
"""Free ones, and where there is one already."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one rendering of the page shows."""

    door: Door
    form_token: str
    wrong: bool
    """The code before was."""
    minutes: int
    """For so long no code is looked at; 0 where one is."""


class CodePage:
    """The page, in the community's languages."""

    def __init__(
        self,
        say: Callable[[str, Text], str],
        languages: Sequence[str],
        community: Mapping[str, str],
        assets: Mapping[str, str],
        folder: Path,
    ) -> None:
        """`community` is its name by language, by which an app tells this code from others."""
        self._say = say
        self._languages = tuple(languages)
        self._community = community
        self._page = templates(folder, assets, own=self._own_name)("board_code.html")

    def page(self, look: Look, asked: Asked, path: str, to: str) -> str:
        """Where the code is typed; the first time with what an app needs to make it."""

        def say(key: str, **values: Any) -> str:
            return self._say(look.language, Text(key, values))

        secret = asked.door.secret
        uri = address(secret, self._community[look.language], say("code-account")) if secret else ""
        return self._page.render(
            look=look,
            asked=asked,
            action=_with(path, look, to),
            others={
                code: _with(path, replace(look, language=code), to)
                for code in self._languages
                if code != look.language
            },
            say=say,
            apps=APPS,
            groups=in_groups(secret) if secret else (),
            uri=uri,
            qr=drawn(uri) if uri else "",
        )

    def _own_name(self, language: str) -> str:
        return self._say(language, Text(f"language-own-{language}"))


class CodeRooms:
    """Where the page is found."""

    def __init__(
        self,
        storage: Storage,
        keys: Keys,
        seats: Seats,
        page: CodePage,
        now: Callable[[], datetime],
        public_url: str | None,
    ) -> None:
        self._storage = storage
        self._keys = keys
        self._seats = seats
        self._page = page
        self._now = now
        self._public_url = public_url

    def routes(self) -> list[Route]:
        """The page, and its form."""
        return [
            Route("/board/{webinar}/code/{seat}", self.show, methods=["GET"]),
            Route("/board/{webinar}/code/{seat}", self.enter, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The page, for whoever has just used a link up here; it may be looked at again."""
        seat, now = _seat(request), self._now()
        held = self._held(request, seat)
        with reachable():
            async with self._storage.reading() as tx:
                door = await tx.doors.find(held, now) if held else None
                until = await tx.codes.waits_until(door.passage.person, now) if door else None
        if held is None or door is None:
            return await self._no_door(request, seat)
        asked = Asked(
            door,
            self._keys.form_token(held),
            request.query_params.get("said") == Verdict.WRONG,
            math.ceil((until - now).total_seconds() / 60) if until else 0,
        )
        look = self._seats.look(request, door)
        return HTMLResponse(self._page.page(look, asked, request.url.path, _to(request)))

    async def enter(self, request: Request) -> Response:
        """Check the code, and go in; else the page again, which says why."""
        from_here(request, self._public_url)
        form, seat = await read_form(request), _seat(request)
        held = self._held(request, seat)
        if held is None or not self._keys.is_form_token(held, form.get("token", "")):
            return await self._no_door(request, seat)
        with reachable():
            async with self._storage.transaction() as tx:
                verdict, secret = await tx.doors.enter(held, form.get("code", ""), self._now())
        if seat is not None and secret is not None:
            opened = Opened(seat, webinar_of(request), secret)
            response = self._seats.lead_in(opened, _to(request))
            self._keys.drop(response, door_of(seat), opened.webinar)
            return response
        if verdict in (Verdict.WRONG, Verdict.WAIT):
            # To look at the answer again is not to send the code again.
            way = _with(request.url.path, self._seats.look(request), _to(request))
            return RedirectResponse(f"{way}&said={verdict}", 303)
        return await self._no_door(request, seat)

    async def _no_door(self, request: Request, seat: Seat | None) -> Response:
        """Back to the seat for whoever is in already: the button pressed twice, or the way back."""
        session = await self._seats.session(request, seat) if seat else None
        if session is None:
            return self._seats.outside(request)
        place, secret = session
        return self._seats.lead_in(Opened(place.seat, place.webinar, secret), _to(request))

    def _held(self, request: Request, seat: Seat | None) -> str | None:
        """What this browser holds at the door of this seat."""
        webinar = webinar_of(request)
        return self._keys.secret(request, door_of(seat), webinar) if seat else None


def address(secret: str, issuer: str, account: str) -> str:
    """What an authenticator app takes, from a picture or a link.

    https://github.com/google/google-authenticator/wiki/Key-Uri-Format
    """
    # Arabic takes six letters for one there, and each name said twice makes the picture finer.
    label, name = quote(account, safe=""), quote(issuer, safe="")
    return f"otpauth://totp/{label}?secret={secret}&issuer={name}"


def drawn(uri: str) -> str:
    """This address as a QR code: SVG without style attributes, which our pages' policy forbids."""
    from segno import make

    # On white also where the page is dark: not every camera reads it the other way round.
    return make(uri, micro=False).svg_inline(
        border=4, light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )


def in_groups(secret: str) -> tuple[str, ...]:
    """The secret in pieces that somebody can copy by eye."""
    starts = range(0, len(secret), LETTERS_IN_A_GROUP)
    return tuple(secret[start : start + LETTERS_IN_A_GROUP] for start in starts)


def _with(path: str, look: Look, to: str) -> str:
    way = f"{path}?lang={look.language}&theme={look.theme}"
    return f"{way}&to={to}" if to else way


def _to(request: Request) -> str:
    to = request.query_params.get("to", "")
    return to if to == DIGEST else ""


def _seat(request: Request) -> Seat | None:
    asked = request.path_params["seat"]
    return next((seat for seat in Seat if seat == asked), None)
