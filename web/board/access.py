"""Who sits at a board: the session's cookie, and the token that its forms carry."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from storage.community.boards import Seat

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


class Keys:
    """The cookies of the boards: one for each webinar and seat, since several may be open."""

    def __init__(self, https: bool, form_key: bytes, draw: Callable[[], str]) -> None:
        """`draw` gives letters that nobody has had yet."""
        self._https = https
        self._form_key = form_key
        self.number = draw
        """What a form is given to count once by."""

    def secret(self, request: Request, seat: str, webinar: str) -> str | None:
        """The session that this browser brings for this webinar."""
        found = request.cookies.get(self._name(seat, webinar), "")
        return found if _SECRET.fullmatch(found) else None

    def give(self, response: Response, seat: str, webinar: str, secret: str) -> None:
        """Have the browser keep it until it is closed; the server ends it much earlier."""
        response.set_cookie(
            self._name(seat, webinar),
            secret,
            path="/",
            secure=self._https,
            httponly=True,
            samesite="lax",
        )

    def take(self, response: Response, seat: Seat, webinar: str) -> None:
        """Have the browser forget it, and what it kept of the pages."""
        self.drop(response, seat, webinar)
        # Cookies and storage would be those of the web chat, too.
        response.headers["Clear-Site-Data"] = '"cache"'

    def drop(self, response: Response, seat: str, webinar: str) -> None:
        """Have the browser forget it."""
        response.delete_cookie(
            self._name(seat, webinar), path="/", secure=self._https, httponly=True, samesite="lax"
        )

    def form_token(self, secret: str) -> str:
        """What the forms of this session's pages carry; nobody else can make it."""
        return hmac.new(self._form_key, b"board:" + secret.encode(), hashlib.sha256).hexdigest()

    def is_form_token(self, secret: str, token: str) -> bool:
        """Whether a form that carries this came from this session's own page."""
        return hmac.compare_digest(self.form_token(secret).encode(), token.encode())

    def _name(self, seat: str, webinar: str) -> str:
        # Browsers take the prefix only over TLS; with it no other host can plant the cookie.
        prefix = "__Host-" if self._https else ""
        return f"{prefix}{seat}-" + hashlib.sha256(webinar.encode()).hexdigest()[:12]
