"""Where the link leads that proves an address: one button, which burns it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dialogue.words import text
from storage import Storage
from web.mail.frame import Button, Frame, Sheet
from web.mailboxes import reachable


class Proving:
    """The pages of a proof."""

    def __init__(
        self,
        storage: Storage,
        frame: Frame,
        now: Callable[[], datetime],
    ) -> None:
        self._storage = storage
        self._frame = frame
        self._now = now

    def routes(self) -> list[Route]:
        """Where they are found."""
        return [
            Route("/mail/{token}", self.show, methods=["GET"]),
            Route("/mail/{token}", self.prove, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The page with the button; whether the link is good is not even looked up."""
        token = str(request.path_params["token"])
        button = Button(text("btn-mail-prove"), f"/mail/{token}")
        language = self._frame.language(request)
        return self._frame.page(Sheet(language, (text("mail-prove"),), button))

    async def prove(self, request: Request) -> Response:
        """Use the link up; unknown, used and expired are one answer."""
        self._frame.from_here(request)
        with reachable():
            async with self._storage.transaction() as tx:
                proved = await tx.proofs.redeem(request.path_params["token"], self._now())
        language = self._frame.language(request)
        said = text("mail-proved" if proved else "mail-link-void")
        return self._frame.page(Sheet(language, (said,), to_chat=True), 200 if proved else 404)
