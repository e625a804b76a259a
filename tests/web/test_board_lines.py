"""The open lines of the board: changes as they come, resumed after a break, ended with a role."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from dialogue.stages import Stage
from storage import Transaction
from storage.community.boards import IDLE, Seat
from storage.roles import Role
from tests.web.community import OTHER, WEBINAR, Community, Member
from web.board.feeds import Feeds


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

    async def next(self, *names: str) -> Event | None:
        """The next event of these names; None when the server ends the stream."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(30):
            async for line in self._lines:
                if line:
                    name, _, value = line.partition(": ")
                    fields[name] = value
                elif fields.get("event") in names:
                    return Event(fields["event"], fields.get("id"), json.loads(fields["data"]))
                else:
                    fields = {}
        return None


@asynccontextmanager
async def line(member: Member, view: str = "desk", **query: str) -> AsyncGenerator[Line]:
    async with member.client.stream(
        "GET", f"/board/{WEBINAR}/events", params={"view": view, **query}
    ) as answer:
        yield Line(answer)


@pytest.fixture
def heartbeat() -> float:
    return 0.4


@pytest.fixture
async def moderator(community: Community) -> AsyncIterator[Member]:
    async with httpx.AsyncClient(base_url=community.site.url, timeout=30) as client:
        member = Member(client, community)
        person = await community.staff(Role.MODERATOR, "moderator")
        await member.enter(await community.link(person))
        yield member


async def test_a_new_question_comes_as_it_is_asked_and_moves_as_it_is_moved(
    community: Community, moderator: Member
) -> None:
    async with line(moderator) as desk, line(moderator, "projector", lang="ar") as screen:
        assert desk.answer.headers["content-type"].startswith("text/event-stream")
        question = await community.ask("لماذا؟", language="ar")
        event = await desk.next("cards")
        assert event
        (shown,) = event.content["cards"]
        assert (shown["id"], shown["column"]) == (str(question.id), "new")
        assert '<bdi dir="auto" lang="ar">لماذا؟</bdi>' in shown["html"]
        await community.bring(question.id, Stage.LIVE)
        while shown["column"] != "now":
            event = await desk.next("cards")
            assert event
            (shown,) = event.content["cards"]
        while True:
            put = await screen.next("stage")
            assert put
            if "لماذا؟" in put.content["html"] and 'class="next"' not in put.content["html"]:
                break


async def test_after_a_break_only_what_is_new_comes(
    community: Community, moderator: Member
) -> None:
    first = await community.ask("first")
    second = await community.ask("second")
    async with line(moderator, after=str(first.version)) as desk:
        event = await desk.next("cards")
        assert event
        assert [each["id"] for each in event.content["cards"]] == [str(second.id)]
        there = await desk.next("present")
        assert there
        assert set(there.content["ids"]) == {str(first.id), str(second.id)}
    async with moderator.client.stream(
        "GET", f"/board/{WEBINAR}/events", headers={"Last-Event-ID": event.id or ""}
    ) as answer:
        stream = Line(answer)
        third = await community.ask("third")
        event = await stream.next("cards")
        assert event
        assert [each["id"] for each in event.content["cards"]] == [str(third.id)]


async def test_what_was_erased_or_taken_back_leaves_every_open_page(
    community: Community, moderator: Member
) -> None:
    withdrawn, erased = await community.ask("taken back", by="one"), await community.ask("erased")
    async with line(moderator, after=str(erased.version)) as desk:
        assert await desk.next("present")
        async with community.storage.transaction() as tx:
            await tx.questions.withdraw(community.people["one"], withdrawn.id)
        event = await desk.next("cards")
        assert event
        (gone,) = event.content["cards"]
        assert gone == {"id": str(withdrawn.id), "column": "", "html": ""}
        async with community.storage.transaction() as tx:
            await tx.people.forget(community.people["asker"])
        event = await desk.next("present")
        assert event
        assert str(erased.id) not in event.content["ids"]


async def test_the_line_ends_with_the_role(community: Community, moderator: Member) -> None:
    async with line(moderator) as desk:
        assert await desk.next("present")
        async with community.storage.transaction() as tx:
            await tx.staff.revoke(community.people["moderator"])
        assert await desk.next("over")
        assert await desk.next("present", "cards") is None
    async with line(moderator) as desk:
        assert desk.answer.status_code == 401


async def test_an_open_line_keeps_a_stage_and_no_desk(
    community: Community, moderator: Member
) -> None:
    await moderator.enter(await community.link(community.people["moderator"], Seat.STAGE))
    async with line(moderator) as desk, line(moderator, "stage") as stage:
        community.clock.forward(IDLE - timedelta(minutes=1))
        for _ in range(2):
            assert await stage.next("beat")
        community.clock.forward(timedelta(minutes=2))
        assert await desk.next("over")
        assert await stage.next("beat", "over") == Event("beat", None, {})


async def test_what_happens_elsewhere_is_told_to_nobody_here(
    community: Community, moderator: Member
) -> None:
    async with line(moderator) as desk:
        assert await desk.next("present")
        await community.ask("elsewhere", webinar=OTHER)
        here = await community.ask("here")
        event = await desk.next("cards")
        assert event
        assert [each["id"] for each in event.content["cards"]] == [str(here.id)]


async def test_lines_end_when_the_server_stops(community: Community, moderator: Member) -> None:
    async with line(moderator) as desk:
        assert await desk.next("present")
        community.site.server.stop()
        assert await desk.next("cards", "over") is None


async def test_no_words_stay_in_memory_once_nobody_looks(
    community: Community, moderator: Member
) -> None:
    feeds = Feeds(community.storage, community.site.chat.bells, ("en", "ar"), community.clock)
    await community.ask("Who is safe?")
    feed = feeds.of(WEBINAR)
    with feed.seated("somebody"), feed.seated("another"):
        await feed.look()
        feeds.leave(WEBINAR)
        assert feeds.kept == 1
        assert [each.nickname or each.asker for each in feed.after(0)] == [""]
    feeds.leave(WEBINAR)
    assert feeds.kept == 0


async def test_whoever_looks_while_another_does_sees_what_came_before_they_looked(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, has_read, may_end = community.storage.reading, asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def slowly() -> AsyncGenerator[Transaction]:
        async with reading() as tx:
            yield tx
        has_read.set()
        await may_end.wait()

    feeds = Feeds(community.storage, community.site.chat.bells, ("en", "ar"), community.clock)
    feed = feeds.of(WEBINAR)
    monkeypatch.setattr(community.storage, "reading", slowly)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(feed.look(at_once=True))
        await has_read.wait()
        (asked,) = await community.ask_many(["Who is safe?"])
        looks = tasks.create_task(feed.look(at_once=True))
        may_end.set()
        await looks
        assert [*feed.questions] == [asked]
