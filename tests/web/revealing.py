"""Askers who may be looked up, and organisers who do so."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx

from storage.community.boards import Seat
from storage.community.people import Profile
from storage.roles import Role
from tests.web.community import WEBINAR, Community, Member

BOARD = f"/board/{WEBINAR}"
WHO = f"{BOARD}/who"
WHY = "A threat against somebody."
NICKNAME, ACCOUNT = "Nour-who-asked", "7700112233"


async def asked_by(
    community: Community,
    *,
    words: str = "Why?",
    nickname: str = NICKNAME,
    account: str = ACCOUNT,
    anonymous: bool = False,
    told: bool = True,
    webinar: str = WEBINAR,
) -> int:
    """The id of a question of somebody with this nickname, from Basra."""
    person = await community.person(account)
    async with community.storage.transaction() as tx:
        known = await tx.people.get(person)
        assert known is not None
        profile = Profile(nickname, "BA", None, "waiting@example.org")
        await tx.people.update(replace(known, profile=profile), community.clock())
        question = await tx.questions.add(
            *(person, webinar, "question", words, anonymous, "en", None, community.clock()),
            revealable=told,
        )
    return question.id


@asynccontextmanager
async def at_the_desk(
    community: Community, role: Role, account: str, seat: Seat = Seat.DESK
) -> AsyncGenerator[Member]:
    """Somebody with this role, who has come in by a link and the code of their app."""
    async with httpx.AsyncClient(base_url=community.site.url, timeout=30) as client:
        member = Member(client, community)
        await member.enter(await community.link(await community.staff(role, account), seat))
        yield member


def code_of(community: Community, account: str) -> str:
    """What this person's app shows now."""
    return community.apps[community.people[account]].shows(community.clock())


async def looks_up(
    member: Member, question: int, code: str, reason: str = WHY, language: str = "en"
) -> httpx.Response:
    """Fill in the form of this question's page."""
    await member.open(f"{WHO}/{question}?lang={language}")
    return await fills_in(member, question, code, reason, language)


async def fills_in(
    member: Member, question: int, code: str, reason: str = WHY, language: str = "en"
) -> httpx.Response:
    """Fill in the form on the page that is open."""
    data = {"token": member.token, "reason": reason, "code": code}
    return await member.client.post(f"{WHO}/{question}?lang={language}", data=data)


async def books(community: Community) -> int:
    """How many were looked up in a day."""
    async with community.storage.reading() as tx:
        return await tx.reveals.count(community.clock())
