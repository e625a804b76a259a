"""Where the links lead that answer a mail: to agree and ask, or to have everything erased.

What a link holds is sealed in it, and nothing of it is stored; looking at a page looks nothing up.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from channels import LATER
from dialogue.incoming import Incoming, Mailed, TryAgain
from dialogue.words import Text, text
from handlers.mail.tickets import Ticket, Way, ticket_in
from storage.persons import MAILED
from web.mail.frame import Button, Frame, Sheet
from web.security import read_form

PATH = "/mail/"
REMEMBERED = 1000
"""Mails that were fetched and taken: who presses once more reads the same."""


@dataclass(frozen=True, slots=True)
class AskingParts:
    """What these pages need of the others."""

    open_link: Callable[[Way, str], str | None]
    """The words that were sealed in a link; None when they were not."""
    notice: Callable[[], tuple[Sequence[Text], str]]
    """What is agreed to, and its version."""
    fetch: Callable[[Ticket], Awaitable[Incoming | None]]
    """The mail once more, if it is still there; raises what a channel may, if it cannot be told."""
    take: Callable[[Incoming], Awaitable[None]]
    """Raises TryAgain."""


class Asking:
    """The pages."""

    def __init__(self, parts: AskingParts, frame: Frame, now: Callable[[], datetime]) -> None:
        self._parts = parts
        self._frame = frame
        self._now = now
        # Each fetching is a log-in to the mailbox, for which everybody else waits.
        self._under_way: set[str] = set()
        self._sent: dict[str, None] = {}

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
        if ticket.lies_at in self._under_way:
            return self._away(request, Way.ASK)
        if ticket.lies_at not in self._sent:
            self._under_way.add(ticket.lies_at)
            try:
                if not await self._take(request, ticket):
                    return self._void(request)
            except (*LATER, TryAgain):
                return self._away(request, Way.ASK)
            finally:
                self._under_way.discard(ticket.lies_at)
            self._note_sent(ticket.lies_at)
        language = self._frame.language(request)
        return self._frame.page(Sheet(language, (text("mail-question-sent"),)))

    async def _take(self, request: Request, ticket: Ticket) -> bool:
        """Whether the mail was there, and is taken; raises what a channel may, and TryAgain."""
        mail = await self._parts.fetch(ticket)
        if mail is None or mail.mailed is None or mail.sender != ticket.account:
            return False
        agreed = replace(mail.mailed, agreed=self._frame.language(request))
        await self._parts.take(replace(mail, mailed=agreed))
        return True

    def _note_sent(self, lies_at: str) -> None:
        self._sent[lies_at] = None
        if len(self._sent) > REMEMBERED:
            del self._sent[next(iter(self._sent))]

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
