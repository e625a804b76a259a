"""Where the links lead that answer a mail: to agree and ask, or to have everything erased.

What a link holds is sealed in it, and nothing of it is stored; looking at a page looks nothing up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dialogue.incoming import Incoming, Mailed, TryAgain
from dialogue.words import Text, text
from handlers.mail.tickets import Ticket, Way, ticket_in
from storage.persons import MAILED
from web.mail.frame import Button, Frame, Sheet
from web.mail.once_more import Away, OnceMore
from web.mail.parts import AskingParts
from web.security import read_form

PATH = "/mail/"


class Asking:
    """The pages."""

    def __init__(
        self, parts: AskingParts, once_more: OnceMore, frame: Frame, now: Callable[[], datetime]
    ) -> None:
        self._parts = parts
        self._once_more = once_more
        self._frame = frame
        self._now = now

    def routes(self) -> list[Route]:
        """Where they are found."""
        ask, erase = (f"{PATH}{way}/{{token}}" for way in (Way.ASK, Way.ERASE))
        return [
            Route(ask, self.show, methods=["GET"]),
            Route(ask, self.send, methods=["POST"]),
            Route(erase, self.show_erasing, methods=["GET"]),
            Route(erase, self.erase, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The notice, and the button under it."""
        return self._asked(request)

    async def send(self, request: Request) -> Response:
        """Fetch the mail once more, and keep it together with the consent, once."""
        self._frame.from_here(request)
        ticket = self._ticket(request, Way.ASK)
        if ticket is None:
            return self._void(request)
        _, version = self._parts.notice()
        if (await read_form(request)).get("notice") != version:
            return self._asked(request, text("notice-changed"))
        language = self._frame.language(request)
        try:
            there = await self._once_more.take(
                Way.ASK, ticket, lambda mail: replace(mail, agreed=language)
            )
        except Away:
            return self._away(request, Way.ASK)
        if not there:
            return self._void(request)
        return self._frame.page(Sheet(language, (text("mail-question-sent"),)))

    async def show_erasing(self, request: Request) -> Response:
        """What the button erases."""
        action = f"{PATH}{Way.ERASE}/{request.path_params['token']}"
        button = Button(text("btn-forget-now"), action)
        language = self._frame.language(request)
        return self._frame.page(Sheet(language, (text("mail-forget-page"),), button))

    async def erase(self, request: Request) -> Response:
        """Erase everything; the same words whether there was anything."""
        self._frame.from_here(request)
        ticket = self._ticket(request, Way.ERASE)
        if ticket is None:
            return self._void(request)
        id = sha256(str(request.path_params["token"]).encode()).hexdigest()[:32]
        pressed = Incoming(
            MAILED, ticket.account, id, self._now(), text="", mailed=Mailed(erases=True)
        )
        try:
            await self._parts.take(pressed)
        except TryAgain:
            return self._away(request, Way.ERASE)
        language = self._frame.language(request)
        return self._frame.page(Sheet(language, (text("mail-forgotten"),)))

    def _ticket(self, request: Request, way: Way) -> Ticket | None:
        token = str(request.path_params["token"])
        return ticket_in(self._parts.open_link(way, token), self._now())

    def _asked(self, request: Request, *before: Text) -> Response:
        said, version = self._parts.notice()
        action = f"{PATH}{Way.ASK}/{request.path_params['token']}"
        button = Button(text("btn-mail-question-send"), action, (("notice", version),))
        texts = (*before, text("mail-question"), *said)
        return self._frame.page(Sheet(self._frame.language(request), texts, button))

    def _void(self, request: Request) -> Response:
        language = self._frame.language(request)
        return self._frame.page(Sheet(language, (text("mail-question-void"),)), 404)

    def _away(self, request: Request, way: Way) -> Response:
        """Nothing was taken: the same button may be pressed again."""
        language = self._frame.language(request)
        action = f"{PATH}{way}/{request.path_params['token']}"
        fields = (("notice", self._parts.notice()[1]),) if way is Way.ASK else ()
        label = text("btn-mail-question-send" if way is Way.ASK else "btn-forget-now")
        said = text("mail-question-away" if way is Way.ASK else "web-try-again")
        return self._frame.page(Sheet(language, (said,), Button(label, action, fields)), 503)
