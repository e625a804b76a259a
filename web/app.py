"""Puts the web's routes together from what it is handed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from channels import Unreachable
from channels.webchat import WebChat
from web.board.parts import BoardParts
from web.board.rooms import BoardRooms
from web.chat import ChatRoom
from web.health import Health
from web.intake import Intake, Reception
from web.mail.rooms import MailParts, MailRooms
from web.page import Page
from web.pictures import PictureDesk
from web.posters import Gallery, Posters
from web.security import HEADERS, UPLOADS, Cookies, Guard
from web.stream import Stream
from web.webhook import Hook, Webhooks


@dataclass(frozen=True, slots=True)
class WebParts:
    """Everything that the web needs of the others."""

    reception: Reception
    chat: WebChat
    health: Health
    posters: Posters
    say: Callable[[str, str], str]
    """What a catalogue key says in a language: `say("ar", "web-send")`."""
    languages: Sequence[str]
    """The community's languages, its first one first."""
    community: Mapping[str, str]
    """The community's name by language."""
    now: Callable[[], datetime]
    token: Callable[[], str]
    """256 random bits each time, in 43 letters of URL-safe base64: secrets.token_urlsafe."""
    form_key: bytes
    """What form tokens are made with; a new one at each start will do."""
    public_url: str | None = None
    """Where people reach us; https makes cookies secure. None: plain http on this machine."""
    telegram_username: Callable[[], str | None] = lambda: None
    """The bot's name on Telegram once it is known, for the way over there."""
    board: BoardParts | None = None
    """What the boards need; None where there are none."""
    mail: MailParts | None = None
    """What the pages need that links in mails lead to; None where there is no mail."""
    hooks: Sequence[Hook] = ()
    """Where platforms bring what came in."""
    heartbeat: float = 20.0
    """Seconds of silence after which an open page gets a sign of life."""
    patience: float = 2.0
    """Seconds that an answer without script waits for what the bot says."""


def create_app(parts: WebParts) -> Starlette:
    """The application, ready to be served; it opens nothing and starts nothing."""
    https = parts.public_url is not None and parts.public_url.startswith("https://")
    cookies = Cookies(https, parts.form_key, parts.token)
    page = Page(
        parts.say,
        parts.languages,
        parts.community,
        parts.telegram_username,
        folder=Path(__file__).parent,
    )
    intake = Intake(parts.reception, parts.chat, parts.now, parts.token, parts.patience)
    gallery = Gallery(parts.posters, cookies)
    room = ChatRoom(intake, parts.chat, page, gallery, cookies, parts.token, parts.public_url)
    pictures = PictureDesk(room, parts.posters, parts.chat)
    stream = Stream(parts.chat, page, gallery, cookies, parts.heartbeat)
    routes = [
        Route("/", _home),
        Route("/chat", room.show, methods=["GET"]),
        Route("/chat", room.take, methods=["POST"]),
        Route("/chat/events", stream.open),
        Route(UPLOADS, pictures.take, methods=["POST"]),
        Route("/chat/poster/{hash}", gallery.show),
        Route("/media/{hash}", gallery.hand_out, methods=["GET"]),
        Route("/chat/messages", room.messages),
        Route("/chat/file/{number:int}", room.file),
        Route("/healthz", parts.health.lives),
        Route("/readyz", parts.health.ready),
        Route("/metrics", parts.health.metrics),
        Route("/static/{name}", page.assets.serve),
    ]
    if parts.board is not None:
        routes += _boards(parts.board, parts, page).routes()
    if parts.mail is not None:
        mail = MailRooms(
            parts.mail, page.assets.addresses, parts.languages, parts.now, parts.public_url
        )
        routes += mail.routes()
    middleware = [Middleware(Guard, https=https)]
    if parts.hooks:
        middleware.append(Middleware(Webhooks, hooks=parts.hooks))
    return Starlette(
        routes=routes,
        middleware=middleware,
        exception_handlers={
            HTTPException: _refused,
            Unreachable: _unavailable,
            Exception: _failed,
        },
    )


def _boards(board: BoardParts, parts: WebParts, page: Page) -> BoardRooms:
    return BoardRooms(
        board,
        parts.chat.bells,
        page.assets,
        parts.languages,
        parts.now,
        parts.form_key,
        parts.public_url,
        parts.heartbeat,
        parts.token,
        parts.community,
    )


async def _home(request: Request) -> Response:
    return RedirectResponse("/chat", 303)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette hands over what it is told to.
    return Response(status_code=error.status_code, headers=error.headers)


async def _unavailable(request: Request, error: Exception) -> Response:
    # The mailboxes cannot be read just now.
    return Response(status_code=503, headers={"Retry-After": "5"})


async def _failed(request: Request, error: Exception) -> Response:
    # This answer goes round the guard, and so brings the headers itself.
    return PlainTextResponse("", 500, headers={**HEADERS, "Cache-Control": "no-store"})
