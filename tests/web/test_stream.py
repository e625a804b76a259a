"""The open line: letters as they come, resumed after a break, one or two pages each."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx

from tests.web.conftest import Visit
from tests.web.standin import AGREE, Site, running_site


@dataclass
class Event:
    """One server-sent event."""

    name: str
    id: str | None
    content: dict[str, Any]


class Line:
    """An open stream, read event by event."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self._lines = answer.aiter_lines()

    async def next(self) -> Event | None:
        """The next event; None when the server ends the stream."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(30):
            async for line in self._lines:
                if not line and "event" in fields:
                    return Event(fields["event"], fields.get("id"), json.loads(fields["data"]))
                name, _, value = line.partition(": ")
                fields[name] = value
        return None


@asynccontextmanager
async def line(visit: Visit, after: str, resumed: str | None = None) -> AsyncGenerator[Line]:
    """A stream of what comes after this number."""
    headers = {"Last-Event-ID": resumed} if resumed else {}
    async with visit.client.stream(
        "GET", "/chat/events", params={"after": after}, headers=headers
    ) as answer:
        yield Line(answer)


async def test_a_letter_comes_as_it_is_said(visit: Visit, site: Site) -> None:
    await visit.open()
    async with line(visit, visit.field("seen")) as stream:
        assert stream.answer.headers["content-type"].startswith("text/event-stream")
        number = await site.bot.say(site.account, "سلام", "ar")
        event = await stream.next()
        assert event
        assert (event.name, event.id) == ("letter", str(number))
        assert event.content["lang"] == "ar"
        assert '<p dir="auto">سلام</p>' in event.content["html"]


async def test_an_edit_names_the_message_that_it_changes(visit: Visit, site: Site) -> None:
    await visit.open()
    seen = visit.field("seen")
    async with line(visit, seen) as stream:
        await visit.fetch(press=visit.button("English"), live="1")
        event = await stream.next()
        assert event
        assert (event.content["act"], event.content["id"]) == ("edit", int(seen))
        assert event.content["n"] > int(seen)


async def test_after_a_break_the_line_goes_on_where_it_was(visit: Visit, site: Site) -> None:
    await visit.open()
    first = visit.field("seen")
    numbers = [await site.bot.say(site.account, f"letter {count}") for count in range(3)]
    async with line(visit, first, resumed=str(numbers[0])) as stream:
        got = [await stream.next(), await stream.next()]
        assert [event.id for event in got if event] == [str(number) for number in numbers[1:]]
    assert site.mailboxes.acknowledged[site.account] == numbers[0]


async def test_numbers_rise_from_memory_to_mailbox_and_past_an_erasure(
    visit: Visit, site: Site
) -> None:
    await visit.open()
    async with line(visit, "0") as stream:
        await visit.press("English")
        await visit.press(AGREE["en"])
        await visit.send(text="hello")
        events = [await stream.next() for _ in range(5)]
        await visit.send(text="/forget")
        erased, goodbye = await stream.next(), await stream.next()
    numbers = [int(event.id) for event in events if event and event.id]
    assert numbers == sorted(set(numbers))
    assert erased
    assert goodbye
    assert (erased.name, erased.content) == ("erased", {"until": numbers[-1]})
    assert int(goodbye.id or 0) > numbers[-1]


async def test_a_silent_line_shows_that_it_lives() -> None:
    async with (
        running_site(lambda parts: replace(parts, heartbeat=0.01)) as site,
        httpx.AsyncClient(base_url=site.url, timeout=30) as http,
    ):
        visit = Visit(http)
        await visit.open()
        async with line(visit, visit.field("seen")) as stream:
            event = await stream.next()
            assert event
            assert event.name == "beat"


async def test_the_newest_two_pages_listen_and_the_oldest_is_told(visit: Visit, site: Site) -> None:
    await visit.open()
    seen = visit.field("seen")
    async with (
        line(visit, seen) as oldest,
        line(visit, seen) as older,
        line(visit, seen) as newest,
    ):
        event = await oldest.next()
        assert event
        assert event.name == "displaced"
        assert await oldest.next() is None
        await site.bot.say(site.account, "for the two")
        for stream in (older, newest):
            event = await stream.next()
            assert event
            assert event.name == "letter"


async def test_streams_end_when_the_server_stops() -> None:
    async with running_site() as site, httpx.AsyncClient(base_url=site.url, timeout=30) as http:
        visit = Visit(http)
        await visit.open()
        async with line(visit, visit.field("seen")) as stream:
            site.server.stop()
            assert await stream.next() is None


async def test_there_is_room_for_so_many_pages_and_no_more() -> None:
    async with (
        running_site(listeners=1) as site,
        httpx.AsyncClient(base_url=site.url, timeout=30) as http,
    ):
        visit = Visit(http)
        await visit.open()
        async with line(visit, "0") as first:
            assert await first.next()
            async with line(visit, "0") as second:
                assert second.answer.status_code == 503
                assert second.answer.headers["retry-after"] == "30"


async def test_a_page_that_went_away_makes_room_for_another() -> None:
    async with (
        running_site(listeners=1) as site,
        httpx.AsyncClient(base_url=site.url, timeout=30) as http,
    ):
        visit = Visit(http)
        await visit.open()
        async with line(visit, "0") as first:
            assert await first.next()
        async with asyncio.timeout(30):
            while await _refused(visit):
                pass


async def _refused(visit: Visit) -> bool:
    async with line(visit, "0") as stream:
        return stream.answer.status_code == 503
