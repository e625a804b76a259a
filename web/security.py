"""What every request must obey and every answer carries."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dialogue.pictures import LARGEST

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
BODY_LIMIT = 256 * 1024
"""Bytes that a request may carry."""
UPLOADS = "/chat/picture"
UPLOAD_LIMIT = LARGEST + 16 * 1024
"""The same where pictures are sent to: the picture, and the form around it."""
COOKIE_SECONDS = 400 * 24 * 3600
"""As long as browsers keep a cookie at most."""

_COOKIE_FORM = re.compile(r"[A-Za-z0-9_-]{43}")
_FIELDS_AT_MOST = 16


class Guard:
    """Bounds what comes in, and puts the security headers on everything that goes out."""

    def __init__(self, app: ASGIApp, https: bool) -> None:
        self._app = app
        headers = {**HEADERS, "Strict-Transport-Security": "max-age=31536000"} if https else HEADERS
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
                if not any(name == b"cache-control" for name, _ in message["headers"]):
                    message["headers"].append((b"cache-control", b"no-store"))
            await send(message)

        refusal = _refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, guarded)
            return
        await self._app(scope, _metered(receive, _limit(scope)), guarded)


def _limit(scope: Scope) -> int:
    return UPLOAD_LIMIT if scope["path"] == UPLOADS else BODY_LIMIT


def _refusal(scope: Scope) -> Response | None:
    headers: dict[bytes, bytes] = dict(scope["headers"])
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        # A small compressed body may unfold to any size.
        return PlainTextResponse("Compressed requests are not taken.", 415)
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length[:20]) > _limit(scope):
        return PlainTextResponse("The request is too large.", 413)
    return None


def _metered(receive: Receive, limit: int) -> Receive:
    """The same request, refused once its body turns out longer than the limit."""
    taken = 0

    async def metered() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise HTTPException(413)
        return message

    return metered


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who holds this cookie."""

    cookie: str
    new: bool
    """The cookie was made just now: the browser sent none, or none of ours."""

    @property
    def account(self) -> str:
        """What the visitor is known by; the cookie itself is kept nowhere."""
        return hashlib.sha256(self.cookie.encode()).hexdigest()


class Cookies:
    """Recognises visitors, and gives them what to be recognised by."""

    def __init__(self, https: bool, key: bytes, token: Callable[[], str]) -> None:
        self._https = https
        # Browsers take the prefix only over TLS; with it no other host can plant the cookie.
        self._name = "__Host-tadamun" if https else "tadamun"
        self._key = key
        self._token = token

    def visitor(self, request: Request) -> Visitor:
        """The visitor who sent this request, a new one if they brought no cookie of ours."""
        cookie = request.cookies.get(self._name, "")
        if _COOKIE_FORM.fullmatch(cookie):
            return Visitor(cookie, new=False)
        return Visitor(self._token(), new=True)

    def give(self, response: Response, visitor: Visitor) -> None:
        """Have the browser keep the cookie, from now on for as long as it may."""
        response.set_cookie(
            self._name,
            visitor.cookie,
            max_age=COOKIE_SECONDS,
            path="/",
            secure=self._https,
            httponly=True,
            samesite="lax",
        )

    def form_token(self, visitor: Visitor) -> str:
        """What the forms of this visitor's pages carry; nobody else can make it."""
        return hmac.new(self._key, visitor.cookie.encode(), hashlib.sha256).hexdigest()

    def is_form_token(self, visitor: Visitor, token: str) -> bool:
        """Whether a form that carries this came from this visitor's own page."""
        return hmac.compare_digest(self.form_token(visitor).encode(), token.encode())


def from_here(request: Request, public_url: str | None) -> None:
    """403 if a browser says that this request comes from a page of another site.

    Browsers that send no Sec-Fetch-Site hide the origin of a form whose page has the referrer
    policy `no-referrer`; such a request is judged by its form token alone.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin", "null")
    if site is not None:
        ours = site == "same-origin"
    else:
        ours = origin in ("null", own_origin(request, public_url))
    if not ours:
        raise HTTPException(403)


def own_origin(request: Request, public_url: str | None) -> str:
    """The origin of our pages, as the settings say or, without, as this request addressed it."""
    if public_url is None:
        return f"http://{request.headers.get('host', '')}"
    address = urlsplit(public_url)
    return f"{address.scheme}://{address.netloc}"


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a submitted form; 400 if it is no form or names a field twice."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise HTTPException(415)
    try:
        body = (await request.body()).decode("ascii")
        pairs = parse_qsl(
            body, keep_blank_values=True, errors="replace", max_num_fields=_FIELDS_AT_MOST
        )
    except ValueError:
        raise HTTPException(400) from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise HTTPException(400)
    return fields
