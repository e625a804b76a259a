"""The board over real HTTP, without scripts: who gets in, what is there, and what may be done."""

from __future__ import annotations

import asyncio
import hashlib
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from dialogue.stages import Stage
from storage.community.boards import IDLE, Seat
from storage.roles import Role
from tests.web.community import OTHER, TITLE, WEBINAR, Community, Member, running_community
from tests.web.standin import Site, running_site

BOARD = f"/board/{WEBINAR}"


@pytest.fixture
def site(community: Community) -> Site:
    return community.site


# --- the door -----------------------------------------------------------------------------------


async def test_looking_at_a_link_uses_nothing_up_and_pressing_its_button_does(
    community: Community, client: httpx.AsyncClient
) -> None:
    link = await community.link(await community.staff(Role.MODERATOR))
    member = Member(client, community)
    for _ in range(3):
        assert (await member.open(link)).status_code == 200
        assert f'<form method="post" action="{link}">' in member.page
    assert (await member.enter(link)).url.path == BOARD
    assert (await member.enter(link)).status_code == 403


async def test_a_link_looks_the_same_whether_it_is_good_or_not(
    community: Community, client: httpx.AsyncClient
) -> None:
    link = await community.link(await community.staff(Role.MODERATOR))
    good = (await client.get(link)).text
    wrong = link.rpartition("/")[0] + "/" + "A" * 32
    assert (await client.get(wrong)).text == good.replace(link, wrong)
    assert (await client.post(wrong)).status_code == 403


async def test_the_door_speaks_both_languages(
    community: Community, client: httpx.AsyncClient
) -> None:
    page = (await client.get("/board/open/x", headers={"Accept-Language": "ar"})).text
    assert '<html lang="ar" dir="rtl">' in page
    assert "فتح اللوحة" in page
    assert "Open the board" in page


async def test_another_site_cannot_press_the_button(
    community: Community, client: httpx.AsyncClient
) -> None:
    link = await community.link(await community.staff(Role.MODERATOR))
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert (await client.post(link, headers=headers)).status_code == 403
    assert (await client.post(link)).status_code == 303


@pytest.mark.parametrize(("seat", "name"), [(Seat.STAGE, "stage"), (Seat.DESK, "code-desk")])
async def test_over_tls_the_cookie_is_bound_to_this_host_and_kept_from_scripts(
    tmp_path: Path, seat: Seat, name: str
) -> None:
    async with (
        running_community(tmp_path, public_url="https://tadamun.example") as community,
        httpx.AsyncClient(base_url=community.site.url, timeout=30) as client,
    ):
        person = await community.staff(Role.MODERATOR)
        answer = await client.post(await community.link(person, seat))
    (cookie,) = answer.headers.get_list("set-cookie")
    assert re.match(rf"__Host-{name}-[0-9a-f]{{12}}=[A-Za-z0-9_-]{{43}};", cookie)
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert attributes == {"path=/", "secure", "httponly", "samesite=lax"}


async def test_each_link_opens_its_own_webinar_and_seat_and_nothing_else(
    community: Community, client: httpx.AsyncClient
) -> None:
    speaker = await community.staff(Role.SPEAKER)
    member = Member(client, community)
    assert (await member.enter(await community.link(speaker, Seat.STAGE))).url.path == (
        f"{BOARD}/stage"
    )
    # A desk is more than they were given.
    assert (await member.open(BOARD)).url.path == f"{BOARD}/stage"
    assert (await client.post(f"{BOARD}/act", data={"do": "x"})).status_code == 401
    for way in ("", "/stage", "/projector", "/events?view=stage"):
        assert (await client.get(f"/board/{OTHER}{way}")).status_code == 401
    assert (await client.get(f"{BOARD}/events")).status_code == 401


async def test_two_boards_may_be_open_in_one_browser(
    community: Community, client: httpx.AsyncClient
) -> None:
    person = await community.staff(Role.MODERATOR)
    member = Member(client, community)
    await member.enter(await community.link(person))
    await member.enter(await community.link(person, webinar=OTHER))
    for webinar in (WEBINAR, OTHER):
        assert (await client.get(f"/board/{webinar}")).status_code == 200


@pytest.mark.parametrize("path", [BOARD, f"{BOARD}/stage", f"{BOARD}/projector"])
async def test_whoever_has_no_session_sees_nothing(
    community: Community, client: httpx.AsyncClient, path: str
) -> None:
    await community.ask("Who is safe?", stage=Stage.LIVE)
    name = hashlib.sha256(WEBINAR.encode()).hexdigest()[:12]
    made_up = "; ".join(f"{seat}-{name}={'A' * 43}" for seat in Seat)
    for headers in ({}, {"Cookie": made_up}, {"Cookie": made_up.replace("A", "=")}):
        answer = await client.get(path, headers=headers)
        assert answer.status_code == 401
        assert "safe" not in answer.text
        assert TITLE["en"] not in answer.text


# --- the end of a session -----------------------------------------------------------------------


async def test_a_role_that_ends_ends_the_desk_at_once(
    community: Community, moderator: Member
) -> None:
    question = await community.ask("Why?")
    await moderator.open()
    async with community.storage.transaction() as tx:
        place = await tx.staff.members()
        await tx.staff.revoke(place[0].person)
    assert (await moderator.press(question.id, Stage.APPROVED)).status_code == 401
    assert (await moderator.open()).status_code == 401
    assert await community.stage_of(question.id) is Stage.RECEIVED


async def test_a_desk_that_nobody_works_at_ends_and_one_that_is_used_does_not(
    community: Community, moderator: Member
) -> None:
    community.clock.forward(IDLE - timedelta(minutes=1))
    assert (await moderator.post("here")).status_code == 204
    community.clock.forward(IDLE - timedelta(minutes=1))
    assert (await moderator.open()).status_code == 200
    community.clock.forward(IDLE)
    assert (await moderator.open()).status_code == 401


async def test_closing_ends_the_desk_and_the_screen_beside_it(
    community: Community, moderator: Member
) -> None:
    desk = moderator.page
    assert (await moderator.post("screen")).status_code == 303
    assert (await moderator.open(f"{BOARD}/stage")).status_code == 200
    moderator.page = desk
    answer = await moderator.post("close")
    assert answer.headers["clear-site-data"] == '"cache"'
    assert all("Max-Age=0" in each for each in answer.headers.get_list("set-cookie"))
    for way in ("", "/stage"):
        assert (await moderator.client.get(BOARD + way)).status_code == 401


async def test_a_screen_outlasts_the_desk_from_which_it_was_opened(
    community: Community, moderator: Member
) -> None:
    answer = await moderator.post("screen", bare="1")
    assert answer.headers["location"] == f"{BOARD}/projector?lang=en"
    for _ in range(3):
        community.clock.forward(IDLE - timedelta(minutes=1))
        assert (await moderator.client.get(f"{BOARD}/projector")).status_code == 200
    # The desk is closed by now: who comes there sees the screen.
    assert (await moderator.open(BOARD)).url.path == f"{BOARD}/stage"


# --- what is there ------------------------------------------------------------------------------


async def test_every_question_lies_in_its_column(community: Community, moderator: Member) -> None:
    columns = {
        Stage.RECEIVED: "new",
        Stage.IN_REVIEW: "new",
        Stage.APPROVED: "approved",
        Stage.QUEUED: "next",
        Stage.LIVE: "now",
        Stage.FOLLOW_UP: "later",
        Stage.ANSWERED: "done",
        Stage.DECLINED: "done",
    }
    for stage in columns:
        await community.ask(f"at {stage}", stage=stage)
    await moderator.open()
    for stage, column in columns.items():
        section = re.search(
            rf'<section class="column" id="{column}".*?</section>', moderator.page, re.S
        )
        assert section
        assert f"at {stage}</bdi>" in section[0]


async def test_withdrawn_questions_and_those_of_other_webinars_are_not_there(
    community: Community, moderator: Member
) -> None:
    await community.ask("elsewhere", webinar=OTHER)
    gone = await community.ask("taken back")
    asker = await community.person("asker")
    async with community.storage.transaction() as tx:
        assert await tx.questions.withdraw(asker, gone.id)
    await moderator.open()
    assert "elsewhere" not in moderator.page
    assert "taken back" not in moderator.page


async def test_no_page_says_anything_about_askers(community: Community, moderator: Member) -> None:
    person = await community.person("asker-account")
    async with community.storage.transaction() as tx:
        known = await tx.people.get(person)
        assert known is not None
        named = replace(known, profile=replace(known.profile, nickname="Noor-the-asker"))
        await tx.people.update(named, community.clock())
        await tx.questions.add(
            person, WEBINAR, "question", "Who pays?", False, "en", None, community.clock()
        )
        (shown,) = await tx.moderation.changed_since(WEBINAR, -1)
    assert shown.nickname == "Noor-the-asker"
    await community.bring(shown.id, Stage.APPROVED)
    for path in (BOARD, f"{BOARD}/stage", f"{BOARD}/projector?lang=ar"):
        page = (await moderator.open(path)).text
        assert ("Who pays?" in page) == ("projector" not in path)
        for word in ("Noor-the", "asker", shown.asker, str(person)):
            assert word not in page, (path, word)


async def test_the_stage_shows_what_was_approved_and_nothing_else(
    community: Community, moderator: Member
) -> None:
    for stage in (Stage.RECEIVED, Stage.IN_REVIEW, Stage.DECLINED, Stage.ANSWERED):
        await community.ask(f"unseen {stage}", stage=stage)
    for stage in (Stage.LIVE, Stage.QUEUED, Stage.APPROVED):
        await community.ask(f"shown {stage}", stage=stage)
    page = (await moderator.open(f"{BOARD}/stage")).text
    assert re.findall(r"shown \w+", page) == ["shown live", "shown queued", "shown approved"]
    assert "unseen" not in page
    assert "<form" not in page
    bare = (await moderator.open(f"{BOARD}/projector")).text
    assert re.findall(r"shown \w+", bare) == ["shown live", "shown queued"]
    assert not re.search(r"<(form|button|a|input|select)\b", bare)


async def test_translations_are_shown_once_an_interpreter_approved_them(
    community: Community, moderator: Member
) -> None:
    question = await community.ask("Why?", stage=Stage.LIVE)
    async with community.storage.transaction() as tx:
        wanted = await tx.texts.want(question.id, "question", "ar")
        assert wanted is not None
        await tx.texts.put_draft(wanted, "مسودة آلية")
    for path in (BOARD, f"{BOARD}/projector"):
        assert "مسودة" not in (await moderator.open(path)).text
    async with community.storage.transaction() as tx:
        assert await tx.texts.approve(wanted, 2, "لماذا؟", community.clock())
    for path in (BOARD, f"{BOARD}/stage?lang=ar", f"{BOARD}/projector"):
        page = (await moderator.open(path)).text
        assert re.search(r'<bdi dir="auto" lang="ar">لماذا؟</bdi> ?<small>', page)
        assert '<bdi dir="auto" lang="en">Why?</bdi>' in page
    async with community.storage.transaction() as tx:
        await tx.moderation.edit(question.id, 2, "Why now?", community.clock())
    assert "لماذا؟" not in (await moderator.open(f"{BOARD}/stage")).text


async def test_a_page_is_in_the_language_and_the_colours_that_were_chosen(
    community: Community, moderator: Member
) -> None:
    await community.ask("Why?", stage=Stage.LIVE)
    await community.ask("لماذا؟", language="ar", stage=Stage.LIVE)
    page = (await moderator.open(f"{BOARD}?lang=ar&theme=dark")).text
    assert '<html lang="ar" dir="rtl" data-theme="dark">' in page
    assert '<bdi lang="ar">' + TITLE["ar"] in page
    assert '<bdi dir="auto" lang="en">Why?</bdi>' in page
    assert '<bdi dir="auto" lang="ar">لماذا؟</bdi>' in page
    plain = (await moderator.open(f"{BOARD}?lang=xx&theme=pink")).text
    assert '<html lang="en" dir="ltr">' in plain


async def test_pages_are_kept_nowhere_and_load_nothing_from_elsewhere(
    community: Community, moderator: Member
) -> None:
    for path in (BOARD, f"{BOARD}/stage", f"{BOARD}/projector"):
        answer = await moderator.open(path)
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "http" not in re.sub(r'(href|action)="/', "", answer.text)
        assert "<style" not in answer.text
        assert not re.search(r"\son\w+=|\sstyle=", answer.text)


# --- what may be done ---------------------------------------------------------------------------


async def test_a_question_goes_all_the_way(community: Community, moderator: Member) -> None:
    question = await community.ask("Why?")
    ways = (Stage.APPROVED, Stage.QUEUED, Stage.LIVE, Stage.QUEUED, Stage.LIVE, Stage.FOLLOW_UP)
    for to in (*ways, Stage.ANSWERED, Stage.IN_REVIEW, Stage.APPROVED):
        await moderator.open()
        answer = await moderator.press(question.id, to)
        assert answer.status_code == 200, answer.text
        assert await community.stage_of(question.id) is to
    assert community.told == [question.id] * 9
    assert len(community.moves) == 9


async def test_a_question_is_declined_with_a_reason_that_its_asker_reads(
    community: Community, moderator: Member
) -> None:
    question = await community.ask("Why?")
    other = await community.ask("Why not?")
    await moderator.open()
    await moderator.press(question.id, Stage.DECLINED, reason="!topic")
    await moderator.press(other.id, Stage.DECLINED, reason="<b>made up</b>")
    async with community.storage.reading() as tx:
        found = [await tx.moderation.get(id) for id in (question.id, other.id)]
    reasons = [each and each.reason for each in found]
    assert reasons == ["!topic", None]
    third = await community.ask("Why so?")
    await moderator.open()
    await moderator.press(third.id, Stage.DECLINED, own=" !It was answered on Monday. ")
    async with community.storage.reading() as tx:
        declined = await tx.moderation.get(third.id)
    assert declined is not None
    assert declined.reason == "It was answered on Monday."
    await moderator.open()
    assert "Off topic" in moderator.page


async def test_a_press_without_scripts_leads_back_to_the_board(
    community: Community, moderator: Member
) -> None:
    question = await community.ask("Why?")
    await moderator.open(f"{BOARD}?lang=ar")
    data = {"token": moderator.token, "do": moderator.button(question.id, Stage.APPROVED)}
    for said in (None, "تغيّر هذا السؤال"):
        answer = await moderator.client.post(
            f"{BOARD}/act?lang=ar&theme=dark", data=data, follow_redirects=True
        )
        assert answer.url.path == BOARD
        assert 'data-theme="dark"' in answer.text
        assert said is None or said in answer.text
    assert await community.stage_of(question.id) is Stage.APPROVED


async def test_of_two_moderators_one_handles_it_and_the_other_is_told_by_role(
    community: Community, moderator: Member
) -> None:
    question = await community.ask("Why?")
    owner = await community.staff(Role.ORGANISER, "another")
    await moderator.open()
    async with community.storage.transaction() as tx:
        await tx.moderation.claim(question.id, owner, community.clock())
    answer = await moderator.press(question.id, Stage.APPROVED)
    assert answer.status_code == 409
    assert "organiser" in answer.json()["said"]
    assert await community.stage_of(question.id) is Stage.IN_REVIEW
    assert community.told == []
    assert community.moves == []


async def test_a_hundred_questions_pressed_at_by_two_are_each_handled_once(
    community: Community, moderator: Member
) -> None:
    ids = await community.ask_many([f"number {n}" for n in range(100)])
    async with httpx.AsyncClient(base_url=community.site.url, timeout=30) as http:
        second = Member(http, community)
        await second.enter(await community.link(await community.staff(Role.MODERATOR, "second")))
        await second.open()
        await moderator.open()
        presses = [each.press(id, Stage.APPROVED) for id in ids for each in (moderator, second)]
        codes = [answer.status_code for answer in await asyncio.gather(*presses)]
    assert sorted(codes) == [200] * 100 + [409] * 100
    assert sorted(community.told) == sorted(ids)


async def test_what_was_changed_meanwhile_is_not_approved_unseen(
    community: Community, moderator: Member
) -> None:
    question = await community.ask("Why?")
    await moderator.open()
    asker = await community.person("asker")
    async with community.storage.transaction() as tx:
        assert await tx.questions.rewrite(asker, question.id, "An insult", None)
    answer = await moderator.press(question.id, Stage.APPROVED)
    assert answer.status_code == 409
    assert await community.stage_of(question.id) is not Stage.APPROVED
    await moderator.open()
    assert (await moderator.press(question.id, Stage.APPROVED)).status_code == 200


async def test_a_question_that_is_gone_or_elsewhere_is_told_so(
    community: Community, moderator: Member
) -> None:
    question = await community.ask("Why?")
    elsewhere = await community.ask("Why there?", webinar=OTHER)
    await moderator.open()
    button = moderator.button(question.id, Stage.APPROVED)
    asker = await community.person("asker")
    async with community.storage.transaction() as tx:
        await tx.questions.withdraw(asker, question.id)
    assert (await moderator.post("act", do=button)).status_code == 410
    for id in (elsewhere.id, 1, 2**63 - 1):
        do = button.replace(str(question.id), str(id))
        assert (await moderator.post("act", do=do)).status_code == 410
    assert await community.stage_of(elsewhere.id) is Stage.RECEIVED


NOTHING = (
    "",
    "approved",
    "approved.1.zz",
    "live.9223372036854775808.0123456789abcdef",
    "nothing.1.0123456789abcdef",
    "approved.٣.0123456789abcdef",
    "approved.1.0123456789abcdef.",
)


async def test_what_no_button_carries_is_refused(moderator: Member) -> None:
    for do in NOTHING:
        assert (await moderator.post("act", do=do)).status_code == 400, do


async def test_only_a_form_of_this_session_is_taken(
    community: Community, moderator: Member
) -> None:
    question = await community.ask("Why?")
    await moderator.open()
    do = moderator.button(question.id, Stage.APPROVED)
    for way in ("act", "close", "screen", "here"):
        for token in ("", "0" * 64):
            answer = await moderator.client.post(f"{BOARD}/{way}", data={"do": do, "token": token})
            assert answer.status_code == 403
        cross = {"Sec-Fetch-Site": "cross-site"}
        data = {"do": do, "token": moderator.token}
        answer = await moderator.client.post(f"{BOARD}/{way}", data=data, headers=cross)
        assert answer.status_code == 403
    assert await community.stage_of(question.id) is Stage.RECEIVED
    assert (await moderator.open()).status_code == 200


async def test_a_site_without_boards_has_none() -> None:
    async with running_site() as site, httpx.AsyncClient(base_url=site.url, timeout=30) as http:
        assert (await http.get(BOARD)).status_code == 404
