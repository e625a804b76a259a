"""Where the link leads that proves an address: one button, which burns it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dialogue.words import text
from storage import Storage, Transaction
from web.mail.frame import Button, Frame, Sheet
from web.mailboxes import reachable

Proved: TypeAlias = Callable[[Transaction, int], Awaitable[None]]
"""Has this person, whose address was just proved, get there what is for them, in the same commit.
"""


class Proving:
    """The pages of a proof."""

    def __init__(
        self,
        storage: Storage,
        frame: Frame,
        now: Callable[[], datetime],
        proved: Proved,
        queued: Callable[[], None],
    ) -> None:
        """`queued` is told once something that is to leave was committed."""
        self._storage = storage
        self._frame = frame
        self._now = now
        self._proved = proved
        self._queued = queued

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
                if proved is not None:
                    await self._proved(tx, proved)
        self._queued()
        language = self._frame.language(request)
        said = text("mail-link-void" if proved is None else "mail-proved")
        status = 404 if proved is None else 200
        return self._frame.page(Sheet(language, (said,), to_chat=True), status)
