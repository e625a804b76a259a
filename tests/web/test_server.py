"""The server ends: whoever has asked is answered first, however the end comes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from channels.webchat import WebChat
from tests.web.standin import Mailboxes
from web.server import WebServer


@pytest.mark.parametrize("told", [True, False], ids=["told to stop", "cancelled"])
async def test_a_request_under_way_is_answered_when_the_server_ends(*, told: bool) -> None:
    begun, may_answer = asyncio.Event(), asyncio.Event()

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        begun.set()
        await may_answer.wait()
        await send({"type": "http.response.start", "status": 503, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    chat = WebChat(Mailboxes(), lambda: datetime.now(UTC))
    server = WebServer(app, chat, "127.0.0.1", 0)
    async with httpx.AsyncClient(timeout=30) as http, asyncio.TaskGroup() as tasks:
        serving = tasks.create_task(server.run())
        await server.started.wait()
        asking = tasks.create_task(http.get(f"http://127.0.0.1:{server.port}/"))
        await begun.wait()
        if told:
            server.stop()
        else:
            serving.cancel()
        may_answer.set()
        assert (await asking).status_code == 503
        await asyncio.wait([serving])
    assert serving.cancelled() is not told
