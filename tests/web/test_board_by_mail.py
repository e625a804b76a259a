"""Answers that experts sent by mail: moderators see at their desk how many wait in the chat."""

from __future__ import annotations

import pytest

from dialogue.stages import Stage
from tests.web.community import OTHER, WEBINAR, Community, Member
from tests.web.standin import Site
from tests.web.test_board_lines import line


@pytest.fixture
def site(community: Community) -> Site:
    return community.site


async def proposed(community: Community, question: int, webinar: str = WEBINAR) -> int:
    """An expert has answered this by mail."""
    async with community.storage.transaction() as tx:
        await tx.proposals.put(
            question, webinar, "huda@hospital.example", "Because of filters.", community.clock()
        )
        return (await tx.proposals.of(webinar))[-1].id


async def test_a_desk_says_how_many_wait_as_soon_as_they_do(
    community: Community, moderator: Member
) -> None:
    question = await community.ask("Why?", stage=Stage.APPROVED)
    elsewhere = await community.ask("Why there?", stage=Stage.APPROVED, webinar=OTHER)
    async with line(moderator, lang="ar") as desk:
        assert (event := await desk.next("mailed"))
        assert event.content == {"said": ""}
        await proposed(community, elsewhere.id, OTHER)
        id = await proposed(community, question.id)
        assert (event := await desk.next("mailed"))
        assert event.content["said"].startswith("ورد جواب بالبريد")
        assert "1 answer came by mail from an expert" in (await moderator.open()).text
        async with community.storage.transaction() as tx:
            await tx.proposals.drop(id)
        assert (event := await desk.next("mailed"))
        assert event.content == {"said": ""}
    assert "came by mail from" not in (await moderator.open()).text
    assert '<p id="mailed" role="status"></p>' in moderator.page


async def test_what_the_experts_wrote_is_on_no_page(
    community: Community, moderator: Member
) -> None:
    question = await community.ask("Why?", stage=Stage.LIVE)
    await proposed(community, question.id)
    for way in ("", "/stage", "/projector", "/interpret"):
        page = (await moderator.open(f"/board/{WEBINAR}{way}")).text
        assert "Because of filters." not in page
        assert "huda@" not in page
        assert ("1 answer came by mail" in page) == (way == "")
