"""What the machines around us ask: does it live, is it ready, how is it doing."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response


@dataclass(frozen=True, slots=True)
class Health:
    """What the answers are taken from."""

    storage_writable: Callable[[], Awaitable[bool]]
    channels: Callable[[], Mapping[str, bool]]
    """Whether each configured channel is connected, by its name."""
    registry: CollectorRegistry
    metrics_token: str | None = None

    async def lives(self, request: Request) -> Response:
        """200: the process answers."""
        return JSONResponse({"alive": True})

    async def ready(self, request: Request) -> Response:
        """200 when turns can be taken, 503 when the storage cannot be written to.

        A channel that is not connected is shown and no more: the others work without it.
        """
        writable = await self.storage_writable()
        state = {"storage": writable, "channels": dict(self.channels())}
        return JSONResponse(state, 200 if writable else 503)

    async def metrics(self, request: Request) -> Response:
        """The counters, for who knows the token; 404 while none is set."""
        if not self.metrics_token:
            raise HTTPException(404)
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self.metrics_token}".encode()):
            raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
        return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)
