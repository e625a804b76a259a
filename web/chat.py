"""The web chat: one page for both directions, by form post alone or with a script and events."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Protocol
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from channels import Unreachable
from channels.webbells import Bell
from channels.webchat import WebChat
from channels.webmemory import OwnWords
from dialogue.incoming import Incoming, TryAgain
from web.bubbles import fold, woven
from web.page import Opened, Page
from web.security import Cookies, Visitor, read_form, same_origin
from web.sent import Sent, number, read_sent

_WEBINAR = re.compile(r"[A-Za-z0-9_-]{1,62}")


class Reception(Protocol):
    """Takes what came in; returns once it is safe. Raises TryAgain when it was not taken."""

    def take(self, incoming: Incoming) -> Awaitable[None]: ...


class ChatRoom:
    """The routes under /chat."""

    def __init__(
        self,
        reception: Reception,
        chat: WebChat,
        page: Page,
        cookies: Cookies,
        now: Callable[[], datetime],
        token: Callable[[], str],
        public_url: str | None = None,
        patience: float = 2.0,
    ) -> None:
        self._reception = reception
        self._chat = chat
        self._page = page
        self._cookies = cookies
        self._now = now
        self._token = token
        self._public_url = public_url
        self._patience = patience

    async def show(self, request: Request) -> Response:
        """The page; a first visit, or one with `?w=`, has it greet."""
        visitor = self._cookies.visitor(request)
        notice = None
        webinar = request.query_params.get("w")
        wanted = webinar is not None or not await self._chat.after(visitor.account, 0)
        if wanted and request.method == "GET":
            notice = await self._greet(request, visitor, webinar)
        if webinar is not None and notice is None:
            # Reloading the page that this leads to asks for nothing a second time.
            response: Response = RedirectResponse(await self._latest(visitor), 303)
        else:
            response = await self._render(request, visitor, notice, 503 if notice else 200)
        self._cookies.give(response, visitor)
        return response

    async def take(self, request: Request) -> Response:
        """Take what the page sent; the page again, or JSON where the script asks for that."""
        if not same_origin(request, self._public_url):
            raise HTTPException(403)
        form = await read_form(request)
        visitor = self._cookies.visitor(request)
        if visitor.new or not self._cookies.is_form_token(visitor, form.get("token", "")):
            return await self._refuse(request, visitor, form, "web-stale", 403)
        sent = read_sent(form)
        if sent.text is not None and len(sent.text) > self._chat.limits.text_units:
            return await self._refuse(request, visitor, form, "web-too-long", 413)
        with self._chat.bells.listen(visitor.account) as bell:
            try:
                await self._hand_in(request, visitor, sent)
            except TryAgain:
                return await self._refuse(request, visitor, form, "web-try-again", 503)
            if form.get("live") != "1":
                await self._answered(visitor, sent.seen, bell)
        if _wants_json(request):
            letters = [] if form.get("live") == "1" else await self.letters(visitor, sent.seen)
            return JSONResponse({"letters": letters}, 202)
        return RedirectResponse(await self._latest(visitor), 303)

    async def messages(self, request: Request) -> Response:
        """What is new after `?after=`, and a fresh form token, as JSON."""
        visitor = self._cookies.visitor(request)
        if visitor.new:
            raise HTTPException(401)
        after = number(request.query_params.get("after"))
        await self._acknowledge(visitor.account, after)
        return JSONResponse(
            {
                "letters": await self.letters(visitor, after),
                "erased": self._chat.erased_until(visitor.account),
                "token": self._cookies.form_token(visitor),
            }
        )

    async def file(self, request: Request) -> Response:
        """The document that came with a message, to be kept; 404 when it is gone."""
        visitor = self._cookies.visitor(request)
        wanted = request.path_params["number"]
        for letter in reversed(await self._chat.after(visitor.account, 0)):
            attached = letter.message.file
            if attached is not None and wanted in (letter.number, letter.target):
                name = quote(attached.name, safe="")
                headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
                return Response(
                    attached.content, headers=headers, media_type="application/octet-stream"
                )
        raise HTTPException(404)

    async def letters(self, visitor: Visitor, after: int) -> list[dict[str, object]]:
        """The letters after this number, as the script takes them."""
        return [self._page.letter(each) for each in await self._chat.after(visitor.account, after)]

    async def _hand_in(self, request: Request, visitor: Visitor, sent: Sent) -> None:
        account = visitor.account
        if self._chat.was_taken(account, sent.id):
            return
        await self._reception.take(
            Incoming(
                channel=self._chat.name,
                sender=account,
                id=_incoming_id(account, sent.id),
                at=self._now(),
                text=sent.text,
                choice=sent.choice,
                message=sent.message,
                hint=self._hint(request),
            )
        )
        self._chat.note_taken(account, sent.id)
        if sent.text is not None and not sent.aside:
            self._chat.echo(account, OwnWords(sent.id, sent.seen, sent.text))
        await self._acknowledge(account, sent.seen)

    async def _acknowledge(self, account: str, number: int) -> None:
        # Only what is kept for how long hangs on it: the next page says it again.
        with suppress(Unreachable):
            await self._chat.acknowledge(account, number)

    async def _greet(self, request: Request, visitor: Visitor, webinar: str | None) -> str | None:
        """Have the visitor greeted; the key of a notice if that cannot be done now."""
        start = f"w-{webinar}" if webinar and _WEBINAR.fullmatch(webinar) else None
        before = await self._last(visitor)
        with self._chat.bells.listen(visitor.account) as bell:
            try:
                await self._reception.take(
                    Incoming(
                        channel=self._chat.name,
                        sender=visitor.account,
                        id=_incoming_id(visitor.account, self._token()),
                        at=self._now(),
                        text="/start",
                        start=start,
                        hint=self._hint(request),
                    )
                )
            except TryAgain:
                return "web-try-again"
            await self._answered(visitor, before, bell)
        return None

    async def _answered(self, visitor: Visitor, after: int, bell: Bell) -> None:
        """Wait, within reason, until there is a letter after this number."""
        clock = asyncio.get_running_loop().time
        patient_until = clock() + self._patience
        while not await self._chat.after(visitor.account, after):
            if not await bell.wait(patient_until - clock()) or bell.closed:
                return

    async def _latest(self, visitor: Visitor) -> str:
        """The page at its latest message, so that a long one is read from its beginning."""
        bubbles = fold(await self._chat.after(visitor.account, 0))
        return f"/chat#m{bubbles[-1].id}" if bubbles else "/chat"

    async def _last(self, visitor: Visitor) -> int:
        letters = await self._chat.after(visitor.account, 0)
        return letters[-1].number if letters else 0

    async def _refuse(
        self, request: Request, visitor: Visitor, form: dict[str, str], notice: str, status: int
    ) -> Response:
        """Say what is wrong, and give back what was typed: nothing that was written is lost."""
        if _wants_json(request):
            return JSONResponse({"error": notice}, status)
        response = await self._render(request, visitor, notice, status, form.get("text", ""))
        self._cookies.give(response, visitor)
        return response

    async def _render(
        self,
        request: Request,
        visitor: Visitor,
        notice: str | None,
        status: int,
        draft: str = "",
    ) -> Response:
        letters = await self._chat.after(visitor.account, 0)
        bubbles = fold(letters)
        language = bubbles[-1].language if bubbles else self._hint(request)
        opened = Opened(
            bubbles=woven(bubbles, self._chat.own_words(visitor.account)),
            language=self._page.known(language),
            last=letters[-1].number if letters else 0,
            form_token=self._cookies.form_token(visitor),
            form_id=self._token(),
            notice=notice,
            draft=draft,
        )
        return HTMLResponse(self._page.render(opened), status)

    def _hint(self, request: Request) -> str:
        return self._page.preferred(request.headers.get("accept-language", ""))


def _incoming_id(account: str, identifier: str) -> str:
    # Bound to the account, so that nobody can use up the ids of another.
    return hashlib.sha256(f"{account} {identifier}".encode()).hexdigest()


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
