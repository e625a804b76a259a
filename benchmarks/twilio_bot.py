"""What one would write for WhatsApp without us: Starlette, and Twilio's own library.

`WAY=twiml` answers in the webhook's own answer. The others announce to many when they are asked to,
and reply over the API: `WAY=sleep` sends one after the other and sleeps a cap's part in between;
`WAY=retry` sends thirty at a time and tries again, later and later, what came too fast.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

# The library says nothing of its types.
from twilio.base.exceptions import TwilioRestException  # pyright: ignore
from twilio.http.async_http_client import AsyncTwilioHttpClient  # pyright: ignore
from twilio.request_validator import RequestValidator  # pyright: ignore
from twilio.rest import Client  # pyright: ignore
from twilio.twiml.messaging_response import MessagingResponse  # pyright: ignore

PUBLIC, SENDER, TOKEN = (os.environ[name] for name in ("PUBLIC", "SENDER", "TOKEN"))
AT_ONCE = 30
validator = RequestValidator(TOKEN)
running: set[asyncio.Task[None]] = set()


class Line(AsyncTwilioHttpClient):
    """Goes to the stand-in instead of Twilio."""

    async def request(self, method: str, url: str, *given: Any, **named: Any) -> Any:
        """Ask there."""
        place = url.replace("https://api.twilio.com", os.environ["SERVER"])
        return await super().request(method, place, *given, **named)  # pyright: ignore


async def message(request: Request) -> Response:
    """Say the same."""
    form = await _form(request)
    if not _genuine(request, form):
        return Response(status_code=403)
    text, person = form["Body"], form["From"]
    if os.environ["WAY"] == "twiml":
        answer = MessagingResponse()
        answer.message(text)  # pyright: ignore
        return Response(str(answer), media_type="text/xml")
    way = _to_everybody(request) if text == "/broadcast" else _send(request, person, text)
    task = asyncio.create_task(way)
    running.add(task)
    task.add_done_callback(running.discard)
    return Response(str(MessagingResponse()), media_type="text/xml")


async def status(request: Request) -> Response:
    """Hear what became of a message."""
    form = await _form(request)
    return Response(status_code=204 if _genuine(request, form) else 403)


async def healthz(request: Request) -> Response:
    """Say that it lives."""
    return PlainTextResponse("ok")


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))


def _genuine(request: Request, form: dict[str, str]) -> bool:
    query = f"?{request.url.query}" if request.url.query else ""
    url = f"{PUBLIC}{request.url.path}{query}"
    return validator.validate(url, form, request.headers.get("X-Twilio-Signature", ""))  # pyright: ignore


async def _to_everybody(request: Request) -> None:
    first, count = int(os.environ["FIRST"]), int(os.environ["COUNT"])
    phones = [f"whatsapp:+964770{person:07d}" for person in range(first, first + count)]
    if os.environ["WAY"] == "sleep":
        for phone in phones:
            await _send(request, phone, os.environ["MARK"])
            await asyncio.sleep(1 / int(os.environ["CAP"]))
        return
    few = asyncio.Semaphore(AT_ONCE)

    async def send(phone: str) -> None:
        async with few:
            await _send(request, phone, os.environ["MARK"])

    await asyncio.gather(*(send(phone) for phone in phones))


async def _send(request: Request, phone: str, text: str) -> None:
    seconds = 0.5
    while True:
        try:
            await request.app.state.client.messages.create_async(
                to=phone, from_=SENDER, body=text, status_callback=f"{PUBLIC}/whatsapp/status"
            )
        except TwilioRestException as error:
            if error.status != 429:
                raise
            await asyncio.sleep(seconds * random.uniform(0.5, 1.5))
            seconds = min(seconds * 2, 8.0)
        else:
            return


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncGenerator[None]:
    """Open the line inside the loop."""
    app.state.client = Client(os.environ["ACCOUNT"], TOKEN, http_client=Line())
    yield


def main() -> None:
    """Run until told to stop."""
    routes = [
        Route("/whatsapp", message, methods=["POST"]),
        Route("/whatsapp/status", status, methods=["POST"]),
        Route("/healthz", healthz),
    ]
    app = Starlette(routes=routes, lifespan=lifespan)
    port = int(os.environ["PORT"])
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
