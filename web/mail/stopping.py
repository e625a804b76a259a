"""Where mail is stopped: by the button that programs of mail show, or on a page.

One click goes by https://www.rfc-editor.org/rfc/rfc8058: it is posted by the reader's provider,
from nowhere that we know, without a cookie; the token alone says whose mail it is.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dialogue.words import text
from storage import Storage
from storage.persons import MAILED
from web.mail.frame import Button, Frame, Sheet
from web.mailboxes import reachable

PATH = "/mail/stop/"


class Stopping:
    """The pages on which mail is stopped."""

    def __init__(
        self, storage: Storage, frame: Frame, account_in: Callable[[str], str | None]
    ) -> None:
        """`account_in` opens a token; None when it is none of ours."""
        self._storage = storage
        self._frame = frame
        self._account_in = account_in

    def routes(self) -> list[Route]:
        """Where they are found."""
        return [
            Route(PATH + "{token}", self.show, methods=["GET"]),
            Route(PATH + "{token}", self.stop, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The page with the button."""
        button = Button(text("btn-mail-stop"), PATH + str(request.path_params["token"]))
        language = self._frame.language(request)
        return self._frame.page(Sheet(language, (text("mail-stop"),), button))

    async def stop(self, request: Request) -> Response:
        """Send nothing more there; the same words whether anything was sent there at all."""
        account = self._account_in(request.path_params["token"])
        if account is not None:
            with reachable():
                async with self._storage.transaction() as tx:
                    address = await tx.people.find(MAILED, account)
                    if address is not None:
                        await tx.people.mark(address.id, stopped=True)
                    # Perhaps it was named for an expert's, whoever else has it.
                    await tx.guests.stop(account)
        language = self._frame.language(request)
        return self._frame.page(Sheet(language, (text("mail-stopped"),), to_chat=True))
