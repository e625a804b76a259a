"""Where the link leads by which an expert says that the answers in a mail are theirs.

No notice stands there, since nothing of them is kept but the answers, until a moderator reads them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dialogue.words import Text, text
from handlers.mail.tickets import Way, ticket_in
from web.mail.frame import Button, Frame, Sheet
from web.mail.once_more import Away, OnceMore
from web.mail.parts import AskingParts

PATH = f"/mail/{Way.ANSWER}/"


class Answering:
    """The page."""

    def __init__(
        self, parts: AskingParts, once_more: OnceMore, frame: Frame, now: Callable[[], datetime]
    ) -> None:
        self._parts = parts
        self._once_more = once_more
        self._frame = frame
        self._now = now

    def routes(self) -> list[Route]:
        """Where it is found."""
        return [
            Route(PATH + "{token}", self.show, methods=["GET"]),
            Route(PATH + "{token}", self.confirm, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """What the button does; whether the link is good is not even looked up."""
        return self._offer(request, text("mail-answers"))

    async def confirm(self, request: Request) -> Response:
        """Fetch the mail once more, and have moderators read the answers."""
        self._frame.from_here(request)
        sealed = self._parts.open_link(Way.ANSWER, str(request.path_params["token"]))
        ticket = ticket_in(sealed, self._now())
        try:
            there = ticket is not None and await self._once_more.take(
                Way.ANSWER, ticket, lambda mail: replace(mail, vouched=True)
            )
        except Away:
            return self._offer(request, text("mail-question-away"), 503)
        language = self._frame.language(request)
        if not there:
            return self._frame.page(Sheet(language, (text("mail-answers-void"),)), 404)
        return self._frame.page(Sheet(language, (text("mail-answers-sent"),)))

    def _offer(self, request: Request, said: Text, status: int = 200) -> Response:
        button = Button(text("btn-mail-answers-send"), PATH + str(request.path_params["token"]))
        sheet = Sheet(self._frame.language(request), (said,), button)
        return self._frame.page(sheet, status)
