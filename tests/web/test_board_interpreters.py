"""The interpreters' page over real HTTP: what waits, who has it, what is approved, and for whom."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from dialogue.stages import Stage
from storage.asking.texts import Text
from storage.community.boards import IDLE, Seat
from storage.roles import Role
from tests.web.community import OTHER, WEBINAR, Community, Member
from tests.web.standin import Site

BOARD = f"/board/{WEBINAR}"
PAGE = f"{BOARD}/interpret"


@pytest.fixture
def heartbeat() -> float:
    return 0.4


@pytest.fixture
def site(community: Community) -> Site:
    return community.site


@pytest.fixture
async def ines(community: Community, client: httpx.AsyncClient) -> Member:
    """An interpreter at their page."""
    member = Member(client, community)
    person = await community.staff(Role.INTERPRETER, "ines")
    answer = await member.enter(await community.link(person, Seat.INTERPRET))
    assert answer.url.path == PAGE
    return member


async def wanted(
    community: Community,
    words: str = "Why?",
    *,
    stage: Stage = Stage.APPROVED,
    draft: str | None = None,
    webinar: str = WEBINAR,
) -> Text:
    """A question that is wanted in Arabic."""
    question = await community.ask(words, stage=stage, webinar=webinar)
    async with community.storage.transaction() as tx:
        id = await tx.texts.want(question.id, "question", "ar")
        assert id is not None
        if draft is not None:
            assert await tx.texts.put_draft(id, draft)
        found = await tx.texts.get(id)
    assert found is not None
    return found


def button(member: Member, text: Text) -> str:
    """What the button carries that takes this text."""
    found = re.search(rf'value="(translate\.{text.id}\.[0-9a-f]{{8}})"', member.page)
    assert found, f"No button takes {text.id}."
    return found[1]


async def test_what_is_wanted_stands_there_and_what_is_put_now_comes_first(
    community: Community, ines: Member
) -> None:
    await wanted(community, "approved?")
    await wanted(community, "live?", stage=Stage.LIVE, draft="مسودة")
    await wanted(community, "elsewhere?", webinar=OTHER)
    page = (await ines.open(PAGE)).text
    assert page.index("live?") < page.index("approved?")
    assert "elsewhere?" not in page
    assert "Into Arabic" in page
    assert "Has a draft" in page
    # The draft itself is for whoever has the text in hand.
    assert "مسودة" not in page


async def test_a_text_is_taken_put_into_words_and_approved(
    community: Community, ines: Member
) -> None:
    text = await wanted(community, stage=Stage.LIVE, draft="مسودة <b>آلية</b>")
    await ines.open(PAGE)
    do = button(ines, text)
    sheet = (await ines.post("translate", do=do)).json()["sheet"]
    assert "مسودة &lt;b&gt;آلية&lt;/b&gt;" in sheet
    assert 'dir="rtl" lang="ar"' in sheet
    answer = await ines.post("translate", do=do, words=" لماذا؟ ")
    assert answer.status_code == 200, answer.text
    async with community.storage.reading() as tx:
        (approved,) = await tx.texts.approved([text.question])
    assert (approved.language, approved.text) == ("ar", "لماذا؟")
    assert community.told == [text.question]
    assert "Why?" not in (await ines.open(PAGE)).text


async def test_of_two_interpreters_the_second_is_told_by_role(
    community: Community, ines: Member
) -> None:
    text = await wanted(community)
    async with httpx.AsyncClient(base_url=community.site.url, timeout=30) as http:
        second = Member(http, community)
        person = await community.staff(Role.INTERPRETER, "second")
        await second.enter(await community.link(person, Seat.INTERPRET))
        await ines.open(PAGE)
        await second.open(PAGE)
        do = button(ines, text)
        assert (await ines.post("translate", do=do)).status_code == 200
        for fields in ({}, {"words": "لماذا؟"}):
            refused = await second.post("translate", do=do, **fields)
            assert refused.status_code == 409
            assert "interpreter" in refused.json()["said"]
        assert "In hand – interpreter" in (await second.open(PAGE)).text
        assert (await ines.post("translate", do=do, drop="1")).status_code == 200
        assert "In hand" not in (await second.open(PAGE)).text
        assert (await second.post("translate", do=do, words="لماذا؟")).status_code == 200


async def test_a_translation_of_other_words_is_not_approved_but_shown_anew(
    community: Community, ines: Member
) -> None:
    text = await wanted(community)
    await ines.open(PAGE)
    do = button(ines, text)
    async with community.storage.transaction() as tx:
        assert await tx.moderation.edit(text.question, 9, "Why now?", community.clock())
        await tx.moderation.release(text.question, 9)
    answer = await ines.post("translate", do=do, words="لماذا؟")
    assert answer.status_code == 409
    assert "changed" in answer.json()["said"]
    assert "Why now?" in answer.json()["sheet"]
    async with community.storage.reading() as tx:
        assert await tx.texts.approved([text.question]) == []


@pytest.mark.parametrize("words", ["", "\u200b ", "س" * 3001])
async def test_nothing_and_too_much_are_refused(
    community: Community, ines: Member, words: str
) -> None:
    text = await wanted(community)
    await ines.open(PAGE)
    answer = await ines.post("translate", do=button(ines, text), words=words)
    assert answer.status_code == 422
    assert answer.json()["said"]


async def test_what_was_taken_back_is_wanted_no_more(community: Community, ines: Member) -> None:
    text = await wanted(community)
    elsewhere = await wanted(community, "elsewhere?", webinar=OTHER)
    await ines.open(PAGE)
    do = button(ines, text)
    asker = await community.person("asker")
    async with community.storage.transaction() as tx:
        assert await tx.questions.withdraw(asker, text.question)
    assert (await ines.post("translate", do=do)).status_code == 410
    there = do.replace(str(text.id), str(elsewhere.id))
    for fields in ({}, {"words": "هناك"}):
        assert (await ines.post("translate", do=there, **fields)).status_code == 410
    assert "Why?" not in (await ines.open(PAGE)).text


async def test_interpreters_see_nothing_of_desk_and_stage(
    community: Community, ines: Member
) -> None:
    fresh = await community.ask("not approved yet?")
    assert (await ines.open(BOARD)).url.path == PAGE
    assert "not approved yet?" not in ines.page
    for way in ("/stage", "/projector", "/events?view=stage", "/events?view=desk"):
        assert (await ines.client.get(BOARD + way)).status_code == 401
    data = {"token": ines.token, "do": f"approved.{fresh.id}.{'0' * 16}"}
    for way in ("act", "answer", "here", "screen"):
        assert (await ines.client.post(f"{BOARD}/{way}", data=data)).status_code == 401


async def test_moderators_come_there_from_the_desk_and_guest_experts_do_not(
    community: Community, client: httpx.AsyncClient
) -> None:
    text = await wanted(community)
    speaker = Member(client, community)
    await speaker.enter(await community.link(await community.staff(Role.SPEAKER), Seat.STAGE))
    assert (await client.get(PAGE)).status_code == 401
    moderator = Member(client, community)
    person = await community.staff(Role.MODERATOR, "moderator")
    await moderator.enter(await community.link(person))
    await moderator.open(PAGE)
    answer = await moderator.post("translate", do=button(moderator, text), words="لماذا؟")
    assert answer.status_code == 200


async def test_an_open_page_learns_what_is_wanted_taken_and_done(
    community: Community, ines: Member
) -> None:
    mona = await community.staff(Role.MODERATOR, "mona")
    async with ines.client.stream("GET", f"{BOARD}/events", params={"view": "interpret"}) as line:
        shown = stages(line)
        assert "Nothing is waiting" in await anext(shown)
        text = await wanted(community)
        assert "Why?" in await until(shown, "Why?")
        async with community.storage.transaction() as tx:
            await tx.texts.claim(text.id, mona, community.clock())
        assert "In hand – moderator" in await until(shown, "In hand")
        async with community.storage.transaction() as tx:
            assert await tx.texts.approve(text.id, mona, "لماذا؟", community.clock())
        assert "Nothing is waiting" in await until(shown, "Nothing is waiting")


async def stages(line: httpx.Response) -> AsyncIterator[str]:
    """What the page shows, each time that it is another thing."""
    named = ""
    async for each in line.aiter_lines():
        if each.startswith("event: "):
            named = each.removeprefix("event: ")
        elif each.startswith("data: ") and named == "stage":
            yield json.loads(each.removeprefix("data: "))["html"]


async def until(shown: AsyncIterator[str], words: str) -> str:
    """The first that holds these words."""
    async for html in shown:
        if words in html:
            return html
    raise AssertionError(words)


async def test_the_page_of_an_interpreter_who_does_nothing_ends(
    community: Community, ines: Member
) -> None:
    community.clock.forward(IDLE - timedelta(minutes=1))
    assert (await ines.post("translating", hold="")).status_code == 204
    community.clock.forward(IDLE - timedelta(minutes=1))
    assert (await ines.client.get(PAGE)).status_code == 200
    community.clock.forward(IDLE)
    assert (await ines.client.get(PAGE)).status_code == 401


NOTHING = ("", "translate.1", "translate.1.zzzzzzzz", "translate.9223372036854775808.01234567")


async def test_what_no_button_carries_is_refused(ines: Member) -> None:
    for do in NOTHING:
        assert (await ines.post("translate", do=do)).status_code == 400, do
