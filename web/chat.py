"""The web chat: one page for both directions, by form post alone or with a script and events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from channels.webchat import WebChat
from dialogue.incoming import TryAgain
from web.bubbles import fold, woven
from web.intake import Intake, start_of
from web.page import Opened, Page
from web.posters import Gallery
from web.security import Cookies, Visitor, from_here, read_form
from web.sent import Sent, number, read_sent


class ChatRoom:
    """The routes under /chat."""

    def __init__(
        self,
        intake: Intake,
        chat: WebChat,
        page: Page,
        gallery: Gallery,
        cookies: Cookies,
        token: Callable[[], str],
        public_url: str | None,
    ) -> None:
        self._intake = intake
        self._chat = chat
        self._page = page
        self._gallery = gallery
        self._cookies = cookies
        self._token = token
        self._public_url = public_url

    async def show(self, request: Request) -> Response:
        """The page; a first visit, or one by a link that leads somewhere, has it greet."""
        visitor = self._cookies.visitor(request)
        notice = None
        linked = not request.query_params.keys().isdisjoint(("w", "i"))
        wanted = linked or not await self._chat.after(visitor.account, 0)
        if wanted and request.method == "GET":
            start = start_of(request.query_params)
            try:
                await self._intake.greet(visitor.account, start, self._hint(request))
            except TryAgain:
                notice = "web-try-again"
        if linked and notice is None:
            # Reloading the page that this leads to asks for nothing a second time.
            response: Response = RedirectResponse(await self._latest(visitor), 303)
        else:
            response = await self._render(request, visitor, notice, 503 if notice else 200)
        self._cookies.give(response, visitor)
        return response

    async def take(self, request: Request) -> Response:
        """Take what the page sent; the page again, or JSON where the script asks for that."""
        visitor = self.visitor(request)
        form = await read_form(request)
        if not self.is_ours(visitor, form):
            return await self.refuse(request, visitor, form, "web-stale", 403)
        sent = read_sent(form)
        if sent.text is not None and len(sent.text) > self._chat.limits.text_units:
            return await self.refuse(request, visitor, form, "web-too-long", 413)
        return await self.hand_in(request, visitor, form, sent)

    def visitor(self, request: Request) -> Visitor:
        """Who sends this from a page of ours; 403 if a browser says that it comes from another."""
        from_here(request, self._public_url)
        return self._cookies.visitor(request)

    def is_ours(self, visitor: Visitor, form: Mapping[str, str]) -> bool:
        """Whether this form is from a page that we made for this visitor."""
        return not visitor.new and self._cookies.is_form_token(visitor, form.get("token", ""))

    async def hand_in(
        self, request: Request, visitor: Visitor, form: Mapping[str, str], sent: Sent
    ) -> Response:
        """Hand in what the form said, and answer the request."""
        # A live page hears what is said by its open line.
        live, hint = form.get("live") == "1", self._hint(request)
        try:
            await self._intake.take(visitor.account, sent, hint, wait=not live)
        except TryAgain:
            return await self.refuse(request, visitor, form, "web-try-again", 503)
        if _wants_json(request):
            letters = [] if live else await self._letters(visitor, sent.seen)
            return JSONResponse({"letters": letters}, 202)
        return RedirectResponse(await self._latest(visitor), 303)

    async def messages(self, request: Request) -> Response:
        """What is new after `?after=`, and a fresh form token, as JSON."""
        visitor = self._cookies.visitor(request)
        if visitor.new:
            raise HTTPException(401)
        after = number(request.query_params.get("after"))
        await self._intake.acknowledge(visitor.account, after)
        return JSONResponse(
            {
                "letters": await self._letters(visitor, after),
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

    async def _letters(self, visitor: Visitor, after: int) -> list[dict[str, object]]:
        """The letters after this number, as the script takes them."""
        letters = await self._chat.after(visitor.account, after)
        pictures = await self._gallery.pictures(letters)
        return [self._page.letter(each, pictures) for each in letters]

    async def _latest(self, visitor: Visitor) -> str:
        """The page at its latest message, so that a long one is read from its beginning."""
        bubbles = fold(await self._chat.after(visitor.account, 0))
        return f"/chat#m{bubbles[-1].id}" if bubbles else "/chat"

    async def refuse(
        self, request: Request, visitor: Visitor, form: Mapping[str, str], notice: str, status: int
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
        bubbles = fold(letters, await self._gallery.pictures(letters))
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


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
