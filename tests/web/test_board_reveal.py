"""Looking up who asked, over real HTTP without scripts: who may, what it takes, what is shown."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from dialogue.stages import Stage
from storage.asking.reveals import AGAIN
from storage.community.boards import IDLE
from storage.roles import Role
from tests.web.community import OTHER, WEBINAR, Community, Member, running_community
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
    fills_in,
    looks_up,
)
from tests.web.standin import Site
from tests.web.test_board_lines import line

HALF_A_MINUTE = timedelta(seconds=30)
FORM = 'name="reason"'


@pytest.fixture
def site(community: Community) -> Site:
    return community.site


@pytest.fixture
async def olga(community: Community) -> AsyncIterator[Member]:
    """An organiser at the desk."""
    async with at_the_desk(community, Role.ORGANISER, "olga") as member:
        yield member


def code(community: Community) -> str:
    """What Olga's app shows."""
    return code_of(community, "olga")


async def test_an_organiser_sees_what_is_held_of_whoever_asked(
    community: Community, olga: Member
) -> None:
    question = await asked_by(community)
    page = (await olga.open(f"{WHO}/{question}?lang=en")).text
    assert "All owners are told at once" in page
    assert "10 more may be looked up today" in page
    assert NICKNAME not in page
    answer = await looks_up(olga, question, code(community))
    assert answer.status_code == 200
    for held in (NICKNAME, "Al Basrah", "Telegram", ACCOUNT, "All owners were told just now"):
        assert held in answer.text, held
    # An address that nobody has proved may be anybody's.
    assert "waiting@example.org" not in answer.text
    assert FORM not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert community.revealed == [(question, Role.ORGANISER, WHY)]
    assert len(community.moves) == 1
    async with community.storage.reading() as tx:
        (kept,) = await tx.reveals.of(community.people[ACCOUNT])
        assert (kept.role, kept.reason, kept.at) == (Role.ORGANISER, WHY, community.clock())
        assert await tx.reveals.made_by(community.people["olga"]) == [kept]


async def test_it_is_said_in_the_other_language_as_well(community: Community, olga: Member) -> None:
    question = await asked_by(community)
    page = (await olga.open(f"{WHO}/{question}?lang=ar")).text
    assert '<html lang="ar" dir="rtl">' in page
    assert "من طرح السؤال؟" in page
    answer = await looks_up(olga, question, code(community), language="ar")
    assert "أُبلغ فريق الإدارة كله" in answer.text
    assert "البصرة" in answer.text
    assert NICKNAME in answer.text


async def test_what_was_found_out_is_in_that_one_answer_alone(
    community: Community, olga: Member
) -> None:
    question = await asked_by(community)
    await community.bring(question, Stage.LIVE)
    async with line(olga, after="0") as desk:
        assert NICKNAME in (await looks_up(olga, question, code(community))).text
        for path in (f"{WHO}/{question}", BOARD, f"{BOARD}/stage", f"{BOARD}/digest"):
            page = (await olga.open(path)).text
            assert NICKNAME not in page, path
            assert ACCOUNT not in page, path
        event = await desk.next("cards")
        assert event
        assert NICKNAME not in str(event.content)


async def test_nor_is_it_there_when_the_form_is_sent_again_later(
    community: Community, olga: Member
) -> None:
    question = await asked_by(community)
    same = code(community)
    assert NICKNAME in (await looks_up(olga, question, same)).text
    community.clock.forward(AGAIN)
    answer = await looks_up(olga, question, same)
    assert answer.status_code == 422
    assert NICKNAME not in answer.text
    assert await books(community) == 1


async def test_a_double_tap_looks_up_once_and_loses_nothing(
    community: Community, olga: Member
) -> None:
    question = await asked_by(community)
    await olga.open(f"{WHO}/{question}?lang=en")
    data = {"token": olga.token, "reason": WHY, "code": code(community)}
    taps = [olga.client.post(f"{WHO}/{question}?lang=en", data=data) for _ in range(3)]
    for answer in await asyncio.gather(*taps):
        assert answer.status_code == 200
        assert NICKNAME in answer.text
    assert await books(community) == 1
    assert len(community.revealed) == 1


# --- who is never looked up -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("anonymous", "told", "says"),
    [
        (True, True, "there is no exception"),
        (True, False, "there is no exception"),
        (False, False, "it was not said yet"),
    ],
)
async def test_whoever_was_promised_that_nobody_can_is_looked_up_by_nobody(
    community: Community, olga: Member, anonymous: bool, told: bool, says: str
) -> None:
    question = await asked_by(community, anonymous=anonymous, told=told)
    page = (await olga.open(f"{WHO}/{question}?lang=en")).text
    assert says in page
    assert FORM not in page
    await refused(community, olga, question, says)


async def refused(community: Community, member: Member, question: int, says: str) -> None:
    """The form of another question is of no use here; not even the code is used up."""
    other = await asked_by(community, words="Another?")
    await member.open(f"{WHO}/{other}?lang=en")
    shown = code_of(community, "olga")
    data = {"token": member.token, "reason": WHY, "code": shown}
    answer = await member.client.post(f"{WHO}/{question}?lang=en", data=data)
    assert answer.status_code == 409
    assert says in answer.text
    for word in (NICKNAME, ACCOUNT):
        assert word not in answer.text
    assert await books(community) == 0
    assert community.revealed == []
    assert (await looks_up(member, other, shown)).status_code == 200


async def test_what_was_heard_in_the_session_is_nobodys(community: Community, olga: Member) -> None:
    async with community.storage.transaction() as tx:
        heard = await tx.moderation.type_in(WEBINAR, "Why?", "en", 1, community.clock())
    assert "nothing about whoever asked" in (await olga.open(f"{WHO}/{heard.id}?lang=en")).text
    await refused(community, olga, heard.id, "nothing about whoever asked")


async def test_where_the_way_back_is_erased_it_says_so(community: Community, olga: Member) -> None:
    question = await asked_by(community)
    await community.bring(question, Stage.LIVE)
    async with community.storage.transaction() as tx:
        await tx.people.forget(community.people.pop(ACCOUNT))
    await refused(community, olga, question, "We do not know any more who asked")


async def test_of_whoever_asks_in_the_web_chat_there_is_no_more_than_that(
    community: Community, olga: Member
) -> None:
    question = await asked_by(community)
    async with community.storage.transaction() as tx:
        await tx.desk.connection.run("UPDATE addresses SET channel = 'web'")
    answer = await looks_up(olga, question, code(community))
    assert "a browser on this site" in answer.text
    assert ACCOUNT not in answer.text


@pytest.mark.parametrize("id", ["1", "9" * 19, "9" * 20, "9" * 5000, "x", "-1", "٣"])
async def test_a_question_that_is_not_on_this_desk_leads_back_to_it(
    community: Community, olga: Member, id: str
) -> None:
    answer = await olga.open(f"{WHO}/{id}?lang=en")
    assert answer.url.path == BOARD
    assert "board-gone" in str(answer.url)


async def test_nor_are_those_of_other_webinars_and_those_taken_back(
    community: Community, olga: Member
) -> None:
    elsewhere = await asked_by(community, webinar=OTHER)
    gone = await asked_by(community)
    async with community.storage.transaction() as tx:
        assert await tx.questions.withdraw(community.people[ACCOUNT], gone)
    for id in (elsewhere, gone):
        assert (await olga.open(f"{WHO}/{id}")).url.path == BOARD
        data = {"token": olga.token, "reason": WHY, "code": code(community)}
        assert (await olga.client.post(f"{WHO}/{id}", data=data)).status_code == 303
        community.clock.forward(HALF_A_MINUTE)
    assert await books(community) == 0


async def test_each_part_of_a_merged_question_has_a_page_of_its_own(
    community: Community, olga: Member
) -> None:
    root = await asked_by(community)
    part = await asked_by(community, words="And why?", nickname="Salam", account="7700445566")
    await community.bring(root, Stage.APPROVED)
    await community.bring(part, Stage.IN_REVIEW)
    async with community.storage.transaction() as tx:
        assert await tx.moderation.merge(part, root, 1, community.clock())
    page = (await olga.open(f"{WHO}/{root}?lang=en")).text
    assert f'href="{WHO}/{part}?lang=en' in page
    answer = await looks_up(olga, part, code(community))
    assert "7700445566" in answer.text
    assert ACCOUNT not in answer.text


# --- what it takes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("", "at least 10"),
        ("A threat.", "at least 10"),
        (" \u200b" * 20, "at least 10"),
        ("no" * 151, "302"),
        ("👨\u200d👩\u200d👧" * 40, "320"),
    ],
)
async def test_a_reason_that_is_none_uses_no_code_up(
    community: Community, olga: Member, reason: str, says: str
) -> None:
    question = await asked_by(community)
    shown = code(community)
    answer = await looks_up(olga, question, shown, reason)
    assert answer.status_code == 422
    assert says in answer.text
    assert NICKNAME not in answer.text
    assert await books(community) == 0
    assert (await looks_up(olga, question, shown, "x" * 300)).status_code == 200


async def test_a_code_that_is_not_right_shows_nothing_and_keeps_the_words(
    community: Community, olga: Member
) -> None:
    question = await asked_by(community)
    for wrong in ("", "12345", "abcdef", "000000"):
        answer = await looks_up(olga, question, wrong)
        assert answer.status_code == 422
        assert WHY in answer.text
        assert NICKNAME not in answer.text
    assert await books(community) == 0
    assert community.revealed == []


async def test_after_too_many_wrong_codes_a_right_one_is_not_looked_at(
    community: Community, olga: Member
) -> None:
    question = await asked_by(community)
    statuses = [(await looks_up(olga, question, "000000")).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    answer = await looks_up(olga, question, code(community))
    assert answer.status_code == 429
    assert NICKNAME not in answer.text


async def test_digits_of_any_script_are_a_code(community: Community, olga: Member) -> None:
    arabic = code(community).translate({ord(str(n)): chr(0x660 + n) for n in range(10)})
    assert (await looks_up(olga, await asked_by(community), arabic)).status_code == 200


async def test_who_has_no_code_is_led_to_where_one_is_set_up(tmp_path: Path) -> None:
    async with (
        running_community(tmp_path, codes=()) as community,
        at_the_desk(community, Role.OWNER, "olga") as member,
    ):
        question = await asked_by(community)
        page = (await member.open(f"{WHO}/{question}?lang=en")).text
        assert FORM not in page
        data = {"token": member.token, "reason": WHY, "code": "000000"}
        answer = await member.client.post(f"{WHO}/{question}", data=data)
        assert answer.status_code == 422
        assert await books(community) == 0
        answer = await member.client.post(
            f"{WHO}/{question}/code", data=data, follow_redirects=True
        )
        assert answer.url.path == f"{BOARD}/code/desk"
        app = community.apps[community.people["olga"]]
        app.reads(answer.text)
        token = re.search(r'name="token" value="([^"]*)"', answer.text)
        assert token
        typed = {"token": token[1], "code": app.shows(community.clock())}
        assert (await member.client.post(str(answer.url), data=typed)).status_code == 303
        assert NICKNAME in (await looks_up(member, question, code_of(community, "olga"))).text


# --- how often ------------------------------------------------------------------------------------


@pytest.mark.parametrize("most", [1, 2])
async def test_there_are_so_many_a_day_and_not_one_more(tmp_path: Path, most: int) -> None:
    async with (
        running_community(tmp_path, reveals=most) as community,
        at_the_desk(community, Role.ORGANISER, "olga") as olga,
        at_the_desk(community, Role.OWNER, "omar") as omar,
    ):
        question = await asked_by(community)
        for _ in range(most):
            assert (await looks_up(olga, question, code(community))).status_code == 200
            community.clock.forward(HALF_A_MINUTE)
        assert "As many were looked up" in (await omar.open(f"{WHO}/{question}?lang=en")).text
        for member, account in ((olga, "olga"), (omar, "omar")):
            await member.open(BOARD)
            data = {"token": member.token, "reason": WHY, "code": code_of(community, account)}
            answer = await member.client.post(f"{WHO}/{question}?lang=en", data=data)
            assert answer.status_code == 429
            assert NICKNAME not in answer.text
        assert await books(community) == most


async def test_of_two_organisers_at_once_one_is_the_tenth(community: Community) -> None:
    async with (
        at_the_desk(community, Role.ORGANISER, "olga") as olga,
        at_the_desk(community, Role.ORGANISER, "omar") as omar,
    ):
        question = await asked_by(community)
        async with community.storage.transaction() as tx:
            for number in range(9):
                assert await tx.reveals.reveal(
                    question, 1, Role.OWNER, WHY, str(number), community.clock()
                )
        for member in (olga, omar):
            await member.open(f"{WHO}/{question}")
        at_once = [
            fills_in(member, question, code_of(community, account))
            for member, account in ((olga, "olga"), (omar, "omar"))
        ]
        answers = await asyncio.gather(*at_once)
    assert sorted(answer.status_code for answer in answers) == [200, 429]
    assert [NICKNAME in answer.text for answer in answers].count(True) == 1
    assert await books(community) == 10
    assert len(community.revealed) == 1


async def test_where_it_is_switched_off_there_is_nothing_of_it(tmp_path: Path) -> None:
    async with (
        running_community(tmp_path, reveals=0) as community,
        at_the_desk(community, Role.OWNER, "olga") as olga,
    ):
        question = await asked_by(community)
        assert f"/who/{question}" not in (await olga.open()).text
        data = {"token": olga.token, "reason": WHY, "code": code(community)}
        assert (await olga.client.get(f"{WHO}/{question}")).status_code == 404
        for way in ("", "/code"):
            answer = await olga.client.post(f"{WHO}/{question}{way}", data=data)
            assert answer.status_code == 404


# --- as all forms of a board ----------------------------------------------------------------------


async def test_another_site_cannot_send_the_form(community: Community, olga: Member) -> None:
    question = await asked_by(community)
    await olga.open(f"{WHO}/{question}")
    data = {"token": olga.token, "reason": WHY, "code": code(community)}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        answer = await olga.client.post(f"{WHO}/{question}", data=data, headers=headers)
        assert answer.status_code == 403
    for token in ("", "0" * 64):
        answer = await olga.client.post(f"{WHO}/{question}", data={**data, "token": token})
        assert answer.status_code == 403
    assert await books(community) == 0
    assert (await olga.client.post(f"{WHO}/{question}", data=data)).status_code == 200


async def test_a_desk_that_has_ended_looks_nobody_up(community: Community, olga: Member) -> None:
    question = await asked_by(community)
    await olga.open(f"{WHO}/{question}")
    community.clock.forward(IDLE)
    data = {"token": olga.token, "reason": WHY, "code": code(community)}
    assert (await olga.client.post(f"{WHO}/{question}", data=data)).status_code == 401
    assert (await olga.client.get(f"{WHO}/{question}")).status_code == 401
    assert await books(community) == 0


@pytest.mark.parametrize("role", [Role.OWNER, Role.ORGANISER, Role.MODERATOR])
async def test_a_card_leads_there_for_whoever_may_and_nobody_else(
    community: Community, role: Role
) -> None:
    question = await asked_by(community)
    async with (
        at_the_desk(community, role, "somebody") as member,
        at_the_desk(community, Role.OWNER, "another") as owner,
    ):
        may = role is not Role.MODERATOR
        # Both ways round, since cards are made once for all that have the same.
        for each, sees in ((owner, True), (member, may), (owner, True)):
            page = (await each.open(f"{BOARD}?lang=ar")).text
            assert (f'href="{WHO}/{question}?lang=ar"' in page) is sees
        for each, sees in ((member, may), (owner, True)):
            async with line(each, after="0") as desk:
                event = await desk.next("cards")
                assert event
                assert (f"{WHO}/{question}" in str(event.content)) is sees
