"""Who asked may be looked up by organisers at their desk alone, whatever anybody types there."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest

from handlers.roles import ORGANISERS
from storage.community.boards import Seat
from storage.roles import Role
from tests.hostile import HOSTILE
from tests.web.community import Community, Member, running_community
from tests.web.revealing import (
    ACCOUNT,
    BOARD,
    NICKNAME,
    WHO,
    WHY,
    asked_by,
    at_the_desk,
    books,
    code_of,
    looks_up,
)

ROUTES = (("GET", ""), ("POST", ""), ("POST", "/code"))
SEATS = [(role, seat) for role in Role for seat in Seat]
NEVER_SHOWN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
TAGS = re.compile(r"<(?!/?(?:bdi|dd|dt|dl|p|h[1-6]|small|span|ul|li|a|main|div)[ >])[^>]*>")


@pytest.fixture
async def community(tmp_path: Path) -> AsyncIterator[Community]:
    """A community with boards."""
    async with running_community(tmp_path) as running:
        yield running


@pytest.mark.parametrize(("role", "seat"), SEATS)
async def test_every_role_at_every_seat_and_every_route(
    community: Community, role: Role, seat: Seat
) -> None:
    question = await asked_by(community)
    may = role in ORGANISERS and seat is Seat.DESK
    async with at_the_desk(community, role, "somebody", seat) as member:
        await member.open(BOARD if seat is Seat.DESK else f"{BOARD}/{seat}")
        token = member.token if 'name="token"' in member.page else ""
        data = {"token": token, "reason": WHY, "code": "000000"}
        if seat is Seat.DESK:
            data["code"] = code_of(community, "somebody")
        for method, way in ROUTES:
            path = f"{WHO}/{question}{way}"
            answer = await member.client.request(
                method, path, data=data if method == "POST" else None
            )
            expected = {("GET", ""): 200, ("POST", ""): 200, ("POST", "/code"): 303}[method, way]
            refused = 403 if seat is Seat.DESK else 401
            assert answer.status_code == (expected if may else refused), (method, way)
            assert (NICKNAME in answer.text) is (may and (method, way) == ("POST", ""))
    assert await books(community) == int(may)
    assert len(community.revealed) == int(may)


async def test_whoever_has_no_seat_learns_nothing(community: Community) -> None:
    question = await asked_by(community)
    async with httpx.AsyncClient(base_url=community.site.url, timeout=30) as client:
        for method, way in ROUTES:
            there = await client.request(method, f"{WHO}/{question}{way}", data={"token": "x"})
            nothing = await client.request(method, f"{WHO}/1{way}", data={"token": "x"})
            assert there.status_code == nothing.status_code == 401
            assert there.text == nothing.text


async def test_a_role_that_ended_looks_nobody_up(community: Community) -> None:
    question = await asked_by(community)
    async with at_the_desk(community, Role.ORGANISER, "olga") as olga:
        await olga.open(f"{WHO}/{question}")
        data = {"token": olga.token, "reason": WHY, "code": code_of(community, "olga")}
        async with community.storage.transaction() as tx:
            await tx.staff.revoke(community.people["olga"])
        assert (await olga.client.post(f"{WHO}/{question}", data=data)).status_code == 401
    assert await books(community) == 0


@pytest.fixture
async def olga(community: Community) -> AsyncIterator[Member]:
    """An organiser at the desk."""
    async with at_the_desk(community, Role.ORGANISER, "olga") as member:
        yield member


def fit(text: str) -> str:
    """As a form can carry it: no lone surrogate is ever sent."""
    return text.encode("utf-8", "replace").decode()


async def test_hostile_reasons_are_kept_clean_or_refused(
    community: Community, olga: Member
) -> None:
    question = await asked_by(community)
    for text in HOSTILE:
        reason = fit(text)[:400] + " a reason"
        # No code at all: nobody is looked up, and nobody is made to wait.
        answer = await looks_up(olga, question, "", reason)
        assert answer.status_code == 422, ascii(text)
        assert "<img" not in answer.text.lower()
        assert "</textarea>" in answer.text
        assert answer.text.count("<form") == 1
        assert NEVER_SHOWN.search(unescape(answer.text).replace("\u2068", "")) is None, ascii(text)
    assert await books(community) == 0


@pytest.mark.parametrize("text", [each for each in HOSTILE if 0 < len(each) <= 200], ids=ascii)
async def test_a_hostile_reason_reaches_owners_and_asker_clean(
    community: Community, olga: Member, text: str
) -> None:
    question = await asked_by(community)
    answer = await looks_up(
        olga, question, code_of(community, "olga"), fit(text) + " is the reason"
    )
    assert answer.status_code == 200
    ((_, _, reason),) = community.revealed
    async with community.storage.reading() as tx:
        (kept,) = await tx.reveals.of(community.people[ACCOUNT])
    assert kept.reason == reason
    assert reason.endswith("is the reason")
    assert NEVER_SHOWN.search(reason) is None


async def test_a_hostile_nickname_is_shown_and_nothing_more(
    community: Community, olga: Member
) -> None:
    hostile = [each for each in HOSTILE if each.strip() and len(each) <= 2000][:10]
    for nickname in hostile:
        question = await asked_by(community, nickname=nickname)
        answer = await looks_up(olga, question, code_of(community, "olga"))
        community.clock.forward(timedelta(seconds=30))
        assert answer.status_code == 200, ascii(nickname)
        shown = answer.text[answer.text.index("<dl>") : answer.text.index("</dl>")]
        assert TAGS.findall(shown) == []
        assert NEVER_SHOWN.search(unescape(shown).replace("\u2068", "")) is None, ascii(nickname)
