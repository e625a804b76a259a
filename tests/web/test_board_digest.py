"""The page that experts print, over real HTTP: who gets in, what is there, and what is not."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import httpx
import pytest

from dialogue.stages import Stage
from storage.community.boards import IDLE, Seat
from storage.community.people import Profile
from storage.roles import Role
from tests.hostile import HOSTILE
from tests.web.community import OTHER, TITLE, WEBINAR, Community, Member
from tests.web.standin import Site

BOARD = f"/board/{WEBINAR}"
PAGE = f"{BOARD}/digest"


@pytest.fixture
def site(community: Community) -> Site:
    return community.site


async def link(community: Community, role: Role = Role.SPEAKER) -> str:
    """The link that the bot gives, straight to the page."""
    person = await community.staff(role, f"staff-{role}")
    board = await community.link(person, Seat.STAGE)
    return board.replace("/board/open/", "/board/digest/")


@pytest.fixture
async def speaker(community: Community, client: httpx.AsyncClient) -> Member:
    """An expert with the page open."""
    member = Member(client, community)
    assert (await member.enter(await link(community))).url.path == PAGE
    return member


def texts(page: str) -> list[str]:
    """The questions, in their order."""
    found = re.findall(r'<p class="question"><bdi[^>]*>(.*?)</bdi>', page, re.DOTALL)
    return [unescape(each) for each in found]


async def translated(community: Community, question: int, language: str, words: str) -> None:
    """An interpreter has approved this."""
    async with community.storage.transaction() as tx:
        wanted = await tx.texts.want(question, "question", language)
        assert wanted is not None
        assert await tx.texts.approve(wanted, 1, words, community.clock())


# --- who gets in --------------------------------------------------------------------------------


async def test_looking_at_the_link_uses_nothing_up_and_its_button_does(
    community: Community, client: httpx.AsyncClient
) -> None:
    way, member = await link(community), Member(client, community)
    for _ in range(2):
        assert (await member.open(way)).status_code == 200
        assert f'<form method="post" action="{way}">' in member.page
    assert (await client.get(way.rpartition("/")[0] + "/wrong")).status_code == 200
    assert (await member.enter(way)).url.path == PAGE
    assert (await client.post(way)).status_code == 403


async def test_another_site_cannot_press_the_button(
    community: Community, client: httpx.AsyncClient
) -> None:
    way = await link(community)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert (await client.post(way, headers=headers)).status_code == 403
    assert (await client.post(way)).status_code == 303


async def test_without_a_session_there_is_nothing_to_see(
    community: Community, client: httpx.AsyncClient
) -> None:
    await community.ask("Who is safe?", stage=Stage.APPROVED)
    answer = await client.get(PAGE)
    assert answer.status_code == 401
    assert "Who is safe?" not in answer.text


async def test_a_session_is_for_its_webinar_and_ends_with_the_role(
    community: Community, client: httpx.AsyncClient, speaker: Member
) -> None:
    assert (await client.get(f"/board/{OTHER}/digest")).status_code == 401
    assert (await client.get(PAGE)).status_code == 200
    async with community.storage.transaction() as tx:
        await tx.staff.revoke(community.people[f"staff-{Role.SPEAKER}"])
    assert (await client.get(PAGE)).status_code == 401


async def test_a_session_that_nobody_uses_ends(
    community: Community, client: httpx.AsyncClient, speaker: Member
) -> None:
    community.clock.forward(IDLE)
    assert (await client.get(PAGE)).status_code == 401


async def test_the_way_leads_from_desk_and_stage_and_back(
    community: Community, client: httpx.AsyncClient
) -> None:
    person, member = await community.staff(Role.MODERATOR), Member(client, community)
    for seat, back in ((Seat.STAGE, f"{BOARD}/stage?"), (Seat.DESK, f"{BOARD}?")):
        await member.enter(await community.link(person, seat))
        assert f'href="{PAGE}?lang=en"' in member.page
        await member.open(PAGE)
        assert f'<a href="{back}lang=en">' in member.page


async def test_an_interpreter_has_other_pages(
    community: Community, client: httpx.AsyncClient
) -> None:
    person = await community.staff(Role.INTERPRETER)
    await client.post(await community.link(person, Seat.INTERPRET))
    assert (await client.get(PAGE)).status_code == 401


# --- what is there ------------------------------------------------------------------------------


async def test_the_questions_come_in_their_order_and_in_the_readers_language(
    community: Community, speaker: Member
) -> None:
    first = await community.ask("First?", stage=Stage.APPROVED)
    await community.ask("القادم؟", language="ar", stage=Stage.QUEUED, by="b")
    await community.ask("Nobody has read this", by="c")
    await translated(community, first.id, "ar", "الأول؟")
    await speaker.open(f"{PAGE}?lang=en")
    assert texts(speaker.page) == ["القادم؟", "First?"]
    assert "Not translated yet" in speaker.page
    await speaker.open(f"{PAGE}?lang=ar")
    assert '<html lang="ar" dir="rtl">' in speaker.page
    assert texts(speaker.page) == ["القادم؟", "الأول؟"]
    assert "لم يُترجم بعد" not in speaker.page
    assert TITLE["ar"] in speaker.page


async def test_ideas_stand_below_the_questions(community: Community, speaker: Member) -> None:
    await community.ask("First?", stage=Stage.APPROVED)
    person = await community.person("dreamer")
    async with community.storage.transaction() as tx:
        idea = await tx.questions.add(
            person, WEBINAR, "idea", "Plant trees.", True, "en", None, community.clock()
        )
        await tx.moderation.claim(idea.id, 1, community.clock())
        await tx.moderation.move(idea.id, 1, Stage.APPROVED, community.clock())
    await speaker.open(f"{PAGE}?lang=en")
    assert texts(speaker.page) == ["First?", "Plant trees."]
    assert ">Ideas to be read</h2>" in speaker.page


async def test_afterwards_it_says_what_became_of_them(
    community: Community, speaker: Member
) -> None:
    asked = await community.ask("Answered?", stage=Stage.LIVE)
    async with community.storage.transaction() as tx:
        await tx.moderation.answer(asked.id, 1, "Yes.", "en", True, community.clock())
    await community.ask("Later?", stage=Stage.FOLLOW_UP, by="b")
    declined = await community.ask("Rude words", by="c")
    async with community.storage.transaction() as tx:
        await tx.moderation.claim(declined.id, 1, community.clock())
        await tx.moderation.move(declined.id, 1, Stage.DECLINED, community.clock(), "!topic")
    await speaker.open(f"{PAGE}?part=after&lang=en")
    assert texts(speaker.page) == ["Answered?", "Later?"]
    for said in ("Answered: 1", "Declined: 1", "Yes.", "An answer was promised"):
        assert said in speaker.page, said
    assert "Rude words" not in speaker.page
    # Once the session is over that is what comes without asking.
    community.clock.forward(timedelta(minutes=10))
    await speaker.open(f"{PAGE}?lang=en")
    assert "part=after" in speaker.page
    for _ in range(9):
        community.clock.forward(timedelta(minutes=10))
        await speaker.open(f"{PAGE}?lang=en")
    assert "Answered: 1" in speaker.page


async def test_nothing_in_its_source_tells_who_asked(
    community: Community, client: httpx.AsyncClient, speaker: Member
) -> None:
    person = await community.person("asker-canary")
    async with community.storage.transaction() as tx:
        known = await tx.people.get(person)
        assert known is not None
        named = replace(known, profile=Profile("Canarina", "BA", "Europe/Rome", "c@anary.example"))
        await tx.people.update(named, community.clock())
        asked = await tx.questions.add(
            person, WEBINAR, "question", "Who is safe?", False, "en", None, community.clock()
        )
    question = await community.bring(asked.id, Stage.APPROVED)
    assert question.nickname == "Canarina"
    for part in ("before", "after"):
        page = (await client.get(f"{PAGE}?part={part}&lang=en")).text
        assert "Who is safe?" in page
        secrets = ("Canar", "canary", "Rome", question.asker, str(question.id), str(person))
        assert [each for each in secrets if each in page] == []


async def test_it_needs_no_script_and_loads_nothing_from_elsewhere(
    community: Community, speaker: Member
) -> None:
    await community.ask("First?", stage=Stage.APPROVED)
    answer = await speaker.open(PAGE)
    assert "<script" not in speaker.page
    assert not re.search(r'(?:src|href)="(?!/static/|/board/|\?)', speaker.page)
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_whatever_was_asked_stays_words(community: Community, speaker: Member) -> None:
    async with community.storage.transaction() as tx:
        for words in HOSTILE:
            await tx.moderation.type_in(WEBINAR, words, "en", 1, community.clock())
    for language in ("ar", "en"):
        await speaker.open(f"{PAGE}?lang={language}")
        assert len(texts(speaker.page)) == len(HOSTILE)
        assert not re.search(r"<(?:img|script|a href=.tg)", speaker.page)
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", "".join(texts(speaker.page)))
        # What would be a link somewhere is no more than words.
        assert 'href="https' not in speaker.page
