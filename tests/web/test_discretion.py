"""What the web room's logs hold: nothing of anybody."""

from __future__ import annotations

import logging

import pytest

from tests.web.conftest import Visit
from tests.web.standin import AGREE, Site


async def test_no_log_line_tells_who_said_what(
    visit: Visit, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    # The visitor's own side of the line is no part of the room.
    for theirs in ("httpx", "httpcore"):
        caplog.set_level(logging.CRITICAL, logger=theirs)
    caplog.set_level(logging.DEBUG)
    await visit.open("/chat?w=canary-webinar")
    await visit.press("English")
    await visit.press(AGREE["en"])
    await visit.send(text="canary words")
    await visit.client.get("/chat/messages", params={"after": "424242"})
    async with visit.client.stream("GET", "/chat/events?after=0") as answer:
        await anext(answer.aiter_lines())
    cookie = visit.client.cookies["tadamun"]
    told = "\n".join([caplog.text, *(str(record.__dict__) for record in caplog.records)])
    for canary in ("canary", cookie, site.account, visit.field("token"), "424242", "127.0.0.1"):
        assert canary not in told
